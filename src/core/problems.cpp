#include "titrant/core/problems.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace titrant::core {

namespace {

std::size_t distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
    }
  }
  return row.back();
}

}  // namespace

std::string Problems::text(std::size_t limit) const {
  std::string text;
  for (std::size_t i = 0; i < std::min(limit, lines_.size()); ++i) {
    if (i > 0) text += '\n';
    text += lines_[i];
  }
  if (lines_.size() > limit) text += fmt::format("\n... and {} more", lines_.size() - limit);
  return text;
}

std::string nearest(const std::string& word, const std::vector<std::string>& candidates) {
  constexpr std::size_t longest_word = 100;
  if (word.size() > longest_word) return "";
  std::string best;
  // Of a word of one or two letters something must remain.
  std::size_t best_distance = std::min(std::max<std::size_t>(2, word.size() / 3) + 1, word.size());
  for (const std::string& candidate : candidates) {
    const std::size_t d = distance(word, candidate);
    if (d < best_distance) {
      best = candidate;
      best_distance = d;
    }
  }
  return best;
}

}  // namespace titrant::core
