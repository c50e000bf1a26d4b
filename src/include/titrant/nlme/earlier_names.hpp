#pragma once

#include <string>
#include <utility>
#include <vector>

namespace titrant::nlme {

/// Biomarker parameters by the names that earlier versions had, with those of today.
const std::vector<std::pair<std::string, std::string>>& earlier_parameter_names();

/// "; loss_rate is called kout now" for a name that holds one of these, else empty.
std::string name_of_earlier_versions(const std::string& name);

}  // namespace titrant::nlme
