#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace titrant::protocol {

/// How a covariate stands in the data file, and what its values mean.
struct CovariateSpec {
  std::string name;
  std::string column;
  /// Codes of the file and what they are called: {1: male, 2: female}. The covariate's value is then the place of the
  /// level, 0, 1, ...; empty: values are the numbers of the file.
  std::vector<std::pair<std::string, std::string>> levels;
  std::optional<double> reference;  ///< of power effects; none: the trial's median
  bool tells_occasions = false;     ///< its values tell the occasions of a subject apart; none stands for another

  bool is_categorical() const { return !levels.empty(); }
  /// The value of a level by its name; none where there is no such level.
  std::optional<double> value_of(const std::string& level) const;
};

}  // namespace titrant::protocol
