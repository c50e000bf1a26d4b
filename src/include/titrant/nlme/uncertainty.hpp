#pragma once

#include <Eigen/Core>
#include <string>
#include <vector>

#include "titrant/nlme/covariance_kind.hpp"
#include "titrant/nlme/objective.hpp"

namespace titrant::nlme {

/// Second derivatives of the objective with respect to the coordinates `free`, by central differences of its exact
/// gradient: [free][free]. NaN where the objective is not finite beside x.
Eigen::MatrixXd hessian(const Objective& objective, const std::vector<double>& x, const std::vector<std::size_t>& free);

/// How well the coordinates `free` are known, on the optimiser's scale.
struct Uncertainty {
  Eigen::MatrixXd covariance;  ///< [free][free]; empty where there is none
  std::string method;          ///< "sandwich", "hessian", "outer product" or why there is none
};

/// None where a matrix to invert is not positive definite. `kind` is not none.
Uncertainty uncertainty(const Eigen::MatrixXd& hessian, const Evaluation& optimum, const std::vector<std::size_t>& free,
                        CovarianceKind kind);

}  // namespace titrant::nlme
