#pragma once

#include <cstddef>
#include <vector>

#include "routing.hpp"

namespace titrant::quantum {

/// A graph that is to lie on couplings of a device: what interacts in a circuit.
struct Pattern {
  struct Edge {
    std::size_t a = 0;
    std::size_t b = 0;
  };
  std::size_t vertices = 0;
  std::vector<Edge> edges;  ///< each pair once
};

/// What each choice adds to the cost of a placement; infinite: it may not be made.
struct PlacementCosts {
  std::vector<double> vertex;  ///< [vertex * device qubits + qubit]
  std::vector<double> edge;    ///< [edge * arcs + arc], a at the arc's start; see Couplings::first_arc
};

struct Embedding {
  double cost = 0.0;
  std::vector<std::size_t> place;  ///< [vertex] device qubit
};

struct Embeddings {
  std::vector<Embedding> found;  ///< the cheapest first
  bool complete = false;         ///< nothing cheaper exists: the search went to its end
};

struct EmbeddingLimits {
  std::size_t most = 1;        ///< embeddings kept
  std::size_t nodes = 200000;  ///< placements of single vertices tried; counted, so that any machine finds the same
};

/// The cheapest placements in which every edge lies on a coupling that works (subgraph monomorphisms): depth-first
/// branch and bound. The bound of a part that is not placed yet is exact but for collisions: the cheapest walk-like
/// placement of the spanning tree that hangs from what is placed, by dynamic programming over tree edges and arcs of
/// the device. Start qubits take turns with growing shares of the nodes. Vertices without edges get the cheapest qubits
/// that are left. Empty where there is none, or none was found within the limit (`complete` tells).
Embeddings embed(const Pattern& pattern, const Couplings& couplings, const PlacementCosts& costs,
                 const EmbeddingLimits& limits);

}  // namespace titrant::quantum
