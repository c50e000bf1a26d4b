#pragma once

#include <Eigen/Core>
#include <string>
#include <vector>

#include "titrant/nlme/objective.hpp"

namespace titrant::nlme {

/// Second derivatives of the objective with respect to the coordinates `free`, by central differences of its exact
/// gradient: [free][free].
Eigen::MatrixXd hessian(const Objective& objective, const std::vector<double>& x, const std::vector<std::size_t>& free);

/// How well the coordinates `free` are known, on the optimiser's scale.
struct Uncertainty {
  Eigen::MatrixXd covariance;  ///< [free][free]; empty where there is none
  std::string method;          ///< "sandwich", "hessian" or why there is none
};

/// With R half the Hessian of the objective and S a quarter of the sum of the subjects' squared gradients: R^-1 S R^-1,
/// which is right even where the model is not (White 1982; NONMEM's default), from as many subjects as twice the
/// coordinates on; R^-1 below that, where S says too little. None where R is not positive definite.
Uncertainty uncertainty(const Eigen::MatrixXd& hessian, const Evaluation& optimum,
                        const std::vector<std::size_t>& free);

}  // namespace titrant::nlme
