#pragma once

#include "titrant/nlme/population.hpp"
#include "titrant/nlme/subject_model.hpp"

namespace titrant::nlme {

/// The older approximations of NONMEM, to compare with its results and those of others; fits use FOCEI (objective.hpp).
/// Values are -2 log L without n log(2 pi) at the given population, on this process alone.

/// FO: the model linearised around eta = 0, residual variance there too (Wang 2007, J Pharmacokinet Pharmacodyn
/// 34:575). Of uncensored data only.
double first_order_objective(const SubjectModel& model, const Population& population);

/// FOCE without interaction: etas at their mode, residual variances at the predictions for eta = 0.
double conditional_objective_without_interaction(const SubjectModel& model, const Population& population);

}  // namespace titrant::nlme
