#include "dose_input.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "titrant/core/error.hpp"

namespace titrant::pkpd {

namespace {

bool is_usable(double value) { return value > 0.0 && std::isfinite(value); }

/// An infusion with the derivatives of its rate and duration.
struct Infused {
  double rate;
  double duration;
  double rate_slope = 0.0;
  double duration_slope = 0.0;
};

/// The infusion of `amount` (of which the share F enters) and its derivative by a parameter, where there is one.
Infused infused(const Individual& individual, const SingleDose& dose, double share, double share_slope,
                std::optional<PkParameter> by) {
  const double enters = share * dose.amount;
  const double slope = share_slope * dose.amount;
  const auto over = [&](PkParameter duration) {
    const double hours = parameter(individual, duration);
    TITRANT_EXPECTS(is_usable(hours));
    const double rate = enters / hours;
    if (by == duration) return Infused{rate, hours, -rate / hours, 1.0};
    return Infused{rate, hours, slope / hours, 0.0};
  };
  if (dose.into == DoseInto::depot && individual.absorption.kind == AbsorptionKind::zero_order) {
    TITRANT_EXPECTS(dose.rate == 0.0 && dose.infusion == InfusionBy::rate);
    return over(PkParameter::absorption_duration);
  }
  switch (dose.infusion) {
    case InfusionBy::duration:
      return {share * dose.rate, dose.amount / dose.rate, share_slope * dose.rate, 0.0};
    case InfusionBy::modelled_duration:
      return over(PkParameter::input_duration);
    case InfusionBy::modelled_rate: {
      const double rate = individual.input_rate;
      TITRANT_EXPECTS(is_usable(rate));
      if (by == PkParameter::input_rate) return {rate, enters / rate, 1.0, -enters / rate / rate};
      return {rate, enters / rate, 0.0, slope / rate};
    }
    case InfusionBy::rate:
      break;
  }
  return {dose.rate, enters / dose.rate, 0.0, slope / dose.rate};
}

}  // namespace

bool is_infused(const Individual& individual, const SingleDose& dose) {
  return dose.rate > 0.0 || dose.infusion != InfusionBy::rate ||
         (dose.into == DoseInto::depot && individual.absorption.kind == AbsorptionKind::zero_order);
}

bool is_infused(const Individual& individual, const SteadyDosing& steady) {
  return is_infused(individual, steady.dose(0.0));
}

DoseInput dose_input(const Individual& individual, const SingleDose& dose, std::optional<PkParameter> by) {
  const bool absorbed = dose.into == DoseInto::depot;
  const double share = absorbed ? individual.bioavailability : individual.central_bioavailability;
  const double share_slope = absorbed && by == PkParameter::bioavailability ? 1.0 : 0.0;
  TITRANT_EXPECTS(is_usable(share));
  DoseInput input{.into = dose.into};
  if (!is_infused(individual, dose)) {
    input.at_once = (by ? share_slope : share) * dose.amount;
    return input;
  }
  if (absorbed && individual.absorption.kind == AbsorptionKind::zero_order) input.into = DoseInto::central;
  TITRANT_EXPECTS(!absorbed || individual.absorption.kind != AbsorptionKind::transit);
  const Infused one = infused(individual, dose, share, share_slope, by);
  input.duration = one.duration;
  input.rate = by ? one.rate_slope : one.rate;
  if (by) input.at_end = one.rate * one.duration_slope;
  return input;
}

DoseInput dose_input(const Individual& individual, const SteadyDosing& steady, std::optional<PkParameter> by) {
  return dose_input(individual, steady.dose(0.0), by);
}

bool depends_on(const Individual& individual, std::span<const Dose> doses, PkParameter which) {
  return std::any_of(doses.begin(), doses.end(), [&](const Dose& dose) {
    const SingleDose one{.amount = dose.amount, .rate = dose.rate, .into = dose.into, .infusion = dose.infusion};
    return dose.amount > 0.0 && !dose_input(individual, one, which).nothing();
  });
}

Regimen regimen_of(const Individual& individual, const SteadyDosing& steady) {
  if (steady.constant()) {
    Regimen regimen = endless_infusion(steady.rate, steady.into);
    // What enters is the rate itself.
    regimen.dose /= steady.into == DoseInto::depot ? individual.bioavailability : individual.central_bioavailability;
    return regimen;
  }
  const bool as_absorbed = steady.into == DoseInto::depot && individual.absorption.kind == AbsorptionKind::zero_order;
  return {steady.amount, steady.interval, steady.into, as_absorbed ? 0.0 : dose_input(individual, steady).duration};
}

SteadyDosing steady_dosing(const Regimen& regimen) {
  const bool infused = regimen.duration > 0.0 && regimen.dose > 0.0;
  return {.amount = regimen.dose,
          .interval = regimen.interval,
          .rate = infused ? regimen.dose / regimen.duration : 0.0,
          .into = regimen.into,
          .infusion = infused ? InfusionBy::duration : InfusionBy::rate};
}

}  // namespace titrant::pkpd
