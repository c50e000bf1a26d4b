#include "titrant/nlme/uncertainty.hpp"

#include <Eigen/Cholesky>
#include <limits>

#include "titrant/core/error.hpp"

namespace titrant::nlme {

namespace {

// Relative error of the differences: about step^2 from truncation, and the gradient's own 1e-8 over the step from
// noise.
constexpr double covariance_step = 1e-3;
// Reciprocal condition, with a diagonal of ones, below which a matrix counts as singular.
constexpr double singular = 1e-12;

}  // namespace

Eigen::MatrixXd hessian(const Objective& objective, const std::vector<double>& x,
                        const std::vector<std::size_t>& free) {
  std::vector<std::vector<double>> points;
  for (const std::size_t i : free) {
    points.push_back(x);
    points.back()[i] = x[i] + covariance_step;
    points.push_back(x);
    points.back()[i] = x[i] - covariance_step;
  }
  const auto count = static_cast<Eigen::Index>(free.size());
  std::vector<Evaluation> around;
  try {
    around = objective.evaluate_around(points);
  } catch (const NumericalError&) {
    return Eigen::MatrixXd::Constant(count, count, std::numeric_limits<double>::quiet_NaN());
  }
  Eigen::MatrixXd result(count, count);
  for (std::size_t k = 0; k < free.size(); ++k) {
    const double width = points[2 * k][free[k]] - points[2 * k + 1][free[k]];
    for (std::size_t l = 0; l < free.size(); ++l) {
      result(static_cast<Eigen::Index>(k), static_cast<Eigen::Index>(l)) =
          (around[2 * k].gradient[free[l]] - around[2 * k + 1].gradient[free[l]]) / width;
    }
  }
  return 0.5 * (result + result.transpose());
}

namespace {

/// S: a quarter of the sum of the subjects' squared gradients.
Eigen::MatrixXd outer_product(const Evaluation& optimum, const std::vector<std::size_t>& free) {
  const auto count = static_cast<Eigen::Index>(free.size());
  Eigen::MatrixXd squares = Eigen::MatrixXd::Zero(count, count);
  Eigen::VectorXd slopes(count);
  for (std::size_t s = 0; s < optimum.subject_values.size(); ++s) {
    for (Eigen::Index k = 0; k < count; ++k) {
      slopes[k] = optimum.subject_gradients[s * optimum.gradient.size() + free[static_cast<std::size_t>(k)]];
    }
    squares += 0.25 * slopes * slopes.transpose();
  }
  return squares;
}

/// The inverse where the matrix is positive definite beyond rounding, else empty.
Eigen::MatrixXd inverse(const Eigen::MatrixXd& matrix) {
  if (!matrix.allFinite() || !(matrix.diagonal().array() > 0.0).all()) return {};
  const Eigen::VectorXd scale = matrix.diagonal().cwiseSqrt().cwiseInverse();
  const Eigen::LLT<Eigen::MatrixXd> llt(scale.asDiagonal() * matrix * scale.asDiagonal());
  if (llt.info() != Eigen::Success || llt.rcond() < singular) return {};
  return scale.asDiagonal() * llt.solve(Eigen::MatrixXd::Identity(matrix.rows(), matrix.cols())) * scale.asDiagonal();
}

}  // namespace

Uncertainty uncertainty(const Eigen::MatrixXd& hessian, const Evaluation& optimum, const std::vector<std::size_t>& free,
                        CovarianceKind kind) {
  const Eigen::MatrixXd squares = outer_product(optimum, free);
  if (kind == CovarianceKind::outer_product) {
    const Eigen::MatrixXd covariance = inverse(squares);
    if (covariance.rows() > 0 || free.empty()) return {.covariance = covariance, .method = "outer product"};
    return {.covariance = {}, .method = "none: the subjects' gradients do not span all parameters"};
  }
  const Eigen::MatrixXd covariance = inverse(0.5 * hessian);
  if (covariance.rows() == 0 && !free.empty()) {
    return {.covariance = {}, .method = "none: the Hessian at the estimates is not positive definite"};
  }
  const bool enough = optimum.subject_values.size() >= 2 * free.size();
  if (kind == CovarianceKind::hessian || (kind == CovarianceKind::automatic && !enough)) {
    return {.covariance = covariance, .method = "hessian"};
  }
  return {.covariance = covariance * squares * covariance, .method = "sandwich"};
}

}  // namespace titrant::nlme
