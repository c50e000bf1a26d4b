#pragma once

#include <cstdint>
#include <vector>

#include "titrant/quantum/simulation/distribution.hpp"

namespace titrant::quantum {

/// Adds up probabilities by outcome, in the order in which they come, in bounded memory.
class OutcomeSum {
 public:
  void add(std::uint64_t bits, double probability);
  /// In ascending order of bits.
  std::vector<Outcome> finish();

 private:
  void merge();
  std::vector<Outcome> outcomes_;
  std::size_t merged_ = 0;  ///< outcomes left by the last merge
};

}  // namespace titrant::quantum
