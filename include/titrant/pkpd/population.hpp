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
  double occasion_omega = 0.0;  ///< standard deviation of the kappa of an occasion; 0: the same on all occasions
};

/// The value of one parameter for a subject. Throws DataError naming a covariate that is missing, NumericalError where
/// the value is not finite.
double individual_value(const ParameterModel& model, const Covariates& covariates, double eta);

/// How the standard deviation of residual errors depends on the prediction f, with a the additive and b the
/// proportional term.
enum class ErrorForm {
  variances,   ///< sqrt(a^2 + (b f)^2): terms of independent causes
  deviations,  ///< a + b f
  power,       ///< b f^exponent
  log_normal,  ///< b, of the logarithm of a measured value, whose median is f
  binary       ///< sqrt(f (1 - f)): a measured value is 1 with the probability f, else 0
};

/// Residual error. Values are normal around the prediction, or, of a log-normal error, their logarithms around its
/// logarithm: `on_scale` is the one or the other.
struct ErrorModel {
  double additive = 0.0;      ///< units of the values; 0: not in the model
  double proportional = 0.0;  ///< fraction; of a power, units^(1 - exponent); 0: not in the model
  ErrorForm form = {};
  double exponent = 0.0;  ///< of a power, above 0
  /// Standard deviation of eta in the error of a subject, whose standard deviation is exp(eta) times that of this
  /// model; 0: the same in everybody.
  double omega = 0.0;

  /// That of a subject with this eta.
  ErrorModel of_subject(double eta) const;
  /// Variance on the scale of the error; 0 where a value with this prediction has no density.
  double variance(double prediction) const;
  double on_scale(double value) const;
  /// Derivative of on_scale.
  double scale_slope(double value) const;
  /// The measured value that a standard normal number makes of a prediction; of a binary one it rises with the number.
  double measured(double prediction, double normal) const;
};

/// The correlation of the etas of two parameters.
struct EtaCorrelation {
  std::string first;
  std::string second;
  double value = 0.0;
};

/// Number of parameters with omega > 0, hence of etas, and with occasion_omega > 0, hence of kappas.
std::size_t eta_count(std::span<const ParameterModel> parameters);
std::size_t kappa_count(std::span<const ParameterModel> parameters);

/// The etas that independent standard normal numbers make: Omega = L L', etas = L z, L lower triangular.
/// \param normals  one for each parameter with omega > 0, in order
/// Throws NumericalError where there is no normal distribution with these correlations, ConfigError where one names a
/// parameter without an eta.
std::vector<double> etas_from(std::span<const ParameterModel> parameters, std::span<const EtaCorrelation> correlations,
                              std::span<const double> normals);

/// The values of one subject: [parameter]. Throws as individual_value does.
/// \param etas    one for each parameter with omega > 0, in order
/// \param kappas  one for each parameter with occasion_omega > 0, in order; empty: all 0
std::vector<double> individual_values(std::span<const ParameterModel> parameters, const Covariates& covariates,
                                      std::span<const double> etas, std::span<const double> kappas = {});

/// What population models of every kind are made of: a structure, its parameters, residual error.
template <class StructureKind>
struct PopulationOf {
  StructureKind structure{};
  std::vector<ParameterModel> parameters;
  ErrorModel error;
  std::vector<EtaCorrelation> correlations = {};  ///< of pairs of etas; those of others are 0

  std::size_t eta_count() const { return pkpd::eta_count(parameters); }
  std::size_t kappa_count() const { return pkpd::kappa_count(parameters); }
};

/// Standard normal numbers.
std::vector<double> draw_normals(std::size_t count, core::Stream& stream);

/// Random etas of one subject: one for each parameter with omega > 0, in order. Throws as etas_from.
template <class StructureKind>
std::vector<double> draw_etas(const PopulationOf<StructureKind>& model, core::Stream& stream) {
  return etas_from(model.parameters, model.correlations, draw_normals(model.eta_count(), stream));
}

/// The residual error of one subject; takes a number from the stream where it varies between subjects.
ErrorModel draw_error(const ErrorModel& error, core::Stream& stream);

/// Random kappas of one occasion: one for each parameter with occasion_omega > 0, in order.
std::vector<double> draw_kappas(std::span<const ParameterModel> parameters, core::Stream& stream);

/// A population PK model. `parameters` lists those the structure uses, in the order of PkParameter.
struct PopulationModel : PopulationOf<Structure> {
  double concentration_scale = ng_per_ml_per_mg_per_l;  ///< of its individuals: the units of the trial
  Absorption absorption = {};                           ///< likewise
  std::string occasion = {};  ///< the covariate whose values tell occasions apart; empty: there is one alone
  Elimination elimination = Elimination::linear;  ///< of its individuals

  /// Whether C is not proportional to doses.
  bool saturable() const { return elimination != Elimination::linear; }
};

/// The elimination of a model that has these parameters.
Elimination elimination_of(std::span<const ParameterModel> parameters);

/// The parameters of a subject with these covariates, etas and, on one occasion, kappas; both as individual_values
/// takes them. Throws DataError naming a covariate that is missing.
Individual individual(const PopulationModel& model, const Covariates& covariates, std::span<const double> etas,
                      std::span<const double> kappas = {});

}  // namespace titrant::pkpd
