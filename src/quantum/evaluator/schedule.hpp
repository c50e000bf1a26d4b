#pragma once

#include <cstddef>
#include <vector>

#include "blocks.hpp"

namespace titrant::quantum {

/// The steps of a circuit in two parts. `forward` is applied to each example's state. `tail` is what remains to be done
/// on few qubits at the end; it is the same for all examples, so it is pulled back onto the result's measurement once
/// (Heisenberg picture) and becomes one observable on `tail_qubits` per sector.
struct Schedule {
  std::vector<Step> forward;  ///< ordered so that sectors part from one another as late as possible
  std::vector<Step> tail;
  std::vector<std::size_t> tail_qubits;  ///< at most three; they include the result
};

Schedule schedule(std::vector<Step> steps, std::size_t result);

}  // namespace titrant::quantum
