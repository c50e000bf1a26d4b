#include "titrant/pkpd/disposition.hpp"

#include <cmath>

#include "three_compartments.hpp"
#include "titrant/core/error.hpp"

namespace titrant::pkpd {

namespace {

bool positive(double value) { return value > 0.0 && std::isfinite(value); }

/// Rate constants and roots of the two-compartment model. Every difference of two rates is computed as a sum or a
/// quotient of positive numbers, so that none cancels.
struct TwoCompartments {
  double k10, k12, k21;
  double difference;     ///< k10 + k12 - k21 = (alpha - k21) - (k21 - beta)
  double separation;     ///< alpha - beta
  double alpha_less_21;  ///< alpha - k21
  double beta_below_21;  ///< k21 - beta
  double alpha, beta;

  explicit TwoCompartments(const Individual& individual)
      : k10(individual.clearance / individual.volume),
        k12(individual.intercompartmental_clearance / individual.volume),
        k21(individual.intercompartmental_clearance / individual.peripheral_volume),
        difference(k10 - k21 + k12),
        separation(std::hypot(difference, 2.0 * std::sqrt(k12) * std::sqrt(k21))) {
    const double larger = 0.5 * (separation + std::abs(difference));
    const double smaller = k12 / larger * k21;  // their product is k12 k21
    alpha_less_21 = difference > 0.0 ? larger : smaller;
    beta_below_21 = difference > 0.0 ? smaller : larger;
    alpha = k21 + alpha_less_21;
    beta = k10 / alpha * k21;
  }
};

void require_usable(const Individual& individual) {
  TITRANT_EXPECTS(positive(individual.absorption_rate));
  TITRANT_EXPECTS(positive(individual.clearance));
  TITRANT_EXPECTS(positive(individual.volume));
  TITRANT_EXPECTS(individual.lag >= 0.0 && std::isfinite(individual.lag));
  TITRANT_EXPECTS(individual.central_lag >= 0.0 && std::isfinite(individual.central_lag));
  if (individual.absorption.kind == AbsorptionKind::transit) {
    TITRANT_EXPECTS(individual.absorption.transit_compartments >= 1 && positive(individual.mean_transit_time));
  }
  if (individual.structure != Structure::one_compartment) {
    TITRANT_EXPECTS(positive(individual.intercompartmental_clearance));
    TITRANT_EXPECTS(positive(individual.peripheral_volume));
  }
  if (individual.structure == Structure::three_compartment) {
    TITRANT_EXPECTS(positive(individual.second_intercompartmental_clearance));
    TITRANT_EXPECTS(positive(individual.second_peripheral_volume));
  }
}

}  // namespace

Disposition disposition(const Individual& individual) {
  require_usable(individual);
  Disposition result;
  result.absorption_rate = individual.absorption_rate;
  result.lag = individual.lag;
  result.central_lag = individual.central_lag;
  result.scale = individual.concentration_scale / individual.volume;
  if (individual.absorption.kind == AbsorptionKind::transit) {
    result.stages = static_cast<std::size_t>(individual.absorption.transit_compartments) + 1;
    result.passage_rate = static_cast<double>(result.stages) / individual.mean_transit_time;
  }
  if (individual.structure == Structure::one_compartment) {
    result.mode_count = 1;
    result.mode[0] = {.weight = 1.0, .rate = individual.clearance / individual.volume};
    return result;
  }
  if (individual.structure == Structure::three_compartment) {
    const ThreeCompartments rates(individual);
    result.mode_count = ThreeCompartments::size;
    for (std::size_t i = 0; i < result.mode_count; ++i) {
      result.mode[i] = {.weight = rates.share[0][i], .rate = rates.rate[i]};
    }
    return result;
  }
  const TwoCompartments rates(individual);
  result.mode_count = 2;
  result.mode[0] = {.weight = rates.alpha_less_21 / rates.separation, .rate = rates.alpha};
  result.mode[1] = {.weight = rates.beta_below_21 / rates.separation, .rate = rates.beta};
  return result;
}

DispositionGradient disposition_gradient(const Individual& individual) {
  require_usable(individual);
  constexpr auto cl = static_cast<std::size_t>(PkParameter::clearance);
  constexpr auto v = static_cast<std::size_t>(PkParameter::volume);
  constexpr auto q = static_cast<std::size_t>(PkParameter::intercompartmental_clearance);
  constexpr auto vp = static_cast<std::size_t>(PkParameter::peripheral_volume);
  DispositionGradient result;
  if (individual.structure == Structure::one_compartment) {
    result.rate[0][cl] = 1.0 / individual.volume;
    result.rate[0][v] = -individual.clearance / individual.volume / individual.volume;
    return result;
  }
  if (individual.structure == Structure::three_compartment) {
    const ThreeCompartmentsGradient by = gradient(ThreeCompartments(individual), individual, 1);
    result.rate = by.rate;
    result.weight = by.share[0];
    return result;
  }
  const TwoCompartments r(individual);
  // From the rate constants (k10, k12, k21) ...
  struct ByRateConstant {
    double k10, k12, k21;
  };
  const double s = r.separation;
  const ByRateConstant alpha{
      .k10 = r.alpha_less_21 / s, .k12 = r.alpha / s, .k21 = (r.k12 + r.beta_below_21) / s};  // alpha - k10 over s
  const ByRateConstant beta{.k10 = r.beta_below_21 / s,
                            .k12 = -r.beta / s,
                            .k21 = r.k10 / r.alpha * r.alpha_less_21 / s};  // k10 - beta over s
  const double s3 = s * s * s;
  const ByRateConstant weight{.k10 = 2.0 * r.k12 * r.k21 / s3,
                              .k12 = r.k21 * (r.k12 + r.k21 - r.k10) / s3,
                              .k21 = -r.k12 * (r.k10 + r.k12 + r.k21) / s3};
  // ... to clearances and volumes.
  const auto fill = [&](const ByRateConstant& d, double sign, std::array<double, pk_parameter_count>& out) {
    out[cl] = sign * d.k10 / individual.volume;
    out[v] = -sign * (d.k10 * r.k10 + d.k12 * r.k12) / individual.volume;
    out[q] = sign * (d.k12 / individual.volume + d.k21 / individual.peripheral_volume);
    out[vp] = -sign * d.k21 * r.k21 / individual.peripheral_volume;
  };
  fill(alpha, 1.0, result.rate[0]);
  fill(beta, 1.0, result.rate[1]);
  fill(weight, 1.0, result.weight[0]);
  fill(weight, -1.0, result.weight[1]);
  return result;
}

}  // namespace titrant::pkpd
