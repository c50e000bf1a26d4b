#include "required_effect.hpp"

#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <limits>
#include <numbers>

#include "titrant/core/constants.hpp"

namespace titrant::dose {

namespace {

using core::infinity;

/// u from R over its value without drug.
double share_of_effect(pkpd::BiomarkerStructure structure, double effect, double ratio) {
  using Structure = pkpd::BiomarkerStructure;
  switch (structure) {
    case Structure::turnover_inhibition:
    case Structure::direct_inhibition:
    case Structure::effect_compartment_inhibition:
    case Structure::tolerance_inhibition:
    case Structure::precursor_inhibition:
      return (1.0 - ratio) / effect;
    case Structure::turnover_stimulation_of_loss:
      return (1.0 / ratio - 1.0) / effect;
    case Structure::turnover_inhibition_of_loss:
      return (1.0 - 1.0 / ratio) / effect;
    case Structure::turnover_stimulation:
    case Structure::direct_stimulation:
    case Structure::effect_compartment_stimulation:
    case Structure::tolerance_stimulation:
    case Structure::precursor_stimulation:
      break;
  }
  return (ratio - 1.0) / effect;
}

}  // namespace

namespace {

/// X + slope X = threshold - additive: of a standard deviation that is linear in X.
double behind_linear(double additive, double slope, double threshold) {
  if (1.0 + slope <= 0.0) return infinity;
  return (threshold - additive) / (1.0 + slope);
}

/// (threshold - X)^2 = error^2 (a^2 + b^2 X^2), with threshold - X of the sign of the error. Both roots share the
/// discriminant; each is written without cancellation.
double behind_variances(double additive, double proportional, double error, double threshold) {
  const double leading = 1.0 - proportional * proportional;
  if (error < 0.0 && leading <= 0.0) return infinity;
  const double root = std::sqrt(proportional * proportional * threshold * threshold + additive * additive * leading);
  if (error < 0.0) return (threshold + root) / leading;
  return (threshold - additive) * (threshold + additive) / (threshold + root);
}

/// The smallest X with X + factor X^exponent = threshold.
double behind_power(double factor, double exponent, double threshold) {
  const auto excess = [&](double x) { return x + factor * std::pow(x, exponent) - threshold; };
  double low = 0.0;
  double high = threshold;
  if (factor < 0.0) {
    low = threshold;
    if (exponent > 1.0) {  // rises to a largest value, and falls from there
      high = std::pow(-1.0 / (factor * exponent), 1.0 / (exponent - 1.0));
      if (!(high > low) || excess(high) < 0.0) return infinity;
    } else {
      if (exponent == 1.0 && 1.0 + factor <= 0.0) return infinity;
      while (excess(high) < 0.0) {
        low = high;
        high *= 2.0;
        if (!std::isfinite(high)) return infinity;
      }
    }
  }
  boost::uintmax_t iterations = 200;
  const auto [left, right] = boost::math::tools::toms748_solve(
      excess, low, high, boost::math::tools::eps_tolerance<double>(std::numeric_limits<double>::digits - 2),
      iterations);
  return 0.5 * (left + right);
}

}  // namespace

double highest_behind(const pkpd::ErrorModel& model, double error, double threshold) {
  if (model.form == pkpd::ErrorForm::binary) {  // 1 is measured from this probability on
    return threshold > 1.0 ? infinity : 0.5 * std::erfc(error / std::numbers::sqrt2);
  }
  const double additive = error * model.additive;
  const double proportional = error * model.proportional;
  if (model.form == pkpd::ErrorForm::log_normal) return threshold * std::exp(-proportional);
  if (proportional == 0.0 && additive == 0.0) return threshold;
  if (model.form == pkpd::ErrorForm::power) return behind_power(proportional, model.exponent, threshold);
  if (error > 0.0 && additive >= threshold) return 0.0;
  if (model.form == pkpd::ErrorForm::deviations) return behind_linear(additive, proportional, threshold);
  return behind_variances(additive, proportional, error, threshold);
}

double lowest_behind(const pkpd::ErrorModel& model, double error, double threshold) {
  if (model.form == pkpd::ErrorForm::binary && threshold >= 1.0) return infinity;
  const bool has_additive = model.form == pkpd::ErrorForm::variances || model.form == pkpd::ErrorForm::deviations;
  if (has_additive && error * model.additive > threshold) return -infinity;
  return highest_behind(model, error, threshold);
}

double effect_logit(const pkpd::Biomarker& biomarker, double placebo, double value) {
  double share = 0.0;
  if (biomarker.binary) {
    const double moved =
        (value < 1.0 ? std::log(value / (1.0 - value)) : infinity) - std::log(placebo / (1.0 - placebo));
    share = (pkpd::inhibits(biomarker.structure) ? -moved : moved) / biomarker.imax;
  } else {
    share = share_of_effect(biomarker.structure, biomarker.imax, value / placebo);
  }
  if (!(share > 0.0)) return -infinity;
  if (share >= 1.0) return infinity;
  return std::log(share / (1.0 - share));
}

}  // namespace titrant::dose
