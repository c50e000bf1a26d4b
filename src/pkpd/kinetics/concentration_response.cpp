#include "titrant/pkpd/concentration_response.hpp"

#include <algorithm>
#include <cmath>

#include "titrant/core/error.hpp"
#include "titrant/pkpd/concentration.hpp"
#include "titrant/pkpd/concentration_course.hpp"
#include "titrant/pkpd/exposure.hpp"
#include "titrant/pkpd/occasion_course.hpp"

namespace titrant::pkpd {

ConcentrationResponse::ConcentrationResponse(const Individual& individual, const Course& course,
                                             const ResponseWindow& window, std::span<const double> sampling) {
  TITRANT_EXPECTS(std::is_sorted(sampling.begin(), sampling.end()));
  if (window.steady_state) {
    const Exposure exposure(individual, {1.0, course.interval, course.into, course.duration});
    const ExposureMetrics metrics = exposure.metrics();
    maximum_ = metrics.maximum;
    minimum_ = metrics.minimum;
    trough_ = exposure.at(course.interval);
    samples_ = exposure.at(sampling);
    return;
  }
  TITRANT_EXPECTS(window.from >= 0.0 && window.to > window.from && std::isfinite(window.to));
  TITRANT_EXPECTS(sampling.empty() || (sampling.front() >= 0.0 && sampling.back() <= window.to));
  const std::vector<Dose> doses = unit_course(course, window.to);
  const ExposureMetrics metrics = ConcentrationCourse(individual, doses, window.from, window.to).metrics();
  maximum_ = metrics.maximum;
  minimum_ = metrics.minimum;
  if (!sampling.empty()) samples_ = concentration(individual, doses, sampling);
}

ConcentrationResponse::ConcentrationResponse(const OccasionIndividual& individual, const Course& course,
                                             const ResponseWindow& window, std::span<const double> sampling) {
  TITRANT_EXPECTS(std::is_sorted(sampling.begin(), sampling.end()));
  const OccasionCourse history = occasion_course(individual, course, window);
  const ConcentrationCourse seen(history.individual, history.doses, history.from, history.to);
  const ExposureMetrics metrics = seen.metrics();
  maximum_ = metrics.maximum;
  minimum_ = metrics.minimum;
  if (!window.steady_state) {
    TITRANT_EXPECTS(sampling.empty() || (sampling.front() >= 0.0 && sampling.back() <= window.to));
    if (!sampling.empty()) samples_ = concentration(history.individual, history.doses, sampling);
    return;
  }
  TITRANT_EXPECTS(sampling.empty() || (sampling.front() >= 0.0 && sampling.back() <= course.interval));
  trough_ = seen.at(history.to);
  for (const double time : sampling) samples_.push_back(seen.at(std::min(history.from + time, history.to)));
}

double ConcentrationResponse::trough() const {
  TITRANT_EXPECTS(!std::isnan(trough_));
  return trough_;
}

}  // namespace titrant::pkpd
