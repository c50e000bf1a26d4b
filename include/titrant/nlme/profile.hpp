#pragma once

#include <string>
#include <utility>
#include <vector>

#include "titrant/nlme/fit.hpp"
#include "titrant/nlme/subject_model.hpp"

namespace titrant::nlme {

struct ProfileOptions {
  double rise = 3.841458820694124;  ///< of the objective at the ends: the 95 % quantile of chi-square with 1 df
  /// where minimisations of the others stop; an error of tolerance x (1 + objective) in the rise
  OptimiserOptions optimiser = {.evaluations = 200, .tolerance = 1e-7};
};

/// An interval by likelihood profile: the values of one parameter for which the objective, minimised over all other
/// parameters, rises by no more than `rise` above its minimum (Venzon and Moolgavkar 1988, Appl Stat 37:87).
struct ProfileInterval {
  std::string name;
  std::string units;
  double estimate = 0.0;
  double lower = 0.0;  ///< natural scale
  double upper = 0.0;
  bool lower_open =
      false;  ///< the objective does not rise enough as far as the optimiser's bound, which `lower` then is
  bool upper_open = false;
  /// (value, rise of the objective) where the profile was computed, in order of the value; the estimate is among them
  std::vector<std::pair<double, double>> points;
  std::string message;  ///< what is to be known of it; empty: nothing
};

/// The interval of the parameter called `name` ("clearance", "omega.clearance", ...) of a fit of `model`. About six
/// re-optimisations of the other parameters, each from where the last one ended, over all ranks. Throws ConfigError
/// where the fit estimates no parameter of that name, NumericalError where the objective cannot be computed at the
/// estimates.
ProfileInterval profile(const parallel::Communicator& ranks, const SubjectModel& model, const FitSummary& fit,
                        const std::string& name, const ProfileOptions& options = {});

/// The same for a PK fit of this trial.
ProfileInterval profile_pk(const parallel::Communicator& ranks, const trial::Trial& trial, const PopulationFit& fit,
                           const std::string& name, const ProfileOptions& options = {});

}  // namespace titrant::nlme
