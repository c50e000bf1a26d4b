#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// \file
/// The texts behind a plan: its file, the names of members, and what users type.

namespace titrant::campaign {

inline constexpr std::string_view plan_file = "campaign.yaml";

/// "member_0007" of 7.
std::string member_name(std::size_t number);

/// "key=a,[b,c]" as {"key=a", "key=[b,c]"}. Throws ConfigError where there is no key or no value, or where a value
/// stands there twice.
std::vector<std::string> split_alternatives(const std::string& text);

}  // namespace titrant::campaign
