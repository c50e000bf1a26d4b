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

}  // namespace

Changes::Changes(const Binding& binding, Kind kind) : binding_(&binding), kind_(kind) {
  for (const Run& run : binding.program().runs) runs_.push_back(of_run(run));
  for (std::size_t slot = 0; slot < binding.program().slots.size(); ++slot) {
    const std::uint32_t mask = binding.program().slots[slot].sector_mask;
    std::vector<std::vector<Change>>& variants = blocks_.emplace_back();
    for (std::size_t variant = 0; variant < variant_count(mask); ++variant)
      variants.push_back(of_block(slot, sector_of(variant, mask)));
  }
}

/// With L the product of the later gates, d(L g ...) = -i (L G L^+) (L g ...), and a gate turned by pi is L g(pi) L^+
/// times what it was.
std::vector<Change> Changes::of_run(const Run& run) const {
  std::vector<Change> changes;
  changes.reserve(run.gates.size());
  SmallMatrix later = identity(run.qubits);  // L^+
  for (std::size_t k = run.gates.size(); k-- > 0;) {
    const ControlledGate& gate = run.gates[k];
    if (is_trained(gate)) {
      SmallMatrix changed = later;
      if (kind_ == Kind::generator) {
        generate_left(changed, gate);
      } else {
        multiply_left(changed, base_matrix(gate.kind, HalfAngle::half_turn()), gate);
      }
      changes.push_back({k, adjoint_product(later, changed)});
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
      changes.push_back({piece.first_gate + change.gate,
                         is_last ? change.matrix : SmallMatrix(later * change.matrix * later.adjoint())});
    }
    later = product(later, binding_->run(piece.run));
    is_last = false;
  }
  return changes;
}

}  // namespace titrant::quantum
