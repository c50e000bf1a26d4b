#pragma once

#include <optional>

#include "titrant/nlme/pd_model.hpp"

namespace titrant::nlme {

/// Where the parameters of a moving baseline start.
struct BaselineStart {
  double slope = 0.0;      ///< 1/h
  double amplitude = 0.1;  ///< of circadian_period
  double phase = 0.0;      ///< h

  /// None: the parameter is not one of these.
  std::optional<double> value_of(pkpd::BiomarkerParameter which) const;
};

/// Least squares of the logarithms of values without drug (C = 0), less each subject's mean, on time or on cosine and
/// sine of the day; of all values where those do not tell. Local to this rank.
BaselineStart baseline_start(const PdModel& model, pkpd::BaselineModel baseline);

/// Whether values without drug tell such a baseline from a constant one: a trend where some subject has two times, a
/// circadian one where they spread over the day.
bool tells_baseline(const PdModel& model, pkpd::BaselineModel baseline);

}  // namespace titrant::nlme
