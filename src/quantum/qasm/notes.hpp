#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "source.hpp"

namespace titrant::quantum::qasm {

/// What a text says and a circuit has no place for: one sentence for each kind, with the first place and a count.
class Notes {
 public:
  enum class Kind { pragma, annotation, delay, measurement };

  explicit Notes(const Source& source) : source_(source) {}

  void add(Kind kind, Position position, std::string_view text);
  std::vector<std::string> sentences() const;

 private:
  struct Entry {
    Position position;
    std::string text;
    std::size_t count = 0;
  };
  const Source& source_;
  std::array<Entry, 4> entries_;
};

}  // namespace titrant::quantum::qasm
