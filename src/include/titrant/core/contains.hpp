#pragma once

#include <algorithm>
#include <ranges>

namespace titrant::core {

/// Whether a list has a value.
template <std::ranges::input_range List, class Value>
bool contains(const List& list, const Value& value) {
  return std::ranges::find(list, value) != std::ranges::end(list);
}

}  // namespace titrant::core
