#pragma once

#include <Eigen/Core>

#include "titrant/nlme/layout.hpp"
#include "titrant/nlme/population.hpp"

namespace titrant::nlme {

/// Gives the population the omegas and correlations that maximise the likelihood of normal etas whose mean square is S,
/// the minimum of log det Omega + tr(Omega^-1 S), within the bounds of the layout. What is fixed stays.
/// \param mean_square  [eta of all occasions][the same], positive definite
void set_omegas(Population& population, const Layout& layout, const Eigen::MatrixXd& mean_square);

}  // namespace titrant::nlme
