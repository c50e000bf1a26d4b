#include "nested.hpp"

#include <algorithm>
#include <array>

#include "blocks.hpp"
#include "titrant/core/error.hpp"

namespace titrant::nlme {

namespace {

constexpr double nothing = 1e-5;      // of a clearance; of a lag, h; as an error term's share of the other's size
constexpr double least_omega = 1e-3;  // the optimiser's bound
constexpr double lost_omega = 0.05;   // below it a standard deviation has no slope left to come back by
constexpr std::array<double, 2> exchanges = {0.2, 1.5};     // of the clearance
constexpr std::array<double, 3> volumes = {0.3, 1.0, 3.0};  // peripheral to central

/// The parameters of a peripheral compartment.
struct Periphery {
  const char* exchange;
  const char* volume;
};
constexpr std::array<Periphery, 2> peripheries = {
    {{"intercompartmental_clearance", "peripheral_volume"},
     {"second_intercompartmental_clearance", "second_peripheral_volume"}}};

const Parameter* find(const Population& population, const std::string& name) {
  const auto found = std::find_if(population.parameters.begin(), population.parameters.end(),
                                  [&](const Parameter& one) { return one.name == name; });
  return found == population.parameters.end() ? nullptr : &*found;
}

void set_typical(Population& population, const std::string& name, double value) {
  for (Parameter& one : population.parameters) {
    if (one.name == name && !one.typical_fixed) one.typical = value;
  }
}

double typical(const Population& population, const std::string& name) {
  const Parameter* found = find(population, name);
  return found == nullptr ? 1.0 : found->typical;
}

/// The clearance of concentrations far below Km: CL + Vmax / Km.
double clearance_of(const Population& population) {
  const bool saturable = find(population, "michaelis_constant") != nullptr;
  if (!saturable) return typical(population, "clearance");
  const double linear = find(population, "clearance") == nullptr ? 0.0 : typical(population, "clearance");
  return linear + typical(population, "maximum_elimination_rate") * population.concentration_scale /
                      typical(population, "michaelis_constant");
}

}  // namespace

Population embedded(Population larger, const Population& smaller) {
  for (Parameter& one : larger.parameters) {
    const Parameter* known = find(smaller, one.name);
    if (known != nullptr && !one.typical_fixed) one.typical = known->typical;
    if (one.scale.kind == Scale::Kind::logit && !one.typical_fixed) {
      const double margin = nothing * (one.scale.upper - one.scale.lower);
      one.typical = std::clamp(one.typical, one.scale.lower + margin, one.scale.upper - margin);
    }
    if (one.omega > 0.0 && !one.omega_fixed) {
      one.omega = std::max(known == nullptr ? 0.0 : known->omega, least_omega);
    }
    if (one.occasion_omega > 0.0 && !one.occasion_omega_fixed) {
      one.occasion_omega = std::max(known == nullptr ? 0.0 : known->occasion_omega, least_omega);
    }
    for (Effect& effect : one.effects) {
      if (effect.fixed) continue;
      effect.effect.coefficient = 0.0;
      if (known == nullptr) continue;
      for (const Effect& other : known->effects) {
        if (other.effect.covariate == effect.effect.covariate && other.effect.kind == effect.effect.kind) {
          effect.effect.coefficient = other.effect.coefficient;
        }
      }
    }
  }
  take_correlations(larger, smaller);
  for (const Periphery& absent : peripheries) {
    if (find(smaller, absent.exchange) != nullptr) continue;
    set_typical(larger, absent.exchange, nothing * clearance_of(larger));
    set_typical(larger, absent.volume, typical(larger, "volume"));
  }
  if (find(smaller, "lag") == nullptr) set_typical(larger, "lag", nothing);
  for (std::size_t r = 0; r < larger.errors.size() && r < smaller.errors.size(); ++r) {
    ResponseError& error = larger.errors[r];
    const pkpd::ErrorModel& known = smaller.errors[r].model;
    if (!error.exponent_fixed && known.form == error.model.form) error.model.exponent = known.exponent;
    if (!error.additive_fixed && error.model.additive > 0.0) {
      error.model.additive = known.additive > 0.0 ? known.additive : nothing * error.model.additive;
    }
    if (!error.proportional_fixed && error.model.proportional > 0.0) {
      error.model.proportional = known.proportional > 0.0 ? known.proportional : nothing * error.model.proportional;
    }
    if (!error.omega_fixed && error.model.omega > 0.0) error.model.omega = std::max(known.omega, least_omega);
  }
  return larger;
}

std::vector<Population> with_periphery(const Population& larger, const Population& smaller) {
  Population base = embedded(larger, smaller);
  for (std::size_t p = 0; p < base.parameters.size(); ++p) {
    Parameter& one = base.parameters[p];
    const Parameter& initial = larger.parameters[p];
    if (!one.omega_fixed && one.omega > 0.0 && one.omega < lost_omega) one.omega = initial.omega;
    if (!one.occasion_omega_fixed && one.occasion_omega > 0.0 && one.occasion_omega < lost_omega) {
      one.occasion_omega = initial.occasion_omega;
    }
  }
  const auto* const added = std::find_if(peripheries.begin(), peripheries.end(), [&](const Periphery& one) {
    return find(larger, one.exchange) != nullptr && find(smaller, one.exchange) == nullptr;
  });
  TITRANT_EXPECTS(added != peripheries.end());
  const double clearance = clearance_of(base);
  const double volume = typical(base, "volume");
  std::vector<Population> starts;
  for (const double exchange : exchanges) {
    for (const double ratio : volumes) {
      for (const double central : {volume, volume / (1.0 + ratio)}) {
        Population start = base;
        set_typical(start, "volume", central);
        set_typical(start, added->exchange, exchange * clearance);
        set_typical(start, added->volume, ratio * central);
        starts.push_back(std::move(start));
      }
    }
  }
  return starts;
}

}  // namespace titrant::nlme
