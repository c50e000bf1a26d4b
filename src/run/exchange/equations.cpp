#include "equations.hpp"

#include <fmt/format.h>

#include "titrant/core/error.hpp"

namespace titrant::run::exchange {

std::size_t central_compartment(const Parts& parts) {
  const auto stages = static_cast<std::size_t>(parts.population.absorption.transit_compartments);
  return 1 + (parts.depot() ? 1 : 0) + (parts.transit() ? stages + 1 : 0);
}

std::vector<Compartment> compartments(const Parts& parts, const Notation& notation, const std::string& transit_rate) {
  const auto name = [&](std::string_view parameter) { return notation.name(parameter); };
  const auto amount = [&](std::size_t compartment) { return notation.amount(compartment); };
  std::vector<Compartment> all;
  std::string input;  // of the compartment that follows
  const auto add = [&](const std::string& called, const std::string& loss) {
    const std::string flow = fmt::format("{}*{}", loss, amount(all.size() + 1));
    all.push_back({called, input.empty() ? fmt::format("-{}", flow) : fmt::format("{} - {}", input, flow)});
    input = flow;
  };
  if (parts.transit()) {
    for (int stage = 0; stage <= parts.population.absorption.transit_compartments; ++stage) {
      add(fmt::format("stage{}", stage + 1), transit_rate);
    }
  }
  if (parts.depot()) add("depot", name("absorption_rate"));
  const std::size_t central = all.size() + 1;
  std::string of_central = input.empty() ? std::string() : fmt::format("{} - ", input);
  of_central += fmt::format("{}{}/{}*{}", input.empty() ? "-" : "", name("clearance"), name("volume"), amount(central));
  const auto exchange_with = [&](std::string_view clearance, std::string_view volume, std::size_t place) {
    const std::string out = fmt::format("{}/{}*{}", name(clearance), name("volume"), amount(central));
    const std::string back = fmt::format("{}/{}*{}", name(clearance), name(volume), amount(central + place));
    of_central += fmt::format(" - {} + {}", out, back);
    return Compartment{fmt::format("peripheral{}", place), fmt::format("{} - {}", out, back)};
  };
  std::vector<Compartment> peripheral;
  switch (parts.structure) {
    case pkpd::Structure::one_compartment:
      break;
    case pkpd::Structure::two_compartment:
      peripheral = {exchange_with("intercompartmental_clearance", "peripheral_volume", 1)};
      break;
    case pkpd::Structure::three_compartment:
      peripheral.push_back(exchange_with("intercompartmental_clearance", "peripheral_volume", 1));
      peripheral.push_back(exchange_with("second_intercompartmental_clearance", "second_peripheral_volume", 2));
      break;
  }
  all.push_back({"central", of_central});
  all.insert(all.end(), peripheral.begin(), peripheral.end());
  return all;
}

BiomarkerForm form_of(pkpd::BiomarkerStructure structure) {
  using enum pkpd::BiomarkerStructure;
  switch (structure) {
    case turnover_inhibition:
    case turnover_inhibition_of_loss:
    case turnover_stimulation:
    case turnover_stimulation_of_loss:
      return BiomarkerForm::turnover;
    case direct_inhibition:
    case direct_stimulation:
      return BiomarkerForm::direct;
    case tolerance_inhibition:  // these four are refused: parts.cpp
    case tolerance_stimulation:
    case precursor_inhibition:
    case precursor_stimulation:
    case effect_compartment_inhibition:
    case effect_compartment_stimulation:
      break;
  }
  return BiomarkerForm::effect_compartment;
}

std::string saturation(const Parts& parts, const Notation& notation, const std::string& concentration) {
  const std::string half = notation.name("ic50");
  if (parts.hill_is_one()) return fmt::format("{0}/({1} + {0})", concentration, half);
  return fmt::format("{0}{2}{3}/({1}{2}{3} + {0}{2}{3})", concentration, half, notation.power, notation.name("hill"));
}

std::string effect_factor(const Parts& parts, const Notation& notation, const std::string& u) {
  const char sign = pkpd::inhibits(*parts.biomarker) ? '-' : '+';
  return fmt::format("(1.0 {} {}*{})", sign, notation.name("imax"), u);
}

std::string turnover_rate(const Parts& parts, const Notation& notation, const std::string& u,
                          const std::string& response) {
  const std::string rate = notation.name("kout");
  const std::string baseline = notation.name("baseline");
  const std::string factor = effect_factor(parts, notation, u);
  using enum pkpd::BiomarkerStructure;
  const bool of_loss =
      *parts.biomarker == turnover_inhibition_of_loss || *parts.biomarker == turnover_stimulation_of_loss;
  if (of_loss) return fmt::format("{0}*{1} - {0}*{2}*{3}", rate, baseline, factor, response);
  return fmt::format("{0}*{1}*{2} - {0}*{3}", rate, baseline, factor, response);
}

}  // namespace titrant::run::exchange
