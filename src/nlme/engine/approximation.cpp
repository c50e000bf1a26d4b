#include "titrant/nlme/approximation.hpp"

#include <fmt/format.h>

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <vector>

#include "error_spread.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/sum.hpp"
#include "titrant/nlme/conditional.hpp"
#include "titrant/nlme/design.hpp"

namespace titrant::nlme {

namespace {

bool of_logarithms(const pkpd::ErrorModel& error) { return error.form == pkpd::ErrorForm::log_normal; }

/// Predictions at eta = 0, each with a variance.
Prediction typical_prediction(const SubjectProblem& problem) {
  const SmallVector zero = SmallVector::Zero(static_cast<Eigen::Index>(problem.etas()));
  Prediction typical;
  if (!predict(problem, zero, typical)) {
    throw NumericalError(problem.model.describe(problem.subject, 0) +
                         ": the model has no finite prediction for eta = 0");
  }
  for (std::size_t j = 0; j < typical.value.size(); ++j) {
    if (problem.errors[j].variance(typical.value[j]) > 0.0) continue;
    throw NumericalError(fmt::format("{}: the residual error has no variance at the prediction for eta = 0, {:g}",
                                     problem.model.describe(problem.subject, j), typical.value[j]));
  }
  return typical;
}

/// The normal distribution that linearisation makes of one subject's data, on the scale of the error.
struct Linearised {
  Eigen::VectorXd residual;    ///< [observation]
  Eigen::VectorXd variance;    ///< [observation], of the error
  Eigen::MatrixXd slopes;      ///< [observation][eta]
  Eigen::MatrixXd covariance;  ///< [eta][eta], Omega
  Eigen::LLT<Eigen::MatrixXd> llt;
  double value = 0.0;
};

Linearised linearised(const SubjectProblem& problem, const Prediction& typical) {
  const auto count = static_cast<Eigen::Index>(problem.observed.size());
  const auto etas = static_cast<Eigen::Index>(problem.etas());
  TITRANT_EXPECTS(problem.censored.empty() && problem.effects.errors().empty());
  Linearised result;
  result.residual.resize(count);
  result.variance.resize(count);
  result.slopes.resize(count, etas);
  double jacobian = 0.0;  // of the logarithms of values with a log-normal error
  for (std::size_t j = 0; j < problem.observed.size(); ++j) {
    const auto row = static_cast<Eigen::Index>(j);
    const pkpd::ErrorModel& error = problem.errors[j];
    result.residual[row] = error.on_scale(problem.observed[j]) - error.on_scale(typical.value[j]);
    result.variance[row] = error.variance(typical.value[j]);
    for (Eigen::Index k = 0; k < etas; ++k) {
      result.slopes(row, k) = error.scale_slope(typical.value[j]) *
                              typical.gradient[j * problem.columns() + problem.column(static_cast<std::size_t>(k))];
    }
    jacobian -= 2.0 * std::log(error.scale_slope(problem.observed[j]));
  }
  result.covariance = problem.effects.covariance(problem.occasions);
  Eigen::MatrixXd total = result.slopes * result.covariance * result.slopes.transpose();
  total.diagonal() += result.variance;
  result.llt.compute(total);
  if (result.llt.info() != Eigen::Success) {
    throw NumericalError(problem.model.describe(problem.subject, 0) +
                         ": the linearised model of this subject has no finite covariance");
  }
  result.value = result.residual.dot(result.llt.solve(result.residual)) +
                 2.0 * result.llt.matrixLLT().diagonal().array().log().sum() + jacobian;
  return result;
}

/// Sums a function of a subject's problem over the subjects.
template <class Contribution>
double sum_over_subjects(const SubjectModel& model, const Population& population, Contribution contribution) {
  const Design design(model, population);
  const RandomEffects effects(population);
  std::vector<double> values;
  for (std::size_t subject = 0; subject < model.subjects(); ++subject) {
    const std::vector<double> mean = design.mean(subject, population);
    const std::vector<pkpd::ErrorModel> errors = observation_errors(model, subject, population);
    values.push_back(contribution(subject_problem(model, subject, population, mean, effects, errors, &design)));
  }
  return core::ordered_sum(values);
}

}  // namespace

void check_objectives(std::span<const MethodKind> methods, const SubjectModel& model, const Population& population) {
  const auto older = std::find_if(methods.begin(), methods.end(), [](MethodKind method) {
    return method == MethodKind::fo || method == MethodKind::foce;
  });
  if (older == methods.end()) return;
  const auto refuse = [&](const std::string& why) {
    throw ConfigError(
        fmt::format("estimation.methods: {} takes residual variances at etas of 0 and {}; expected "
                    "[focei], [saem] or [saem, focei]",
                    to_string(*older), why));
  };
  for (const ResponseError& error : population.errors) {
    if (error.model.form == pkpd::ErrorForm::binary) refuse("has no likelihood of binary values");
    if (error.model.omega > 0.0) refuse("does not see a residual error that varies between subjects (omega.error)");
  }
  for (std::size_t subject = 0; subject < model.subjects(); ++subject) {
    const auto censored = model.censored(subject);
    const auto found = std::find_if(censored.begin(), censored.end(), [](unsigned char flag) { return flag != 0; });
    if (found == censored.end()) continue;
    refuse(fmt::format("has no probability of censored values ({} is one)",
                       model.describe(subject, static_cast<std::size_t>(found - censored.begin()))));
  }
}

double first_order_value(const SubjectProblem& problem) {
  return linearised(problem, typical_prediction(problem)).value;
}

SubjectObjective first_order(const SubjectProblem& problem) {
  const Prediction typical = typical_prediction(problem);
  const Linearised at = linearised(problem, typical);
  const auto count = at.residual.size();
  const auto etas = at.slopes.cols();
  const auto means = static_cast<Eigen::Index>(problem.mean_columns());
  const auto numbers = static_cast<Eigen::Index>(problem.effects.size());
  const auto errors = static_cast<Eigen::Index>(2 * problem.response_count);
  const Eigen::VectorXd weighted = at.llt.solve(at.residual);
  // d value / dC, and what of it F's change and Omega's are multiplied by.
  const Eigen::MatrixXd by_covariance =
      at.llt.solve(Eigen::MatrixXd::Identity(count, count)) - weighted * weighted.transpose();
  const Eigen::MatrixXd by_slopes = 2.0 * by_covariance * at.slopes * at.covariance;
  const Eigen::MatrixXd by_omega = at.slopes.transpose() * by_covariance * at.slopes;
  const std::vector<double> second =
      second_derivatives(problem, SmallVector::Zero(etas), typical);  // [eta][observation][column]

  SubjectObjective result;
  result.value = at.value;
  result.gradient = SubjectObjective::Vector::Zero(means + numbers + errors);
  result.eta_gradient.setZero(etas, means + numbers + errors);
  result.correction = SmallMatrix::Zero(etas, etas);
  for (std::size_t j = 0; j < problem.observed.size(); ++j) {
    const auto row = static_cast<Eigen::Index>(j);
    const double* f = typical.gradient.data() + j * problem.columns();
    const pkpd::ErrorModel& error = problem.errors[j];
    const double scale = error.scale_slope(typical.value[j]);
    const double bend = of_logarithms(error) ? -scale * scale : 0.0;  // second derivative of the scale
    const double variance_slope = of_logarithms(error) ? 0.0 : error_spread(error, typical.value[j]).variance_slope;
    const double by_value = -2.0 * weighted[row] * scale + by_covariance(row, row) * variance_slope;
    for (Eigen::Index p = 0; p < means; ++p) {
      double slope = by_value * f[p];
      for (Eigen::Index k = 0; k < etas; ++k) {
        const double f_k = f[problem.column(static_cast<std::size_t>(k))];
        const double f_kp = second[static_cast<std::size_t>(k) * typical.gradient.size() + j * problem.columns() +
                                   static_cast<std::size_t>(p)];
        slope += by_slopes(row, k) * (scale * f_kp + bend * f_k * f[p]);
      }
      result.gradient[p] += slope;
    }
    const auto by_error = log_spread_by_error(error, typical.value[j]);
    for (std::size_t e = 0; e < error_terms; ++e) {
      result.gradient[means + numbers + static_cast<Eigen::Index>(2 * problem.response(j) + e)] +=
          2.0 * by_covariance(row, row) * at.variance[row] * by_error[e];
    }
  }
  for (Eigen::Index i = 0; i < numbers; ++i) {
    const Eigen::MatrixXd change = problem.effects.change(static_cast<std::size_t>(i), problem.occasions);
    result.gradient[means + i] = by_omega.cwiseProduct(at.covariance * change * at.covariance).sum();
  }
  return result;
}

FrozenErrors frozen_errors(const SubjectProblem& problem) {
  const Prediction typical = typical_prediction(problem);
  FrozenErrors frozen;
  frozen.by_mean.assign(typical.value.size() * problem.mean_columns(), 0.0);
  for (std::size_t j = 0; j < typical.value.size(); ++j) {
    const pkpd::ErrorModel& error = problem.errors[j];
    const auto by_error = log_spread_by_error(error, typical.value[j]);
    frozen.by_error.push_back({by_error[0], by_error[1]});
    if (of_logarithms(error)) {  // the same whatever the prediction
      frozen.errors.push_back(error);
      continue;
    }
    frozen.errors.push_back({.additive = std::sqrt(error.variance(typical.value[j])), .proportional = 0.0});
    const double log_slope = error_spread(error, typical.value[j]).log_slope;
    for (std::size_t p = 0; p < problem.mean_columns(); ++p) {
      frozen.by_mean[j * problem.mean_columns() + p] = log_slope * typical.gradient[j * problem.columns() + p];
    }
  }
  return frozen;
}

SubjectProblem without_interaction(const SubjectProblem& problem, const FrozenErrors& frozen) {
  SubjectProblem without = problem;
  without.errors = frozen.errors;
  without.frozen = &frozen;
  return without;
}

double first_order_objective(const SubjectModel& model, const Population& population) {
  return sum_over_subjects(model, population, first_order_value);
}

double conditional_objective_without_interaction(const SubjectModel& model, const Population& population) {
  return sum_over_subjects(model, population, [](const SubjectProblem& problem) {
    const FrozenErrors frozen = frozen_errors(problem);
    const SubjectProblem without = without_interaction(problem, frozen);
    const auto etas = static_cast<Eigen::Index>(problem.etas());
    return focei_value(find_mode(without, SmallVector::Zero(etas), SmallMatrix::Zero(etas, etas)));
  });
}

}  // namespace titrant::nlme
