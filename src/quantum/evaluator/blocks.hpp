#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sectors.hpp"

namespace titrant::quantum {

/// A set of steps that the gates of a circuit are gathered into: between two blocks on the same qubits nothing else
/// happens there, so their gates multiply to one small matrix.
struct Block {
  std::vector<std::size_t> qubits;   ///< one or two; the first is the most significant of the matrix
  std::vector<SectoredGate> gates;   ///< qubits of these gates are places in `qubits`
  std::vector<Control> controls;     ///< further state qubits, on whose values the whole block is applied
  bool depends_on_features = false;  ///< then each example has a matrix of its own

  std::uint32_t sector_mask() const;
};

/// X, CX or SWAP, which only renames basis states and so costs nothing: later steps look elsewhere.
struct Permutation {
  GateKind kind = GateKind::x;      ///< x or swap
  std::vector<std::size_t> qubits;  ///< targets
  std::vector<Control> controls;    ///< at most one, of an x
};

/// One step of a circuit: a permutation where `block.qubits` is empty.
struct Step {
  Block block;
  Permutation permutation;

  bool is_permutation() const { return block.qubits.empty(); }
  std::vector<std::size_t> qubits() const;  ///< all state qubits it touches
};

/// The steps of a circuit in an order that computes it.
std::vector<Step> fuse(const SectoredCircuit& circuit);

}  // namespace titrant::quantum
