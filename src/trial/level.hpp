#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "titrant/protocol/covariate.hpp"

namespace titrant::trial {

/// The place of a level by its code: numbers are compared as numbers, other codes as texts. None for another code.
std::optional<double> level_of(const protocol::CovariateSpec& spec, std::string_view code);

/// "1 male, 2 female", for messages.
std::string codes_of(const protocol::CovariateSpec& spec);

}  // namespace titrant::trial
