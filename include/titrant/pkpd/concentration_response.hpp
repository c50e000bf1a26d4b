#pragma once

#include <limits>
#include <span>
#include <vector>

#include "titrant/pkpd/dosing.hpp"
#include "titrant/pkpd/individual.hpp"
#include "titrant/pkpd/occasions.hpp"
#include "titrant/pkpd/response_window.hpp"

namespace titrant::pkpd {

/// The concentration of one subject on one course of doses, per unit of dose (ng/mL per mg): C on a dose is the dose
/// times it.
///
///     const ConcentrationResponse response(individual, {.interval = 24.0}, {.steady_state = true});
///     bool success = dose * response.trough() > lowest_effective;
class ConcentrationResponse {
 public:
  /// Arguments as of BiomarkerResponse.
  ConcentrationResponse(const Individual& individual, const Course& course, const ResponseWindow& window,
                        std::span<const double> sampling = {});

  /// The same of a subject whose parameters change with every dose. Sampling times at steady state are those of the
  /// judged interval. C jumps where the volume changes: a sample of the time of a dose is taken after the change, at
  /// the end of the window before it.
  ConcentrationResponse(const OccasionIndividual& individual, const Course& course, const ResponseWindow& window,
                        std::span<const double> sampling = {});

  double maximum() const { return maximum_; }  ///< over the whole window, between sampling times too
  double minimum() const { return minimum_; }  ///< likewise; 0 where the window begins before the first dose arrives

  /// At the sampling times.
  std::span<const double> at_samples() const { return samples_; }

  /// At steady state, when the next dose is taken: one interval after a dose. With a lag that dose has yet to arrive,
  /// and C falls on until it does, so that the trough is above `minimum` there. Expects a window at steady state.
  double trough() const;

 private:
  double maximum_ = 0.0;
  double minimum_ = 0.0;
  double trough_ = std::numeric_limits<double>::quiet_NaN();
  std::vector<double> samples_;
};

}  // namespace titrant::pkpd
