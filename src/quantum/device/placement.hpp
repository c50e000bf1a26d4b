#pragma once

#include <cstddef>
#include <vector>

#include "embedding.hpp"
#include "routing.hpp"
#include "titrant/quantum/circuit.hpp"
#include "titrant/quantum/device/compile_for_device.hpp"
#include "titrant/quantum/device/device.hpp"

namespace titrant::quantum {

/// A circuit on qubits of its own that only needs places: wherever its pattern lies on couplings, it can run.
struct Placeable {
  Circuit gates;                     ///< with swaps, if any
  Circuit blocks;                    ///< the same as blocks of u and cx
  std::vector<std::size_t> initial;  ///< [qubit of the original] own qubit that it starts on
  std::vector<std::size_t> last;     ///< and the one that it ends on
  Pattern pattern;                   ///< of the blocks
};

/// A circuit without swaps: its own qubits are the original's.
Placeable placeable(const Circuit& circuit);

/// A routed circuit, on the device qubits that it starts on or uses: `place`, the lowest first.
Placeable placeable(const Routing& routing, const std::vector<std::size_t>& layout, std::vector<std::size_t>& place);

/// The median times of a device's usable qubits and working couplings, and the gate that most of them have.
struct TypicalFigures {
  explicit TypicalFigures(const Device& device);
  Device on(const Pattern& pattern) const;  ///< with the pattern's couplings

  Device::Qubit qubit;
  Device::Edge edge;
  PulseBasis pulses;
};

/// What its gates, records and waiting cost in -log of the success probability. Gates on one qubit, records, and gates
/// on two (in rzz where that costs less) are exact but for pulses that turn a coupling's direction; waiting is that of
/// a device with median times, and the effect of a coupling's own time on it is linear.
PlacementCosts placement_costs(const Placeable& circuit, const Device& device, const Couplings& couplings,
                               const TypicalFigures& figures);

/// In native gates at these places ([own qubit] device qubit): qubit k of the result is device_qubits[k], the lowest
/// first. Of the circuits with and without rzz the better one.
RoutedCircuit native_at(const Placeable& circuit, const Device& device, const std::vector<std::size_t>& place);

struct Placed {
  std::vector<std::size_t> place;
  double success = -1.0;  ///< as CircuitSummary::success_probability; below 0: there is no place
};

/// The best of the cheapest embeddings, by the estimated probability of success.
Placed best_placement(const Placeable& circuit, const Device& device, const Couplings& couplings,
                      const TypicalFigures& typical, const EmbeddingLimits& limits);

/// The estimate with these places.
double success_at(const Placeable& circuit, const Device& device, const std::vector<std::size_t>& place);

/// Moves single qubits, and exchanges two, as long as the estimate gets better.
Placed improve(const Placeable& circuit, const Device& device, const Couplings& couplings, Placed placed);

}  // namespace titrant::quantum
