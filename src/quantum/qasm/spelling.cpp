#include "spelling.hpp"

#include <cmath>
#include <numbers>

namespace titrant::quantum::qasm {

namespace {

using std::numbers::pi;

bool is_controlled_rotation(GateKind kind) {
  return kind == GateKind::crx || kind == GateKind::cry || kind == GateKind::crz;
}

/// R(a + 2 pi) = -R(a): a controlled rotation by more than pi is one by less, and a sign where the control is 1.
std::vector<NativeGate> within_half_turn(const NativeGate& gate) {
  if (std::abs(gate.angles[0]) <= pi) return {gate};
  double cosine = std::cos(gate.angles[0] / 2.0);
  double sine = std::sin(gate.angles[0] / 2.0);
  const bool sign = cosine < 0.0;
  if (sign) {
    cosine = -cosine;
    sine = -sine;
  }
  NativeGate turned = gate;
  turned.angles[0] = 2.0 * std::atan2(sine, cosine);
  std::vector<NativeGate> gates = {turned};
  if (sign) gates.push_back({GateKind::z, {gate.qubits[0]}, {}});
  return gates;
}

NativeGate one(GateKind kind, std::size_t qubit, double angle = 0.0) { return {kind, {qubit}, {angle}}; }

/// One step towards gates that more dialects have.
std::vector<NativeGate> in_simpler_gates(const NativeGate& gate) {
  const auto [a, b, c] = gate.qubits;
  const double angle = gate.angles[0];
  const NativeGate cx = {GateKind::cx, {a, b}, {}};
  switch (gate.kind) {
    case GateKind::sx:
      return {one(GateKind::rx, a, pi / 2.0)};
    case GateKind::u:  // p(phi) ry(theta) p(lambda)
      return {one(GateKind::rz, a, gate.angles[2]), one(GateKind::ry, a, angle), one(GateKind::rz, a, gate.angles[1])};
    case GateKind::swap:
      return {cx, {GateKind::cx, {b, a}, {}}, cx};
    case GateKind::crx:  // X = H Z H
      return {one(GateKind::h, b), {GateKind::crz, {a, b}, {angle}}, one(GateKind::h, b)};
    case GateKind::cry:  // X Y X = -Y
      return {one(GateKind::ry, b, angle / 2.0), cx, one(GateKind::ry, b, -angle / 2.0), cx};
    case GateKind::crz:
      return {one(GateKind::rz, b, angle / 2.0), cx, one(GateKind::rz, b, -angle / 2.0), cx};
    case GateKind::ecr:  // exp(-i pi / 4 Z x X), then X on the first
      return {one(GateKind::h, b), cx, one(GateKind::rz, b, pi / 2.0), cx, one(GateKind::h, b), one(GateKind::x, a)};
    default: {  // rxx, ryy, rzz: a rotation of one qubit within a change of basis
      const Conjugated form = conjugated(gate);
      std::vector<NativeGate> gates = form.before;
      gates.push_back(form.core);
      for (auto before = form.before.rbegin(); before != form.before.rend(); ++before)
        gates.push_back(inverse(*before).gate);
      return gates;
    }
  }
}

std::string_view braket_name(GateKind gate) {
  switch (gate) {
    case GateKind::sdg:
      return "si";
    case GateKind::tdg:
      return "ti";
    case GateKind::sx:
      return "v";
    case GateKind::p:
      return "phaseshift";
    case GateKind::cx:
      return "cnot";
    case GateKind::cp:
      return "cphaseshift";
    case GateKind::rxx:
      return "xx";
    case GateKind::ryy:
      return "yy";
    case GateKind::rzz:
      return "zz";
    case GateKind::ccx:
      return "ccnot";
    case GateKind::u:
    case GateKind::crx:
    case GateKind::cry:
    case GateKind::crz:
      return {};
    default:
      return gate_name(gate);
  }
}

/// qelib1.inc as arXiv:1707.03429 lists it; later ones have more.
std::string_view version_2_name(GateKind gate) {
  switch (gate) {
    case GateKind::p:
      return "u1";
    case GateKind::u:
      return "u3";
    case GateKind::cp:
      return "cu1";
    case GateKind::sx:
    case GateKind::swap:
    case GateKind::ecr:
    case GateKind::crx:
    case GateKind::cry:
    case GateKind::rxx:
    case GateKind::ryy:
    case GateKind::rzz:
      return {};
    default:
      return gate_name(gate);
  }
}

}  // namespace

std::string_view gate_name_in(GateKind gate, QasmDialect dialect) {
  if (dialect == QasmDialect::braket) return braket_name(gate);
  if (dialect == QasmDialect::openqasm2) return version_2_name(gate);
  // Its compiler takes angles modulo 2 pi, so that a controlled rotation by less than 0 has the wrong sign
  // (qsharp-lang 1.32.5-dev); of a rotation without control the sign is a global phase.
  if (dialect == QasmDialect::qdk && is_controlled_rotation(gate)) return {};
  // stdgates.inc has no u; U of the language differs from it by a global phase alone.
  return gate == GateKind::u ? "U" : gate_name(gate);
}

std::vector<NativeGate> spelled(const NativeGate& gate, QasmDialect dialect) {
  std::vector<NativeGate> gates;
  if (is_controlled_rotation(gate.kind)) {
    gates = within_half_turn(gate);
  } else {
    gates = {gate};
  }
  std::vector<NativeGate> written;
  for (const NativeGate& step : gates) {
    if (!gate_name_in(step.kind, dialect).empty()) {
      written.push_back(step);
      continue;
    }
    for (const NativeGate& simpler : in_simpler_gates(step)) {
      const std::vector<NativeGate> rest = spelled(simpler, dialect);
      written.insert(written.end(), rest.begin(), rest.end());
    }
  }
  return written;
}

}  // namespace titrant::quantum::qasm
