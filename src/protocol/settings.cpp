#include "titrant/protocol/settings.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "titrant/core/error.hpp"
#include "yaml_forms.hpp"

namespace titrant::protocol {

namespace {

using core::Range;
using core::Settings;
using core::YamlReader;
using Description = Settings::Description;

/// Binds a key whose value has a form of its own.
template <class Value, class Read>
void bind_tree(Settings& settings, const std::string& key, const std::string& allowed, const std::string& meaning,
               Value& value, const Read& read, const std::function<std::string()>& write,
               const std::vector<Description>& keys = {}) {
  settings.tree(
      key, allowed, meaning,
      [&value, read](const YAML::Node& node, const std::string& path, const Settings::TreeFault& fault) {
        value = read(YamlReader(node, path, fault));
      },
      write, keys);
}

Description key(const std::string& path, const std::string& allowed, const std::string& meaning,
                const std::string& unit = "", const std::string& value = "none") {
  return {path, value, unit, allowed, meaning, false, {}, true};
}

constexpr const char* needed = "none; it is needed";

const std::vector<Description>& regimen_keys() {
  static const std::vector<Description> keys = {
      key("interval", "> 0", "time between doses", "h", needed),
      key("doses", "{from, to, step} or an ascending list", "doses among which answers are sought", "data.units.amount",
          needed),
      key("loading", "{factor, doses}", "so many first doses are larger by that factor"),
      key("per", "kg or a covariate", "doses are per unit of the covariate: kg stands for weight"),
      key("bands", "{covariate: {up_to: {end: factor, ..., .inf: factor}}}",
          "factor of the dose by bands of a covariate"),
      key("route", "oral, bolus, infusion", "how doses are given: absorbed, or into the central compartment", "",
          "oral"),
      key("duration", "1e-6 to 1e6", "of an infusion", "h")};
  return keys;
}

const std::vector<Description>& endpoint_keys() {
  static const std::vector<Description> keys = {
      key("of", "biomarker, concentration", "what is judged", "", needed),
      key("values", "measured, latent",
          "values at sampling times with residual error, or those of the model at every instant", "", needed),
      key("hours", "[from, to]",
          "window since the first dose, ends included; of the trial's clock where it labels its subjects", "h"),
      key("at", "steady_state", "over one dosing interval at steady state in place of hours"),
      key("times", "an ascending list", "sampling times of measured values; without them the trial's own in hours",
          "h"),
      key("below", "> 0", "success: all values are below", "data.units"),
      key("above", "> 0", "success: all values are above", "data.units"),
      key("change_from_baseline", "{below: -50 %} or {above: ...}",
          "limits of the change from the subject's model baseline"),
      key("at_trough", "true, false", "concentrations at the end of the dosing interval alone", "", "false"),
      key("all", "a list of endpoints", "all of these must be met; no other key then")};
  return keys;
}

const std::vector<Description>& population_keys() {
  static const std::vector<Description> keys = {
      key("<covariate>", "a value, uniform, normal, log_normal (with within), share or levels",
          "distribution of a covariate, as {uniform: [50, 100]}, {normal: [80, 15], within: [45, 150]}, {log_normal: "
          "[median, sd of the logarithm]}, {share: of the second level}, {levels: {name: share}}"),
      key("correlation", "[[covariate, covariate, r], ...]", "of normal scores"),
      key("from", "trial or a CSV file", "whole rows are resampled: those of the trial's subjects or of a file"),
      key("where", "comparisons on covariates", "rows that count, as \"weight >= 50 and weight <= 100\"")};
  return keys;
}

std::optional<Question> read_question(const YamlReader& node, bool whole) {
  if (!node.expect_map({"population", "regimen", "endpoint", "target"})) return std::nullopt;
  Question question;
  for (const auto& [name, value] :
       {std::pair{"population", &question.population}, std::pair{"regimen", &question.regimen},
        std::pair{"endpoint", &question.endpoint}}) {
    if (node.has(name)) {
      *value = node.at(name).word().value_or("");
    } else if (whole) {
      node.fault(fmt::format("{} is missing", name));
    }
  }
  question.target = 0.0;  // none given
  if (node.has("target")) {
    question.target = node.at("target").number(Range::inside(0.0, 1.0)).value_or(0.0);
  } else if (whole) {
    node.fault("target is missing");
  }
  return question;
}

std::string text(const Question& question) {
  yaml::Pairs pairs;
  if (!question.population.empty()) pairs.add("population", core::yaml_text(question.population));
  if (!question.regimen.empty()) pairs.add("regimen", core::yaml_text(question.regimen));
  if (!question.endpoint.empty()) pairs.add("endpoint", core::yaml_text(question.endpoint));
  if (question.target > 0.0) pairs.add("target", core::yaml_text(question.target));
  return pairs.map();
}

std::vector<Question> read_questions(const YamlReader& node) {
  std::vector<Question> all;
  if (node.is_scalar()) {
    node.word({"all"});
    return all;
  }
  for (const YamlReader& element : node.elements()) {
    if (const auto question = read_question(element, true)) all.push_back(*question);
  }
  if (all.empty()) node.fault("expected all, or a list of {population, regimen, endpoint, target}");
  return all;
}

std::string text(const std::vector<Question>& questions) {
  if (questions.empty()) return "all";
  std::string list;
  for (const Question& question : questions) list += (list.empty() ? "" : ", ") + text(question);
  return fmt::format("[{}]", list);
}

}  // namespace

void describe(Settings& settings, Protocol& protocol) {
  bind_tree(
      settings, "regimens", "{name: {interval, doses, ...}}", "how doses are given, under names of your own",
      protocol.regimens, yaml::read_regimens, [&protocol] { return yaml::text(protocol.regimens); }, regimen_keys());
  bind_tree(
      settings, "endpoints", "{name: {of, values, hours or at, below or above, ...}}",
      "what counts as a success, under names of your own", protocol.endpoints, yaml::read_endpoints,
      [&protocol] { return yaml::text(protocol.endpoints); }, endpoint_keys());
  bind_tree(
      settings, "populations", "{name: {covariate: distribution, ...}}",
      "to whom doses are given, under names of your own", protocol.populations, yaml::read_populations,
      [&protocol] { return yaml::text(protocol.populations); }, population_keys());
  settings.numbers("targets", protocol.targets, "1", Range::inside(0.0, 1.0),
                   "shares of a population that must succeed");
  bind_tree(settings, "questions", "all, or a list of {population, regimen, endpoint, target}", "what is asked",
            protocol.asked, read_questions, [&protocol] { return text(protocol.asked); });
  bind_tree(
      settings, "headline", "{population, regimen, endpoint, target}",
      "the question answered first; what is left out is the first of each", protocol.first,
      [](const YamlReader& node) {
        return node.is_map() && node.keys().empty() ? std::nullopt : read_question(node, false);
      },
      [&protocol] { return protocol.first ? text(*protocol.first) : std::string("{}"); });
}

void describe(Settings& settings, std::vector<CovariateSpec>& covariates) {
  bind_tree(
      settings, "covariates", "{name: column, or {column, levels, reference}}",
      "covariates by names of your own: weight (in data.units.weight) has the default allometry; levels name the codes "
      "of a categorical one, as {1: male, 2: female}; reference is that of power effects (the trial's median else)",
      covariates, yaml::read_covariates, [&covariates] { return yaml::text(covariates); });
}

namespace {

/// The value of the only pair of "{name: value}".
template <class Named>
std::string value_of_one(const Named& one) {
  const std::string all = yaml::text(std::vector<Named>{one});
  const std::size_t begin = all.find(": ") + 2;
  return all.substr(begin, all.size() - begin - 1);
}

}  // namespace

std::string definition(const Regimen& regimen) { return value_of_one(regimen); }
std::string definition(const Endpoint& endpoint) { return value_of_one(endpoint); }
std::string definition(const Population& population) { return value_of_one(population); }

namespace {

template <class Named>
std::vector<std::string> names_of(const std::vector<Named>& all) {
  std::vector<std::string> names;
  for (const Named& one : all) names.push_back(one.name);
  return names;
}

void expect_known(const std::string& key, const std::string& what, const std::string& name,
                  const std::vector<std::string>& known, core::Problems& problems) {
  if (std::find(known.begin(), known.end(), name) != known.end()) return;
  const std::string near = core::nearest(name, known);
  problems.add(key, fmt::format("'{}' is no {}; {}", name, what,
                                near.empty() ? fmt::format("there are: {}", fmt::join(known, ", "))
                                             : fmt::format("did you mean '{}'?", near)));
}

void resolve_distribution(const std::string& key, const std::string& covariate, Distribution& one,
                          const std::vector<CovariateSpec>& covariates, core::Problems& problems) {
  const auto spec = std::find_if(covariates.begin(), covariates.end(),
                                 [&](const CovariateSpec& other) { return other.name == covariate; });
  const bool named = spec != covariates.end() && spec->is_categorical();
  const auto value_of = [&](const std::string& level) -> std::optional<double> {
    if (named) {
      const auto value = spec->value_of(level);
      std::vector<std::string> levels;
      for (const auto& [code, name] : spec->levels) levels.push_back(name);
      if (!value) expect_known(key, "level of " + covariate, level, levels, problems);
      return value;
    }
    char* end = nullptr;
    const double value = std::strtod(level.c_str(), &end);
    if (end != level.c_str() && *end == '\0' && std::isfinite(value)) return value;
    problems.add(key, fmt::format("'{}' is no number, and data.covariates.{} names no levels", level, covariate));
    return std::nullopt;
  };
  if (one.kind == Distribution::Kind::fixed) {
    if (!one.named_shares.empty()) one.first = value_of(one.named_shares.front().first).value_or(0.0);
    return;
  }
  if (one.kind != Distribution::Kind::levels) {
    if (named) problems.add(key, fmt::format("{} has levels; expected share or levels", covariate));
    return;
  }
  one.shares.clear();
  if (one.share_of_second) {
    if (named && spec->levels.size() != 2) {
      problems.add(key, fmt::format("share is for two levels, and {} has {}; expected levels: {{name: share}}",
                                    covariate, spec->levels.size()));
    }
    one.shares = {{0.0, 1.0 - *one.share_of_second}, {1.0, *one.share_of_second}};
  }
  for (const auto& [level, share] : one.named_shares) {
    if (const auto value = value_of(level)) one.shares.emplace_back(*value, share);
  }
  std::sort(one.shares.begin(), one.shares.end());
}

/// A covariate that no model will ask for may be a slip of the pen.
void expect_no_slip(const std::string& key, const std::string& covariate, const std::vector<CovariateSpec>& covariates,
                    core::Problems& problems) {
  const std::vector<std::string> known = names_of(covariates);
  if (std::find(known.begin(), known.end(), covariate) != known.end()) return;
  const std::string near = core::nearest(covariate, known);
  if (!near.empty()) problems.add(key, fmt::format("unknown covariate; did you mean '{}'?", near));
}

void resolve_populations(Protocol& protocol, const std::vector<CovariateSpec>& covariates, core::Problems& problems) {
  for (Population& population : protocol.populations) {
    for (auto& [covariate, distribution] : population.covariates) {
      const std::string key = fmt::format("populations.{}.{}", population.name, covariate);
      expect_no_slip(key, covariate, covariates, problems);
      resolve_distribution(key, covariate, distribution, covariates, problems);
    }
    try {
      correlation_factor(population);
    } catch (const ConfigError& error) {
      const std::string message = error.what();
      const std::size_t colon = message.find(": ");
      problems.add(message.substr(0, colon), message.substr(colon + 2));
    }
  }
}

/// Whether two parts of a combination leave no value: both look at the same values, and one must be below a limit that
/// the other must be above.
bool contradict(const Endpoint& a, const Endpoint& b) {
  const bool same_window = a.steady_state == b.steady_state && (a.steady_state || (a.from == b.from && a.to == b.to));
  if (a.of != b.of || a.values != b.values || a.at_trough != b.at_trough || !same_window) return false;
  const auto none_between = [](const std::optional<double>& below, const std::optional<double>& above) {
    return below && above && *below <= *above;
  };
  return none_between(a.limits.below, b.limits.above) || none_between(b.limits.below, a.limits.above) ||
         none_between(a.limits.change_below, b.limits.change_above) ||
         none_between(b.limits.change_below, a.limits.change_above);
}

void expect_possible(const Endpoint& endpoint, const std::vector<Endpoint>& endpoints, core::Problems& problems) {
  std::vector<const Endpoint*> parts;
  for (const std::string& name : endpoint.all) {
    for (const Endpoint& one : endpoints) {
      if (one.name == name) parts.push_back(&one);
    }
  }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (!contradict(*parts[j], *parts[i])) continue;
      problems.add(
          fmt::format("endpoints.{}.all", endpoint.name),
          fmt::format("{} and {} contradict each other: no value meets both limits", parts[j]->name, parts[i]->name));
    }
  }
}

