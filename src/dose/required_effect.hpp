#pragma once

#include <span>
#include <vector>

#include "titrant/pkpd/biomarker.hpp"
#include "titrant/pkpd/population.hpp"

namespace titrant::dose {

/// The largest R that a measurement may have behind it: that at which R + sd(R) error reaches the threshold, sd^2 =
/// additive^2 + (proportional R)^2. Infinite where no R >= 0 reaches it; not positive where every R >= 0 does. R +
/// sd(R) error rises with R wherever it is positive, so a value is below the threshold exactly where R is below this
/// limit.
double limit_behind(const pkpd::ErrorModel& model, double error, double threshold);

/// The logit of the share u of its full effect that moves a biomarker to `value`, where u is that of a lasting
/// concentration (see pkpd::BiomarkerStructure): C^hill / (c50^hill + C^hill) of a direct effect, so that the logit is
/// hill log(C / c50). -infinity at the baseline and on the side that the effect leads away from; +infinity at the full
/// effect and beyond.
double effect_logit(const pkpd::Biomarker& biomarker, double value);

}  // namespace titrant::dose
