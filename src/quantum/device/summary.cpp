#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "dependencies.hpp"
#include "timeline.hpp"
#include "titrant/core/error.hpp"
#include "titrant/quantum/device/compile_for_device.hpp"
#include "titrant/quantum/gates.hpp"
#include "titrant/quantum/noise/channel.hpp"
#include "titrant/quantum/simulation/distribution.hpp"

namespace titrant::quantum {

namespace {

GateFigures cost_of(const Operation& operation, const Device& device) {
  const Device::Qubit& qubit = device.qubits.at(operation.qubits[0]);
  if (operation.kind == Operation::Kind::measure)
    return {0.5 * (qubit.one_given_zero + qubit.zero_given_one), qubit.readout_duration};
  if (operation.kind == Operation::Kind::reset) return {0.0, qubit.reset_duration};
  const std::optional<GateFigures> figures = device.figures(operation);
  if (!figures)
    throw ConfigError(fmt::format("device {}: has no {} on these qubits", device.name, gate_name(operation.gate)));
  return *figures;
}

}  // namespace

Timeline timeline(const Circuit& circuit, const Device& device) {
  Timeline result;
  CircuitSummary& summary = result.summary;
  struct Line {
    double free = 0.0;  // ns
    double first = -1.0;
    double busy = 0.0;
    std::size_t depth = 0;
    std::size_t pairs = 0;
  };
  std::vector<Line> qubits(circuit.qubits());
  std::vector<Line> bits(circuit.bits());
  for (const Operation& operation : circuit.operations()) {
    const std::vector<std::size_t> touched = qubits_of(operation, circuit.qubits());
    std::vector<Line*> lines;
    lines.reserve(touched.size() + operation.conditions.size() + 1);
    for (const std::size_t qubit : touched) lines.push_back(&qubits[qubit]);
    const std::size_t on_qubits = lines.size();
    for (const Operation::Condition& condition : operation.conditions) lines.push_back(&bits[condition.bit]);
    if (operation.kind == Operation::Kind::measure) lines.push_back(&bits[operation.bit]);
    Line latest;
    for (const Line* const line : lines) {
      latest.free = std::max(latest.free, line->free);
      latest.depth = std::max(latest.depth, line->depth);
      latest.pairs = std::max(latest.pairs, line->pairs);
    }
    const bool nothing = operation.kind == Operation::Kind::barrier || operation.kind == Operation::Kind::discard;
    const GateFigures cost = nothing ? GateFigures{} : cost_of(operation, device);
    const bool pair = operation.kind == Operation::Kind::gate && touched.size() == 2;
    const bool pulse = !nothing && !is_change_of_frame(operation);
    summary.two_qubit_gates += pair ? 1 : 0;
    summary.success_probability *= 1.0 - cost.error;
    for (std::size_t k = 0; k < lines.size(); ++k) {
      Line& line = *lines[k];
      const bool reads_only = k >= on_qubits && !(operation.kind == Operation::Kind::measure && k + 1 == lines.size());
      if (reads_only) continue;
      if (k < on_qubits && pulse) {
        if (line.first < 0.0) line.first = latest.free;
        line.busy += cost.duration;
      }
      line.free = latest.free + cost.duration;
      line.depth = latest.depth + (pulse ? 1 : 0);
      line.pairs = latest.pairs + (pair ? 1 : 0);
    }
  }
  for (std::size_t qubit = 0; qubit < qubits.size(); ++qubit) {
    const Line& line = qubits[qubit];
    summary.duration = std::max(summary.duration, line.free * 1e-3);
    summary.depth = std::max(summary.depth, line.depth);
    summary.two_qubit_depth = std::max(summary.two_qubit_depth, line.pairs);
    const double idle = line.first < 0.0 ? 0.0 : (line.free - line.first - line.busy) * 1e-3;
    result.idle.push_back(idle);
    const Device::Qubit& figures = device.qubits.at(qubit);
    if (idle > 0.0)
      summary.success_probability *= average_gate_fidelity(thermal_relaxation(figures.t1, figures.t2, idle));
  }
  return result;
}

CircuitSummary summarise(const Circuit& circuit, const Device& device) { return timeline(circuit, device).summary; }

double largest_difference(const Circuit& a, const Circuit& b) {
  std::map<std::uint64_t, double> difference;
  for (const Outcome& outcome : distribution(a, {}, {})) difference[outcome.bits] += outcome.probability;
  for (const Outcome& outcome : distribution(b, {}, {})) difference[outcome.bits] -= outcome.probability;
  double largest = 0.0;
  for (const auto& [bits, value] : difference) largest = std::max(largest, std::abs(value));
  return largest;
}

}  // namespace titrant::quantum
