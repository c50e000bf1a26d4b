#include "titrant/nlme/profile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "titrant/core/error.hpp"
#include "titrant/core/problems.hpp"
#include "titrant/nlme/earlier_names.hpp"
#include "titrant/nlme/objective.hpp"
#include "titrant/nlme/optimise.hpp"
#include "titrant/nlme/pk_model.hpp"

namespace titrant::nlme {

namespace {

constexpr int most_points = 30;             // on one side
constexpr double relative_accuracy = 1e-3;  // of the square root of the rise at an end
constexpr double fallback_error = 0.5;      // first step where there is no standard error
constexpr double longest_growth = 3.0;      // of a step beyond the last point

std::size_t coordinate_of(const Layout& layout, const std::string& name) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < layout.size(); ++i) {
    const Coordinate& one = layout.coordinates()[i];
    names.push_back(one.name);
    if (names.back() != name) continue;
    if (one.role == Role::correlation && one.column > 0) {
      throw ConfigError(
          fmt::format("{} cannot be profiled: of a block of random effects only the correlations with its first "
                      "parameter can; name the block with one of these two first",
                      name));
    }
    return i;
  }
  const std::string near = core::nearest(name, names);
  throw ConfigError(
      fmt::format("the fit estimates no parameter {} that could be profiled{}", name,
                  near.empty() ? name_of_earlier_versions(name) : fmt::format("; did you mean {}?", near)));
}

/// The profile along one coordinate: the objective minimised over the others, step by step away from the estimate.
class Profile {
 public:
  Profile(Objective& objective, const FitSummary& fit, std::size_t coordinate, const ProfileOptions& options)
      : objective_(objective), fit_(fit), coordinate_(coordinate), options_(options) {
    const double variance = fit.covariance[coordinate * fit.x.size() + coordinate];
    if (std::isfinite(variance) && variance > 0.0) error_ = std::sqrt(variance);
    minimum_ = objective_.evaluate(fit_.x).value;
    origin_ = objective_.memory();
  }

  /// An end of the interval on the optimiser's scale, in the direction of `sign`; the bound where it is open.
  std::pair<double, bool> end(double sign) {
    x_ = fit_.x;
    objective_.restore(origin_);
    const Coordinate& coordinate = objective_.layout().coordinates()[coordinate_];
    const double centre = fit_.x[coordinate_];
    const double bound = sign > 0.0 ? coordinate.upper : coordinate.lower;
    const double goal = std::sqrt(options_.rise);
    // The root of rise(x) is nearly linear in x. Below: the nearest point inside; above: the nearest one outside.
    std::pair<double, double> below{centre, 0.0};
    std::pair<double, double> above{std::numeric_limits<double>::quiet_NaN(), 0.0};
    double next = centre + sign * goal * error_;
    for (int count = 0; count < most_points; ++count) {
      if (sign * (next - bound) > 0.0) next = bound;
      const double root = std::sqrt(std::max(0.0, rise(next)));
      if (std::abs(root - goal) <= relative_accuracy * goal) return {next, false};
      if (root < goal && next == bound) return {bound, true};
      const double slope = (root - below.second) / (next - below.first);
      (root < goal ? below : above) = {next, root};
      next = std::isnan(above.first) ? outside(below, slope, goal, centre) : between(below, above, goal);
    }
    return {below.first, false};
  }

  double minimum() const { return minimum_; }
  double lowest() const { return lowest_; }
  std::vector<std::pair<double, double>> points;  ///< (coordinate, rise)

 private:
  /// A step beyond the last point, by extrapolation of the root but no more than a few times as far.
  static double outside(std::pair<double, double> below, double slope, double goal, double centre) {
    const double reached = below.first - centre;
    double step = (goal - below.second) / slope;
    const double longest = (longest_growth - 1.0) * reached;
    if (!std::isfinite(step) || step * reached <= 0.0 || std::abs(step) > std::abs(longest)) step = longest;
    return below.first + step;
  }

