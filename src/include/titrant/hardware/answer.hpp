#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "titrant/dose/decision.hpp"
#include "titrant/hardware/estimate.hpp"
#include "titrant/hardware/scheme.hpp"

namespace titrant::hardware {

/// What counts say of a question.
struct DeviceAnswer {
  Estimate estimate;
  std::optional<double> dose;  ///< none: no dose of the circuits reaches the target
  /// 90 % interval over shots, of the questions and of the calibration; infinite: above the doses of the circuits; 0:
  /// below them (where attainment falls).
  dose::Interval interval{};
  /// Whether the answer is the outermost dose on the succeeding side, so that one further out, for which there are no
  /// circuits, may answer as well.
  bool open = false;
  std::vector<double> exact;           ///< [dose] exact attainment of the complete subjects
  std::optional<double> exact_dose;    ///< that answers by it
  double readout_amplification = 1.0;  ///< of the standard deviation of a share, the largest of all circuits
};

/// Replicates behind the interval.
inline constexpr std::size_t interval_replicates = 1000;

/// The answer of counts, [circuit of the scheme]. The interval is a parametric bootstrap: counts are drawn again from
/// the binomial distribution of each circuit, at (ones + 1/2) / (shots + 1), and go through `estimate` (stream
/// device_interval, by replicate and circuit). It holds the noise of shots; it does not hold who was sampled.
/// None where `estimate` has none. A replicate without an estimate counts as one without an answer.
std::optional<DeviceAnswer> answer_of(const Scheme& scheme, const std::vector<double>& grid,
                                      std::span<const Counted> counts, std::uint64_t seed);

}  // namespace titrant::hardware
