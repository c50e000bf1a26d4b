#include "titrant/nlme/optimise.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <limits>
#include <nlopt.hpp>
#include <numbers>

#include "titrant/core/error.hpp"

namespace titrant::nlme {

namespace {

constexpr int most_rounds = 20;
constexpr double constraint_tolerance = 1e-9;
constexpr double steep = 0.1;  // squared gradient in scaled coordinates, twice the decrease that it promises

/// The optimiser's coordinates z = x / scale, without the held ones.
struct Scaling {
  std::vector<std::size_t> free;
  std::vector<double> scale;
};

/// 1 / sqrt(sum over subjects of the squared gradient): near the optimum that sum is twice the curvature (the
/// information matrix equality), so that all coordinates become alike.
Scaling scaling(const Evaluation& evaluation, const Box& box) {
  Scaling result;
  const std::size_t coordinates = evaluation.gradient.size();
  for (std::size_t i = 0; i < coordinates; ++i) {
    if (box.lower[i] == box.upper[i]) continue;
    double square = 0.0;
    for (std::size_t s = 0; s < evaluation.subject_values.size(); ++s) {
      const double slope = evaluation.subject_gradients[s * coordinates + i];
      square += slope * slope;
    }
    result.free.push_back(i);
    result.scale.push_back(std::clamp(std::numbers::sqrt2 / std::sqrt(square), 1e-3, 1.0));
  }
  return result;
}

bool is_finite(const Evaluation& evaluation) {
  return std::isfinite(evaluation.value) && std::all_of(evaluation.gradient.begin(), evaluation.gradient.end(),
                                                        [](double slope) { return std::isfinite(slope); });
}

/// Coordinates along which the objective still falls steeply at x, but for those that are held or pushed against the
/// box.
std::vector<std::size_t> falling(const std::vector<double>& x, const Evaluation& evaluation, const Box& box) {
  const Scaling scaled = scaling(evaluation, box);
  std::vector<std::size_t> found;
  for (std::size_t k = 0; k < scaled.free.size(); ++k) {
    const std::size_t i = scaled.free[k];
    const double slope = evaluation.gradient[i];
    if ((x[i] == box.lower[i] && slope > 0.0) || (x[i] == box.upper[i] && slope < 0.0)) continue;
    if (std::pow(slope * scaled.scale[k], 2) > steep) found.push_back(i);
  }
  return found;
}

/// One run of SLSQP with a fixed scaling.
class Round {
 public:
  Round(Objective& objective, Optimum& best, const Box& box, const OptimiserOptions& options,
        const Constraint& constraint)
      : objective_(objective),
        best_(best),
        scaling_(scaling(best.evaluation, box)),
        x_(best.x),
        box_(box),
        options_(options),
        constraint_(constraint) {}

  void run(double tolerance, int evaluations) {
    if (scaling_.free.empty()) return;
    nlopt::opt optimiser(nlopt::LD_SLSQP, static_cast<unsigned>(scaling_.free.size()));
    std::vector<double> lower;
    std::vector<double> upper;
    std::vector<double> z;
    for (std::size_t k = 0; k < scaling_.free.size(); ++k) {
      const std::size_t i = scaling_.free[k];
      lower.push_back(box_.lower[i] / scaling_.scale[k]);
      upper.push_back(box_.upper[i] / scaling_.scale[k]);
      z.push_back(std::clamp(x_[i] / scaling_.scale[k], lower.back(), upper.back()));
    }
    optimiser.set_lower_bounds(lower);
    optimiser.set_upper_bounds(upper);
    optimiser.set_ftol_rel(tolerance);
    optimiser.set_maxeval(evaluations);
    optimiser.set_min_objective(&Round::value, this);
    if (constraint_) optimiser.add_inequality_constraint(&Round::excess, this, constraint_tolerance);
    double value = 0.0;
    try {
      optimiser.optimize(z, value);
    } catch (const nlopt::roundoff_limited&) {  // as near as rounding allows: the best point is kept
    } catch (const nlopt::forced_stop&) {
      if (failure_) std::rethrow_exception(failure_);  // else the descent is hopeless
    } catch (const std::runtime_error&) {              // the line search failed: a new round starts from the best point
    }
  }

  /// Whether it met points where the objective is not finite.
  bool met_edge() const { return met_edge_; }

 private:
  static double value(const std::vector<double>& z, std::vector<double>& gradient, void* self) {
    return static_cast<Round*>(self)->value(z, gradient);
  }
  static double excess(const std::vector<double>& z, std::vector<double>& gradient, void* self) {
    return static_cast<Round*>(self)->excess(z, gradient);
  }

