#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "binding.hpp"

namespace titrant::quantum {

/// What a change of one trained angle does to the matrix of a block.
struct Change {
  /// By the eigenvalues of the generator: +-1/2; 0 and -1; 0 and +-1/2.
  enum class Kind { rotation, phase, controlled_rotation };

  std::size_t gate = 0;  ///< place in the slot
  Kind kind = Kind::rotation;
  SmallMatrix generator;  ///< the Hermitian G with d block / d angle = -i G block

  /// exp(-i pi G): what follows the block where the angle is increased by pi.
  SmallMatrix half_turn() const;
};

/// The changes of all blocks of a program.
class Changes {
 public:
  explicit Changes(const Binding& binding);

  /// For each gate with a trained angle that the sector applies.
  const std::vector<Change>& of(std::size_t slot, std::uint32_t sector) const {
    return blocks_[slot][variant_of(sector, binding_->program().slots[slot].sector_mask)];
  }

 private:
  std::vector<Change> of_run(const Run& run) const;
  std::vector<Change> of_block(std::size_t slot, std::uint32_t sector) const;

  const Binding* binding_;
  std::vector<std::vector<Change>> runs_;                 ///< [run]
  std::vector<std::vector<std::vector<Change>>> blocks_;  ///< [slot][variant]
};

}  // namespace titrant::quantum
