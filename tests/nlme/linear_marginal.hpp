#pragma once

#include <Eigen/Cholesky>
#include <cmath>

#include "analytic_models.hpp"
#include "titrant/nlme/population.hpp"

namespace titrant::tests {

/// -2 log L without n log(2 pi) of LogLinear with additive error, exactly: y ~ N(mean, Z Omega Z' + sigma^2).
inline double exact_linear_objective(const LogLinear& model, const nlme::Population& population) {
  double total = 0.0;
  const auto& a = population.parameters[0];
  const auto& b = population.parameters[1];
  for (const ToySubject& subject : model.data) {
    const auto n = static_cast<Eigen::Index>(subject.times.size());
    Eigen::VectorXd residual(n);
    Eigen::MatrixXd covariance = Eigen::MatrixXd::Identity(n, n) * std::pow(population.errors[0].model.additive, 2);
    for (Eigen::Index j = 0; j < n; ++j) {
      const auto row = static_cast<std::size_t>(j);
      const double weight = subject.covariates.at("weight");
      residual[j] = subject.values[row] - std::log(a.typical) -
                    a.effects[0].effect.coefficient * std::log(weight / 70.0) -
                    subject.times[row] * std::log(b.typical);
      for (Eigen::Index k = 0; k < n; ++k) {
        covariance(j, k) +=
            a.omega * a.omega + b.omega * b.omega * subject.times[row] * subject.times[static_cast<std::size_t>(k)];
      }
    }
    const Eigen::LLT<Eigen::MatrixXd> llt(covariance);
    total += residual.dot(llt.solve(residual));
    total += 2.0 * llt.matrixLLT().diagonal().array().log().sum();
  }
  return total;
}

}  // namespace titrant::tests
