#include "titrant/quantum/statevector.hpp"

#include <fmt/format.h>

#include <cmath>

#include "simulation/amplitudes.hpp"
#include "titrant/core/error.hpp"

namespace titrant::quantum {

namespace {
constexpr std::size_t most_qubits = 26;
}

StateVector::StateVector(std::size_t qubits) : qubits_(qubits) {
  if (qubits > most_qubits)
    throw ConfigError(fmt::format("a state vector of {} qubits; at most {} fit in memory", qubits, most_qubits));
  amplitudes_.assign(std::size_t{1} << qubits, 0.0);
  amplitudes_[0] = 1.0;
}

std::vector<std::size_t> StateVector::offsets(std::span<const std::size_t> qubits) const {
  std::vector<std::size_t> result(std::size_t{1} << qubits.size(), 0);
  for (std::size_t value = 0; value < result.size(); ++value) {
    for (std::size_t k = 0; k < qubits.size(); ++k) {
      if (((value >> (qubits.size() - 1 - k)) & 1U) != 0U) result[value] |= mask(qubits[k]);
    }
  }
  return result;
}

void StateVector::prepare(std::span<const std::size_t> qubits, std::span<const double> amplitudes) {
  TITRANT_EXPECTS(amplitudes.size() == std::size_t{1} << qubits.size());
  const std::vector<std::size_t> offset = offsets(qubits);
  for (std::size_t base = 0; base < amplitudes_.size(); ++base) {
    if ((base & offset.back()) != 0U) continue;
    const std::complex<double> value = amplitudes_[base];
    for (std::size_t k = 0; k < offset.size(); ++k) amplitudes_[base | offset[k]] = value * amplitudes[k];
  }
}

void StateVector::apply(const Matrix& matrix, std::span<const std::size_t> qubits) {
  std::vector<std::size_t> masks;
  for (const std::size_t qubit : qubits) masks.push_back(mask(qubit));
  apply_matrix(amplitudes_, matrix, masks);
}

double StateVector::probability(std::size_t qubit, bool outcome) const {
  return weight_of(amplitudes_, mask(qubit), outcome);
}

void StateVector::collapse(std::size_t qubit, bool outcome) {
  const double weight = probability(qubit, outcome);
  if (!(weight > 0.0)) throw NumericalError("measurement outcome of probability 0");
  const double scale = 1.0 / std::sqrt(weight);
  for (std::size_t k = 0; k < amplitudes_.size(); ++k) {
    amplitudes_[k] = ((k & mask(qubit)) != 0U) == outcome ? amplitudes_[k] * scale : 0.0;
  }
}

}  // namespace titrant::quantum
