#include "titrant/classifier/example.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "titrant/core/error.hpp"
#include "titrant/pkpd/concentration_course.hpp"
#include "titrant/pkpd/occasion_course.hpp"

namespace titrant::classifier {

namespace {

constexpr std::size_t fewest_points = 64;
constexpr std::size_t usual_points = 128;
constexpr std::size_t most_points = 512;
constexpr double nearly = 0.999;       // of the doses without a steady state
constexpr double short_window = 48.0;  // h; fewest_points are enough up to here

// The doses of a course on 1 mg until the time `until` (h, included): one record for each run of equal amounts.
// Curve and metrics of a history over [from, to], divided by `dose`.
Profile of_course(const pkpd::VaryingIndividual& individual, std::span<const pkpd::Dose> doses, double from, double to,
                  double dose, std::size_t points) {
  const pkpd::ConcentrationCourse course(individual, doses, from, to);
  Profile result;
  std::vector<double> times = pkpd::midpoint_grid(to - from, curve_points(to - from, points));
  for (double& time : times) time += from;
  result.curve = course.at(times);
  result.per_mg = course.metrics();
  result.individual = individual.segment(individual.segment_at(from));
  if (dose == 1.0) return result;
  for (double& value : result.curve) value /= dose;
  pkpd::ExposureMetrics& metrics = result.per_mg;
  for (double* const value : {&metrics.auc, &metrics.average, &metrics.maximum, &metrics.minimum}) *value /= dose;
  return result;
}

}  // namespace

std::size_t curve_points(double length, std::size_t chosen) {
  if (chosen == 0) return length <= short_window ? fewest_points : usual_points;
  if (!std::has_single_bit(chosen) || chosen < fewest_points || chosen > most_points)
    throw ConfigError(fmt::format("classifier.curve_points is {}, but there are 64, 128, 256 and 512", chosen));
  return chosen;
}

std::size_t curve_points(double interval, const pkpd::ResponseWindow& window, std::size_t chosen) {
  return curve_points(window.steady_state ? interval : window.to - window.from, chosen);
}

Profile profile(const pkpd::Individual& individual, const pkpd::Covariates& covariates, const pkpd::Course& course,
                const pkpd::ResponseWindow& window, std::size_t points, double dose) {
  if (window.steady_state) {
    const double interval = course.interval;
    const double largest = nearly * pkpd::steady_state_below(individual, course);
    const pkpd::Exposure per_mg = pkpd::exposure(pkpd::on_dose(individual, std::min(dose, largest)),
                                                 {1.0, interval, course.into, course.duration});
    return {course, per_mg.at(pkpd::midpoint_grid(interval, curve_points(interval, points))), per_mg.metrics(),
            covariates, individual};
  }
  Profile result = of_course({pkpd::on_dose(individual, dose), {}}, pkpd::unit_course(course, window.to), window.from,
                             window.to, 1.0, points);
  result.course = course;
  result.covariates = covariates;
  result.individual = individual;
  return result;
}

Profile profile(const pkpd::OccasionIndividual& individual, const pkpd::Covariates& covariates,
                const pkpd::Course& course, const pkpd::ResponseWindow& window, std::size_t points, double dose) {
  if (window.steady_state) dose = std::min(dose, nearly * pkpd::steady_state_below(individual.usual, course));
  const pkpd::OccasionCourse history = pkpd::occasion_course(pkpd::on_dose(individual, dose), course, window);
  Profile result = of_course(history.individual, history.doses, history.from, history.to, 1.0, points);
  result.course = course;
  result.covariates = covariates;
  result.individual = individual.usual;
  return result;
}

Profile profile(const pkpd::VaryingIndividual& individual, const pkpd::Covariates& covariates, const TakenDoses& taken,
                double from, double to, std::size_t points) {
  TITRANT_EXPECTS(taken.nominal.dose > 0.0);
  Profile result = of_course(individual, taken.records, from, to, taken.nominal.dose, points);
  result.course = {taken.nominal.interval, {}, taken.nominal.into, taken.nominal.duration};
  result.covariates = covariates;
  return result;
}

LabelledExamples LabelledExamples::subset(std::span<const std::size_t> places) const {
  LabelledExamples chosen;
  for (const std::size_t place : places) {
    chosen.examples.push_back(examples.at(place));
    chosen.labels.push_back(labels.at(place));
    chosen.group.push_back(group.at(place));
  }
  return chosen;
}

}  // namespace titrant::classifier
