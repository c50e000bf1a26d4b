#include "titrant/classifier/example.hpp"

namespace titrant::classifier {

namespace {
constexpr double longest_daily_interval = 24.0;  // h
constexpr std::size_t daily_points = 64;
constexpr std::size_t weekly_points = 128;
}  // namespace

std::size_t curve_points(double interval) { return interval <= longest_daily_interval ? daily_points : weekly_points; }

Profile profile(const pkpd::Individual& individual, const pkpd::Covariates& covariates, double interval) {
  const pkpd::Exposure per_mg = pkpd::exposure(individual, {1.0, interval});
  return {interval, per_mg.at(pkpd::midpoint_grid(interval, curve_points(interval))), per_mg.metrics(), covariates,
          individual};
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
