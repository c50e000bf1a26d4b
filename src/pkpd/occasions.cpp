#include "titrant/pkpd/occasions.hpp"

#include <algorithm>
#include <cmath>

#include "biomarker/biomarker_equation.hpp"
#include "titrant/core/constants.hpp"
#include "titrant/core/error.hpp"
#include "titrant/pkpd/disposition.hpp"
#include "titrant/pkpd/occasion_course.hpp"

namespace titrant::pkpd {

namespace {

/// 1/h: of drug in the body.
double slowest_kinetic_rate(const Individual& usual) {
  const Disposition body = disposition(on_dose(usual, 0.0));
  double slowest = body.absorption_rate;
  if (body.stages > 0) slowest = std::min(slowest, body.passage_rate);
  for (const Mode& mode : body.modes()) slowest = std::min(slowest, mode.rate);
  // d/dC of Vmax C / (Km + C) is Vmax Km / (Km + C)^2.
  constexpr double at_km = 0.25;
  return usual.saturable() ? at_km * slowest : slowest;
}

/// 1/h: of the biomarker, where inhibition leaves the least of its loss.
double slowest_response_rate(const Biomarker& biomarker) {
  const BiomarkerFamily kind = family(biomarker.structure);
  if (kind == BiomarkerFamily::direct) return core::infinity;
  const bool slowed = biomarker.structure == BiomarkerStructure::turnover_inhibition_of_loss ||
                      biomarker.structure == BiomarkerStructure::precursor_inhibition;
  const double rate = equation_rate(biomarker) * (slowed ? 1.0 - biomarker.imax : 1.0);
  return kind == BiomarkerFamily::precursor ? std::min(rate, biomarker.kout) : rate;
}

Dose dose_of(const Course& course, double time, double amount) {
  return {.time = time,
          .amount = amount,
          .rate = course.duration > 0.0 ? amount / course.duration : 0.0,
          .into = course.into,
          .infusion = course.duration > 0.0 ? InfusionBy::duration : InfusionBy::rate};
}

}  // namespace

OccasionIndividual on_dose(const OccasionIndividual& individual, double dose) {
  OccasionIndividual result{on_dose(individual.usual, dose), {}};
  result.intervals.reserve(individual.intervals.size());
  for (const Individual& one : individual.intervals) result.intervals.push_back(on_dose(one, dose));
  return result;
}

std::size_t occasion_intervals(const Individual& usual, const Course& course, const ResponseWindow& window,
                               const Biomarker* biomarker) {
  TITRANT_EXPECTS(course.interval > 0.0);
  if (!window.steady_state) {
    TITRANT_EXPECTS(window.to > 0.0 && std::isfinite(window.to));
    std::size_t count = 0;
    while (static_cast<double>(count) * course.interval < window.to) ++count;
    return count;
  }
  constexpr double forgotten = 7.0;  // exp(-7) is 0.1 %
  double slowest = slowest_kinetic_rate(usual);
  if (biomarker != nullptr) slowest = std::min(slowest, slowest_response_rate(*biomarker));
  const double lag = course.into == DoseInto::depot ? usual.lag : usual.central_lag;
  const double needed = std::ceil(forgotten / (slowest * course.interval)) + std::floor(lag / course.interval);
  constexpr auto most = static_cast<double>(most_intervals_before);
  return 1 + static_cast<std::size_t>(needed < most ? std::max(needed, 1.0) : most);
}

OccasionCourse occasion_course(const OccasionIndividual& individual, const Course& course,
                               const ResponseWindow& window) {
  OccasionCourse result;
  const std::vector<Individual>& intervals = individual.intervals;
  const auto taken = [&](std::size_t number) { return static_cast<double>(number) * course.interval; };
  if (window.steady_state) {
    TITRANT_EXPECTS(!intervals.empty());
    result.individual.first = individual.usual;
    Dose& steady = result.doses.emplace_back(dose_of(course, 0.0, 1.0));
    steady.interval = course.interval;
    steady.steady_state = true;
    for (std::size_t i = 0; i < intervals.size(); ++i) {
      result.individual.changes.push_back({taken(i + 1), intervals[i]});
      result.doses.push_back(dose_of(course, taken(i + 1), 1.0));
    }
    result.cycle = taken(1);
    result.from = taken(intervals.size());
    result.to = taken(intervals.size() + 1);
    return result;
  }
  TITRANT_EXPECTS(window.from >= 0.0 && window.to > window.from && std::isfinite(window.to));
  TITRANT_EXPECTS(!intervals.empty() && taken(intervals.size()) >= window.to);
  result.individual.first = intervals.front();
  for (std::size_t i = 0; taken(i) <= window.to; ++i) {
    result.doses.push_back(dose_of(course, taken(i), course.amount(static_cast<int>(i))));
    if (i > 0 && taken(i) < window.to) result.individual.changes.push_back({taken(i), intervals[i]});
  }
  result.from = window.from;
  result.to = window.to;
  return result;
}

}  // namespace titrant::pkpd
