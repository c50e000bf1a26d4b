#pragma once

#include <span>

#include "titrant/nlme/focei.hpp"
#include "titrant/nlme/method.hpp"

namespace titrant::nlme {

/// The older approximations of NONMEM (Wang 2007, J Pharmacokinet Pharmacodyn 34:575): -2 log L without n log(2 pi).

/// Throws ConfigError where one of the methods has no objective for these data and this model. FO and FOCE take the
/// residual variance at eta = 0: they have no probability of a censored or a binary value, and do not see whether the
/// residual error varies between subjects.
void check_objectives(std::span<const MethodKind> methods, const SubjectModel& model, const Population& population);

/// FO, one subject: the model linearised about eta = 0, the residual variance there too, with f and its derivatives F
/// by the etas
///
///     y ~ N(f, C),   C = F Omega F' + diag(v(f)),   value = (y - f)' C^-1 (y - f) + log det C,
///
/// of a log-normal error in logarithms. With its exact gradient, in the order of SubjectObjective; there are no etas,
/// so that eta_gradient and correction are 0. Second derivatives of f as in focei. Throws NumericalError naming the
/// observation that has no finite prediction or no variance.
SubjectObjective first_order(const SubjectProblem& problem);
double first_order_value(const SubjectProblem& problem);

/// What FOCE without interaction has in the place of the residual errors of a problem: residual variances at the
/// predictions for eta = 0. Throws NumericalError as first_order does.
FrozenErrors frozen_errors(const SubjectProblem& problem);

/// The same problem with these errors: its objective is that of FOCE. Both must outlive it.
SubjectProblem without_interaction(const SubjectProblem& problem, const FrozenErrors& frozen);

/// Sums over the subjects at the given population, on this process alone.
double first_order_objective(const SubjectModel& model, const Population& population);
double conditional_objective_without_interaction(const SubjectModel& model, const Population& population);

}  // namespace titrant::nlme
