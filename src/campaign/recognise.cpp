#include "recognise.hpp"

#include <fmt/format.h>

#include <numeric>

#include "titrant/core/error.hpp"
#include "titrant/run/configuration_difference.hpp"
#include "titrant/store/store.hpp"

namespace titrant::campaign {

namespace {

/// A resolved configuration as this version of titrant has it. Nothing is resolved anew: files that a store names are
/// not looked at. Throws ConfigError where it has other keys.
run::Configuration read_resolved(const std::string& text) {
  run::Configuration configuration;
  core::Settings settings = run::describe(configuration);
  core::Problems problems;
  core::read_yaml(settings, text, "the store", problems);
  problems.throw_if_any<ConfigError>();
  return configuration;
}

double core_seconds_of(const store::Reader& run) {
  const std::vector<double> seconds = run.numbers("/provenance/seconds");
  return std::accumulate(seconds.begin(), seconds.end(), 0.0) * run.number("/provenance/ranks");
}

}  // namespace

Recogniser::Recogniser(const Plan& plan) {
  for (const Member& member : plan.members) {
    texts_.push_back(run::to_yaml(member_configuration(plan, member), false));
    by_text_.emplace(texts_.back(), texts_.size() - 1);
  }
}

std::optional<std::size_t> Recogniser::member_of(const std::string& configuration) const {
  auto found = by_text_.find(configuration);
  if (found == by_text_.end()) {  // a version of titrant with fewer keys, or another word on the output
    try {
      run::Configuration today = read_resolved(configuration);
      today.output.file.clear();
      for (const bool report : {true, false}) {
        if (found != by_text_.end()) break;
        today.output.report = report;
        found = by_text_.find(run::to_yaml(today, false));
      }
    } catch (const ConfigError&) {
      return std::nullopt;
    }
  }
  if (found == by_text_.end()) return std::nullopt;
  return found->second;
}

Recogniser::Finding Recogniser::look(const std::filesystem::path& file, std::optional<std::size_t> expected) const {
  Finding finding;
  try {
    const store::Reader run(file, {store::Kind::run, store::Kind::campaign});
    if (run.kind() == store::Kind::campaign) return {Kind::index, 0, 0.0, "is an index of members"};
    finding.kind = Kind::foreign;
    const std::string configuration = run.text("/config/resolved");
    if (const auto member = member_of(configuration); !member) {
      finding.reason = expected ? "is of another configuration: " + difference(configuration, *expected)
                                : "is of no member's configuration";
    } else if (!run.complete()) {
      finding = {Kind::damaged, 0, 0.0, "is not complete"};
    } else if (!run.contains("/decision/dose")) {
      finding.reason = "holds no answers: it is of a part of a run";
    } else {
      run.numbers("/decision/dose");
      finding = {Kind::member, *member, core_seconds_of(run), ""};
    }
  } catch (const store::ForeignStore& error) {
    finding = {Kind::foreign, 0, 0.0, error.what()};
  } catch (const Error& error) {
    finding = {Kind::damaged, 0, 0.0, error.what()};
  }
  return finding;
}

std::string Recogniser::difference(const std::string& configuration, std::size_t expected) const {
  try {
    read_resolved(configuration);
  } catch (const Error&) {
    return "its keys are those of another version of titrant";
  }
  std::string text;
  const auto shown = [](const std::string& value) { return value.empty() ? std::string("nothing") : value; };
  for (const auto& [key, here, planned] : run::configuration_differences(configuration, texts_.at(expected))) {
    text += fmt::format("{}{}: {}, not {}", text.empty() ? "" : "; ", key, shown(here), shown(planned));
  }
  return text;
}

}  // namespace titrant::campaign
