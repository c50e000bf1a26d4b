#include "titrant/nlme/uncertainty.hpp"

#include <Eigen/Cholesky>

namespace titrant::nlme {

namespace {

// Relative error of the differences: about step^2 from truncation, and the gradient's own 1e-8 over the step from
// noise.
constexpr double difference_step = 1e-3;

}  // namespace

Eigen::MatrixXd hessian(const Objective& objective, const std::vector<double>& x,
                        const std::vector<std::size_t>& free) {
  std::vector<std::vector<double>> points;
  for (const std::size_t i : free) {
    points.push_back(x);
    points.back()[i] = x[i] + difference_step;
    points.push_back(x);
    points.back()[i] = x[i] - difference_step;
  }
  const std::vector<Evaluation> around = objective.evaluate_around(points);
  const auto count = static_cast<Eigen::Index>(free.size());
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

Uncertainty uncertainty(const Eigen::MatrixXd& hessian, const Evaluation& optimum,
                        const std::vector<std::size_t>& free) {
  const Eigen::Index count = hessian.rows();
  const Eigen::LLT<Eigen::MatrixXd> llt(0.5 * hessian);
  if (!hessian.allFinite() || llt.info() != Eigen::Success) {
    return {.covariance = {}, .method = "none: the Hessian at the estimates is not positive definite"};
  }
  const Eigen::MatrixXd inverse = llt.solve(Eigen::MatrixXd::Identity(count, count));
  const std::size_t subjects = optimum.subject_values.size();
  if (subjects < 2 * free.size()) return {.covariance = inverse, .method = "hessian"};
  Eigen::MatrixXd squares = Eigen::MatrixXd::Zero(count, count);
  Eigen::VectorXd slopes(count);
  for (std::size_t s = 0; s < subjects; ++s) {
    for (Eigen::Index k = 0; k < count; ++k) {
      slopes[k] = optimum.subject_gradients[s * optimum.gradient.size() + free[static_cast<std::size_t>(k)]];
    }
    squares += 0.25 * slopes * slopes.transpose();
  }
  return {.covariance = inverse * squares * inverse, .method = "sandwich"};
}

}  // namespace titrant::nlme