void expect_question(const std::string& key, const Question& question, const Protocol& protocol,
                     core::Problems& problems) {
  expect_known(key, "population", question.population, names_of(protocol.populations), problems);
  expect_known(key, "regimen", question.regimen, names_of(protocol.regimens), problems);
  expect_known(key, "endpoint", question.endpoint, names_of(protocol.endpoints), problems);
}

}  // namespace

void resolve(Protocol& protocol, const std::vector<CovariateSpec>& covariates, core::Problems& problems) {
  resolve_populations(protocol, covariates, problems);
  if (protocol.targets.empty()) problems.add("targets", "at least one target is needed");
  constexpr std::size_t most = 64;
  for (const auto& [key, count] :
       {std::pair{"populations", protocol.populations.size()}, std::pair{"regimens", protocol.regimens.size()},
        std::pair{"endpoints", protocol.endpoints.size()}}) {
    if (count > most) problems.add(key, fmt::format("{} of them; at most {} in one run", count, most));
  }
  for (const Endpoint& endpoint : protocol.endpoints) {
    for (const std::string& part : endpoint.all) {
      const std::string key = fmt::format("endpoints.{}.all", endpoint.name);
      expect_known(key, "endpoint", part, names_of(protocol.endpoints), problems);
      const auto named = std::find_if(protocol.endpoints.begin(), protocol.endpoints.end(),
                                      [&](const Endpoint& one) { return one.name == part; });
      if (named != protocol.endpoints.end() && named->is_combined()) {
        problems.add(key, fmt::format("'{}' is itself a combination; name the endpoints that it combines", part));
      }
    }
    expect_possible(endpoint, protocol.endpoints, problems);
  }
  for (const Question& question : protocol.asked) expect_question("questions", question, protocol, problems);
  if (!protocol.first || !problems.empty() || protocol.questions().empty()) return;
  const Question& first = *protocol.first;
  Question named = protocol.questions().front();
  if (!first.population.empty()) named.population = first.population;
  if (!first.regimen.empty()) named.regimen = first.regimen;
  if (!first.endpoint.empty()) named.endpoint = first.endpoint;
  expect_question("headline", named, protocol, problems);
  const std::vector<Question> all = protocol.questions();
  const bool asked = std::any_of(all.begin(), all.end(), [&](const Question& one) { return matches(one, first); });
  if (problems.empty() && !asked) problems.add("headline", "is no question of this run; see targets and questions");
}

}  // namespace titrant::protocol
