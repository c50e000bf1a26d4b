#include "titrant/classifier/example.hpp"

#include "titrant/core/error.hpp"
#include "titrant/pkpd/concentration_course.hpp"

namespace titrant::classifier {

namespace {
constexpr double longest_day = 24.0;  // h
constexpr std::size_t daily_points = 64;
constexpr std::size_t weekly_points = 128;

/// Curve and metrics of a history over [from, to], divided by `dose`.
Profile of_course(const pkpd::VaryingIndividual& individual, std::span<const pkpd::Dose> doses, double from, double to,
                  double dose, std::size_t points) {
  const pkpd::ConcentrationCourse course(individual, doses, from, to);
  Profile result;
  std::vector<double> times = pkpd::midpoint_grid(to - from, points);
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

std::size_t curve_points(double length) { return length <= longest_day ? daily_points : weekly_points; }

std::size_t curve_points(double interval, const pkpd::ResponseWindow& window) {
  return curve_points(window.steady_state ? interval : window.to - window.from);
}

Profile profile(const pkpd::Individual& individual, const pkpd::Covariates& covariates, const pkpd::Course& course,
                const pkpd::ResponseWindow& window, std::size_t points) {
  if (points == 0) points = curve_points(course.interval, window);
  if (window.steady_state) {
    const pkpd::Exposure per_mg = pkpd::exposure(individual, {1.0, course.interval});
    return {course.interval, per_mg.at(pkpd::midpoint_grid(course.interval, points)), per_mg.metrics(), covariates,
            individual};
  }
  Profile result =
      of_course({individual, {}}, pkpd::unit_course(course, window.to), window.from, window.to, 1.0, points);
  result.interval = course.interval;
  result.covariates = covariates;
  return result;
}

Profile profile(const pkpd::VaryingIndividual& individual, const pkpd::Covariates& covariates, const TakenDoses& taken,
                double from, double to) {
  TITRANT_EXPECTS(taken.nominal.dose > 0.0);
  Profile result = of_course(individual, taken.records, from, to, taken.nominal.dose, curve_points(to - from));
  result.interval = taken.nominal.interval;
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
