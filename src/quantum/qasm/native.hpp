#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "titrant/quantum/gates.hpp"

namespace titrant::quantum::qasm {

/// A gate that circuits have, with its qubits and angles; as many of both are used as the kind says.
struct NativeGate {
  GateKind kind = GateKind::x;
  std::array<std::size_t, 3> qubits{};
  std::array<double, 3> angles{};
};

/// Takes the gates of a program in order. Phases are kept apart: they have no effect until a control makes them one.
class GateSink {
 public:
  GateSink() = default;
  GateSink(const GateSink&) = delete;
  GateSink& operator=(const GateSink&) = delete;
  virtual ~GateSink() = default;

  virtual void gate(const NativeGate& gate) = 0;
  virtual void phase(double angle) = 0;  ///< the factor exp(i angle)
  virtual void barrier(std::span<const std::size_t> qubits) = 0;
};

/// A unitary = exp(i phase) gate.
struct Phased {
  NativeGate gate;
  double phase = 0.0;
};

/// The inverse of a gate, exactly.
Phased inverse(const NativeGate& gate);

/// A gate as (before)^+ C(core) (before): `core` on one qubit, done where all `controls` are 1, within gates that a
/// control or a power of the whole leaves as they are.
struct Conjugated {
  std::vector<NativeGate> before;
  std::vector<std::size_t> controls;
  NativeGate core;
};

Conjugated conjugated(const NativeGate& gate);

}  // namespace titrant::quantum::qasm
