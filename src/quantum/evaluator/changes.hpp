#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "binding.hpp"

namespace titrant::quantum {

/// What a change of one trained angle does to the matrix of a block.
struct Change {
  std::size_t gate = 0;  ///< place in the slot
  /// As a generator: the Hermitian G with d block / d angle = -i G block.
  /// As a half turn: what follows the block where the angle is increased by pi.
  SmallMatrix matrix;
};

/// The changes of all blocks of a program, of one of the two kinds.
class Changes {
 public:
  enum class Kind { generator, half_turn };
  Changes(const Binding& binding, Kind kind);

  /// For each gate with a trained angle that the sector applies.
  const std::vector<Change>& of(std::size_t slot, std::uint32_t sector) const {
    return blocks_[slot][variant_of(sector, binding_->program().slots[slot].sector_mask)];
  }

 private:
  std::vector<Change> of_run(const Run& run) const;
  std::vector<Change> of_block(std::size_t slot, std::uint32_t sector) const;

  const Binding* binding_;
  Kind kind_;
  std::vector<std::vector<Change>> runs_;                 ///< [run]
  std::vector<std::vector<std::vector<Change>>> blocks_;  ///< [slot][variant]
};

}  // namespace titrant::quantum
