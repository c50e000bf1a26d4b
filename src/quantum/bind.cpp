#include "titrant/quantum/bind.hpp"

#include <fmt/format.h>

#include "titrant/core/error.hpp"
#include "titrant/quantum/input.hpp"

namespace titrant::quantum {

Circuit bind_angles(const Circuit& circuit, std::span<const double> parameters, std::span<const double> features) {
  if (parameters.size() < circuit.parameters() || features.size() < circuit.features()) {
    throw ConfigError(fmt::format("circuit: {} parameters and {} features given; it uses {} and {}", parameters.size(),
                                  features.size(), circuit.parameters(), circuit.features()));
  }
  Circuit bound(circuit.qubits(), circuit.bits());
  if (!circuit.amplitude_qubits().empty()) bound.amplitude_input(circuit.amplitude_qubits());
  for (Operation operation : circuit.operations()) {
    for (Angle& angle : operation.angles) angle = Angle::constant(angle_value(angle, parameters, features));
    bound.add(std::move(operation));
  }
  return bound;
}

}  // namespace titrant::quantum
