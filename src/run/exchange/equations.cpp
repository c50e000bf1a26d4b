#include "equations.hpp"

#include <fmt/format.h>

#include <numbers>

#include "names.hpp"
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
  std::string of_central = input;
  const auto lose = [&](const std::string& flow) { of_central += (of_central.empty() ? "-" : " - ") + flow; };
  if (parts.has("clearance")) lose(fmt::format("{}/{}*{}", name("clearance"), name("volume"), amount(central)));
  if (parts.saturable()) {
    lose(fmt::format("{}*{}/({}*{}/{} + {})", name("maximum_elimination_rate"), amount(central),
                     name("michaelis_constant"), name("volume"), real(parts.population.concentration_scale),
                     amount(central)));
  }
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
    case effect_compartment_inhibition:
    case effect_compartment_stimulation:
      return BiomarkerForm::effect_compartment;
    case tolerance_inhibition:
    case tolerance_stimulation:
      return BiomarkerForm::tolerance;
    case precursor_inhibition:
    case precursor_stimulation:
      break;
  }
  return BiomarkerForm::precursor;
}

bool has_response_state(BiomarkerForm form) {
  return form == BiomarkerForm::turnover || form == BiomarkerForm::precursor;
}

std::string saturation(const Parts& parts, const Notation& notation, const std::string& concentration) {
  const std::string half = notation.name("ic50");
  if (parts.hill_is_one()) return fmt::format("{0}/({1} + {0})", concentration, half);
  return fmt::format("{0}{2}{3}/({1}{2}{3} + {0}{2}{3})", concentration, half, notation.power, notation.name("hill"));
}

namespace {

/// The factor 1 -+ effect u that multiplies production, loss or baseline.
std::string effect_factor(const Parts& parts, const Notation& notation, const std::string& u) {
  const char sign = pkpd::inhibits(*parts.biomarker) ? '-' : '+';
  return fmt::format("(1.0 {} {}*{})", sign, notation.name("imax"), u);
}

/// dR/dt of a turnover.
std::string turnover_rate(const Parts& parts, const Notation& notation, const std::string& u) {
  const std::string rate = notation.name("kout");
  const std::string baseline = notation.name("baseline");
  const std::string factor = effect_factor(parts, notation, u);
  const std::string level = notation.effect_state("response");
  using enum pkpd::BiomarkerStructure;
  const bool of_loss =
      *parts.biomarker == turnover_inhibition_of_loss || *parts.biomarker == turnover_stimulation_of_loss;
  if (of_loss) return fmt::format("{0}*{1} - {0}*{2}*{3}", rate, baseline, factor, level);
  return fmt::format("{0}*{1}*{2} - {0}*{3}", rate, baseline, factor, level);
}

}  // namespace

std::vector<EffectState> effect_states(const Parts& parts, const Notation& notation, const std::string& concentration,
                                       const std::string& u) {
  const auto follows = [&](const char* state, const char* rate) {
    return EffectState{
        state, "0.0",
        fmt::format("{0}*{1} - {0}*{2}", notation.name(rate), concentration, notation.effect_state(state))};
  };
  switch (form_of(*parts.biomarker)) {
    case BiomarkerForm::direct:
      break;
    case BiomarkerForm::turnover:
      return {{"response", notation.name("baseline"), turnover_rate(parts, notation, u)}};
    case BiomarkerForm::effect_compartment:
      return {follows("effect", "ke0")};
    case BiomarkerForm::tolerance:
      return {follows("moderator", "ktol")};
    case BiomarkerForm::precursor: {
      const std::string production = fmt::format("{}*{}", notation.name("kout"), notation.name("baseline"));
      const std::string passage = fmt::format("{}*{}*{}", notation.name("kp"), effect_factor(parts, notation, u),
                                              notation.effect_state("precursor"));
      return {{"precursor", fmt::format("{}/{}", production, notation.name("kp")),
               fmt::format("{} - {}", production, passage)},
              {"response", notation.name("baseline"),
               fmt::format("{} - {}*{}", passage, notation.name("kout"), notation.effect_state("response"))}};
    }
  }
  return {};
}

std::string seen_concentration(const Parts& parts, const Notation& notation, const std::string& concentration) {
  switch (form_of(*parts.biomarker)) {
    case BiomarkerForm::effect_compartment:
      return notation.effect_state("effect");
    case BiomarkerForm::tolerance:
      return fmt::format("{}/(1.0 + {}/{})", concentration, notation.effect_state("moderator"), notation.name("tol50"));
    case BiomarkerForm::turnover:
    case BiomarkerForm::direct:
    case BiomarkerForm::precursor:
      break;
  }
  return concentration;
}

std::string response(const Parts& parts, const Notation& notation, const std::string& u) {
  const std::string baseline = notation.name("baseline");
  if (parts.binary()) {
    const char sign = pkpd::inhibits(*parts.biomarker) ? '-' : '+';
    return fmt::format("1.0/(1.0 + {}(-({}({}/(1.0 - {})) {} {}*{})))", notation.exponential, notation.logarithm,
                       baseline, baseline, sign, notation.name("imax"), u);
  }
  if (has_response_state(form_of(*parts.biomarker))) return notation.effect_state("response");
  return fmt::format("{}*{}", baseline, effect_factor(parts, notation, u));
}

std::string moving_baseline(const Parts& parts, const Notation& notation, const std::string& time) {
  const auto slope = [&] { return notation.name("baseline_slope"); };
  switch (parts.population.baseline) {
    case pkpd::BaselineModel::constant:
      break;
    case pkpd::BaselineModel::linear:
      return fmt::format("1.0 + {}*{}", slope(), time);
    case pkpd::BaselineModel::exponential:
      return fmt::format("{}({}*{})", notation.exponential, slope(), time);
    case pkpd::BaselineModel::circadian:
      return fmt::format("1.0 + {}*{}({}*({} - {}))", notation.name("baseline_amplitude"), notation.cosine,
                         real(2.0 * std::numbers::pi / pkpd::circadian_period), time, notation.name("baseline_phase"));
  }
  return {};
}

}  // namespace titrant::run::exchange
