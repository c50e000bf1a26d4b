#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "titrant/pkpd/biomarker.hpp"
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
/// h the scale: pkpd::ParameterModel with what an estimation needs besides. Of each occasion it is h(individual) +
/// kappa, kappa ~ N(0, occasion_omega^2).
struct Parameter {
  std::string name;
  std::string units;
  Scale scale;
  double typical = 1.0;  ///< natural scale; the initial value where it is estimated
  bool typical_fixed = false;
  double omega = 0.0;  ///< standard deviation of eta; 0: no eta
  bool omega_fixed = false;
  std::vector<Effect> effects = {};
  double occasion_omega = 0.0;  ///< standard deviation of the kappa that each occasion has of its own; 0: none
  bool occasion_omega_fixed = false;
};

/// Parameters whose etas are correlated, each pair by a number of its own.
struct OmegaBlock {
  std::vector<std::size_t> parameters;  ///< places in Population::parameters, ascending, two at least; all have an eta
  std::vector<double> correlations;  ///< of the pairs (1, 0), (2, 0), (2, 1), (3, 0), ...: a positive definite matrix
  bool fixed = false;                ///< all of them, or none

  /// Place of the correlation of two members, numbered by their places in `parameters`.
  static std::size_t pair(std::size_t row, std::size_t column) { return row * (row - 1) / 2 + column; }
};

/// The parameter as a population model has it, its coefficients included.
pkpd::ParameterModel parameter_model(const Parameter& parameter);

/// The residual error of one kind of measurement. A term of 0 is not in the model, nor is an exponent of 0.
struct ResponseError {
  std::string name =
      {};  ///< "" gives the parameters error.additive and error.proportional, else error.<name>.additive, ...
  pkpd::ErrorModel model;
  bool additive_fixed = false;
  bool proportional_fixed = false;
  std::string units = "ng/mL";  ///< of the additive error
  bool exponent_fixed = false;  ///< of a power
  bool omega_fixed = false;     ///< that of pkpd::ErrorModel
};

/// Most kinds of measurement in one fit.
inline constexpr std::size_t max_responses = 2;

/// Everything a fit estimates or holds fixed.
struct Population {
  std::vector<Parameter> parameters;
  std::vector<ResponseError> errors = {ResponseError{}};  ///< [response], at most max_responses
  /// Of the individuals (pkpd::Individual::concentration_scale): the units of the trial that it was estimated from.
  double concentration_scale = pkpd::ng_per_ml_per_mg_per_l;
  pkpd::Absorption absorption = {};     ///< likewise
  std::vector<OmegaBlock> blocks = {};  ///< no parameter in two of them; etas in none are independent
  std::string occasion = {};            ///< the covariate whose values tell occasions apart; empty: there is one alone
  pkpd::BaselineModel baseline = pkpd::BaselineModel::constant;  ///< of the biomarker, where it has one

  /// Places in `parameters` of those with an eta, in order.
  std::vector<std::size_t> eta_parameters() const;
  /// The same of those with an eta for each occasion.
  std::vector<std::size_t> occasion_parameters() const;
  /// Places in `errors` of those whose size varies between subjects.
  std::vector<std::size_t> error_etas() const;
};

/// The correlations of a population between etas of these parameters.
std::vector<pkpd::EtaCorrelation> correlations_among(const Population& population,
                                                     const std::vector<pkpd::ParameterModel>& parameters);

}  // namespace titrant::nlme
