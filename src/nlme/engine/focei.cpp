#include "titrant/nlme/focei.hpp"

#include <Eigen/Cholesky>
#include <Eigen/LU>
#include <array>
#include <cmath>

#include "titrant/core/error.hpp"

namespace titrant::nlme {

namespace {

constexpr double eta_step = 1e-4;

double log_determinant(const Eigen::LLT<SmallMatrix>& llt) {
  return 2.0 * llt.matrixLLT().diagonal().array().log().sum();
}

Eigen::Index place(const SubjectProblem& problem, Eigen::Index eta) {
  return static_cast<Eigen::Index>(problem.column(static_cast<std::size_t>(eta)));
}

/// Sums over observations that the gradient is made of.
struct Sums {
  SmallVector slope;              ///< [column of the prediction], sum l' f_p
  SmallMatrix mixed;              ///< [eta][column], d^2 sum l / d eta_k d p
  SmallVector determinant;        ///< [column], d log det H / dp
  SmallVector error;              ///< [response][2], d sum l / d log error
  SmallVector determinant_error;  ///< [response][2], d log det H / d log error
  SmallMatrix mixed_error;        ///< [eta][response][2], d^2 sum l / d eta_k d log error
  SmallVector frozen;             ///< [mean column], d (sum l + log det H) by the errors that it moves
  SmallMatrix mixed_frozen;       ///< [eta][mean column], the same of the derivative of sum l by an eta
};

/// One observation whose error is additive, its size a function of the means and errors of the population.
void add_frozen(const SubjectProblem& problem, std::size_t j, const ResidualTerm& term, const SmallVector& f_eta,
                double spread, Sums& sums) {
  const double own = term.value_by_error[0] + term.weight_by_error[0] * spread;
  const double* by_mean = problem.frozen->by_mean.data() + j * problem.mean_columns();
  for (Eigen::Index p = 0; p < sums.frozen.size(); ++p) {
    sums.frozen[p] += own * by_mean[p];
    for (Eigen::Index k = 0; k < f_eta.size(); ++k) {
      sums.mixed_frozen(k, p) += term.slope_by_error[0] * f_eta[k] * by_mean[p];
    }
  }
  for (std::size_t e = 0; e < 2; ++e) {
    const auto column = static_cast<Eigen::Index>(2 * problem.response(j) + e);
    const double by_error = problem.frozen->by_error[j][e];
    sums.error[column] += own * by_error;
    for (Eigen::Index k = 0; k < f_eta.size(); ++k) {
      sums.mixed_error(k, column) += term.slope_by_error[0] * f_eta[k] * by_error;
    }
  }
}

/// One observation whose residual error has an eta, u: derivatives of its prediction by columns and etas, and what log
/// det H changes by where its weights w, w_fu and w_uu do.
struct Observed {
  const double* f;
  const SmallVector& f_eta;
  double spread;
  double shared;
  double alone;
};

void add_factor(const SubjectProblem& problem, std::size_t j, const ResidualTerm& term, Eigen::Index u,
                const Observed& at, Sums& sums) {
  const FactorTerm& factor = term.factor;
  const Eigen::Index column = place(problem, u);
  const double by_f = factor.shared_weight_slope * at.shared + factor.own_weight_slope * at.alone;
  for (Eigen::Index p = 0; p < sums.determinant.size(); ++p) {
    sums.determinant[p] += by_f * at.f[p];
    sums.mixed(u, p) += factor.mixed * at.f[p];
  }
  sums.determinant[column] += factor.weight_by_factor * at.spread + factor.shared_weight_by_factor * at.shared +
                              factor.own_weight_by_factor * at.alone;
  for (Eigen::Index k = 0; k < at.f_eta.size(); ++k) sums.mixed(k, column) += factor.mixed * at.f_eta[k];
  sums.mixed(u, column) += factor.curvature;
  for (std::size_t e = 0; e < 2; ++e) {
    const auto error = static_cast<Eigen::Index>(2 * problem.response(j) + e);
    sums.determinant_error[error] +=
        factor.shared_weight_by_error[e] * at.shared + factor.own_weight_by_error[e] * at.alone;
    sums.mixed_error(u, error) += factor.slope_by_error[e];
  }
}

Sums sum_observations(const SubjectProblem& problem, const Mode& mode, const SmallMatrix& inverse) {
  const auto etas = static_cast<Eigen::Index>(problem.etas());
  const auto parameters = static_cast<Eigen::Index>(problem.columns());
  const std::vector<double> second = second_derivatives(problem, mode.eta, mode.prediction);
  const auto errors = static_cast<Eigen::Index>(2 * problem.response_count);
  Sums sums{.slope = SmallVector::Zero(parameters),
            .mixed = SmallMatrix::Zero(etas, parameters),
            .determinant = SmallVector::Zero(parameters),
            .error = SmallVector::Zero(errors),
            .determinant_error = SmallVector::Zero(errors),
            .mixed_error = SmallMatrix::Zero(etas, errors),
            .frozen = SmallVector::Zero(static_cast<Eigen::Index>(problem.mean_columns())),
            .mixed_frozen = SmallMatrix::Zero(etas, static_cast<Eigen::Index>(problem.mean_columns()))};
  SmallVector f_eta(etas);
  for (std::size_t j = 0; j < problem.observed.size(); ++j) {
    const std::size_t row = j * problem.columns();
    const double* f = mode.prediction.gradient.data() + row;
    const ResidualTerm term = problem.term(j, mode.prediction);
    for (Eigen::Index k = 0; k < etas; ++k) f_eta[k] = f[place(problem, k)];
    const SmallVector weighted = inverse * f_eta;  // tr(H^-1 dH) = w' f_p f'H^-1 f + 2 w f'H^-1 df_p
    const double spread = f_eta.dot(weighted);
    SmallVector by_second = 2.0 * term.weight * weighted;  // d log det H / d (second derivative by eta_k)
    for (Eigen::Index p = 0; p < parameters; ++p) {
      sums.slope[p] += term.slope * f[p];
      sums.determinant[p] += term.weight_slope * f[p] * spread;
    }
    if (const std::optional<std::size_t> own = problem.error_eta(j)) {
      const auto u = static_cast<Eigen::Index>(*own);
      by_second += 2.0 * term.factor.shared_weight * inverse.col(u);
      add_factor(problem, j, term, u,
                 {.f = f, .f_eta = f_eta, .spread = spread, .shared = 2.0 * weighted[u], .alone = inverse(u, u)}, sums);
    }
    for (Eigen::Index k = 0; k < etas; ++k) {
      const double* f_k = second.data() + static_cast<std::size_t>(k) * mode.prediction.gradient.size() + row;
      for (Eigen::Index p = 0; p < parameters; ++p) {
        sums.mixed(k, p) += term.curvature * f_eta[k] * f[p] + term.slope * f_k[p];
        sums.determinant[p] += by_second[k] * f_k[p];
      }
    }
    if (problem.frozen != nullptr && problem.errors[j].form != pkpd::ErrorForm::log_normal) {
      add_frozen(problem, j, term, f_eta, spread, sums);
      continue;
    }
    for (std::size_t e = 0; e < 2; ++e) {
      const auto column = static_cast<Eigen::Index>(2 * problem.response(j) + e);
      sums.error[column] += term.value_by_error[e];
      sums.determinant_error[column] += term.weight_by_error[e] * spread;
      for (Eigen::Index k = 0; k < etas; ++k) sums.mixed_error(k, column) += term.slope_by_error[e] * f_eta[k];
    }
  }
  return sums;
}

}  // namespace

std::vector<double> second_derivatives(const SubjectProblem& problem, const SmallVector& centre, const Prediction& at) {
  const std::size_t block = at.gradient.size();
  const std::size_t etas = problem.etas();
  std::vector<double> second(etas * block);
  Prediction above;
  Prediction below;
  for (std::size_t k = 0; k < etas; ++k) {
    if (problem.effects.of_error(k)) continue;  // predictions do not depend on it
    SmallVector eta = centre;
    const auto index = static_cast<Eigen::Index>(k);
    eta[index] = centre[index] + eta_step;
    const double high = eta[index];
    const bool has_above = predict(problem, eta, above);
    eta[index] = centre[index] - eta_step;
    const double low = eta[index];
    const bool has_below = predict(problem, eta, below);
    if (!has_above && !has_below) {
      throw NumericalError(problem.model.describe(problem.subject, 0) +
                           ": the model has no derivatives for this subject");
    }
    const std::vector<double>& upper = has_above ? above.gradient : at.gradient;
    const std::vector<double>& lower = has_below ? below.gradient : at.gradient;
    const double width = (has_above ? high : centre[index]) - (has_below ? low : centre[index]);
    for (std::size_t i = 0; i < block; ++i) second[k * block + i] = (upper[i] - lower[i]) / width;
  }
  return second;
}

double focei_value(const Mode& mode) {
  const Eigen::LLT<SmallMatrix> llt(mode.conditional.information);
  return mode.conditional.value + log_determinant(llt);
}

SubjectObjective focei(const SubjectProblem& problem, const Mode& mode) {
  const auto etas = static_cast<Eigen::Index>(problem.etas());
  const auto means = static_cast<Eigen::Index>(problem.mean_columns());
  const auto numbers = static_cast<Eigen::Index>(problem.effects.size());
  const auto errors = static_cast<Eigen::Index>(2 * problem.response_count);
  SubjectObjective result;
  const Eigen::LLT<SmallMatrix> llt(mode.conditional.information);
  if (llt.info() != Eigen::Success) {
    throw NumericalError(problem.model.describe(problem.subject, 0) +
                         ": the individual fit of this subject has no finite information matrix");
  }
  const SmallMatrix inverse = llt.solve(SmallMatrix::Identity(etas, etas));
  result.value = mode.conditional.value + log_determinant(llt);
  const Sums sums = sum_observations(problem, mode, inverse);

  SmallMatrix curvature(etas, etas);  // d^2 Phi / d eta^2
  SmallVector determinant_eta(etas);
  for (Eigen::Index k = 0; k < etas; ++k) {
    determinant_eta[k] = sums.determinant[place(problem, k)];
    for (Eigen::Index l = 0; l < etas; ++l) curvature(k, l) = sums.mixed(k, place(problem, l));
  }
  // Differences are symmetric up to their error only.
  for (Eigen::Index k = 0; k < etas; ++k) {
    for (Eigen::Index l = 0; l < k; ++l) curvature(k, l) = curvature(l, k) = 0.5 * (curvature(k, l) + curvature(l, k));
  }

  // The explicit part first; d^2 Phi / d eta d z in eta_gradient for the moment.
  result.gradient.resize(means + numbers + errors);
  result.eta_gradient.setZero(etas, means + numbers + errors);
  result.gradient.head(means) = sums.slope.head(means) + sums.determinant.head(means);
  if (problem.frozen != nullptr) result.gradient.head(means) += sums.frozen;
  result.gradient.tail(errors) = sums.error + sums.determinant_error;
  result.eta_gradient.leftCols(means) = sums.mixed.leftCols(means);
  if (problem.frozen != nullptr) result.eta_gradient.leftCols(means) += sums.mixed_frozen;
  result.eta_gradient.rightCols(errors) = sums.mixed_error;
  curvature += 2.0 * problem.precision;
  for (Eigen::Index i = 0; i < numbers; ++i) {  // of those that describe Omega
    const auto number = static_cast<std::size_t>(i);
    const SmallMatrix change = problem.effects.change(number, problem.occasions);
    const SmallVector moved = change * mode.eta;
    result.gradient[means + i] =
        problem.effects.trace(number, problem.occasions) - mode.eta.dot(moved) - inverse.cwiseProduct(change).sum();
    result.eta_gradient.col(means + i) = -2.0 * moved;
  }
  result.correction = curvature - 2.0 * mode.conditional.information;

  // Implicit function theorem: Phi_eta(eta*, z) = 0, hence d eta* / dz = -curvature^-1 Phi_eta,z.
  const SubjectObjective::Matrix mixed = result.eta_gradient;
  result.eta_gradient = -Eigen::PartialPivLU<SmallMatrix>(curvature).solve(mixed);
  result.gradient += result.eta_gradient.transpose() * determinant_eta;
  return result;
}

}  // namespace titrant::nlme
