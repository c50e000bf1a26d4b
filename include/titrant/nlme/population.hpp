#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "titrant/pkpd/population.hpp"

namespace titrant::nlme {

using pkpd::effect_coefficient;
using pkpd::effect_regressor;
using pkpd::effect_slope;
using pkpd::Scale;

/// A covariate effect and whether its coefficient is estimated.
struct Effect {
  pkpd::CovariateEffect effect;
  bool fixed = true;
};

/// One structural parameter over the population: h(individual) = h(typical) + effects + eta, eta ~ N(0, omega^2), with
/// h the scale: pkpd::ParameterModel with what an estimation needs besides.
struct Parameter {
  std::string name;
  std::string units;
  Scale scale;
  double typical = 1.0;  ///< natural scale; the initial value where it is estimated
  bool typical_fixed = false;
  double omega = 0.0;  ///< standard deviation of eta; 0: no eta
  bool omega_fixed = false;
  std::vector<Effect> effects;
};

/// The parameter as a population model has it, its coefficients included.
pkpd::ParameterModel parameter_model(const Parameter& parameter);

/// The residual error of one kind of measurement. A term of 0 is not in the model.
struct ResponseError {
  std::string name =
      {};  ///< "" gives the parameters error.additive and error.proportional, else error.<name>.additive, ...
  pkpd::ErrorModel model;
  bool additive_fixed = false;
  bool proportional_fixed = false;
  std::string units = "ng/mL";  ///< of the additive error
};

/// Most kinds of measurement in one fit.
inline constexpr std::size_t max_responses = 2;

/// Everything a fit estimates or holds fixed.
struct Population {
  std::vector<Parameter> parameters;
  std::vector<ResponseError> errors = {ResponseError{}};  ///< [response], at most max_responses
  /// Of the individuals (pkpd::Individual::concentration_scale): the units of the trial that it was estimated from.
  double concentration_scale = pkpd::ng_per_ml_per_mg_per_l;
  pkpd::Absorption absorption = {};  ///< likewise

  /// Places in `parameters` of those with an eta, in order.
  std::vector<std::size_t> eta_parameters() const;
};

}  // namespace titrant::nlme
