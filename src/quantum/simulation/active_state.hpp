#pragma once

#include <array>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "local_operator.hpp"

namespace titrant::quantum {

/// A register of which only the qubits that are neither untouched nor freshly measured take part in the state vector:
/// all others are known to be |0> or |1>. A measurement halves the vector, and a gate brings its qubits back.
/// So all outcomes of k measurements together cost no more than one run without them.
class ActiveState {
 public:
  using Complex = std::complex<double>;

  /// |0...0>, no qubit active.
  explicit ActiveState(std::size_t qubits);

  /// Puts qubits that are |0> still into real amplitudes [2^k]; the first qubit is the most significant.
  void prepare(std::span<const std::size_t> qubits, std::span<const double> amplitudes);

  /// The first qubit is the most significant of the operator. Qubits whose value is known and stays so do not become
  /// active.
  void apply(const LocalOperator& op, std::span<const std::size_t> qubits);
  void scale(double factor);

  double norm() const;  ///< squared
  /// Squared norms of the parts with the qubit 0 and 1.
  std::array<double, 2> weights(std::size_t qubit) const;
  /// Keeps the part with this value, multiplied by `factor`; the qubit is known from then on.
  void project(std::size_t qubit, bool value, double factor);
  /// Declares a known qubit to be |value> (a reset, or a flip).
  void set_known(std::size_t qubit, bool value);

  /// Squared norms by the values of these active qubits, the first the most significant: [2^k].
  std::vector<double> marginal(std::span<const std::size_t> qubits) const;

  /// Place of a qubit in the vector's index, 0 the most significant; none where its value is known.
  std::optional<std::size_t> place(std::size_t qubit) const;
  bool known_value(std::size_t qubit) const { return place_[qubit] == known_one; }
  const std::vector<Complex>& amplitudes() const { return amplitudes_; }

 private:
  static constexpr std::int32_t known_zero = -1;
  static constexpr std::int32_t known_one = -2;

  bool is_known(std::size_t qubit) const { return place_[qubit] < 0; }
  std::size_t mask(std::size_t qubit) const { return amplitudes_.size() >> static_cast<unsigned>(place_[qubit] + 1); }
  void activate(std::size_t qubit);

  std::vector<std::int32_t> place_;  ///< [qubit] its place, or its known value
  std::vector<Complex> amplitudes_;
};

}  // namespace titrant::quantum
