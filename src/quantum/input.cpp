#include "titrant/quantum/input.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "titrant/core/error.hpp"

namespace titrant::quantum {

namespace {

constexpr double norm_tolerance = 1e-9;

void check_values(const char* what, std::span<const double> values, std::size_t expected, bool longer_allowed) {
  if (values.size() != expected && !(longer_allowed && values.size() > expected))
    throw ConfigError(fmt::format("circuit input: {} {} where the circuit has {}", values.size(), what, expected));
  if (!std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); }))
    throw ConfigError(fmt::format("circuit input: {} that are not finite", what));
}

}  // namespace

void check_input(const Circuit& circuit, std::span<const double> parameters, const Input& input) {
  const std::size_t qubits = circuit.amplitude_qubits().size();
  check_values("parameters", parameters, circuit.parameters(), true);
  check_values("features", input.features, circuit.features(), true);
  check_values("amplitudes", input.amplitudes, qubits == 0 ? 0 : std::size_t{1} << qubits, false);
  double norm = 0.0;
  for (const double amplitude : input.amplitudes) norm += amplitude * amplitude;
  if (qubits > 0 && !(std::abs(norm - 1.0) <= norm_tolerance))
    throw ConfigError(fmt::format("circuit input: amplitudes of squared norm {}, which must be 1", norm));
}

}  // namespace titrant::quantum
