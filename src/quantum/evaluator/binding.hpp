#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "program.hpp"
#include "small_matrix.hpp"

namespace titrant::quantum {

/// The matrices of a program's blocks for one set of parameters: made once per call, for all of its examples.
class Binding {
 public:
  Binding(const Program& program, std::span<const double> parameters);

  const Program& program() const { return *program_; }
  std::span<const HalfAngle> half_angles() const { return half_angles_; }

  /// The matrix of a block without features, in a sector.
  const SmallMatrix& matrix(std::size_t slot, std::uint32_t sector) const {
    return blocks_[slot][variant_of(sector, program_->slots[slot].sector_mask)];
  }
  const SmallMatrix& adjoint(std::size_t slot, std::uint32_t sector) const {
    return adjoints_[slot][variant_of(sector, program_->slots[slot].sector_mask)];
  }
  const SmallMatrix& run(std::size_t index) const { return runs_[index]; }

 private:
  const Program* program_;
  std::vector<HalfAngle> half_angles_;
  std::vector<SmallMatrix> runs_;
  std::vector<std::vector<SmallMatrix>> blocks_;  ///< [slot][variant]; empty for slots with features
  std::vector<std::vector<SmallMatrix>> adjoints_;
};

/// (re, im) pairs, row by row.
inline const double* data_of(const SmallMatrix& matrix) { return reinterpret_cast<const double*>(matrix.data()); }

}  // namespace titrant::quantum
