#include "active_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>

#include "amplitudes.hpp"
#include "titrant/core/error.hpp"

namespace titrant::quantum {

namespace {
constexpr std::size_t most_active = 26;  // 1 GiB
}

ActiveState::ActiveState(std::size_t qubits) : place_(qubits, known_zero), amplitudes_(1, 1.0) {}

std::optional<std::size_t> ActiveState::place(std::size_t qubit) const {
  if (is_known(qubit)) return std::nullopt;
  return static_cast<std::size_t>(place_[qubit]);
}

/// A new qubit becomes the most significant: the old vector is the half of its value.
void ActiveState::activate(std::size_t qubit) {
  if (!is_known(qubit)) return;
  const std::size_t half = amplitudes_.size();
  if (half == std::size_t{1} << most_active) {
    throw ConfigError(fmt::format("circuit: more than {} qubits at work at once do not fit in memory as a state vector",
                                  most_active));
  }
  amplitudes_.resize(2 * half, 0.0);
  if (known_value(qubit)) {
    std::copy_n(amplitudes_.begin(), half, amplitudes_.begin() + static_cast<std::ptrdiff_t>(half));
    std::fill_n(amplitudes_.begin(), half, 0.0);
  }
  for (std::int32_t& place : place_)
    if (place >= 0) ++place;
  place_[qubit] = 0;
}

void ActiveState::prepare(std::span<const std::size_t> qubits, std::span<const double> amplitudes) {
  TITRANT_EXPECTS(amplitudes.size() == std::size_t{1} << qubits.size());
  for (std::size_t k = qubits.size(); k-- > 0;) {
    TITRANT_EXPECTS(place_[qubits[k]] == known_zero);
    activate(qubits[k]);
  }
  // All others of the register are known still: the vector is this state alone.
  TITRANT_EXPECTS(amplitudes_.size() == amplitudes.size());
  std::copy(amplitudes.begin(), amplitudes.end(), amplitudes_.begin());
}

void ActiveState::apply(const LocalOperator& op, std::span<const std::size_t> qubits) {
  for (std::size_t k = 0; k < qubits.size(); ++k) {
    if (!is_known(qubits[k])) continue;
    const LocalOperator::Reduced* reduced = op.given(k, known_value(qubits[k]));
    if (reduced == nullptr) continue;
    set_known(qubits[k], reduced->value);
    std::array<std::size_t, 3> others{};
    std::copy(qubits.begin(), qubits.end(), others.begin());
    std::copy(qubits.begin() + static_cast<std::ptrdiff_t>(k) + 1, qubits.end(), others.begin() + k);
    apply(reduced->others, std::span(others).first(qubits.size() - 1));
    return;
  }
  std::array<std::size_t, 3> masks{};
  for (const std::size_t qubit : qubits) activate(qubit);
  for (std::size_t k = 0; k < qubits.size(); ++k) masks.at(k) = mask(qubits[k]);
  op.apply(amplitudes_, std::span(masks).first(qubits.size()));
}

void ActiveState::scale(double factor) {
  for (Complex& a : amplitudes_) a *= factor;
}

double ActiveState::norm() const {
  double sum = 0.0;
  for (const Complex& a : amplitudes_) sum += a.real() * a.real() + a.imag() * a.imag();
  return sum;
}

std::array<double, 2> ActiveState::weights(std::size_t qubit) const {
  if (is_known(qubit)) return known_value(qubit) ? std::array{0.0, norm()} : std::array{norm(), 0.0};
  return {weight_of(amplitudes_, mask(qubit), false), weight_of(amplitudes_, mask(qubit), true)};
}

void ActiveState::project(std::size_t qubit, bool value, double factor) {
  if (is_known(qubit)) {
    TITRANT_EXPECTS(known_value(qubit) == value);
    scale(factor);
    return;
  }
  const std::size_t bit = mask(qubit);
  const std::size_t low = bit - 1;
  const std::size_t half = amplitudes_.size() / 2;
  const std::size_t offset = value ? bit : 0;
  // In ascending order nothing is overwritten before it is read.
  for (std::size_t k = 0; k < half; ++k) {
    const std::size_t from = ((k & ~low) << 1U) | (k & low) | offset;
    amplitudes_[k] = amplitudes_[from] * factor;
  }
  amplitudes_.resize(half);
  for (std::int32_t& place : place_)
    if (place > place_[qubit]) --place;
  place_[qubit] = value ? known_one : known_zero;
}

void ActiveState::set_known(std::size_t qubit, bool value) {
  TITRANT_EXPECTS(is_known(qubit));
  place_[qubit] = value ? known_one : known_zero;
}

std::vector<double> ActiveState::marginal(std::span<const std::size_t> qubits) const {
  std::vector<std::size_t> masks;
  for (const std::size_t qubit : qubits) {
    TITRANT_EXPECTS(!is_known(qubit));
    masks.push_back(mask(qubit));
  }
  // What the lower and the upper half of a number's bits add to the value.
  const auto low_bits = static_cast<unsigned>(std::bit_width(amplitudes_.size()) / 2);
  const std::size_t low = (std::size_t{1} << low_bits) - 1;
  const auto value_of = [&masks](std::size_t number) {
    std::size_t value = 0;
    for (const std::size_t bit : masks) value = (value << 1U) | ((number & bit) != 0 ? 1U : 0U);
    return value;
  };
  std::vector<std::size_t> of_low(std::min(low + 1, amplitudes_.size()));
  for (std::size_t k = 0; k < of_low.size(); ++k) of_low[k] = value_of(k);
  std::vector<double> sums(std::size_t{1} << qubits.size(), 0.0);
  for (std::size_t base = 0; base < amplitudes_.size(); base += of_low.size()) {
    const std::size_t of_high = value_of(base);
    for (std::size_t k = 0; k < of_low.size(); ++k) {
      const Complex a = amplitudes_[base + k];
      sums[of_high | of_low[k]] += a.real() * a.real() + a.imag() * a.imag();
    }
  }
  return sums;
}

}  // namespace titrant::quantum
