#include "verdict.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "bounds.hpp"
#include "titrant/nlme/design.hpp"

namespace titrant::nlme {

namespace {

constexpr double flat_error = 1.0;       // standard error along a direction from which on it counts as flat
constexpr double dominant_share = 0.3;   // of a coordinate in a direction that is named by it
constexpr double competing_rise = 10.0;  // of the objective, up to which another optimum is named
constexpr double same_objective = 0.1;
constexpr double different_optimum = 0.2;  // of a typical value on its scale, 20 %
constexpr std::size_t most_named = 3;
constexpr double sampling_errors = 3.0;        // of a likelihood, beyond which a difference is one
constexpr double negligible_difference = 0.5;  // of the objective
constexpr double large_condition = 1000;       // usual limit of severe collinearity (Montgomery, Peck and Vining 2012)

/// The length on the optimiser's scale that means a factor e of some subject's parameter.
double unit_length(const Evidence& evidence, const Design& design, std::size_t coordinate) {
  const Coordinate& which = evidence.layout.coordinates()[coordinate];
  if (which.role != Role::coefficient) return 1.0;
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (std::size_t subject = 0; subject < evidence.model.subjects(); ++subject) {
    const double x = design.regressor(subject, which.parameter, which.effect);
    low = std::min(low, x);
    high = std::max(high, x);
  }
  return high > low ? 1.0 / (high - low) : 1.0;
}

/// With its relative standard error, or, where that is small only because the parameter cannot exceed a bound near by,
/// its interval.
std::string with_error(const Estimation& estimation, const std::string& name) {
  constexpr double usual = 50.0;  // %
  for (const Estimate& estimate : estimation.estimates) {
    if (estimate.name != name || !std::isfinite(estimate.rse)) continue;
    if (estimate.rse >= usual || !std::isfinite(estimate.lower))
      return fmt::format("{} (RSE {:.3g} %)", name, estimate.rse);
    return fmt::format("{} (95 % interval {:.3g} .. {:.3g})", name, estimate.lower, estimate.upper);
  }
  return name;
}

/// Coordinates with a share in a flat direction, the largest share first, direction by direction.
std::vector<std::vector<std::size_t>> flat_directions(const Evidence& evidence) {
  const auto count = static_cast<Eigen::Index>(evidence.free.size());
  std::vector<std::vector<std::size_t>> result;
  if (count == 0 || evidence.hessian.rows() == 0 || !evidence.hessian.allFinite()) return result;
  const Design design(evidence.model, evidence.layout.decode(evidence.x));
  Eigen::VectorXd unit(count);
  for (Eigen::Index k = 0; k < count; ++k) {
    unit[k] = unit_length(evidence, design, evidence.free[static_cast<std::size_t>(k)]);
  }
  const Eigen::MatrixXd scaled = 0.5 * (unit.asDiagonal() * evidence.hessian * unit.asDiagonal());
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(scaled);
  for (Eigen::Index direction = 0; direction < count; ++direction) {
    if (eigen.eigenvalues()[direction] > 1.0 / (flat_error * flat_error)) break;
    const Eigen::VectorXd share = eigen.eigenvectors().col(direction).cwiseAbs();
    std::vector<Eigen::Index> places;
    for (Eigen::Index k = 0; k < count; ++k) {
      if (share[k] >= dominant_share) places.push_back(k);
    }
    std::sort(places.begin(), places.end(), [&](Eigen::Index a, Eigen::Index b) { return share[a] > share[b]; });
    result.emplace_back();
    for (const Eigen::Index k : places) result.back().push_back(evidence.free[static_cast<std::size_t>(k)]);
  }
  return result;
}

/// The two free coordinates whose estimates are most correlated, in words.
std::string closest_pair(const Evidence& evidence) {
  Eigen::Index row = 0;
  Eigen::Index column = 0;
  double closest = 0.0;
  const Eigen::MatrixXd& covariance = evidence.covariance;
  for (Eigen::Index k = 0; k < covariance.rows(); ++k) {
    for (Eigen::Index l = 0; l < k; ++l) {
      const double correlation = covariance(k, l) / std::sqrt(covariance(k, k) * covariance(l, l));
      if (std::abs(correlation) <= std::abs(closest)) continue;
      closest = correlation;
      row = l;
      column = k;
    }
  }
  const auto name = [&](Eigen::Index k) -> const std::string& {
    return evidence.layout.coordinates()[evidence.free[static_cast<std::size_t>(k)]].name;
  };
  return fmt::format("{} and {} have a correlation of {:.4f}", name(row), name(column), closest);
}

/// Adds what ended at a bound; what is no standard deviation at its lower bound is not identified.
std::vector<std::string> at_bounds(const Evidence& evidence, Estimation& estimation) {
  std::vector<std::string> found;
  for (std::size_t i = 0; i < evidence.x.size(); ++i) {
    if (inside(evidence.box, i, evidence.x[i])) continue;
    const Coordinate& which = evidence.layout.coordinates()[i];
    if (which.role == Role::correlation && evidence.x[i] == 0.0) continue;  // of a variance that is not needed
    const bool low = evidence.x[i] <= 0.5 * (which.lower + which.upper);
    const bool is_deviation = is_omega(which.role) || is_error_size(which.role);
    if (which.role == Role::correlation) {
      found.push_back(fmt::format("{} at {}", which.name, low ? "-1" : "1"));
      estimation.identified = false;
      estimation.verdict.push_back(
          fmt::format("not identified: {}: the data do not tell these two random effects apart", found.back()));
      continue;
    }
    found.push_back(fmt::format("{} at its {} bound", which.name, low ? "lower" : "upper"));
    if (low && which.role == Role::error_omega && !estimation.saem_alone) {
      estimation.verdict.push_back(fmt::format(
          "{}: FOCEI finds no use for it, and understates it where subjects have few values beside their etas; "
          "estimation.methods: [saem] does not",
          found.back()));
    } else if (low && is_deviation) {
      estimation.verdict.push_back(fmt::format("{}: the data do not need it", found.back()));
    } else {
      estimation.identified = false;
      estimation.verdict.push_back(fmt::format("not identified: {}", found.back()));
    }
  }
  return found;
}

/// Adds a line for each optimum that competes with the estimates: an objective close to theirs at typical values that
/// differ. Ends of one flat valley, whose objectives are alike, are one optimum; flat_directions names the valley.
void add_competing(const Evidence& evidence, Estimation& estimation) {
  std::vector<OtherOptimum> named = {{estimation.objective, evidence.x}};
  const auto differs = [&](const OtherOptimum& other) {
    return std::all_of(named.begin(), named.end(), [&](const OtherOptimum& known) {
      if (std::abs(other.objective - known.objective) < same_objective) return false;
      for (std::size_t i = 0; i < other.x.size(); ++i) {
        if (evidence.layout.coordinates()[i].role != Role::typical) continue;
        if (std::abs(other.x[i] - known.x[i]) > different_optimum) return true;
      }
      return false;
    });
  };
  std::vector<OtherOptimum> others(evidence.others);
  std::stable_sort(others.begin(), others.end(),
                   [](const OtherOptimum& a, const OtherOptimum& b) { return a.objective < b.objective; });
  for (const OtherOptimum& other : others) {
    if (other.objective > estimation.objective + competing_rise || !differs(other)) continue;
    if (named.size() > most_named) break;
    named.push_back(other);
    std::vector<std::string> values;
    for (std::size_t i = 0; i < other.x.size(); ++i) {
      const Coordinate& which = evidence.layout.coordinates()[i];
      if (which.role != Role::typical) continue;
      values.push_back(fmt::format("{} {:.4g}{}{}", which.name, evidence.layout.natural(i, other.x[i]),
                                   which.units.empty() ? "" : " ", which.units));
    }
    estimation.verdict.push_back(fmt::format("another optimum has the objective {:.3f} ({:+.3f}): {}", other.objective,
                                             other.objective - estimation.objective, fmt::join(values, ", ")));
  }
}

std::string message(const Estimation& estimation, const Evidence& evidence, const std::vector<std::string>& bounds,
                    const std::vector<std::string>& flat) {
  std::string text = evidence.stop.empty() ? "converged" : evidence.stop;
  if (evidence.stop.empty() && !estimation.identified) {
    text = estimation.saem_alone ? "settled" : "stopped where the objective no longer falls";
  }
  if (!bounds.empty()) text += fmt::format(" with {}", fmt::join(bounds, ", "));
  if (!flat.empty()) text += fmt::format("; the data do not identify {}", fmt::join(flat, ", "));
  if (estimation.censored > 0) {
    text += fmt::format("; {} censored observations enter by M3", estimation.censored);
  }
  return text;
}

}  // namespace

double condition_number(const Eigen::MatrixXd& covariance) {
  if (covariance.rows() == 0 || !covariance.allFinite()) return std::numeric_limits<double>::quiet_NaN();
  const Eigen::VectorXd scale = covariance.diagonal().cwiseSqrt().cwiseInverse();
  const Eigen::MatrixXd correlation = scale.asDiagonal() * covariance * scale.asDiagonal();
  const Eigen::VectorXd values = Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(correlation).eigenvalues();
  const double least = values.minCoeff();
  return least > 0.0 ? values.maxCoeff() / least : std::numeric_limits<double>::infinity();
}

void judge(Estimation& estimation, const Evidence& evidence) {
  estimation.identified = true;
  if (!evidence.stop.empty()) estimation.verdict.push_back(evidence.stop);
  const std::vector<std::string> bounds = at_bounds(evidence, estimation);

  std::set<std::string> named;
  std::vector<std::string> flat;
  for (const std::vector<std::size_t>& direction : flat_directions(evidence)) {
    estimation.identified = false;
    std::vector<std::string> names;
    for (const std::size_t i : direction) {
      const std::string& name = evidence.layout.coordinates()[i].name;
      names.push_back(with_error(estimation, name));
      if (named.insert(name).second) flat.push_back(name);
    }
    estimation.verdict.push_back(fmt::format("not identified: {}{}", fmt::join(names, ", "),
                                             names.size() > 1 ? "; only their combination is" : ""));
  }
  if (evidence.hessian.rows() > 0 && evidence.covariance.rows() == 0) {
    estimation.identified = false;
    estimation.verdict.push_back(fmt::format("no standard errors ({})", estimation.standard_error_method));
  }
  estimation.condition_number = condition_number(evidence.covariance);
  if (estimation.condition_number > large_condition) {
    estimation.verdict.push_back(fmt::format("condition number {:.3g} of the estimates' correlation, above {}: {}",
                                             estimation.condition_number, large_condition, closest_pair(evidence)));
  }
  add_competing(evidence, estimation);
  for (const std::size_t subject : evidence.stuck) {
    estimation.verdict.push_back(
        fmt::format("{}: the search for this subject's etas did not converge", evidence.model.describe(subject, 0)));
  }
  estimation.message = message(estimation, evidence, bounds, flat);
}

void judge_approximation(Estimation& estimation, const ImportanceSampled& sampled) {
  estimation.importance_objective = sampled.value;
  estimation.importance_error = sampled.standard_error;
  const double difference = estimation.objective - sampled.value;
  if (std::abs(difference) > std::max(sampling_errors * sampled.standard_error, negligible_difference)) {
    estimation.verdict.push_back(fmt::format(
        "approximation: {}'s objective {:.3f} is {:.3f} {} -2 log L by importance sampling, {:.3f} (standard error "
        "{:.2g})",
        method_title(objective_of(estimation.methods)), estimation.objective, std::abs(difference),
        difference > 0.0 ? "above" : "below", sampled.value, sampled.standard_error));
  }
  estimation.verdict.insert(estimation.verdict.end(), sampled.poorly_sampled.begin(), sampled.poorly_sampled.end());
}

}  // namespace titrant::nlme
