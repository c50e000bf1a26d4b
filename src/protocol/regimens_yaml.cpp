#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <utility>

#include "yaml_forms.hpp"

namespace titrant::protocol::yaml {

namespace {

using core::Range;
using core::YamlReader;

constexpr double most_doses = 10000;  // of one regimen: more is a typing error

std::vector<double> read_doses(const YamlReader& node) {
  if (node.is_map()) {
    if (!node.expect_map({"from", "to", "step"})) return {};
    const auto from = node.at("from").number(Range::positive());
    const auto to = node.at("to").number(Range::positive());
    const auto step = node.at("step").number(Range::positive());
    if (!from || !to || !step) return {};
    if (*to < *from) {
      node.fault(fmt::format("the doses end ({}) before they begin ({})", *to, *from));
    } else if ((*to - *from) / *step > most_doses) {
      node.fault(fmt::format("more than {} doses; increase step", most_doses));
    } else {
      return even_doses(*from, *to, *step);
    }
    return {};
  }
  const auto doses = node.numbers(Range::positive());
  if (!doses) return {};
  if (doses->empty()) {
    node.fault("at least one dose is needed; write doses: [1, 2.5, 5] or {from: 1, to: 20, step: 1}");
  } else if (std::adjacent_find(doses->begin(), doses->end(), std::greater_equal<>()) != doses->end()) {
    node.fault(fmt::format("doses must ascend, each once; found {}", core::yaml_text(*doses)));
  } else if (static_cast<double>(doses->size()) > most_doses) {
    node.fault(fmt::format("more than {} doses", most_doses));
  } else {
    return *doses;
  }
  return {};
}

void read_bands(const YamlReader& node, Bands& bands) {
  const std::vector<std::string> covariates = node.keys();
  if (covariates.size() != 1) {
    return node.fault("expected one covariate, as bands: {weight: {up_to: {60: 1, 90: 1.5, .inf: 2}}}");
  }
  const YamlReader of_covariate = node.at(covariates.front());
  if (!of_covariate.expect_map({"up_to"})) return;
  const YamlReader up_to = of_covariate.at("up_to");
  bands.covariate = covariates.front();
  for (const std::string& key : up_to.keys()) {
    Bands::Band band;
    if (key != ".inf") {
      char* end = nullptr;
      band.up_to = std::strtod(key.c_str(), &end);
      if (end == key.c_str() || *end != '\0' || !std::isfinite(band.up_to)) {
        return up_to.fault(fmt::format("'{}' is no upper end of a band; expected a number or .inf", key));
      }
    }
    const auto factor = up_to.at(key).number(Range::positive());
    if (!factor) return;
    band.factor = *factor;
    if (!bands.bands.empty() && !(band.up_to > bands.bands.back().up_to)) {
      return up_to.fault(fmt::format("upper ends must ascend; {} follows {:g}", key, bands.bands.back().up_to));
    }
    bands.bands.push_back(band);
  }
  if (bands.bands.empty()) up_to.fault("at least one band is needed, as {60: 1, .inf: 1.5}");
}

constexpr double longest_infusion = 1e6;  // h

constexpr std::array<std::pair<const char*, Route>, 3> routes = {
    {{"oral", Route::oral}, {"bolus", Route::bolus}, {"infusion", Route::infusion}}};

void read_route(const YamlReader& node, Regimen& regimen) {
  if (node.has("route")) {
    const auto word = node.at("route").word();
    if (!word) return;
    const auto* const found =
        std::find_if(routes.begin(), routes.end(), [&](const auto& one) { return *word == one.first; });
    if (found == routes.end()) {
      node.at("route").fault(fmt::format("'{}' is no route; expected oral, bolus or infusion", *word));
      return;
    }
    regimen.route = found->second;
  }
  const bool infusion = regimen.route == Route::infusion;
  if (node.has("duration")) {
    if (!infusion) {
      node.at("duration").fault("only infusions have a duration; write route: infusion, or leave it out");
    } else if (const auto duration =
                   node.at("duration").number(Range::between(pkpd::shortest_infusion, longest_infusion), "h")) {
      regimen.duration = *duration;
    }
  } else if (infusion) {
    node.fault("an infusion needs its duration; write duration: 1 (h)");
  }
}

Regimen read_regimen(const YamlReader& node, const std::string& name) {
  Regimen regimen;
  regimen.name = name;
  if (!node.expect_map({"interval", "doses", "loading", "per", "bands", "route", "duration"})) return regimen;
  if (node.has("interval")) {
    if (const auto interval = node.at("interval").number(Range::positive(), "h")) regimen.interval = *interval;
  } else {
    node.fault("interval is missing; write interval: 24 (h between doses)");
  }
  if (node.has("doses")) {
    regimen.doses = read_doses(node.at("doses"));
  } else {
    node.fault("doses are missing; write doses: [1, 2.5, 5] or doses: {from: 1, to: 20, step: 1}");
  }
  if (node.has("loading")) {
    const YamlReader loading = node.at("loading");
    if (loading.expect_map({"factor", "doses"})) {
      constexpr int most = 1000;
      if (const auto factor = loading.at("factor").number(Range::positive())) regimen.loading.factor = *factor;
      if (const auto doses = loading.at("doses").integer(1, most)) regimen.loading.doses = *doses;
    }
  }
  if (node.has("per")) {
    // The unit of the covariate weight stands for it.
    if (const auto per = node.at("per").word()) regimen.per = *per == "kg" ? "weight" : *per;
  }
  if (node.has("bands")) read_bands(node.at("bands"), regimen.bands);
  read_route(node, regimen);
  return regimen;
}

/// As from, to and step where that gives the same doses.
std::string doses_text(const std::vector<double>& doses) {
  constexpr std::size_t few = 5;
  if (doses.size() < few) return core::yaml_text(doses);
  constexpr double digits = 1e9;
  const double mean = (doses.back() - doses.front()) / static_cast<double>(doses.size() - 1);
  const double step = std::round(mean * digits) / digits;
  if (!(step > 0.0) || even_doses(doses.front(), doses.back(), step) != doses) return core::yaml_text(doses);
  return Pairs()
      .add("from", core::yaml_text(doses.front()))
      .add("to", core::yaml_text(doses.back()))
      .add("step", core::yaml_text(step))
      .map();
}

std::string bands_text(const Bands& bands) {
  std::string inner;
  for (const Bands::Band& band : bands.bands) {
    const std::string end = std::isinf(band.up_to) ? ".inf" : core::yaml_text(band.up_to);
    inner += fmt::format("{}{}: {}", inner.empty() ? "" : ", ", end, core::yaml_text(band.factor));
  }
  return fmt::format("{{{}: {{up_to: {{{}}}}}}}", core::yaml_text(bands.covariate), inner);
}

}  // namespace

bool is_plain_name(const YamlReader& node, const std::string& name) {
  const auto plain = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-'; };
  constexpr std::size_t longest = 64;
  if (name.size() <= longest && std::all_of(name.begin(), name.end(), plain)) return true;
  node.fault(fmt::format("'{}': names hold letters, digits, _ and - only, {} at most", name, longest));
  return false;
}

std::vector<Regimen> read_regimens(const YamlReader& node) {
  std::vector<Regimen> all;
  for (const std::string& name : node.keys()) {
    if (is_plain_name(node, name)) all.push_back(read_regimen(node.at(name), name));
  }
  return all;
}

std::string text(const std::vector<Regimen>& regimens) {
  Pairs all;
  for (const Regimen& regimen : regimens) {
    Pairs one;
    one.add("interval", core::yaml_text(regimen.interval)).add("doses", doses_text(regimen.doses));
    if (regimen.loading.doses > 0) {
      one.add("loading", Pairs()
                             .add("factor", core::yaml_text(regimen.loading.factor))
                             .add("doses", fmt::format("{}", regimen.loading.doses))
                             .map());
    }
    if (!regimen.per.empty()) one.add("per", core::yaml_text(regimen.per == "weight" ? "kg" : regimen.per));
    if (!regimen.bands.covariate.empty()) one.add("bands", bands_text(regimen.bands));
    if (regimen.route != Route::oral) one.add("route", routes.at(static_cast<std::size_t>(regimen.route)).first);
    if (regimen.route == Route::infusion) one.add("duration", core::yaml_text(regimen.duration));
    all.add(regimen.name, one.map());
  }
  return all.map();
}

}  // namespace titrant::protocol::yaml
