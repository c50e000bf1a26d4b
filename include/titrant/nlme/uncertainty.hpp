#pragma once

#include <Eigen/Core>
#include <string>
#include <vector>

#include "titrant/nlme/objective.hpp"

namespace titrant::nlme {

/// Second derivatives of the objective with respect to the coordinates `free`, by central differences of its exact
/// gradient: [free][free].
Eigen::MatrixXd hessian(const Objective& objective, const std::vector<double>& x, const std::vector<std::size_t>& free);

/// Which estimate of the covariance, with R half the Hessian of the objective and S a quarter of the sum of the
/// subjects' squared gradients (NONMEM's names).
enum class CovarianceKind {
  automatic,  ///< sandwich from as many subjects as twice the coordinates on, hessian below that, where S says little
  hessian,    ///< R^-1
  outer_product,  ///< S^-1
  sandwich,       ///< R^-1 S R^-1, right even where the model is not (White 1982); NONMEM's default
  none            ///< no second derivatives at all: for comparing many models by their objective
};

/// How well the coordinates `free` are known, on the optimiser's scale.
struct Uncertainty {
  Eigen::MatrixXd covariance;  ///< [free][free]; empty where there is none
  std::string method;          ///< "sandwich", "hessian", "outer product" or why there is none
};

/// None where a matrix to invert is not positive definite. `kind` is not none.
Uncertainty uncertainty(const Eigen::MatrixXd& hessian, const Evaluation& optimum, const std::vector<std::size_t>& free,
                        CovarianceKind kind);

}  // namespace titrant::nlme
