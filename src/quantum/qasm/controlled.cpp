#include "controlled.hpp"

#include <numbers>
#include <optional>
#include <vector>

namespace titrant::quantum::qasm {

namespace {

using std::numbers::pi;
using Qubits = std::vector<std::size_t>;
using QubitSpan = std::span<const std::size_t>;

void one(GateSink& sink, GateKind kind, std::size_t qubit, double angle = 0.0) { sink.gate({kind, {qubit}, {angle}}); }
void toffoli(GateSink& sink, std::size_t a, std::size_t b, std::size_t target) {
  sink.gate({GateKind::ccx, {a, b, target}, {}});
}

Qubits joined(QubitSpan first, QubitSpan then) {
  Qubits all(first.begin(), first.end());
  all.insert(all.end(), then.begin(), then.end());
  return all;
}

/// X where all k controls are 1, by 4 (k - 2) Toffoli gates over k - 2 further qubits in any state, which come back to
/// it: Barenco et al., lemma 7.2.
void ladder(QubitSpan controls, std::size_t target, QubitSpan borrowed, GateSink& sink) {
  const std::size_t rungs = controls.size() - 2;
  for (int pass = 0; pass < 2; ++pass) {
    toffoli(sink, controls[rungs + 1], borrowed[rungs - 1], target);
    for (std::size_t i = rungs - 1; i >= 1; --i) toffoli(sink, controls[i + 1], borrowed[i - 1], borrowed[i]);
    toffoli(sink, controls[0], controls[1], borrowed[0]);
    for (std::size_t i = 1; i < rungs; ++i) toffoli(sink, controls[i + 1], borrowed[i - 1], borrowed[i]);
  }
}

/// X where all controls are 1, with at least one further qubit in any state, which comes back to it (lemma 7.3).
void flip_with_borrowed(QubitSpan controls, std::size_t target, QubitSpan borrowed, GateSink& sink) {
  if (controls.size() == 1) return sink.gate({GateKind::cx, {controls[0], target}, {}});
  if (controls.size() == 2) return toffoli(sink, controls[0], controls[1], target);
  if (borrowed.size() >= controls.size() - 2) return ladder(controls, target, borrowed, sink);
  const std::size_t middle = (controls.size() + 1) / 2;
  const Qubits upper(controls.begin(), controls.begin() + static_cast<std::ptrdiff_t>(middle));
  const Qubits lower = joined(controls.subspan(middle), borrowed.first(1));
  const Qubits upper_borrows = joined(controls.subspan(middle), {{target}});
  for (int pass = 0; pass < 2; ++pass) {
    flip_with_borrowed(upper, borrowed[0], upper_borrows, sink);
    flip_with_borrowed(lower, target, upper, sink);
  }
}

/// The gate's own controlled kind.
std::optional<GateKind> with_one_control(GateKind kind) {
  switch (kind) {
    case GateKind::x:
      return GateKind::cx;
    case GateKind::y:
      return GateKind::cy;
    case GateKind::z:
      return GateKind::cz;
    case GateKind::p:
      return GateKind::cp;
    case GateKind::rx:
      return GateKind::crx;
    case GateKind::ry:
      return GateKind::cry;
    case GateKind::rz:
      return GateKind::crz;
    default:
      return std::nullopt;
  }
}

/// The angle of diag(1, exp(i angle)), where the gate is one.
std::optional<double> phase_angle(const NativeGate& gate) {
  switch (gate.kind) {
    case GateKind::z:
      return pi;
    case GateKind::s:
      return pi / 2.0;
    case GateKind::sdg:
      return -pi / 2.0;
    case GateKind::t:
      return pi / 4.0;
    case GateKind::tdg:
      return -pi / 4.0;
    case GateKind::p:
      return gate.angles[0];
    default:
      return std::nullopt;
  }
}

/// A gate on one qubit, brought to phases by a change of basis that needs no control.
void controlled_one_qubit(const NativeGate& gate, QubitSpan controls, GateSink& sink) {
  const std::size_t target = gate.qubits[0];
  const double angle = gate.angles[0];
  if (controls.size() == 1) {
    if (const auto kind = with_one_control(gate.kind)) return sink.gate({*kind, {controls[0], target}, {angle}});
  }
  if (controls.size() == 2 && gate.kind == GateKind::x) return toffoli(sink, controls[0], controls[1], target);
  const Qubits all = joined(controls, {{target}});
  if (const auto phase = phase_angle(gate)) return controlled_phase(all, *phase, sink);
  switch (gate.kind) {
    case GateKind::x:
    case GateKind::sx:  // sx = H S H
      one(sink, GateKind::h, target);
      controlled_phase(all, gate.kind == GateKind::x ? pi : pi / 2.0, sink);
      return one(sink, GateKind::h, target);
    case GateKind::y:
      one(sink, GateKind::sdg, target);
      controlled_one_qubit({GateKind::x, {target}, {}}, controls, sink);
      return one(sink, GateKind::s, target);
    case GateKind::h:  // H = ry(pi / 4) Z ry(-pi / 4)
      one(sink, GateKind::ry, target, -pi / 4.0);
      controlled_one_qubit({GateKind::z, {target}, {}}, controls, sink);
      return one(sink, GateKind::ry, target, pi / 4.0);
    case GateKind::rz:
      controlled_phase(all, angle, sink);
      return controlled_phase(controls, -angle / 2.0, sink);
    case GateKind::rx:
      one(sink, GateKind::h, target);
      controlled_one_qubit({GateKind::rz, {target}, {angle}}, controls, sink);
      return one(sink, GateKind::h, target);
    case GateKind::ry:  // Y = S X S^+
      one(sink, GateKind::sdg, target);
      controlled_one_qubit({GateKind::rx, {target}, {angle}}, controls, sink);
      return one(sink, GateKind::s, target);
    default:  // u = p(phi) ry(theta) p(lambda)
      controlled_phase(all, gate.angles[2], sink);
      controlled_one_qubit({GateKind::ry, {target}, {angle}}, controls, sink);
      return controlled_phase(all, gate.angles[1], sink);
  }
}

}  // namespace

void controlled_phase(std::span<const std::size_t> qubits, double angle, GateSink& sink) {
  // With a the product of all qubits but the last two, b and t those: 2 a b t = b t - (a xor b) t + a t.
  Qubits rest(qubits.begin(), qubits.end());
  while (rest.size() > 2) {
    const std::size_t t = rest.back();
    rest.pop_back();
    const std::size_t b = rest.back();
    rest.pop_back();
    angle /= 2.0;
    sink.gate({GateKind::cp, {b, t}, {angle}});
    flip_with_borrowed(rest, b, {{t}}, sink);
    sink.gate({GateKind::cp, {b, t}, {-angle}});
    flip_with_borrowed(rest, b, {{t}}, sink);
    rest.push_back(t);
  }
  if (rest.size() == 2) return sink.gate({GateKind::cp, {rest[0], rest[1]}, {angle}});
  if (rest.size() == 1) return one(sink, GateKind::p, rest[0], angle);
  sink.phase(angle);
}

void controlled_gate(const NativeGate& gate, std::span<const std::size_t> controls, GateSink& sink) {
  if (controls.empty()) return sink.gate(gate);
  const Conjugated form = conjugated(gate);
  for (const NativeGate& before : form.before) sink.gate(before);
  controlled_one_qubit(form.core, joined(controls, form.controls), sink);
  std::for_each(form.before.rbegin(), form.before.rend(),
                [&](const NativeGate& before) { sink.gate(inverse(before).gate); });
}

}  // namespace titrant::quantum::qasm
