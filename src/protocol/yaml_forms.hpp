#pragma once

#include <fmt/format.h>

#include <string>
#include <vector>

#include "titrant/core/yaml_reader.hpp"
#include "titrant/protocol/protocol.hpp"

/// \file
/// Each list of a protocol from and to YAML. Faulty elements are left out; the faults are reported.

namespace titrant::protocol::yaml {

std::vector<Regimen> read_regimens(const core::YamlReader& node);
std::string text(const std::vector<Regimen>& regimens);

std::vector<Endpoint> read_endpoints(const core::YamlReader& node);
std::string text(const std::vector<Endpoint>& endpoints);

std::vector<Population> read_populations(const core::YamlReader& node);
std::string text(const std::vector<Population>& populations);

std::vector<CovariateSpec> read_covariates(const core::YamlReader& node);
std::string text(const std::vector<CovariateSpec>& covariates);

/// "key: value, ..." of a map on one line.
class Pairs {
 public:
  Pairs& add(const std::string& key, const std::string& value) {
    text_ += fmt::format("{}{}: {}", text_.empty() ? "" : ", ", core::yaml_text(key), value);
    return *this;
  }
  std::string map() const { return fmt::format("{{{}}}", text_); }

 private:
  std::string text_;
};

/// Faults of a name that becomes a group of the store: letters, digits, _ and - only.
bool is_plain_name(const core::YamlReader& node, const std::string& name);

}  // namespace titrant::protocol::yaml
