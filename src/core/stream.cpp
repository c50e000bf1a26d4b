#include "titrant/core/stream.hpp"

#include <Random123/philox.h>

#include <boost/math/special_functions/erf.hpp>
#include <boost/random/binomial_distribution.hpp>
#include <cmath>
#include <numbers>

#include "titrant/core/error.hpp"

namespace titrant::core {

namespace {

// SplitMix64 (Steele et al. 2014): spreads seed and purpose over the 64 key bits.
std::uint64_t mix(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15U;
  value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9U;
  value = (value ^ (value >> 27U)) * 0x94d049bb133111ebU;
  return value ^ (value >> 31U);
}

std::uint32_t low_half(std::uint64_t value) { return static_cast<std::uint32_t>(value & 0xffffffffU); }
std::uint32_t high_half(std::uint64_t value) { return static_cast<std::uint32_t>(value >> 32U); }

}  // namespace

std::uint32_t name_key(std::string_view name) {
  std::uint32_t hash = 0x811c9dc5U;
  for (const char letter : name) {
    hash ^= static_cast<unsigned char>(letter);
    hash *= 0x01000193U;
  }
  return hash;
}

Stream::Stream(std::uint64_t seed, Purpose purpose, std::uint64_t unit, std::uint32_t sub_unit) {
  const std::uint64_t key = mix(mix(seed) + static_cast<std::uint64_t>(purpose));
  key_ = {low_half(key), high_half(key)};
  counter_ = {0, sub_unit, low_half(unit), high_half(unit)};
}

Stream::result_type Stream::operator()() {
  if (used_ == 4) {
    const r123::Philox4x32::ctr_type counter{{counter_[0], counter_[1], counter_[2], counter_[3]}};
    const r123::Philox4x32::key_type key{{key_[0], key_[1]}};
    const auto random = r123::Philox4x32{}(counter, key);
    block_ = {random[0], random[1], random[2], random[3]};
    ++counter_[0];
    used_ = 0;
  }
  return block_.at(used_++);
}

double Stream::uniform() {
  const std::uint64_t high = (*this)();
  const std::uint64_t bits = (high << 32U) | (*this)();
  return (static_cast<double>(bits >> 11U) + 0.5) * 0x1.0p-53;
}

double Stream::normal() { return -std::numbers::sqrt2 * boost::math::erfc_inv(2.0 * uniform()); }

std::uint32_t Stream::binomial(std::uint32_t trials, double probability) {
  TITRANT_EXPECTS(probability >= 0.0 && probability <= 1.0);
  boost::random::binomial_distribution<int, double> distribution(static_cast<int>(trials), probability);
  return static_cast<std::uint32_t>(distribution(*this));
}

std::uint64_t Stream::below(std::uint64_t count) {
  TITRANT_EXPECTS(count > 0);
  const std::uint64_t limit =
      std::numeric_limits<std::uint64_t>::max() - std::numeric_limits<std::uint64_t>::max() % count;
  for (;;) {
    const std::uint64_t high = (*this)();
    const std::uint64_t bits = (high << 32U) | (*this)();
    if (bits < limit) return bits % count;
  }
}

}  // namespace titrant::core
