#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <limits>

#include "titrant/core/error.hpp"
#include "titrant/nlme/conditional.hpp"

namespace titrant::nlme {

namespace {

constexpr int most_steps = 200;
constexpr double step_tolerance = 1e-8;       // in posterior standard deviations
constexpr double longest_step = 2.0;          // of one eta: a factor e^2 on the log scale
constexpr double sufficient_decrease = 1e-4;  // Armijo
constexpr double rounding = 1e-13;            // relative noise of Phi
constexpr double stalled_promise = 1e-6;      // of a step that rounding hides where the model itself is rough
constexpr double smallest_fraction = 1e-10;   // of a step, where the line search gives up

/// 2 information + correction where that is positive definite, else 2 information and no correction.
Eigen::LLT<SmallMatrix> factor(const SmallMatrix& information, SmallMatrix& correction) {
  Eigen::LLT<SmallMatrix> llt(2.0 * information + correction);
  if (llt.info() == Eigen::Success) return llt;
  correction.setZero();
  return Eigen::LLT<SmallMatrix>(2.0 * information);
}

/// The correction for which the next matrix satisfies the secant equation, by a BFGS update of 2 information +
/// correction.
SmallMatrix updated_correction(const SmallMatrix& information, const SmallMatrix& correction, const SmallVector& step,
                               const SmallVector& change) {
  const double curvature = step.dot(change);
  const SmallMatrix matrix = 2.0 * information + correction;
  const SmallVector image = matrix * step;
  const double model_curvature = step.dot(image);
  if (!(curvature > 0.0) || !(model_curvature > 0.0)) return SmallMatrix::Zero(step.size(), step.size());
  return correction - image * image.transpose() / model_curvature + change * change.transpose() / curvature;
}

[[noreturn]] void no_answer(const SubjectProblem& problem, const SmallVector& eta) {
  Prediction prediction;
  std::size_t where = 0;
  if (predict(problem, eta, prediction)) {
    while (where + 1 < prediction.value.size() &&
           problem.error(where, prediction).variance(prediction.value[where]) > 0.0)
      ++where;
    throw NumericalError(problem.model.describe(problem.subject, where) +
                         ": the variance of the residual error is zero there, because the prediction is (nearly) zero; "
                         "use a combined error model, or leave the observation out");
  }
  throw NumericalError(problem.model.describe(problem.subject, where) +
                       ": the model has no finite prediction for this subject at the population parameters");
}

}  // namespace

Mode find_mode(const SubjectProblem& problem, const SmallVector& start, const SmallMatrix& correction) {
  Mode mode;
  mode.eta = start;
  const auto evaluate = [&](const SmallVector& eta, Prediction& prediction, Conditional& result) {
    ++mode.evaluations;
    result.value = std::numeric_limits<double>::infinity();
    if (!predict(problem, eta, prediction)) return false;
    result = conditional(problem, eta, prediction);
    return std::isfinite(result.value);
  };
  if (!evaluate(mode.eta, mode.prediction, mode.conditional)) {
    mode.eta.setZero();
    if (!evaluate(mode.eta, mode.prediction, mode.conditional)) no_answer(problem, mode.eta);
  }
  SmallMatrix carried = correction;
  Prediction trial_prediction;
  Conditional trial;
  mode.converged = mode.eta.size() == 0;
  for (int count = 0; mode.eta.size() > 0 && count < most_steps; ++count) {
    SmallVector step = factor(mode.conditional.information, carried).solve(-mode.conditional.gradient);
    // A step d with matrix 2H moves sqrt(d' H d) posterior standard deviations and promises a decrease of -g'd.
    const double promise = -mode.conditional.gradient.dot(step);
    mode.converged = promise <= 2.0 * step_tolerance * step_tolerance;
    if (mode.converged) break;
    const double longest = step.cwiseAbs().maxCoeff();
    if (longest > longest_step) step *= longest_step / longest;
    const double noise = rounding * (1.0 + std::abs(mode.conditional.value));
    double fraction = 1.0;
    bool accepted = false;
    while (!accepted && fraction > smallest_fraction) {
      const SmallVector eta = mode.eta + fraction * step;
      const double slope = fraction * mode.conditional.gradient.dot(step);
      accepted = evaluate(eta, trial_prediction, trial) &&
                 trial.value <= mode.conditional.value + sufficient_decrease * slope + noise;
      if (!accepted) {
        const double excess = trial.value - mode.conditional.value - slope;
        const double best = std::isfinite(excess) && excess > 0.0 ? -0.5 * slope / excess : 0.0;
        fraction *= std::clamp(best, 0.1, 0.5);
      }
    }
    if (!accepted) {
      mode.converged = promise <= stalled_promise;
      if (carried.isZero()) break;
      carried.setZero();
      continue;
    }
    const SmallVector moved = fraction * step;
    carried = updated_correction(trial.information, carried, moved, trial.gradient - mode.conditional.gradient);
    mode.eta += moved;
    std::swap(mode.prediction, trial_prediction);
    std::swap(mode.conditional, trial);
    if (promise <= noise && fraction == 1.0) {
      // Phi no longer tells better from worse: one further full Newton step has used the gradient, which still does.
      const double left =
          mode.conditional.gradient.dot(factor(mode.conditional.information, carried).solve(mode.conditional.gradient));
      mode.converged = true;
      if (left >= 0.25 * promise) break;
    }
  }
  return mode;
}

}  // namespace titrant::nlme
