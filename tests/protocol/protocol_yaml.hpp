#pragma once

#include <string>
#include <vector>

#include "titrant/core/problems.hpp"
#include "titrant/core/settings.hpp"
#include "titrant/protocol/settings.hpp"

namespace titrant::tests {

/// A protocol and the covariates of its data, as a configuration has them.
struct Asked {
  protocol::Protocol protocol;
  std::vector<protocol::CovariateSpec> covariates;

  core::Settings settings() {
    core::Settings all;
    protocol::describe(all, protocol);
    protocol::describe(all.section("data", "data"), covariates);
    return all;
  }

  /// Reads YAML; the faults, one a line.
  std::string read(const std::string& text) {
    core::Settings all = settings();
    core::Problems problems;
    core::read_yaml(all, text, "run.yaml", problems);
    return problems.text();
  }

  /// `--set key.path=value`; the faults.
  std::string set(const std::string& assignment) {
    core::Settings all = settings();
    core::Problems problems;
    core::set_value(all, assignment, problems);
    return problems.text();
  }

  /// Faults between keys.
  std::string resolve() {
    core::Problems problems;
    protocol::resolve(protocol, covariates, problems);
    return problems.text();
  }

  std::string written() { return core::write_yaml(settings()); }
};

/// The faults of a text by itself.
inline std::string faults_of(const std::string& text) {
  Asked asked;
  return asked.read(text);
}

/// The faults between the keys of a text that is read without any.
inline std::string faults_between(const std::string& text) {
  Asked asked;
  const std::string faults = asked.read(text);
  return faults.empty() ? asked.resolve() : "not read: " + faults;
}

}  // namespace titrant::tests
