#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "native.hpp"
#include "placement.hpp"
#include "timeline.hpp"
#include "titrant/core/statistics.hpp"
#include "titrant/quantum/synthesis/basis.hpp"

namespace titrant::quantum {

namespace {

constexpr double impossible_place = std::numeric_limits<double>::infinity();
constexpr double longer = 10.0;  // ns by which a coupling's time is varied

double median_of(const std::vector<double>& values) { return values.empty() ? 0.0 : core::median(values); }

double loss(double error) { return error < 1.0 ? -std::log1p(-error) : impossible_place; }

/// -log of the average fidelity of thermal relaxation, (3 + exp(-t/T1) + 2 exp(-t/T2)) / 6: average_gate_fidelity of
/// thermal_relaxation in closed form.
double relaxation_loss(const Device::Qubit& qubit, double idle) {
  return -std::log((3.0 + std::exp(-idle / qubit.t1) + 2.0 * std::exp(-idle / qubit.t2)) / 6.0);
}

/// How often a qubit does what.
struct Uses {
  std::size_t sx = 0, x = 0, u2 = 0, u3 = 0, rx = 0, records = 0;
  double idle = 0.0;  ///< us
};

std::vector<Uses> uses_of(const Circuit& native, const Timeline& scheduled) {
  std::vector<Uses> uses(native.qubits());
  for (std::size_t q = 0; q < uses.size(); ++q) uses[q].idle = scheduled.idle[q];
  for (const Operation& operation : native.operations()) {
    if (operation.kind == Operation::Kind::measure) ++uses[operation.qubits[0]].records;
    if (operation.kind != Operation::Kind::gate || operation.qubits.size() != 1) continue;
    Uses& own = uses[operation.qubits[0]];
    if (operation.gate == GateKind::sx) ++own.sx;
    if (operation.gate == GateKind::x) ++own.x;
    if (operation.gate == GateKind::rx) ++own.rx;
    if (operation.gate == GateKind::u) ++(is_u2(operation) ? own.u2 : own.u3);
  }
  return uses;
}

double cost_of_uses(const Uses& uses, const Device::Qubit& qubit) {
  if (!qubit.usable()) return impossible_place;
  double sum = uses.idle > 0.0 ? relaxation_loss(qubit, uses.idle) : 0.0;
  const auto add = [&sum](std::size_t times, double error) {
    if (times > 0) sum += static_cast<double>(times) * loss(error);
  };
  add(uses.sx, qubit.sx_error);
  add(uses.x, qubit.x_error);
  add(uses.u2, qubit.u2.error);
  add(uses.u3, qubit.u3.error);
  add(uses.rx, qubit.rx.error);
  add(uses.records, 0.5 * (qubit.one_given_zero + qubit.zero_given_one));
  return sum;
}

std::vector<std::size_t> gates_on_edges(const Circuit& circuit, const Pattern& pattern, GateKind kind) {
  std::map<std::pair<std::size_t, std::size_t>, std::size_t> count;
  for (const Operation& operation : circuit.operations())
    if (operation.qubits.size() == 2 && operation.kind == Operation::Kind::gate && operation.gate == kind)
      ++count[std::minmax(operation.qubits[0], operation.qubits[1])];
  std::vector<std::size_t> result;
  for (const Pattern::Edge& edge : pattern.edges) result.push_back(count[{edge.a, edge.b}]);
  return result;
}

}  // namespace

TypicalFigures::TypicalFigures(const Device& device) : pulses(device.pulses) {
  using Qubit = Device::Qubit;
  std::vector<const Qubit*> usable;
  for (const Qubit& one : device.qubits)
    if (one.usable()) usable.push_back(&one);
  const auto median_qubit = [&usable](const auto& value) {
    std::vector<double> values;
    for (const Qubit* const one : usable) values.push_back(value(*one));
    return median_of(values);
  };
  qubit.t1 = median_qubit([](const Qubit& q) { return q.t1; });
  qubit.t2 = std::min(2.0 * qubit.t1, median_qubit([](const Qubit& q) { return q.t2; }));
  qubit.readout_duration = median_qubit([](const Qubit& q) { return q.readout_duration; });
  qubit.one_qubit_duration = median_qubit([](const Qubit& q) { return q.one_qubit_duration; });
  qubit.reset_duration = median_qubit([](const Qubit& q) { return q.reset_duration; });
  qubit.u2.duration = median_qubit([](const Qubit& q) { return q.u2.duration; });
  qubit.u3.duration = median_qubit([](const Qubit& q) { return q.u3.duration; });
  qubit.rx.duration = median_qubit([](const Qubit& q) { return q.rx.duration; });
  std::vector<double> durations;
  std::map<GateKind, std::size_t> kinds;
  for (const Device::Edge& one : device.edges) {
    if (one.dead) continue;
    durations.push_back(one.duration);
    ++kinds[one.gate];
  }
  edge.duration = median_of(durations);
  const auto fewer = [](const auto& a, const auto& b) { return a.second < b.second; };
  if (!kinds.empty()) edge.gate = std::max_element(kinds.begin(), kinds.end(), fewer)->first;
}

Device TypicalFigures::on(const Pattern& pattern) const {
  Device device;
  device.pulses = pulses;
  device.qubits.assign(pattern.vertices, qubit);
  device.edges.assign(pattern.edges.size(), edge);
  for (std::size_t e = 0; e < pattern.edges.size(); ++e) {
    device.edges[e].control = pattern.edges[e].a;
    device.edges[e].target = pattern.edges[e].b;
  }
  return device;
}

PlacementCosts placement_costs(const Placeable& circuit, const Device& device, const Couplings& couplings,
                               const TypicalFigures& figures) {
  const Pattern& pattern = circuit.pattern;
  Device typical = figures.on(pattern);
  const Circuit native = to_native(circuit.blocks, native_pair_gate(typical), typical.pulses);
  const Timeline middle = timeline(native, typical);
  const std::vector<Uses> uses = uses_of(native, middle);
  PlacementCosts costs;
  for (const Uses& own : uses)
    for (const Device::Qubit& qubit : device.qubits) costs.vertex.push_back(cost_of_uses(own, qubit));

  const bool any_rzz = std::any_of(device.edges.begin(), device.edges.end(), calibrates_rzz);
  const std::vector<std::size_t> cx = gates_on_edges(circuit.blocks, pattern, GateKind::cx);
  std::vector<std::size_t> rzz(pattern.edges.size(), 0);
  std::vector<std::size_t> beside(pattern.edges.size(), 0);
  if (any_rzz) {
    const auto always = [](std::size_t, std::size_t, std::size_t, std::size_t) { return true; };
    const Circuit rotations = merge_two_qubit_blocks(circuit.gates, always);
    rzz = gates_on_edges(rotations, pattern, GateKind::rzz);
    beside = gates_on_edges(rotations, pattern, GateKind::cx);
  }
  const double usual = figures.edge.duration;
  costs.edge.assign(pattern.edges.size() * couplings.arcs(), impossible_place);
  for (std::size_t e = 0; e < pattern.edges.size(); ++e) {
    typical.edges[e].duration = usual + longer;
    const Timeline later = timeline(native, typical);
    typical.edges[e].duration = usual;
    double per_ns = 0.0;
    for (std::size_t q = 0; q < uses.size(); ++q)
      per_ns +=
          (relaxation_loss(typical.qubits[q], later.idle[q]) - relaxation_loss(typical.qubits[q], middle.idle[q])) /
          longer;
    for (const Device::Edge& edge : device.edges) {
      if (edge.dead) continue;
      double own = static_cast<double>(cx[e]) * loss(edge.error);
      if (calibrates_rzz(edge))
        own = std::min(own, static_cast<double>(rzz[e]) * loss(edge.rzz->error) +
                                static_cast<double>(beside[e]) * loss(edge.error));
      own += per_ns * (edge.duration - usual);
      for (const std::size_t arc : {couplings.arc(edge.control, edge.target), couplings.arc(edge.target, edge.control)})
        costs.edge[e * couplings.arcs() + arc] = own;
    }
  }
  return costs;
}

}  // namespace titrant::quantum
