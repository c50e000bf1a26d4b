#include "native.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace titrant::quantum {

namespace {

/// Blocks for which the product of 1 - error is larger that way are in rzz.
PreferRzz better_in_rzz(const Device& part) {
  return [&part](std::size_t first, std::size_t second, std::size_t cx, std::size_t rotations) {
    const Device::Edge* const edge = part.edge(first, second);
    if (edge == nullptr || !edge->rzz) return false;
    const auto success = [](double error, std::size_t times) { return std::pow(1.0 - error, times); };
    return success(edge->rzz->error, rotations) > success(edge->error, cx);
  };
}

}  // namespace

PairGate native_pair_gate(const Device& part) {
  return [&part](std::size_t first, std::size_t second) -> std::optional<GateKind> {
    const Device::Edge* const edge = part.edge(first, second);
    if (edge == nullptr || edge->dead) return std::nullopt;
    const bool symmetric = edge->gate == GateKind::cz || edge->gate == GateKind::rzz;
    return symmetric || edge->control == first ? std::optional(edge->gate) : std::nullopt;
  };
}

bool calibrates_rzz(const Device::Edge& edge) { return edge.rzz.has_value() && !edge.dead; }

NativeCircuit native_on(const Placeable& circuit, const Device& part) {
  const PairGate pair_gate = native_pair_gate(part);
  Circuit plain = to_native(circuit.blocks, pair_gate, part.pulses);
  const double success = summarise(plain, part).success_probability;
  NativeCircuit best{std::move(plain), success};
  if (std::any_of(part.edges.begin(), part.edges.end(), calibrates_rzz)) {
    Circuit with = to_native(merge_two_qubit_blocks(circuit.gates, better_in_rzz(part)), pair_gate, part.pulses);
    const double other = summarise(with, part).success_probability;
    if (other > best.success) best = {std::move(with), other};
  }
  return best;
}

}  // namespace titrant::quantum
