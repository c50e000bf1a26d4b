#include "binding.hpp"

namespace titrant::quantum {

Binding::Binding(const Program& program, std::span<const double> parameters) : program_(&program) {
  for (const double parameter : parameters) half_angles_.push_back(HalfAngle::of(parameter));
  for (const Run& run : program.runs) {
    SmallMatrix matrix = identity(run.qubits);
    for (const ControlledGate& gate : run.gates)
      multiply_left(matrix, base_matrix(gate.kind, half_angle(gate, half_angles_)), gate);
    runs_.push_back(matrix);
  }
  for (const Slot& slot : program.slots) {
    std::vector<SmallMatrix>& variants = blocks_.emplace_back();
    adjoints_.emplace_back();
    if (slot.depends_on_features) continue;
    for (std::size_t variant = 0; variant < variant_count(slot.sector_mask); ++variant) {
      SmallMatrix matrix = identity(slot.qubits);
      for (const Piece& piece : slot.pieces) {
        if (piece.condition.holds(sector_of(variant, slot.sector_mask))) matrix = product(runs_[piece.run], matrix);
      }
      variants.push_back(matrix);
      adjoints_.back().push_back(matrix.adjoint());
    }
  }
}

}  // namespace titrant::quantum
