#include "native.hpp"

#include <numbers>

namespace titrant::quantum::qasm {

namespace {

using std::numbers::pi;

NativeGate on(GateKind kind, std::size_t qubit, double angle = 0.0) { return {kind, {qubit}, {angle}}; }

}  // namespace

Phased inverse(const NativeGate& gate) {
  const auto& [kind, qubits, angles] = gate;
  switch (kind) {
    case GateKind::s:
      return {{GateKind::sdg, qubits, {}}};
    case GateKind::sdg:
      return {{GateKind::s, qubits, {}}};
    case GateKind::t:
      return {{GateKind::tdg, qubits, {}}};
    case GateKind::tdg:
      return {{GateKind::t, qubits, {}}};
    case GateKind::sx:  // sx = exp(i pi / 4) rx(pi / 2)
      return {{GateKind::rx, qubits, {-pi / 2.0}}, -pi / 4.0};
    case GateKind::u:
      return {{kind, qubits, {-angles[0], -angles[2], -angles[1]}}};
    default:  // rotations turn back; all others are their own inverses
      return {{kind, qubits, {-angles[0]}}};
  }
}

Conjugated conjugated(const NativeGate& gate) {
  const auto [a, b, c] = gate.qubits;
  const double angle = gate.angles[0];
  switch (gate.kind) {
    case GateKind::cx:
      return {{}, {a}, on(GateKind::x, b)};
    case GateKind::cy:
      return {{}, {a}, on(GateKind::y, b)};
    case GateKind::cz:
      return {{}, {a}, on(GateKind::z, b)};
    case GateKind::cp:
      return {{}, {a}, on(GateKind::p, b, angle)};
    case GateKind::crx:
      return {{}, {a}, on(GateKind::rx, b, angle)};
    case GateKind::cry:
      return {{}, {a}, on(GateKind::ry, b, angle)};
    case GateKind::crz:
      return {{}, {a}, on(GateKind::rz, b, angle)};
    case GateKind::ccx:
      return {{}, {a, b}, on(GateKind::x, c)};
    case GateKind::swap:
      return {{{GateKind::cx, {b, a}, {}}}, {a}, on(GateKind::x, b)};
    case GateKind::rzz:  // Z x Z = CX (1 x Z) CX
      return {{{GateKind::cx, {a, b}, {}}}, {}, on(GateKind::rz, b, angle)};
    case GateKind::rxx:  // X = H Z H
      return {{on(GateKind::h, a), on(GateKind::h, b), {GateKind::cx, {a, b}, {}}}, {}, on(GateKind::rz, b, angle)};
    case GateKind::ryy:  // Y = S H Z H S^+
      return {{on(GateKind::sdg, a),
               on(GateKind::sdg, b),
               on(GateKind::h, a),
               on(GateKind::h, b),
               {GateKind::cx, {a, b}, {}}},
              {},
              on(GateKind::rz, b, angle)};
    case GateKind::ecr:  // (X x 1 - Y x X) / sqrt 2 = R^+ (X x 1) R, R = exp(-i pi / 8 Z x X)
      return {{on(GateKind::h, b), {GateKind::rzz, {a, b}, {pi / 4.0}}, on(GateKind::h, b)}, {}, on(GateKind::x, a)};
    default:
      return {{}, {}, gate};
  }
}

}  // namespace titrant::quantum::qasm
