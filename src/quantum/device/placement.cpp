#include "placement.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "dependencies.hpp"
#include "native.hpp"
#include "titrant/quantum/synthesis/basis.hpp"

namespace titrant::quantum {

namespace {

constexpr int most_improvements = 200;

bool is_pair_gate(const Operation& operation) {
  return operation.kind == Operation::Kind::gate && operation.qubits.size() == 2;
}

Pattern pattern_of(const Circuit& circuit) {
  std::set<std::pair<std::size_t, std::size_t>> pairs;
  for (const Operation& operation : circuit.operations())
    if (is_pair_gate(operation)) pairs.insert(std::minmax(operation.qubits[0], operation.qubits[1]));
  Pattern pattern{circuit.qubits(), {}};
  for (const auto& [a, b] : pairs) pattern.edges.push_back({a, b});
  return pattern;
}

}  // namespace

Placeable placeable(const Circuit& circuit) {
  Placeable result{Circuit(circuit.qubits(), circuit.bits()), Circuit(1, 0), {}, {}, {}};
  for (Operation operation : circuit.operations()) {
    if (operation.kind == Operation::Kind::discard) continue;  // as in routing: no word to a device
    operation.qubits = qubits_of(operation, circuit.qubits());
    result.gates.add(std::move(operation));
  }
  result.blocks = merge_two_qubit_blocks(result.gates);
  for (std::size_t q = 0; q < circuit.qubits(); ++q) result.initial.push_back(q);
  result.last = result.initial;
  result.pattern = pattern_of(result.blocks);
  return result;
}

Placeable placeable(const Routing& routing, const std::vector<std::size_t>& layout, std::vector<std::size_t>& place) {
  std::set<std::size_t> used(layout.begin(), layout.end());
  for (const Operation& operation : routing.circuit.operations())
    used.insert(operation.qubits.begin(), operation.qubits.end());
  place.assign(used.begin(), used.end());
  const auto own = [&place](std::size_t qubit) {
    return static_cast<std::size_t>(std::lower_bound(place.begin(), place.end(), qubit) - place.begin());
  };
  Placeable result{Circuit(place.size(), routing.circuit.bits()), Circuit(1, 0), {}, {}, {}};
  for (Operation operation : routing.circuit.operations()) {
    for (std::size_t& qubit : operation.qubits) qubit = own(qubit);
    result.gates.add(std::move(operation));
  }
  result.blocks = merge_two_qubit_blocks(result.gates);
  for (const std::size_t qubit : layout) result.initial.push_back(own(qubit));
  for (const std::size_t qubit : routing.final_layout) result.last.push_back(own(qubit));
  result.pattern = pattern_of(result.blocks);
  return result;
}

RoutedCircuit native_at(const Placeable& circuit, const Device& device, const std::vector<std::size_t>& place) {
  const Circuit native = native_on(circuit, device.subset(place)).circuit;
  RoutedCircuit result{Circuit(place.size(), native.bits()), place, {}, {}};
  std::sort(result.device_qubits.begin(), result.device_qubits.end());
  const auto number = [&](std::size_t own) {
    const auto found = std::lower_bound(result.device_qubits.begin(), result.device_qubits.end(), place[own]);
    return static_cast<std::size_t>(found - result.device_qubits.begin());
  };
  for (Operation operation : native.operations()) {
    for (std::size_t& qubit : operation.qubits) qubit = number(qubit);
    result.circuit.add(std::move(operation));
  }
  for (const std::size_t own : circuit.initial) result.initial_layout.push_back(place[own]);
  for (const std::size_t own : circuit.last) result.final_layout.push_back(place[own]);
  return result;
}

double success_at(const Placeable& circuit, const Device& device, const std::vector<std::size_t>& place) {
  return native_on(circuit, device.subset(place)).success;
}

Placed best_placement(const Placeable& circuit, const Device& device, const Couplings& couplings,
                      const TypicalFigures& typical, const EmbeddingLimits& limits) {
  Placed best;
  const PlacementCosts costs = placement_costs(circuit, device, couplings, typical);
  for (Embedding& one : embed(circuit.pattern, couplings, costs, limits).found) {
    const double success = success_at(circuit, device, one.place);
    if (success > best.success) best = {std::move(one.place), success};
  }
  return best;
}

Placed improve(const Placeable& circuit, const Device& device, const Couplings& couplings, Placed placed) {
  std::vector<std::vector<std::size_t>> partners(circuit.pattern.vertices);
  for (const Pattern::Edge& edge : circuit.pattern.edges) {
    partners[edge.a].push_back(edge.b);
    partners[edge.b].push_back(edge.a);
  }
  const auto fits = [&](const std::vector<std::size_t>& place, std::size_t vertex) {
    return std::all_of(partners[vertex].begin(), partners[vertex].end(),
                       [&](std::size_t other) { return couplings.adjacent(place[vertex], place[other]); });
  };
  int left = most_improvements;
  for (bool better = true; better;) {
    better = false;
    for (std::size_t vertex = 0; vertex < partners.size(); ++vertex) {
      if (partners[vertex].empty()) continue;  // has the cheapest qubit that was left
      for (std::size_t qubit = 0; qubit < device.qubits.size(); ++qubit) {
        if (qubit == placed.place[vertex] || !device.qubits[qubit].usable()) continue;
        std::vector<std::size_t> moved = placed.place;
        const auto holder = std::find(moved.begin(), moved.end(), qubit);
        const auto other = static_cast<std::size_t>(holder - moved.begin());
        if (other < moved.size()) moved[other] = moved[vertex];
        moved[vertex] = qubit;
        if (!fits(moved, vertex) || (other < moved.size() && !fits(moved, other))) continue;
        if (left-- <= 0) return placed;
        const double success = success_at(circuit, device, moved);
        if (success <= placed.success) continue;
        placed = {std::move(moved), success};
        better = true;
      }
    }
  }
  return placed;
}

}  // namespace titrant::quantum
