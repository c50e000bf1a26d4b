#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "titrant/core/problems.hpp"

namespace titrant::trial {

/// A place in a text file.
struct Place {
  std::size_t number = 1;  ///< of the line, from 1
  std::string_view line;   ///< without its end
  std::size_t offset = 0;  ///< bytes before the place
};

/// Faults of a data file. The first ones are kept for the message and the rest only counted, so that a file of nothing
/// but faults needs little memory and time.
class Faults {
 public:
  explicit Faults(std::string_view file) : file_(file) {}

  template <class... Arguments>
  void add(const Place& place, fmt::format_string<Arguments...> text, Arguments&&... arguments) {
    if (count_++ < kept) problems_.add(where(place), fmt::format(text, std::forward<Arguments>(arguments)...));
  }

  std::size_t count() const { return count_; }

  /// Throws one DataError with the kept faults, a line each, and the number of the others.
  void throw_if_any() const;

 private:
  static constexpr std::size_t kept = 50;

  /// file:line:column, the column in characters from 1.
  std::string where(const Place& place) const;

  std::string file_;
  core::Problems problems_;
  std::size_t count_ = 0;
};

}  // namespace titrant::trial
