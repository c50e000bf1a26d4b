#pragma once

#include <vector>

#include "titrant/core/stream.hpp"
#include "titrant/nlme/fit.hpp"

namespace titrant::nlme {

/// One draw of a fit's estimated numbers on the optimiser's scale: [estimated]. One of its own draws where it has any;
/// else from N(estimate, covariance), within the bounds of the layout around the estimates, with as many normal numbers
/// as there are coordinates. Coordinates held at a bound stay. Throws NumericalError where the fit has no covariance.
std::vector<double> draw_coordinates(const FitSummary& fit, core::Stream& stream);

/// The population at such a draw; what is fixed stays.
Population draw_population(const FitSummary& fit, core::Stream& stream);
pkpd::PopulationModel draw_model(const PopulationFit& fit, core::Stream& stream);

}  // namespace titrant::nlme
