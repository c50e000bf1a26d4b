#include "titrant/nlme/earlier_names.hpp"

#include <fmt/format.h>

namespace titrant::nlme {

const std::vector<std::pair<std::string, std::string>>& earlier_parameter_names() {
  static const std::vector<std::pair<std::string, std::string>> names = {
      {"loss_rate", "kout"}, {"effect", "imax"}, {"c50", "ic50"}, {"equilibration_rate", "ke0"}};
  return names;
}

std::string name_of_earlier_versions(const std::string& name) {
  for (const auto& [before, now] : earlier_parameter_names()) {
    if (name.find(before) != std::string::npos && name.find(now) == std::string::npos) {
      return fmt::format("; {} is called {} now", before, now);
    }
  }
  return "";
}

}  // namespace titrant::nlme