  /// A point inside a bracket: where the root would be the goal if it were linear, kept away from the ends.
  static double between(std::pair<double, double> below, std::pair<double, double> above, double goal) {
    const double share = std::isfinite(above.second) ? (goal - below.second) / (above.second - below.second) : 0.5;
    return below.first + std::clamp(share, 0.05, 0.95) * (above.first - below.first);
  }

  /// The rise at a value; remembers where the others ended.
  double rise(double value) {
    Box held = box(objective_.layout());
    held.lower[coordinate_] = held.upper[coordinate_] = value;
    const std::vector<double> start = predicted(value);
    double result = std::numeric_limits<double>::infinity();
    try {
      const Optimum optimum = minimise(objective_, start, held, options_.optimiser);
      x_ = optimum.x;
      result = optimum.evaluation.value - minimum_;
      lowest_ = std::min(lowest_, result);
    } catch (const NumericalError&) {  // no finite objective there: outside the interval
    }
    points.emplace_back(value, result);
    return result;
  }

  /// The others moved along with the coordinate as their covariance says.
  std::vector<double> predicted(double value) const {
    std::vector<double> start = x_;
    const std::size_t size = x_.size();
    const double variance = fit_.covariance[coordinate_ * size + coordinate_];
    const double change = value - x_[coordinate_];
    if (std::isfinite(variance) && variance > 0.0) {
      for (std::size_t i = 0; i < size; ++i) start[i] += fit_.covariance[i * size + coordinate_] / variance * change;
    }
    start[coordinate_] = value;
    return start;
  }

  Objective& objective_;
  const FitSummary& fit_;
  std::size_t coordinate_;
  const ProfileOptions& options_;
  double error_ = fallback_error;
  double minimum_ = 0.0;
  double lowest_ = 0.0;
  Objective::Memory origin_;
  std::vector<double> x_;
};

}  // namespace

ProfileInterval profile(const parallel::Communicator& ranks, const SubjectModel& model, const FitSummary& fit,
                        const std::string& name, const ProfileOptions& options) {
  TITRANT_EXPECTS(options.rise > 0.0);
  Objective objective(ranks, model, fit.population, objective_of(fit.methods));
  const Layout& layout = objective.layout();
  const std::size_t coordinate = coordinate_of(layout, name);
  Profile along(objective, fit, coordinate, options);
  const auto [low, low_open] = along.end(-1.0);
  const auto [high, high_open] = along.end(1.0);

  const auto natural = [&](double x) { return layout.natural(coordinate, x); };
  ProfileInterval interval;
  interval.name = name;
  interval.units = layout.coordinates()[coordinate].units;
  interval.estimate = natural(fit.x[coordinate]);
  interval.lower = natural(low);
  interval.upper = natural(high);
  interval.lower_open = low_open;
  interval.upper_open = high_open;
  interval.points.emplace_back(interval.estimate, 0.0);
  for (const auto& [x, rise] : along.points) interval.points.emplace_back(natural(x), rise);
  std::sort(interval.points.begin(), interval.points.end());
  const double allowance = 10.0 * options.optimiser.tolerance * (1.0 + std::abs(along.minimum()));
  if (along.lowest() < -allowance) {
    interval.message = fmt::format(
        "the objective is {:.4g} lower elsewhere on the profile: the fit is not at its minimum", -along.lowest());
  } else if (low_open || high_open) {
    interval.message = fmt::format("open {}: the data set no limit there", low_open && high_open ? "on both sides"
                                                                           : low_open            ? "below"
                                                                                                 : "above");
  }
  return interval;
}

ProfileInterval profile_pk(const parallel::Communicator& ranks, const trial::Trial& trial, const PopulationFit& fit,
                           const std::string& name, const ProfileOptions& options) {
  return profile(ranks, PkModel(trial, fit), fit, name, options);
}

}  // namespace titrant::nlme
