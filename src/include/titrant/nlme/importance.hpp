#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "titrant/nlme/population.hpp"
#include "titrant/nlme/subject_model.hpp"
#include "titrant/parallel/communicator.hpp"

namespace titrant::nlme {

/// How a likelihood is sampled.
struct ImportanceOptions {
  std::size_t pairs = 1500;    ///< of opposite draws, for each subject; two at least
  int degrees_of_freedom = 5;  ///< of the Student t distribution that etas are drawn from
  double widening = 1.1;       ///< its scale, in posterior standard deviations at the mode
};

/// -2 log L of a population, by sampling.
struct ImportanceSampled {
  double value = 0.0;           ///< without n log(2 pi), as the FOCEI objective has it
  double standard_error = 0.0;  ///< of the sampling
  std::vector<double> subject_values;
  std::vector<double> subject_errors;
  /// [subject] (sum w)^2 / sum w^2 of its weights over their number: 1 where posterior and proposal are the same
  std::vector<double> effective_share;
  std::size_t least_effective = 0;          ///< the subject with the smallest share
  std::vector<std::string> poorly_sampled;  ///< a sentence for each subject with a share below 5 %
};

/// The likelihood of a population by importance sampling about each subject's most probable etas (Kuhn and Lavielle
/// 2005, Comput Stat Data Anal 49:1020, section 4; what Monolix and saemix report): exact but for an error that falls
/// with 1 / sqrt(pairs) and is estimated along with it, whatever the model and the residual error.
///
///     const ImportanceSampled exact = importance_sampled(ranks, model, fit.population, {}, seed);
///     // |fit.objective - exact.value| is the error of FOCEI's approximation, known to exact.standard_error
///
/// Etas are eta* +- t, t from a multivariate Student t distribution with the inverse information at eta* as its scale:
/// its tails are heavier than those of eta's normal distribution, so that all weights are bounded. The normal
/// approximation of the posterior, whose integral is known, is the control variate (Owen and Zhou 2000, J Am Stat Assoc
/// 95:135), so that a linear model has its exact likelihood from any number of draws. The same bits on any number
/// of ranks. A posterior with a second mode far from the one
/// that the search finds is not noticed.
///
/// Throws DataError and NumericalError as Objective does.
ImportanceSampled importance_sampled(const parallel::Communicator& ranks, const SubjectModel& model,
                                     const Population& population, const ImportanceOptions& options,
                                     std::uint64_t seed);

}  // namespace titrant::nlme
