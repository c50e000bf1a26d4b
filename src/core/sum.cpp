#include "titrant/core/sum.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "titrant/core/error.hpp"

namespace titrant::core {

namespace {

constexpr std::size_t block_size = 64;

double pairwise(std::span<const double> values) {
  if (values.empty()) return 0.0;
  if (values.size() == 1) return values[0];
  const std::size_t half = values.size() / 2;
  return pairwise(values.first(half)) + pairwise(values.subspan(half));
}

}  // namespace

double ordered_sum(std::span<const double> values) {
  std::vector<double> blocks;
  blocks.reserve(values.size() / block_size + 1);
  for (std::size_t begin = 0; begin < values.size(); begin += block_size) {
    double sum = 0.0;
    for (const double value : values.subspan(begin, std::min(block_size, values.size() - begin))) sum += value;
    blocks.push_back(sum);
  }
  return pairwise(blocks);
}

double ordered_mean(std::span<const double> values) {
  TITRANT_EXPECTS(!values.empty());
  return ordered_sum(values) / static_cast<double>(values.size());
}

}  // namespace titrant::core
