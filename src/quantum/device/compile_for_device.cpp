#include "titrant/quantum/device/compile_for_device.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <set>
#include <utility>

#include "dependencies.hpp"
#include "routing.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/statistics.hpp"
#include "titrant/quantum/synthesis/basis.hpp"

namespace titrant::quantum {

namespace {

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

/// In native gates of `part`, the device of the circuit's own qubits. With `rzz`, blocks for which the product of
/// 1 - error is larger that way are in rzz.
Circuit in_native_gates(const Circuit& small, const Device& part, bool rzz) {
  const PairGate pair_gate = [&part](std::size_t first, std::size_t second) -> std::optional<GateKind> {
    const Device::Edge* const edge = part.edge(first, second);
    if (edge == nullptr || edge->dead) return std::nullopt;
    const bool symmetric = edge->gate == GateKind::cz || edge->gate == GateKind::rzz;
    return symmetric || edge->control == first ? std::optional(edge->gate) : std::nullopt;
  };
  const PreferRzz prefer = [&part](std::size_t first, std::size_t second, std::size_t cx, std::size_t rotations) {
    const Device::Edge* const edge = part.edge(first, second);
    if (edge == nullptr || !edge->rzz) return false;
    const auto success = [](double error, std::size_t times) { return std::pow(1.0 - error, times); };
    return success(edge->rzz->error, rotations) > success(edge->error, cx);
  };
  return to_native(merge_two_qubit_blocks(small, rzz ? prefer : nullptr), pair_gate, part.pulses);
}

/// The routed circuit on the qubits that it uses, in native gates; of those with and without rzz the better one.
RoutedCircuit finished(const Routing& routing, const Device& device, const std::vector<std::size_t>& layout) {
  std::set<std::size_t> used(layout.begin(), layout.end());
  for (const Operation& operation : routing.circuit.operations())
    used.insert(operation.qubits.begin(), operation.qubits.end());
  RoutedCircuit result{Circuit(1, 0), {used.begin(), used.end()}, layout, routing.final_layout};
  std::vector<std::size_t> number(device.qubits.size(), 0);
  for (std::size_t k = 0; k < result.device_qubits.size(); ++k) number[result.device_qubits[k]] = k;
  Circuit small(result.device_qubits.size(), routing.circuit.bits());
  for (Operation operation : routing.circuit.operations()) {
    for (std::size_t& qubit : operation.qubits) qubit = number[qubit];
    small.add(std::move(operation));
  }
  const Device part = device.subset(result.device_qubits);
  result.circuit = in_native_gates(small, part, false);
  const auto has_rzz = [](const Device::Edge& edge) { return edge.rzz.has_value() && !edge.dead; };
  if (std::any_of(part.edges.begin(), part.edges.end(), has_rzz)) {
    Circuit with = in_native_gates(small, part, true);
    if (summarise(with, part).success_probability > summarise(result.circuit, part).success_probability)
      result.circuit = std::move(with);
  }
  return result;
}

}  // namespace

RoutedCircuit compile_for_device(const Circuit& bound, const Device& device, std::uint64_t seed,
                                 const RoutingOptions& options) {
  std::vector<std::size_t> usable;
  for (std::size_t q = 0; q < device.qubits.size(); ++q)
    if (device.qubits[q].usable()) usable.push_back(q);
  if (bound.qubits() > usable.size()) {
    throw ConfigError(fmt::format("device {}: {} qubits{}, and the circuit needs {}", device.name, usable.size(),
                                  usable.size() < device.qubits.size() ? " that can be used" : "", bound.qubits()));
  }
  const Circuit blocks = merge_two_qubit_blocks(bound);
  const Circuit forwards = pairs_of(blocks);
  const Circuit reversed = backwards(blocks);
  const Couplings couplings(device);
  // A patch grows along couplings that work, so it must start among enough qubits that they connect.
  const auto connects_too_few = [&](std::size_t start) {
    std::size_t reached = 0;
    for (const std::size_t q : usable) reached += std::isfinite(couplings.distance(start, q)) ? 1 : 0;
    return reached < bound.qubits();
  };
  std::vector<std::size_t> starts = usable;
  starts.erase(std::remove_if(starts.begin(), starts.end(), connects_too_few), starts.end());
  if (starts.empty()) {
    const std::string left_out = device.left_out_line();
    throw ConfigError(fmt::format("device {}: no {} qubits are connected by couplings that work{}{}", device.name,
                                  bound.qubits(), left_out.empty() ? "" : "; left out: ", left_out));
  }
  std::optional<RoutedCircuit> best;
  double best_success = -1.0;
  for (int trial = 0; trial < options.trials; ++trial) {
    core::Stream stream(seed, core::Purpose::starts, static_cast<std::uint64_t>(trial), 1);
    const std::size_t start = starts[stream.below(starts.size())];
    std::vector<std::size_t> layout = patch(device, couplings, start, bound.qubits(), stream);
    core::shuffle(layout, stream);
    // Where the circuit ends well, its reverse starts well, and the other way round.
    for (int round = 0; round < 3; ++round) {
      layout = route(forwards, couplings, layout, stream).final_layout;
      layout = route(reversed, couplings, layout, stream).final_layout;
    }
    RoutedCircuit candidate = finished(route(blocks, couplings, layout, stream), device, layout);
    const double success = summarise(candidate.circuit, device.subset(candidate.device_qubits)).success_probability;
    if (success > best_success) {
      best_success = success;
      best = std::move(candidate);
    }
  }
  TITRANT_EXPECTS(best.has_value());
  return std::move(*best);
}

}  // namespace titrant::quantum
