#pragma once

#include <map>
#include <string>
#include <vector>

#include "titrant/nlme/fit_pd.hpp"
#include "titrant/nlme/pd_model.hpp"

namespace titrant::nlme {

/// What a biomarker model is made of, without its numbers. Searches change one thing of it at a time.
struct PdShape {
  pkpd::BiomarkerStructure structure = pkpd::BiomarkerStructure::turnover_inhibition;
  pkpd::BaselineModel baseline = pkpd::BaselineModel::constant;
  std::vector<std::string> etas;
  std::map<std::string, double> held;  ///< typical values that are not estimated: hill = 1, effect = 1
  std::map<std::string, std::map<std::string, CovariateSetting>> effects;
  ErrorKind error = ErrorKind::combined;
  bool error_varies = false;  ///< between subjects; searches leave it as it is asked for

  std::string description() const;
};

/// Names of the parameters of a structure and a baseline.
std::vector<std::string> parameter_names(pkpd::BiomarkerStructure structure, pkpd::BaselineModel baseline);

/// The structures that a fit compares, or the one that is asked for; of binary values those that they can have.
std::vector<pkpd::BiomarkerStructure> structures_tried(const PdOptions& options);

/// Throws one ConfigError with every name in `options` that no structure to be tried has.
void check_names(const PdOptions& options);

/// Where a search starts: the etas and effects of the options that the structure has, hill held at 1 unless it is to
/// vary, and the first baseline of the options.
PdShape plain_shape(const PdOptions& options, pkpd::BiomarkerStructure structure);

/// What a structure takes over of a shape found for another one: etas and effects of parameters that it has too, the
/// error model, the baseline and a free Hill coefficient; the rest as in its plain shape.
PdShape translate(const PdShape& found, const PdShape& plain);

/// The population of a shape with initial values: those of `start` where it has the parameter (typical values, omegas,
/// coefficients, errors), else omega 0.3 and no effect. Throws DataError where a covariate is missing or the same in
/// everybody.
Population population_of(const PdShape& shape, const PdModel& model, const PdOptions& options, const Population& start);

/// As of any model, see covariate_steps.hpp.
pkpd::EffectKind usual_kind(const PdModel& model, const std::string& covariate, const PdOptions& options);
std::string why_not_searched(const PdModel& model, const std::string& covariate, const PdOptions& options);

}  // namespace titrant::nlme
