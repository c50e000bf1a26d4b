#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "titrant/pkpd/population.hpp"

namespace titrant::nlme {

/// How a parameter is transformed for estimation: covariate effects and eta are added on the transformed scale, so that
/// a parameter never leaves its range whatever the optimiser does.
struct Scale {
  enum class Kind { log, logit };
  Kind kind = Kind::log;
  double lower = 0.0;  ///< range of a logit parameter
  double upper = 1.0;

  double transform(double natural) const;
  double natural(double transformed) const;
  double natural_derivative(double transformed) const;  ///< d natural / d transformed
};

/// A covariate effect and whether its coefficient is estimated.
struct Effect {
  pkpd::CovariateEffect effect;
  bool fixed = true;
};

/// One structural parameter over the population: h(individual) = h(typical) + effects + eta, eta ~ N(0, omega^2), with
/// h the scale. On the log scale this is pkpd::ParameterModel.
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

/// Everything a fit estimates or holds fixed. A residual error of 0 is not in the model.
struct Population {
  std::vector<Parameter> parameters;
  pkpd::ErrorModel error;
  bool additive_fixed = false;
  bool proportional_fixed = false;
  std::string observation_units = "ng/mL";  ///< unit of the additive error

  /// Places in `parameters` of those with an eta, in order.
  std::vector<std::size_t> eta_parameters() const;
};

/// The number x of an effect such that the transformed parameter moves by b x: log(c / reference), c - reference or the
/// indicator of c != reference. Throws NumericalError where a power effect meets a covariate <= 0.
double effect_regressor(const pkpd::CovariateEffect& effect, double covariate);

/// The number b of the same: the coefficient, or log(1 + coefficient) for a category; and back.
double effect_slope(const pkpd::CovariateEffect& effect);
double effect_coefficient(pkpd::EffectKind kind, double slope);

}  // namespace titrant::nlme
