#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "titrant/core/stream.hpp"
#include "titrant/quantum/simulation/distribution.hpp"

namespace titrant::quantum {

/// How many shots gave an outcome.
struct Count {
  std::uint64_t bits = 0;
  std::uint64_t count = 0;  ///< > 0
};

/// Counts of independent shots from a distribution, ascending, outcomes without a shot left out: a multinomial draw as
/// one binomial draw per outcome given those before it (Devroye 1986, chapter XI.1.4). The cost depends on the number
/// of outcomes, not on that of shots. Probabilities need not sum to 1 exactly.
std::vector<Count> sample_counts(std::span<const Outcome> outcomes, std::uint64_t shots, core::Stream& stream);

}  // namespace titrant::quantum
