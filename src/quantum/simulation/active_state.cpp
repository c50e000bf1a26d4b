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

/// Takes a known qubit out of a matrix on several, the one at `place`, where the matrix gives it one value again.
bool ActiveState::pass_by(Matrix& matrix, std::size_t place, std::size_t qubits, std::size_t qubit) {
  const Eigen::Index bit = Eigen::Index{1} << (qubits - 1 - place);
  const auto inserted = [bit](Eigen::Index k, bool value) {
    return ((k & ~(bit - 1)) << 1U) | (value ? bit : 0) | (k & (bit - 1));
  };
  const Eigen::Index half = matrix.rows() / 2;
  std::array<bool, 2> possible{};  // values that it may have afterwards
  for (Eigen::Index c = 0; c < half; ++c)
    for (Eigen::Index r = 0; r < matrix.rows(); ++r)
      if (matrix(r, inserted(c, value_[qubit])) != 0.0) possible.at((r & bit) != 0 ? 1 : 0) = true;
  if (possible[0] && possible[1]) return false;
  Matrix block(half, half);
  for (Eigen::Index c = 0; c < half; ++c)
    for (Eigen::Index r = 0; r < half; ++r) block(r, c) = matrix(inserted(r, possible[1]), inserted(c, value_[qubit]));
  matrix = block;
  value_[qubit] = possible[1];
  return true;
}

void ActiveState::apply(const Matrix& matrix, std::span<const std::size_t> qubits) {
  const auto is_known = [this](std::size_t qubit) { return place_[qubit] == known; };
  if (std::any_of(qubits.begin(), qubits.end(), is_known)) {
    std::vector<std::size_t> on(qubits.begin(), qubits.end());
    Matrix left = matrix;
    for (std::size_t k = 0; k < on.size();) {
      if (is_known(on[k]) && pass_by(left, k, on.size(), on[k])) {
        on.erase(on.begin() + static_cast<std::ptrdiff_t>(k));
      } else {
        ++k;
      }
    }
    for (const std::size_t qubit : on) activate(qubit);
    apply_to_active(left, on);
  } else {
    apply_to_active(matrix, qubits);
  }
}

void ActiveState::apply_to_active(const Matrix& matrix, std::span<const std::size_t> qubits) {
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
