#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "yaml_forms.hpp"

namespace titrant::protocol::yaml {

namespace {

using core::Range;
using core::YamlReader;

/// "-50 %" as -0.5.
std::optional<double> read_percent(const YamlReader& node) {
  const auto word = node.word();
  if (!word) return std::nullopt;
  std::string digits = *word;
  const bool has_sign = digits.ends_with('%');
  if (has_sign) digits.pop_back();
  while (digits.ends_with(' ')) digits.pop_back();
  char* end = nullptr;
  const double percent = std::strtod(digits.c_str(), &end);
  if (!has_sign || digits.empty() || *end != '\0' || !(percent > -100.0) ||
      !(percent < std::numeric_limits<double>::infinity())) {
    node.fault(
        fmt::format("{} is no change from baseline; expected a percentage above -100 %, as -50 %", node.in_quotes()));
    return std::nullopt;
  }
  constexpr double hundred = 100.0;
  return percent / hundred;
}

void read_limits(const YamlReader& node, Endpoint& endpoint) {
  if (node.has("below")) endpoint.limits.below = node.at("below").number(Range::positive());
  if (node.has("above")) endpoint.limits.above = node.at("above").number(Range::positive());
  if (node.has("change_from_baseline")) {
    const YamlReader change = node.at("change_from_baseline");
    if (change.expect_map({"below", "above"})) {
      if (change.has("below")) endpoint.limits.change_below = read_percent(change.at("below"));
      if (change.has("above")) endpoint.limits.change_above = read_percent(change.at("above"));
    }
    if (endpoint.of == Quantity::concentration) {
      change.fault("a concentration has no baseline; give below or above, or of: biomarker");
    }
  }
  const Limits& l = endpoint.limits;
  if (!l.below && !l.above && !l.change_below && !l.change_above) {
    node.fault("no limit; give below, above or change_from_baseline: {below: -50 %}");
  }
  if ((l.below && l.above && *l.below <= *l.above) ||
      (l.change_below && l.change_above && *l.change_below <= *l.change_above)) {
    node.fault("the limits contradict each other: no value is below the one and above the other");
  }
}

void read_window(const YamlReader& node, Endpoint& endpoint) {
  if (node.has("at")) endpoint.steady_state = node.at("at").word({"steady_state"}).has_value();
  if (node.has("hours")) {
    const auto hours = node.at("hours").pair(Range::at_least(0.0));
    if (hours && !(hours->second > hours->first)) {
      node.at("hours").fault(
          fmt::format("[{:g}, {:g}] is no window; expected its begin and a later end", hours->first, hours->second));
    } else if (hours) {
      endpoint.from = hours->first;
      endpoint.to = hours->second;
      endpoint.hours_given = true;
    }
  }
  if (!node.has("at") && !node.has("hours")) {
    node.fault("no window; give hours: [from, to] (h) or at: steady_state");
  }
  if (node.has("times")) {
    const auto times = node.at("times").numbers(Range::at_least(0.0));
    if (times && (times->empty() || !std::is_sorted(times->begin(), times->end(), std::less_equal<>()))) {
      node.at("times").fault("expected sampling times in ascending order, each once");
    } else if (times) {
      endpoint.times = *times;
    }
    if (endpoint.values == Values::latent)
      node.at("times").fault("latent values are judged at every instant; give values: measured, or no times");
    if (times && endpoint.hours_given && !times->empty() && !endpoint.steady_state &&
        (times->front() < endpoint.from || times->back() > endpoint.to)) {
      node.at("times").fault(fmt::format("sampling times lie outside hours: [{:g}, {:g}]", endpoint.from, endpoint.to));
    }
  } else if (endpoint.values == Values::measured && endpoint.steady_state && !endpoint.hours_given) {
    node.fault(
        "measured values at steady state need sampling times: give times: [h after a dose], or hours: [from, to] for "
        "those of the trial");
  }
  if (endpoint.values == Values::latent && endpoint.steady_state && endpoint.hours_given) {
    node.fault("both hours and at: steady_state; latent values are judged in one of the two windows");
  }
}

Endpoint read_endpoint(const YamlReader& node, const std::string& name) {
  Endpoint endpoint;
  endpoint.name = name;
  if (node.has("all")) {
    if (!node.expect_map({"all"})) return endpoint;
    for (const YamlReader& part : node.at("all").elements()) {
      const auto word = part.word();
      if (word && std::find(endpoint.all.begin(), endpoint.all.end(), *word) != endpoint.all.end()) {
        part.fault(fmt::format("'{}' is listed twice", *word));
      } else if (word) {
        endpoint.all.push_back(*word);
      }
    }
    if (endpoint.all.empty()) node.at("all").fault("expected the names of endpoints that must all be met");
    return endpoint;
  }
  if (!node.expect_map(
          {"of", "values", "at", "hours", "times", "below", "above", "change_from_baseline", "at_trough"})) {
    return endpoint;
  }
  if (node.has("of")) {
    const auto of = node.at("of").word({"biomarker", "concentration"});
    endpoint.of = of && *of == "concentration" ? Quantity::concentration : Quantity::biomarker;
  } else {
    node.fault("of is missing; write of: biomarker or of: concentration");
  }
  if (node.has("values")) {
    const auto values = node.at("values").word({"measured", "latent"});
    endpoint.values = values && *values == "measured" ? Values::measured : Values::latent;
  } else {
    node.fault("values is missing; write values: latent (at every instant) or values: measured (with residual error)");
  }
  read_window(node, endpoint);
  if (node.has("at_trough")) endpoint.at_trough = node.at("at_trough").flag().value_or(false);
  if (endpoint.at_trough &&
      (endpoint.of == Quantity::biomarker || !endpoint.steady_state || endpoint.values == Values::measured)) {
    node.at("at_trough").fault("is for latent concentrations at: steady_state");
  }
  read_limits(node, endpoint);
  return endpoint;
}

std::string percent_text(double fraction) {
  constexpr double hundred = 100.0;
  const double percent = hundred * fraction;
  const std::string short_form = fmt::format("{:.12g}", percent);
  const bool exact = std::strtod(short_form.c_str(), nullptr) / hundred == fraction;
  return core::yaml_text(fmt::format("{} %", exact ? short_form : fmt::format("{}", percent)));
}

std::string pair_text(double from, double to) {
  return fmt::format("[{}, {}]", core::yaml_text(from), core::yaml_text(to));
}

}  // namespace

std::vector<Endpoint> read_endpoints(const YamlReader& node) {
  std::vector<Endpoint> all;
  for (const std::string& name : node.keys()) {
    if (is_plain_name(node, name)) all.push_back(read_endpoint(node.at(name), name));
  }
  return all;
}

std::string text(const std::vector<Endpoint>& endpoints) {
  Pairs all;
  for (const Endpoint& endpoint : endpoints) {
    Pairs one;
    if (endpoint.is_combined()) {
      std::string names;
      for (const std::string& name : endpoint.all) names += (names.empty() ? "" : ", ") + core::yaml_text(name);
      all.add(endpoint.name, one.add("all", fmt::format("[{}]", names)).map());
      continue;
    }
    one.add("of", endpoint.of == Quantity::biomarker ? "biomarker" : "concentration");
    one.add("values", endpoint.values == Values::measured ? "measured" : "latent");
    if (endpoint.steady_state) one.add("at", "steady_state");
    if (endpoint.hours_given) one.add("hours", pair_text(endpoint.from, endpoint.to));
    if (!endpoint.times.empty()) one.add("times", core::yaml_text(endpoint.times));
    const Limits& limits = endpoint.limits;
    if (limits.below) one.add("below", core::yaml_text(*limits.below));
    if (limits.above) one.add("above", core::yaml_text(*limits.above));
    if (limits.change_below || limits.change_above) {
      Pairs change;
      if (limits.change_below) change.add("below", percent_text(*limits.change_below));
      if (limits.change_above) change.add("above", percent_text(*limits.change_above));
      one.add("change_from_baseline", change.map());
    }
    if (endpoint.at_trough) one.add("at_trough", "true");
    all.add(endpoint.name, one.map());
  }
  return all.map();
}

}  // namespace titrant::protocol::yaml
