#include "titrant/quantum/synthesis/state_preparation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "titrant/core/error.hpp"

namespace titrant::quantum {

namespace {

constexpr double no_angle = 1e-14;  // rad

Operation operation(GateKind gate, std::vector<std::size_t> qubits, std::vector<Angle> angles = {}) {
  Operation result;
  result.gate = gate;
  result.qubits = std::move(qubits);
  result.angles = std::move(angles);
  return result;
}

/// Ry(angle[value of the controls]) on the target; the first control is the most significant.
void multiplexed_ry(std::vector<double> angles, std::span<const std::size_t> controls, std::size_t target,
                    std::vector<Operation>& operations) {
  const std::size_t count = angles.size();
  // In the order of the Gray code, each CX changes the sign of what follows for half of the values (eq. 3 of the
  // paper).
  std::vector<double> turned(count, 0.0);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t gray = i ^ (i >> 1U);
    for (std::size_t j = 0; j < count; ++j)
      turned[i] += (std::popcount(j & gray) % 2 == 0 ? angles[j] : -angles[j]) / static_cast<double>(count);
  }
  if (std::all_of(turned.begin(), turned.end(), [](double angle) { return std::abs(angle) < no_angle; })) return;
  const bool common = std::all_of(turned.begin() + 1, turned.end(), [](double a) { return std::abs(a) < no_angle; });
  if (common) {  // the same for all values
    operations.push_back(operation(GateKind::ry, {target}, {Angle::constant(turned[0])}));
    return;
  }
  for (std::size_t i = 0; i < count; ++i) {
    if (std::abs(turned[i]) >= no_angle)
      operations.push_back(operation(GateKind::ry, {target}, {Angle::constant(turned[i])}));
    const std::size_t next = (i + 1) % count;
    const std::size_t changed = (i ^ (i >> 1U)) ^ (next ^ (next >> 1U));
    const auto bit = static_cast<std::size_t>(std::countr_zero(changed));
    operations.push_back(operation(GateKind::cx, {controls[controls.size() - 1 - bit], target}));
  }
}

}  // namespace

std::vector<Operation> prepare_state(std::span<const double> amplitudes, std::span<const std::size_t> qubits) {
  const std::size_t size = amplitudes.size();
  TITRANT_EXPECTS(size == std::size_t{1} << qubits.size());
  double norm = 0.0;
  for (const double a : amplitudes) norm += a * a;
  if (!(std::abs(norm - 1.0) <= 1e-9))
    throw ConfigError(fmt::format("state preparation: the squared norm is {}", norm));

  std::vector<Operation> operations;
  for (std::size_t level = 0; level < qubits.size(); ++level) {
    const std::size_t block = size >> level;  // amplitudes that share the values of the qubits before
    std::vector<double> angles;
    for (std::size_t first = 0; first < size; first += block) {
      const auto half = [&](std::size_t begin) {
        // Of the last qubit the signs come in; before, norms.
        if (block == 2) return amplitudes[begin];
        double sum = 0.0;
        for (std::size_t k = begin; k < begin + block / 2; ++k) sum += amplitudes[k] * amplitudes[k];
        return std::sqrt(sum);
      };
      angles.push_back(2.0 * std::atan2(half(first + block / 2), half(first)));
    }
    if (level == 0) {
      if (std::abs(angles[0]) >= no_angle)
        operations.push_back(operation(GateKind::ry, {qubits[0]}, {Angle::constant(angles[0])}));
    } else {
      multiplexed_ry(std::move(angles), qubits.first(level), qubits[level], operations);
    }
  }
  return operations;
}

}  // namespace titrant::quantum
