#include "titrant/nlme/diagnostics.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <span>

#include "titrant/core/constants.hpp"
#include "titrant/core/error.hpp"
#include "titrant/nlme/conditional.hpp"
#include "titrant/nlme/design.hpp"

namespace titrant::nlme {

namespace {

using core::not_available;

/// The etas of a subject in the order of RandomEffects.
std::vector<double> all_etas(const FitSummary& fit, std::size_t subject) {
  std::vector<double> etas = fit.etas[subject];
  if (fit.error_eta_names.empty()) return etas;
  const std::vector<double>& of_errors = fit.error_etas[subject];
  etas.insert(etas.begin() + static_cast<std::ptrdiff_t>(fit.eta_names.size()), of_errors.begin(), of_errors.end());
  return etas;
}

/// Predictions at a subject's etas with their derivatives; not finite where the model has no answer.
Prediction predict_at(const SubjectProblem& problem, const std::vector<double>& etas) {
  SmallVector eta(static_cast<Eigen::Index>(etas.size()));
  std::copy(etas.begin(), etas.end(), eta.begin());
  Prediction prediction;
  if (!predict(problem, eta, prediction)) prediction.value.assign(problem.observed.size(), not_available);
  return prediction;
}

/// Conditional weighted residuals of one subject, to its rows that are not censored.
void add_cwres(std::span<ObservationRow> rows, const SubjectProblem& problem, const Prediction& own,
               const std::vector<double>& etas) {
  std::vector<std::size_t> used;
  for (std::size_t j = 0; j < rows.size(); ++j) {
    if (!rows[j].censored && std::isfinite(rows[j].ipred)) used.push_back(j);
  }
  if (used.empty()) return;
  const auto count = static_cast<Eigen::Index>(used.size());
  const auto eta_count = static_cast<Eigen::Index>(etas.size());
  Eigen::MatrixXd slopes(count, eta_count);
  Eigen::VectorXd residual(count);
  Eigen::VectorXd error_variance(count);
  for (Eigen::Index i = 0; i < count; ++i) {
    const std::size_t j = used[static_cast<std::size_t>(i)];
    const pkpd::ErrorModel& error = problem.error(j, own);
    residual[i] = error.on_scale(rows[j].observed) - error.on_scale(rows[j].ipred);
    for (Eigen::Index k = 0; k < eta_count; ++k) {
      slopes(i, k) = error.scale_slope(rows[j].ipred) *
                     own.gradient[j * problem.columns() + problem.column(static_cast<std::size_t>(k))];
      residual[i] += slopes(i, k) * etas[static_cast<std::size_t>(k)];
    }
    error_variance[i] = error.variance(rows[j].ipred);
  }
  Eigen::MatrixXd covariance = slopes * problem.effects.covariance(problem.occasions) * slopes.transpose();
  covariance.diagonal() += error_variance;
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(covariance);
  if (solver.info() != Eigen::Success || !(solver.eigenvalues()[0] > 0.0)) return;
  const Eigen::VectorXd weighted = solver.operatorInverseSqrt() * residual;
  for (Eigen::Index i = 0; i < count; ++i) rows[used[static_cast<std::size_t>(i)]].cwres = weighted[i];
}

}  // namespace

std::vector<ObservationRow> diagnose(const SubjectModel& model, const FitSummary& fit,
                                     const std::vector<std::vector<double>>& times) {
  TITRANT_EXPECTS(times.size() == model.subjects() && fit.etas.size() == model.subjects());
  const Design design(model, fit.population);
  const RandomEffects effects(fit.population);
  std::vector<ObservationRow> rows;
  for (std::size_t subject = 0; subject < model.subjects(); ++subject) {
    const std::vector<double> mean = design.mean(subject, fit.population);
    const std::vector<pkpd::ErrorModel> errors = observation_errors(model, subject, fit.population);
    const SubjectProblem problem = subject_problem(model, subject, fit.population, mean, effects, errors, &design);
    const Prediction typical = predict_at(problem, std::vector<double>(problem.etas(), 0.0));
    const std::vector<double> etas = all_etas(fit, subject);
    const Prediction own = predict_at(problem, etas);
    const std::size_t first = rows.size();
    for (std::size_t j = 0; j < problem.observed.size(); ++j) {
      ObservationRow row;
      row.subject = fit.subjects[subject];
      row.time = times[subject][j];
      row.response = problem.response(j);
      row.censored = problem.is_censored(j);
      row.observed = problem.observed[j];
      row.pred = typical.value[j];
      row.ipred = own.value[j];
      const double deviation = std::sqrt(problem.error(j, own).variance(row.ipred));
      row.iwres = row.censored || !(deviation > 0.0)
                      ? not_available
                      : (errors[j].on_scale(row.observed) - errors[j].on_scale(row.ipred)) / deviation;
      row.cwres = not_available;
      rows.push_back(row);
    }
    add_cwres(std::span(rows).subspan(first), problem, own, etas);
  }
  return rows;
}

}  // namespace titrant::nlme
