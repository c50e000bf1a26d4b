#include "bit_slots.hpp"

namespace titrant::quantum::qasm {

std::size_t BitSlots::add(std::size_t bit) {
  slots_.push_back({bit});
  return slots_.size() - 1;
}

void BitSlots::count(const Slot& slot, int change) {
  if (!slot.computed) return;
  for (const Circuit::Conditions& one : slot.value.cases()) {
    for (const auto& condition : one) {
      if (readers_.size() <= condition.bit) readers_.resize(condition.bit + 1, 0);
      readers_[condition.bit] += change;
    }
  }
}

void BitSlots::forget_from(std::size_t first) {
  for (; slots_.size() > first; slots_.pop_back()) count(slots_.back(), -1);
}

void BitSlots::compute(std::size_t slot, Predicate value) {
  Slot& one = slots_[slot];
  count(one, -1);
  one.value = std::move(value);
  one.computed = true;
  one.written = true;
  count(one, 1);
}

void BitSlots::measure_into(std::size_t slot, std::size_t bit) {
  Slot& one = slots_[slot];
  count(one, -1);
  one.computed = false;
  one.written = true;
  one.bit = bit;
}

}  // namespace titrant::quantum::qasm
