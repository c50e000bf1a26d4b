#include "changes.hpp"

namespace titrant::quantum {

namespace {

bool is_trained(const ControlledGate& gate) { return gate.angle && gate.angle->source == Angle::Source::parameter; }

/// The gate turned back.
SmallMatrix inverse(const ControlledGate& gate, HalfAngle half) {
  half.sine = -half.sine;
  const SmallMatrix base = base_matrix(gate.kind, half);
  return gate.angle ? base : SmallMatrix(base.adjoint());
}

Change::Kind kind_of(const ControlledGate& gate) {
  if (gate.kind == GateKind::p) return Change::Kind::phase;
  return gate.controls.empty() ? Change::Kind::rotation : Change::Kind::controlled_rotation;
}

}  // namespace

SmallMatrix Change::half_turn() const {
  const Complex minus_two_i(0.0, -2.0);
  const SmallMatrix one = SmallMatrix::Identity(generator.rows(), generator.cols());
  switch (kind) {
    case Kind::rotation:
      return minus_two_i * generator;
    case Kind::phase:
      return one + 2.0 * generator;
    case Kind::controlled_rotation:
      break;
  }
  return one - 4.0 * product(generator, generator) + minus_two_i * generator;
}

Changes::Changes(const Binding& binding) : binding_(&binding) {
  for (const Run& run : binding.program().runs) runs_.push_back(of_run(run));
  for (std::size_t slot = 0; slot < binding.program().slots.size(); ++slot) {
    const std::uint32_t mask = binding.program().slots[slot].sector_mask;
    std::vector<std::vector<Change>>& variants = blocks_.emplace_back();
    for (std::size_t variant = 0; variant < variant_count(mask); ++variant)
      variants.push_back(of_block(slot, sector_of(variant, mask)));
  }
}

/// With L the product of the later gates, d(L g ...) = -i (L G L^+) (L g ...).
std::vector<Change> Changes::of_run(const Run& run) const {
  std::vector<Change> changes;
  changes.reserve(run.gates.size());
  SmallMatrix later = identity(run.qubits);  // L^+
  for (std::size_t k = run.gates.size(); k-- > 0;) {
    const ControlledGate& gate = run.gates[k];
    if (is_trained(gate)) {
      SmallMatrix changed = later;
      generate_left(changed, gate);
      changes.push_back({k, kind_of(gate), adjoint_product(later, changed)});
    }
    multiply_left(later, inverse(gate, half_angle(gate, binding_->half_angles())), gate);
  }
  return changes;
}

std::vector<Change> Changes::of_block(std::size_t slot, std::uint32_t sector) const {
  const Slot& block = binding_->program().slots[slot];
  std::vector<Change> changes;
  changes.reserve(block.gates.size());
  SmallMatrix later = identity(block.qubits);
  bool is_last = true;
  for (std::size_t k = block.pieces.size(); k-- > 0;) {
    const Piece& piece = block.pieces[k];
    if (!piece.condition.holds(sector)) continue;
    for (const Change& change : runs_[piece.run]) {
      changes.push_back({piece.first_gate + change.gate, change.kind,
                         is_last ? change.generator : SmallMatrix(later * change.generator * later.adjoint())});
    }
    later = product(later, binding_->run(piece.run));
    is_last = false;
  }
  return changes;
}

}  // namespace titrant::quantum
