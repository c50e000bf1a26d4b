#pragma once

#include "pd_shape.hpp"

namespace titrant::nlme {

/// Throws DataError where no fit can begin: all values are the same, none is above 0, or a proportional error is asked
/// for and gives some of them to none.
void expect_fittable_values(const PdModel& model, const PdOptions& options);

/// Data-driven initial values of a structure: the best of a grid of rates, effects and c50s by the squared differences
/// of logarithms between the values and typical predictions, with the baseline in closed form (all structures are
/// proportional to it) and its course as in baseline_start. Local to this rank.
Population pd_initial_values(const PdModel& model, const PdOptions& options);

}  // namespace titrant::nlme
