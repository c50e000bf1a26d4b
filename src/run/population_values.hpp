#pragma once

#include <map>
#include <set>
#include <string>

#include "titrant/dose/cohort.hpp"
#include "titrant/run/configuration.hpp"
#include "titrant/trial/trial.hpp"

/// \file
/// What values the covariates of a population may have, as the models and regimens of a configuration use them.

namespace titrant::run {

/// How the covariates of populations are used.
struct CovariateUse {
  /// By covariate the first that needs values above 0, and how: "clearance depends on it by a power effect".
  std::map<std::string, std::string> positive;
  std::set<std::string> used;        ///< by effects, those that the search may find, and doses
  std::set<std::string> continuous;  ///< effects take any value of them
  std::set<std::string>
      categorical;  ///< levels: by data.covariates, by an effect, or because the trial has 0 and 1 alone
};

/// \param weighed  whether default allometry applies: the trial has weights, or the configuration names effects itself
CovariateUse covariate_use(const Configuration& configuration, const trial::Trial& trial, bool weighed);

/// Throws ConfigError naming population, covariate, value (of a file with its row) and the levels of the trial, where a
/// population has a level of a categorical covariate that no subject of the trial has: no model knows its effect.
void expect_known_levels(const dose::VirtualPopulation& population, const trial::Trial& trial, const CovariateUse& use);

/// Throws ConfigError naming population, covariate, what needs it and the remedy, where a population can give somebody
/// a value that is not above 0 of a covariate that enters by a power effect or multiplies a dose.
void expect_positive_values(const dose::VirtualPopulation& population, const CovariateUse& use);

}  // namespace titrant::run
