#pragma once

#include <cstddef>
#include <vector>

#include "titrant/core/stream.hpp"
#include "titrant/quantum/circuit.hpp"
#include "titrant/quantum/device/device.hpp"

namespace titrant::quantum {

/// The couplings of a device that work, and how far apart qubits are along them.
class Couplings {
 public:
  explicit Couplings(const Device& device);

  std::size_t qubits() const { return neighbours_.size(); }
  const std::vector<std::size_t>& neighbours(std::size_t qubit) const { return neighbours_[qubit]; }
  bool adjacent(std::size_t a, std::size_t b) const;
  /// Along the best way: each coupling counts 1 and more, the worse its error. Infinite where there is none.
  double distance(std::size_t a, std::size_t b) const { return distance_[a * qubits() + b]; }
  double length(std::size_t a, std::size_t b) const { return length_[a * qubits() + b]; }

  /// Couplings in each of both directions: arc first_arc(a) + k goes from a to neighbours(a)[k].
  std::size_t arcs() const { return first_arc_.back(); }
  std::size_t first_arc(std::size_t qubit) const { return first_arc_[qubit]; }
  std::size_t arc(std::size_t from, std::size_t to) const;  ///< of neighbours
  std::size_t reverse(std::size_t arc) const { return reverse_[arc]; }

 private:
  std::vector<std::vector<std::size_t>> neighbours_;
  std::vector<std::size_t> first_arc_;
  std::vector<std::size_t> reverse_;  ///< [arc]
  std::vector<double> length_;        ///< of single couplings
  std::vector<double> distance_;
};

/// A circuit on the qubits of a device, gates on neighbours alone, with swaps put in.
struct Routing {
  Circuit circuit;
  std::vector<std::size_t> final_layout;  ///< [original qubit] device qubit
};

/// `layout`: [original qubit] device qubit; all different and in one connected part. Operations act on one or two
/// qubits.
Routing route(const Circuit& circuit, const Couplings& couplings, std::vector<std::size_t> layout,
              core::Stream& stream);

}  // namespace titrant::quantum
