#include "titrant/quantum/simulation/counts.hpp"

#include <algorithm>
#include <limits>

#include "titrant/core/error.hpp"

namespace titrant::quantum {

std::vector<Count> sample_counts(std::span<const Outcome> outcomes, std::uint64_t shots, core::Stream& stream) {
  if (shots > std::numeric_limits<std::uint32_t>::max()) throw ConfigError("more than 2^32 - 1 shots at once");
  // What is left for an outcome and all after it, added from the small end so that the last share is exactly 1.
  std::vector<double> left(outcomes.size() + 1, 0.0);
  for (std::size_t k = outcomes.size(); k-- > 0;) left[k] = left[k + 1] + outcomes[k].probability;
  std::vector<Count> counts;
  auto remaining = static_cast<std::uint32_t>(shots);
  for (std::size_t k = 0; k < outcomes.size() && remaining > 0; ++k) {
    const double share = k + 1 == outcomes.size() ? 1.0 : std::clamp(outcomes[k].probability / left[k], 0.0, 1.0);
    const std::uint32_t count = stream.binomial(remaining, share);
    if (count > 0) counts.push_back({outcomes[k].bits, count});
    remaining -= count;
  }
  return counts;
}

}  // namespace titrant::quantum
