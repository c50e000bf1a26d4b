#include "active_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "amplitudes.hpp"
#include "titrant/core/error.hpp"

namespace titrant::quantum {

namespace {
constexpr std::size_t most_active = 26;  // 1 GiB
}

ActiveState::ActiveState(std::size_t qubits) : place_(qubits, known), value_(qubits, false), amplitudes_(1, 1.0) {}

std::optional<std::size_t> ActiveState::place(std::size_t qubit) const {
  if (place_[qubit] == known) return std::nullopt;
  return place_[qubit];
}

/// A new qubit becomes the most significant: the old vector is the half of its value.
void ActiveState::activate(std::size_t qubit) {
  if (place_[qubit] != known) return;
  if (order_.size() == most_active) {
    throw ConfigError(fmt::format("circuit: more than {} qubits at work at once do not fit in memory as a state vector",
                                  most_active));
  }
  const std::size_t half = amplitudes_.size();
  amplitudes_.resize(2 * half, 0.0);
  if (value_[qubit]) {
    std::copy_n(amplitudes_.begin(), half, amplitudes_.begin() + static_cast<std::ptrdiff_t>(half));
    std::fill_n(amplitudes_.begin(), half, 0.0);
  }
  order_.insert(order_.begin(), qubit);
  for (std::size_t k = 0; k < order_.size(); ++k) place_[order_[k]] = k;
}

void ActiveState::prepare(std::span<const std::size_t> qubits, std::span<const double> amplitudes) {
  TITRANT_EXPECTS(amplitudes.size() == std::size_t{1} << qubits.size());
  for (auto qubit = qubits.rbegin(); qubit != qubits.rend(); ++qubit) {
    TITRANT_EXPECTS(place_[*qubit] == known && !value_[*qubit]);
    activate(*qubit);
  }
  // All others of the register are known still: the vector is this state alone.
  TITRANT_EXPECTS(order_.size() == qubits.size());
  std::copy(amplitudes.begin(), amplitudes.end(), amplitudes_.begin());
}

void ActiveState::apply(const Matrix& matrix, std::span<const std::size_t> qubits) {
  for (const std::size_t qubit : qubits) activate(qubit);
  std::array<std::size_t, 3> masks{};
  for (std::size_t k = 0; k < qubits.size(); ++k) masks.at(k) = mask(qubits[k]);
  apply_matrix(amplitudes_, matrix, std::span(masks).first(qubits.size()));
}

void ActiveState::scale(double factor) {
  for (Complex& a : amplitudes_) a *= factor;
}

double ActiveState::norm() const {
  double sum = 0.0;
  for (const Complex& a : amplitudes_) sum += a.real() * a.real() + a.imag() * a.imag();
  return sum;
}

double ActiveState::weight(std::size_t qubit, bool value) const {
  if (place_[qubit] == known) return value_[qubit] == value ? norm() : 0.0;
  return weight_of(amplitudes_, mask(qubit), value);
}

void ActiveState::project(std::size_t qubit, bool value, double factor) {
  if (place_[qubit] == known) {
    TITRANT_EXPECTS(value_[qubit] == value);
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
  order_.erase(order_.begin() + static_cast<std::ptrdiff_t>(place_[qubit]));
  place_[qubit] = known;
  value_[qubit] = value;
  for (std::size_t k = 0; k < order_.size(); ++k) place_[order_[k]] = k;
}

void ActiveState::set_known(std::size_t qubit, bool value) {
  TITRANT_EXPECTS(place_[qubit] == known);
  value_[qubit] = value;
}

std::vector<double> ActiveState::marginal(std::span<const std::size_t> qubits) const {
  std::vector<std::size_t> masks;
  for (const std::size_t qubit : qubits) {
    TITRANT_EXPECTS(place_[qubit] != known);
    masks.push_back(mask(qubit));
  }
  std::vector<double> sums(std::size_t{1} << qubits.size(), 0.0);
  for (std::size_t k = 0; k < amplitudes_.size(); ++k) {
    std::size_t value = 0;
    for (const std::size_t bit : masks) value = (value << 1U) | ((k & bit) != 0 ? 1U : 0U);
    const Complex a = amplitudes_[k];
    sums[value] += a.real() * a.real() + a.imag() * a.imag();
  }
  return sums;
}

}  // namespace titrant::quantum
