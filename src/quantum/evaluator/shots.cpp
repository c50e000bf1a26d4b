#include <algorithm>

#include "shifts.hpp"
#include "titrant/quantum/evaluator.hpp"

namespace titrant::quantum {

std::uint32_t sample_ones(double probability, const Shots& shots, std::uint64_t unit, std::uint32_t circuit) {
  core::Stream stream(shots.seed, shots.purpose, unit, circuit);
  // Rounding can take an exact probability by 1e-16 out of its range.
  return stream.binomial(shots.count, std::clamp(probability, 0.0, 1.0));
}

double sampled_share(double probability, const Shots& shots, std::uint64_t unit, std::size_t circuit) {
  return sample_ones(probability, shots, unit, static_cast<std::uint32_t>(circuit)) / static_cast<double>(shots.count);
}

}  // namespace titrant::quantum
