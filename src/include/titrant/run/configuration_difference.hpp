#pragma once

#include <string>
#include <vector>

namespace titrant::run {

/// A key that two configurations give different values; empty where one does not have it.
struct ConfigurationDifference {
  std::string key;  ///< training.steps
  std::string first;
  std::string second;
};

/// Where two resolved configurations (YAML) differ, by key. Throws DataError where one cannot be read.
std::vector<ConfigurationDifference> configuration_differences(const std::string& first, const std::string& second);

}  // namespace titrant::run
