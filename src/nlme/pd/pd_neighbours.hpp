#pragma once

#include <string>
#include <vector>

#include "pd_shape.hpp"

namespace titrant::nlme {

/// Shapes that differ from `now` in one thing, as the options allow; what they fix or name stays as it is.

/// In the random effects (one more, one less, one on another parameter), in whether the Hill coefficient or a complete
/// inhibition is 1 or free, or in a term of a combined error.
std::vector<PdShape> other_variability(const PdShape& now, const PdOptions& options);

/// In the baseline, of those that the options compare and that values without drug can tell.
std::vector<PdShape> other_baselines(const PdShape& now, const PdModel& model, const PdOptions& options);

/// In one covariate effect more, of those that are searched and can be estimated.
std::vector<PdShape> with_one_more_effect(const PdShape& now, const PdModel& model, const PdOptions& options);

/// In one covariate effect less.
std::vector<PdShape> with_one_effect_less(const PdShape& now, const PdOptions& options);

/// In one covariate effect that acts on another parameter.
std::vector<PdShape> with_one_effect_moved(const PdShape& now, const PdOptions& options);

}  // namespace titrant::nlme
