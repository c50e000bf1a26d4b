#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace titrant::core {

/// Faults of a user's input, collected so that all are reported at once.
class Problems {
 public:
  /// \param where  file:line:column, or another place the user can find
  void add(const std::string& where, const std::string& what) { lines_.push_back(where + ": " + what); }

  bool empty() const { return lines_.empty(); }
  std::size_t count() const { return lines_.size(); }

  /// All faults, one per line, the first `limit` in full.
  std::string text(std::size_t limit = 50) const;

  /// Throws `ErrorType` with all faults where there are any.
  template <class ErrorType>
  void throw_if_any() const {
    if (!empty()) throw ErrorType(text());
  }

 private:
  std::vector<std::string> lines_;
};

/// The candidate nearest to a mistyped word (Levenshtein distance), or empty where none is near.
std::string nearest(const std::string& word, const std::vector<std::string>& candidates);

}  // namespace titrant::core
