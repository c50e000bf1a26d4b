#pragma once

namespace titrant::nlme {

/// Which estimate of the covariance, with R half the Hessian of the objective and S a quarter of the sum of the
/// subjects' squared gradients (NONMEM's names).
enum class CovarianceKind {
  automatic,  ///< sandwich from as many subjects as twice the coordinates on, hessian below that, where S says little
  hessian,    ///< R^-1
  outer_product,  ///< S^-1
  sandwich,       ///< R^-1 S R^-1, right even where the model is not (White 1982); NONMEM's default
  none            ///< no second derivatives at all: for comparing many models by their objective
};

}  // namespace titrant::nlme
