#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "condition.hpp"

namespace titrant::quantum::qasm {

/// What the classical bits of a program are: each is a bit of the circuit, which measurements write, or a value that
/// follows from such bits (a copy, a combination, a constant). Registers, local bits of blocks and subroutines and
/// variables of type bool have slots, in the order of their declaration.
class BitSlots {
 public:
  static constexpr std::size_t no_bit = std::numeric_limits<std::size_t>::max();

  struct Slot {
    std::size_t bit = no_bit;  ///< of the circuit; no_bit until something measures into this slot
    bool computed = false;     ///< `value` counts, not `bit`
    bool written = false;      ///< by a measurement or an assignment
    Predicate value = Predicate::never();
  };

  /// A new slot; its number.
  std::size_t add(std::size_t bit);
  std::size_t size() const { return slots_.size(); }
  const Slot& at(std::size_t slot) const { return slots_[slot]; }
  /// Slots from this one on are gone.
  void forget_from(std::size_t first);

  void compute(std::size_t slot, Predicate value);
  /// A measurement writes this bit of the circuit, and the slot is that bit from now on.
  void measure_into(std::size_t slot, std::size_t bit);
  /// Whether a computed value reads this bit of the circuit: it must not be written again.
  bool read(std::size_t bit) const { return bit < readers_.size() && readers_[bit] > 0; }

 private:
  void count(const Slot& slot, int change);

  std::vector<Slot> slots_;
  std::vector<std::int64_t> readers_;  ///< by bit of the circuit: in how many cases of computed values it occurs
};

}  // namespace titrant::quantum::qasm