  void move_to(const std::vector<double>& z) {
    for (std::size_t k = 0; k < z.size(); ++k) {
      const std::size_t i = scaling_.free[k];
      x_[i] = std::clamp(z[k] * scaling_.scale[k], box_.lower[i], box_.upper[i]);
    }
  }

  double excess(const std::vector<double>& z, std::vector<double>& gradient) {
    move_to(z);
    std::vector<double> slopes(x_.size());
    const double result = constraint_(x_, slopes);
    for (std::size_t k = 0; k < gradient.size(); ++k) {
      gradient[k] = slopes[scaling_.free[k]] * scaling_.scale[k];
    }
    return result;
  }

  bool allowed() const {
    std::vector<double> ignored(x_.size());
    return !constraint_ || constraint_(x_, ignored) <= constraint_tolerance;
  }

  double value(const std::vector<double>& z, std::vector<double>& gradient) {
    move_to(z);
    ++best_.evaluations;
    if (best_.evaluations > options_.hopeless_after && best_.evaluation.value > options_.hopeless_above) {
      throw nlopt::forced_stop();
    }
    try {
      Evaluation evaluation = objective_.evaluate(x_);
      if (!is_finite(evaluation)) return turn_back(gradient);
      for (std::size_t k = 0; k < gradient.size(); ++k) {
        gradient[k] = evaluation.gradient[scaling_.free[k]] * scaling_.scale[k];
      }
      const double result = evaluation.value;
      if (result < best_.evaluation.value && allowed()) {
        best_.evaluation = std::move(evaluation);
        best_.x = x_;
        best_.memory = objective_.memory();
      }
      return result;
    } catch (const NumericalError&) {  // no finite value here: the line search turns back
      return turn_back(gradient);
    } catch (...) {
      failure_ = std::current_exception();
      throw nlopt::forced_stop();
    }
  }

  double turn_back(std::vector<double>& gradient) {
    met_edge_ = true;
    std::fill(gradient.begin(), gradient.end(), 0.0);
    return std::numeric_limits<double>::infinity();
  }

  Objective& objective_;
  Optimum& best_;
  Scaling scaling_;
  std::vector<double> x_;
  const Box& box_;
  const OptimiserOptions& options_;
  const Constraint& constraint_;
  std::exception_ptr failure_;
  bool met_edge_ = false;
};

}  // namespace

Box box(const Layout& layout) {
  Box result;
  for (const Coordinate& coordinate : layout.coordinates()) {
    result.lower.push_back(coordinate.lower);
    result.upper.push_back(coordinate.upper);
  }
  return result;
}

Optimum minimise(Objective& objective, const std::vector<double>& start, const Box& box,
                 const OptimiserOptions& options, const Constraint& constraint) {
  Optimum best;
  best.x = start;
  for (std::size_t i = 0; i < start.size(); ++i) best.x[i] = std::clamp(start[i], box.lower[i], box.upper[i]);
  best.evaluation = objective.evaluate(best.x);
  best.memory = objective.memory();
  best.evaluations = 1;
  if (!is_finite(best.evaluation)) {
    throw NumericalError("the objective or a derivative of it is not finite at the values that it starts from");
  }
  bool met_edge = false;
  const auto within_tolerance = [&](double change) {
    return std::abs(change) <= options.tolerance * (1.0 + std::abs(best.evaluation.value));
  };
  for (int round = 0; round < most_rounds && !best.converged && best.evaluations < options.evaluations; ++round) {
    const double before = best.evaluation.value;
    Round descent(objective, best, box, options, constraint);
    descent.run(options.tolerance, options.evaluations - best.evaluations);
    met_edge = descent.met_edge();
    if (best.evaluations > options.hopeless_after && best.evaluation.value > options.hopeless_above) break;
    if (best.evaluations >= options.evaluations || !within_tolerance(before - best.evaluation.value)) continue;
    // The etas have come here step by step; some subject may have a better mode elsewhere by now.
    objective.restore(best.memory);
    Evaluation reconsidered = objective.reconsider();
    if (!is_finite(reconsidered)) break;
    best.converged = within_tolerance(reconsidered.value - best.evaluation.value);
    best.evaluation = std::move(reconsidered);
    best.memory = objective.memory();
  }
  std::vector<std::string> names;
  if (met_edge && !constraint) {
    for (const std::size_t i : falling(best.x, best.evaluation, box)) {
      names.push_back(objective.layout().coordinates()[i].name);
    }
  }
  if (!names.empty()) {
    best.converged = false;
    best.message = fmt::format(
        "not converged: the objective still falls along {}, but the descent met values where it is not finite",
        fmt::join(names, ", "));
  } else if (!best.converged) {
    best.message = fmt::format("not converged after {} evaluations", best.evaluations);
  }
  objective.restore(best.memory);
  return best;
}

}  // namespace titrant::nlme
