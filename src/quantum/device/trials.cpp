#include "trials.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "titrant/core/error.hpp"
#include "titrant/core/statistics.hpp"
#include "titrant/quantum/synthesis/basis.hpp"

namespace titrant::quantum {

namespace {

constexpr EmbeddingLimits again_limits = {3, 3000};

/// The circuit backwards, gates on two qubits alone: what a layout must serve.
Circuit backwards(const Circuit& circuit) {
  Circuit reversed(circuit.qubits(), circuit.bits());
  for (std::size_t k = circuit.operations().size(); k-- > 0;) {
    const Operation& operation = circuit.operations()[k];
    if (operation.kind == Operation::Kind::gate && operation.qubits.size() == 2)
      reversed.gate(GateKind::cz, operation.qubits);
  }
  return reversed;
}

Circuit pairs_of(const Circuit& circuit) { return backwards(backwards(circuit)); }

/// A connected patch grown from one qubit, each time by the neighbour with the best coupling, readout and coherence;
/// with some chance, so that trials differ.
std::vector<std::size_t> patch(const Device& device, const Couplings& couplings, std::size_t start, std::size_t size,
                               core::Stream& stream) {
  std::vector<std::size_t> chosen = {start};
  while (chosen.size() < size) {
    double least = std::numeric_limits<double>::infinity();
    std::size_t best = 0;
    for (const std::size_t qubit : chosen) {
      for (const std::size_t next : couplings.neighbours(qubit)) {
        if (std::find(chosen.begin(), chosen.end(), next) != chosen.end()) continue;
        const Device::Qubit& figures = device.qubits[next];
        std::size_t links = 0;  // a patch with rings needs fewer swaps
        for (const std::size_t other : couplings.neighbours(next))
          links += std::find(chosen.begin(), chosen.end(), other) != chosen.end() ? 1 : 0;
        const double cost = device.edge(qubit, next)->error + 0.25 * (figures.one_given_zero + figures.zero_given_one) +
                            0.5 / figures.t2 - 0.01 * static_cast<double>(links) + 0.01 * stream.uniform();
        if (cost < least) {
          least = cost;
          best = next;
        }
      }
    }
    TITRANT_EXPECTS(std::isfinite(least));  // `start` reaches `size` qubits
    chosen.push_back(best);
  }
  return chosen;
}

}  // namespace

Trials::Trials(const Circuit& circuit, const Device& device, const Couplings& couplings, const TypicalFigures& typical,
               std::vector<std::size_t> starts, std::uint64_t seed)
    : blocks_(merge_two_qubit_blocks(circuit)),
      forwards_(pairs_of(blocks_)),
      reversed_(backwards(blocks_)),
      device_(device),
      couplings_(couplings),
      typical_(typical),
      starts_(std::move(starts)),
      seed_(seed),
      beginnings_(layouts_of_beginning(forwards_, device, couplings, typical)) {
  TITRANT_EXPECTS(!starts_.empty());
}

PlacedCircuit Trials::run(int trial) const {
  core::Stream stream(seed_, core::Purpose::starts, static_cast<std::uint64_t>(trial), 1);
  std::vector<std::size_t> layout;
  if (static_cast<std::size_t>(trial) < beginnings_.size()) {
    layout = beginnings_[static_cast<std::size_t>(trial)];
  } else {
    const std::size_t start = starts_[stream.below(starts_.size())];
    layout = patch(device_, couplings_, start, blocks_.qubits(), stream);
    core::shuffle(layout, stream);
    // Where the circuit ends well, its reverse starts well, and the other way round.
    for (int round = 0; round < 3; ++round) {
      layout = route(forwards_, couplings_, layout, stream).final_layout;
      layout = route(reversed_, couplings_, layout, stream).final_layout;
    }
  }
  std::vector<std::size_t> place;
  Placeable routed = placeable(route(blocks_, couplings_, layout, stream), layout, place);
  Placed best = best_placement(routed, device_, couplings_, typical_, again_limits);
  const double here = success_at(routed, device_, place);
  if (here > best.success) best = {std::move(place), here};
  return {std::move(routed), std::move(best)};
}

}  // namespace titrant::quantum
