#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "titrant/pkpd/individual.hpp"
#include "titrant/pkpd/scale.hpp"

namespace titrant::core {
class Stream;
}

namespace titrant::pkpd {

/// Covariates of one subject by name: weight (kg), sex (place of its level), ...
using Covariates = std::map<std::string, double, std::less<>>;

/// How a covariate x multiplies a typical value on the log scale.
enum class EffectKind {
  power,        ///< (x / reference)^coefficient
  exponential,  ///< exp(coefficient (x - reference))
  categorical   ///< 1 + coefficient where x differs from reference, else 1; coefficient > -1
};

struct CovariateEffect {
  std::string covariate;
  EffectKind kind = EffectKind::power;
  double coefficient = 0.0;
  double reference = 1.0;  ///< in the covariate's unit: 70 kg for body weight
};

/// The number x of an effect such that the transformed parameter moves by b x: log(c / reference), c - reference or the
/// indicator of c != reference. Throws NumericalError where a power effect meets a covariate <= 0.
double effect_regressor(const CovariateEffect& effect, double covariate);

/// The number b of the same: the coefficient, or log(1 + coefficient) for a category; and back.
double effect_slope(const CovariateEffect& effect);
double effect_coefficient(EffectKind kind, double slope);

/// One parameter over the population: h(individual) = h(typical) + sum b x + eta, eta ~ N(0, omega^2), with h the scale
/// and b x the covariate effects. On the log scale effects are the factors of EffectKind, and so is exp(eta).
struct ParameterModel {
  std::string name;      ///< a name of pk_parameter_names or biomarker_parameter_names
  double typical = 1.0;  ///< at the reference covariates
  double omega = 0.0;    ///< standard deviation of eta; 0: the same in everybody
  std::vector<CovariateEffect> effects;
  Scale scale = {};
};

/// The value of one parameter for a subject. Throws DataError naming a covariate that is missing, NumericalError where
/// the value is not finite.
double individual_value(const ParameterModel& model, const Covariates& covariates, double eta);

/// Residual error: variance = additive^2 + (proportional x prediction)^2.
struct ErrorModel {
  double additive = 0.0;      ///< ng/mL
  double proportional = 0.0;  ///< fraction
  double variance(double prediction) const {
    return additive * additive + proportional * proportional * prediction * prediction;
  }
};

/// Number of parameters with omega > 0, hence of etas.
std::size_t eta_count(std::span<const ParameterModel> parameters);

/// Random etas of one subject: one for each parameter with omega > 0, in order.
std::vector<double> draw_etas(std::span<const ParameterModel> parameters, core::Stream& stream);

/// The values of one subject: [parameter], the etas as draw_etas orders them. Throws as individual_value does.
std::vector<double> individual_values(std::span<const ParameterModel> parameters, const Covariates& covariates,
                                      std::span<const double> etas);

/// What population models of every kind are made of: a structure, its parameters, residual error.
template <class StructureKind>
struct PopulationOf {
  StructureKind structure{};
  std::vector<ParameterModel> parameters;
  ErrorModel error;

  std::size_t eta_count() const { return pkpd::eta_count(parameters); }
};

/// A population PK model. `parameters` lists those the structure uses, in the order of PkParameter.
struct PopulationModel : PopulationOf<Structure> {
  double concentration_scale = ng_per_ml_per_mg_per_l;  ///< of its individuals: the units of the trial
  Absorption absorption = {};                           ///< likewise
};

/// The parameters of a subject with these covariates and etas (one per parameter with omega > 0, in order).
/// Throws DataError naming a covariate that is missing.
Individual individual(const PopulationModel& model, const Covariates& covariates, std::span<const double> etas);

}  // namespace titrant::pkpd
