#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "beginning.hpp"
#include "placement.hpp"
#include "routing.hpp"

namespace titrant::quantum {

struct PlacedCircuit {
  Placeable circuit;
  Placed placed;
};

/// Routings of one circuit that start from different layouts: first from embeddings of its beginning, then from patches
/// of good qubits, improved by routing there and back. Each routed circuit is placed again where its gates, swaps
/// included, cost least.
class Trials {
 public:
  /// \param starts  qubits that connect to as many as the circuit needs; at least one
  Trials(const Circuit& circuit, const Device& device, const Couplings& couplings, const TypicalFigures& typical,
         std::vector<std::size_t> starts, std::uint64_t seed);

  PlacedCircuit run(int trial) const;

 private:
  Circuit blocks_;
  Circuit forwards_;
  Circuit reversed_;
  const Device& device_;
  const Couplings& couplings_;
  const TypicalFigures& typical_;
  std::vector<std::size_t> starts_;
  std::uint64_t seed_;
  std::vector<std::vector<std::size_t>> beginnings_;
};

}  // namespace titrant::quantum
