#pragma once

#include <span>
#include <vector>

#include "titrant/pkpd/biomarker.hpp"
#include "titrant/pkpd/population.hpp"

namespace titrant::dose {

/// The value X >= 0 below which a measurement is below a threshold > 0: that at which the measured value of X
/// reaches it. Infinite where no X reaches it; 0 where every X does. Measured values rise with X wherever they are
/// positive, so one is below the threshold exactly where X is below this; with a power above 1 they fall again where
/// the standard deviation is of the size of X, which is left out of account.
double highest_behind(const pkpd::ErrorModel& model, double error, double threshold);

/// The value above which a measurement is above the threshold: the same, but -infinity where a measurement of 0 is.
double lowest_behind(const pkpd::ErrorModel& model, double error, double threshold);

/// The logit of the share u of its full effect that moves a biomarker from `placebo`, > 0, to `value`, where u is that
/// of a lasting concentration (see pkpd::BiomarkerStructure): C^hill / (ic50^hill + C^hill) of a direct effect, so that
/// the logit is hill log(C / ic50). -infinity at the value of placebo and on the side that the effect leads away from;
/// +infinity at the full effect and beyond.
double effect_logit(const pkpd::Biomarker& biomarker, double placebo, double value);

}  // namespace titrant::dose
