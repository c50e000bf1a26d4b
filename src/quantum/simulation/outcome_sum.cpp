#include "outcome_sum.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "titrant/core/error.hpp"

namespace titrant::quantum {

namespace {
constexpr std::size_t most_outcomes = std::size_t{1} << 22U;
constexpr std::size_t unmerged = std::size_t{1} << 20U;
}  // namespace

void OutcomeSum::add(std::uint64_t bits, double probability) {
  if (!outcomes_.empty() && outcomes_.back().bits == bits) {
    outcomes_.back().probability += probability;
    return;
  }
  outcomes_.push_back({bits, probability});
  if (outcomes_.size() >= 2 * merged_ + unmerged) merge();
}

void OutcomeSum::merge() {
  // Stable: equal outcomes are added in the order in which they came.
  std::stable_sort(outcomes_.begin(), outcomes_.end(),
                   [](const Outcome& a, const Outcome& b) { return a.bits < b.bits; });
  std::size_t last = 0;
  for (std::size_t k = 1; k < outcomes_.size(); ++k) {
    if (outcomes_[k].bits == outcomes_[last].bits) {
      outcomes_[last].probability += outcomes_[k].probability;
    } else {
      outcomes_[++last] = outcomes_[k];
    }
  }
  if (!outcomes_.empty()) outcomes_.resize(last + 1);
  merged_ = outcomes_.size();
  if (merged_ > most_outcomes) {
    throw ConfigError(fmt::format("circuit: more than {} outcomes are possible; count shots in place of listing them",
                                  most_outcomes));
  }
}

std::vector<Outcome> OutcomeSum::finish() {
  merge();
  return std::move(outcomes_);
}

}  // namespace titrant::quantum
