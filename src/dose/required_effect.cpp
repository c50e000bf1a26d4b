#include "required_effect.hpp"

#include <cmath>

#include "titrant/core/constants.hpp"

namespace titrant::dose {

namespace {

using core::infinity;

/// u from R / R0.
double share_of_effect(pkpd::BiomarkerStructure structure, double effect, double ratio) {
  using Structure = pkpd::BiomarkerStructure;
  switch (structure) {
    case Structure::turnover_inhibition:
    case Structure::direct_inhibition:
    case Structure::effect_compartment_inhibition:
      return (1.0 - ratio) / effect;
    case Structure::turnover_stimulation_of_loss:
      return (1.0 / ratio - 1.0) / effect;
    case Structure::turnover_inhibition_of_loss:
      return (1.0 - 1.0 / ratio) / effect;
    case Structure::turnover_stimulation:
    case Structure::direct_stimulation:
    case Structure::effect_compartment_stimulation:
      break;
  }
  return (ratio - 1.0) / effect;
}

}  // namespace

// (threshold - X)^2 = error^2 (a^2 + p^2 X^2), with threshold - X of the sign of the error. Both roots share the
// discriminant; each is written without cancellation.
double highest_behind(const pkpd::ErrorModel& model, double error, double threshold) {
  const double additive = error * model.additive;
  const double proportional = error * model.proportional;
  const double leading = 1.0 - proportional * proportional;
  if (error < 0.0 && leading <= 0.0) return infinity;
  if (error > 0.0 && additive >= threshold) return 0.0;
  const double root = std::sqrt(proportional * proportional * threshold * threshold + additive * additive * leading);
  if (error < 0.0) return (threshold + root) / leading;
  return (threshold - additive) * (threshold + additive) / (threshold + root);
}

double lowest_behind(const pkpd::ErrorModel& model, double error, double threshold) {
  return error * model.additive > threshold ? -infinity : highest_behind(model, error, threshold);
}

double effect_logit(const pkpd::Biomarker& biomarker, double value) {
  const double share = share_of_effect(biomarker.structure, biomarker.imax, value / biomarker.baseline);
  if (!(share > 0.0)) return -infinity;
  if (share >= 1.0) return infinity;
  return std::log(share / (1.0 - share));
}

}  // namespace titrant::dose
