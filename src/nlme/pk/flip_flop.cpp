#include "flip_flop.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "titrant/core/error.hpp"
#include "titrant/nlme/pk_parts.hpp"
#include "titrant/pkpd/disposition.hpp"

namespace titrant::nlme {

namespace {

constexpr double gradient_step = 1e-5;

pkpd::Individual typical_individual(const Population& population, pkpd::Structure structure) {
  const pkpd::PopulationModel model = pk_model_of(population, structure);
  pkpd::Individual typical;
  typical.structure = structure;
  for (std::size_t which = 0; which < pkpd::pk_parameter_count; ++which) {
    for (const pkpd::ParameterModel& parameter : model.parameters) {
      if (parameter.name != pkpd::pk_parameter_names.at(which)) continue;
      pkpd::parameter(typical, static_cast<pkpd::PkParameter>(which)) = parameter.typical;
    }
  }
  return typical;
}

/// Sets a typical value; false where it is fixed at another one.
bool set(Population& population, pkpd::PkParameter which, double value) {
  for (Parameter& parameter : population.parameters) {
    if (parameter.name != pkpd::pk_parameter_names.at(static_cast<std::size_t>(which))) continue;
    if (parameter.typical_fixed && std::abs(parameter.typical - value) > 1e-9 * std::abs(value)) return false;
    parameter.typical = value;
  }
  return true;
}

/// How fast the drug leaves, slowest first.
std::vector<double> disposition_rates(const pkpd::Individual& individual) {
  std::vector<double> rates;
  for (const auto& mode : pkpd::disposition(individual).modes()) rates.push_back(mode.rate);
  std::sort(rates.begin(), rates.end());
  return rates;
}

}  // namespace

TypicalRates typical_rates(const Population& population, pkpd::Structure structure) {
  const pkpd::Individual typical = typical_individual(population, structure);
  return {typical.absorption_rate, disposition_rates(typical).front()};
}

std::optional<Population> other_branch(const Population& population, pkpd::Structure structure, Exchange exchange) {
  using pkpd::PkParameter;
  if (structure == pkpd::Structure::three_compartment) return std::nullopt;
  const pkpd::Individual typical = typical_individual(population, structure);
  std::vector<double> rates = disposition_rates(typical);
  if (exchange == Exchange::distribution && rates.size() < 2) return std::nullopt;
  double& exchanged = exchange == Exchange::terminal ? rates.front() : rates.back();
  const double absorption = std::exchange(exchanged, typical.absorption_rate);
  std::sort(rates.begin(), rates.end());
  const double volume = typical.volume * absorption / typical.absorption_rate;
  Population other = population;
  bool possible = set(other, PkParameter::absorption_rate, absorption) && set(other, PkParameter::volume, volume);
  if (structure == pkpd::Structure::two_compartment) {
    const double back = typical.intercompartmental_clearance / typical.peripheral_volume;  // k21
    const double elimination = rates[0] * rates[1] / back;
    const double out = rates[0] + rates[1] - elimination - back;  // k12
    if (!(out > 0.0)) return std::nullopt;
    possible = possible && set(other, PkParameter::intercompartmental_clearance, out * volume) &&
               set(other, PkParameter::peripheral_volume, out * volume / back);
  }
  if (!possible) return std::nullopt;
  return other;
}

Constraint absorption_not_slower(const Layout& layout, pkpd::Structure structure) {
  const auto excess = [layout, structure](std::span<const double> x) {
    const TypicalRates rates = typical_rates(layout.decode(x), structure);
    return std::log(rates.terminal) - std::log(rates.absorption);
  };
  return [layout, excess](std::span<const double> x, std::span<double> gradient) {
    std::vector<double> moved(x.begin(), x.end());
    for (std::size_t i = 0; i < x.size(); ++i) {
      gradient[i] = 0.0;
      if (layout.coordinates()[i].role != Role::typical) continue;
      moved[i] = x[i] + gradient_step;
      const double above = excess(moved);
      moved[i] = x[i] - gradient_step;
      gradient[i] = (above - excess(moved)) / (2.0 * gradient_step);
      moved[i] = x[i];
    }
    return excess(x);
  };
}

}  // namespace titrant::nlme
