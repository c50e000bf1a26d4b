#include "titrant/nlme/approximation.hpp"

#include <Eigen/Cholesky>
#include <cmath>
#include <vector>

#include "titrant/core/error.hpp"
#include "titrant/core/sum.hpp"
#include "titrant/nlme/conditional.hpp"
#include "titrant/nlme/design.hpp"
#include "titrant/nlme/focei.hpp"

namespace titrant::nlme {

namespace {

/// Sums a function of a subject's problem and its prediction at eta = 0 over the subjects.
template <class Contribution>
double sum_over_subjects(const SubjectModel& model, const Population& population, Contribution contribution) {
  const Design design(model, population);
  const RandomEffects effects(population);
  std::vector<double> values;
  for (std::size_t subject = 0; subject < model.subjects(); ++subject) {
    const std::vector<double> mean = design.mean(subject, population);
    const std::vector<pkpd::ErrorModel> errors = observation_errors(model, subject, population);
    const SubjectProblem problem = subject_problem(model, subject, population, mean, effects, errors, &design);
    const SmallVector zero = SmallVector::Zero(static_cast<Eigen::Index>(problem.etas()));
    Prediction typical;
    if (!predict(problem, zero, typical)) {
      throw NumericalError(model.describe(subject, 0) + ": the model has no finite prediction for eta = 0");
    }
    values.push_back(contribution(problem, typical));
  }
  return core::ordered_sum(values);
}

double first_order_contribution(const SubjectProblem& problem, const Prediction& typical) {
  const auto count = static_cast<Eigen::Index>(problem.observed.size());
  Eigen::VectorXd residual(count);
  Eigen::MatrixXd covariance = Eigen::MatrixXd::Zero(count, count);
  TITRANT_EXPECTS(problem.censored.empty());
  for (std::size_t j = 0; j < problem.observed.size(); ++j) {
    const auto row = static_cast<Eigen::Index>(j);
    const pkpd::ErrorModel& error = problem.errors[j];
    residual[row] = error.on_scale(problem.observed[j]) - error.on_scale(typical.value[j]);
    covariance(row, row) = error.variance(typical.value[j]);
  }
  const auto etas = static_cast<Eigen::Index>(problem.etas());
  Eigen::MatrixXd slopes(count, etas);
  for (Eigen::Index j = 0; j < count; ++j) {
    for (Eigen::Index k = 0; k < etas; ++k) {
      slopes(j, k) =
          problem.errors[static_cast<std::size_t>(j)].scale_slope(typical.value[static_cast<std::size_t>(j)]) *
          typical
              .gradient[static_cast<std::size_t>(j) * problem.columns() + problem.column(static_cast<std::size_t>(k))];
    }
  }
  covariance += slopes * problem.effects.covariance(problem.occasions) * slopes.transpose();
  const Eigen::LLT<Eigen::MatrixXd> llt(covariance);
  double jacobian = 0.0;  // of the logarithms of values with a log-normal error
  for (std::size_t j = 0; j < problem.observed.size(); ++j) {
    jacobian -= 2.0 * std::log(problem.errors[j].scale_slope(problem.observed[j]));
  }
  return residual.dot(llt.solve(residual)) + 2.0 * llt.matrixLLT().diagonal().array().log().sum() + jacobian;
}

}  // namespace

double first_order_objective(const SubjectModel& model, const Population& population) {
  return sum_over_subjects(model, population, first_order_contribution);
}

double conditional_objective_without_interaction(const SubjectModel& model, const Population& population) {
  return sum_over_subjects(model, population, [](const SubjectProblem& problem, const Prediction& typical) {
    std::vector<pkpd::ErrorModel> frozen;
    for (std::size_t j = 0; j < typical.value.size(); ++j) {
      const pkpd::ErrorModel& error = problem.errors[j];
      const bool constant = error.form == pkpd::ErrorForm::log_normal;  // whatever the prediction
      frozen.push_back(
          constant ? error
                   : pkpd::ErrorModel{.additive = std::sqrt(error.variance(typical.value[j])), .proportional = 0.0});
    }
    SubjectProblem without = problem;
    without.errors = frozen;
    const auto etas = static_cast<Eigen::Index>(problem.etas());
    return focei_value(find_mode(without, SmallVector::Zero(etas), SmallMatrix::Zero(etas, etas)));
  });
}

}  // namespace titrant::nlme
