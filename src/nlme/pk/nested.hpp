#pragma once

#include <string>
#include <vector>

#include "titrant/nlme/population.hpp"

namespace titrant::nlme {

/// A population that predicts what `smaller` predicts, in the shape of `larger`: typical values, standard deviations,
/// coefficients and residual errors of `smaller` where it has them. What it has not is set to (nearly) nothing:
/// standard deviations and error terms, a lag, an exchange with the periphery. Fixed values of `larger` stay.
Population embedded(Population larger, const Population& smaller);

/// Starts of a two-compartment fit from the optimum of one compartment: exchanges and peripheral volumes of several
/// sizes, with the volume of distribution kept or split. Standard deviations that are nearly lost start anew.
std::vector<Population> with_periphery(const Population& larger, const Population& smaller);

}  // namespace titrant::nlme
