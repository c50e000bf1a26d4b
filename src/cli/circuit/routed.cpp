#include "routed.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

#include "device.hpp"
#include "titrant/run/resources.hpp"

namespace titrant::cli {

OnDevice on_device_of(const Invocation& invocation, const quantum::Circuit& circuit) {
  quantum::Device device = device_of(invocation, text_option(invocation, "device"));
  quantum::RoutedCircuit routed =
      quantum::compile_for_device(circuit, device, invocation.values["seed"].as<std::uint64_t>());
  quantum::Device part = device.subset(routed.device_qubits);
  const quantum::CircuitSummary summary = quantum::summarise(routed.circuit, part);
  return {std::move(device), std::move(routed), std::move(part), summary};
}

std::vector<std::string> figures_of(const OnDevice& on) {
  const quantum::CircuitSummary& summary = on.summary;
  std::vector<std::string> lines = {
      fmt::format("on {}  {} gates on two qubits: {}", on.device.name, summary.two_qubit_gates,
                  run::count_table(on.routed.circuit)),
      fmt::format("  device qubits {}", fmt::join(on.routed.device_qubits, ", ")),
      fmt::format("  depth {} ({} of gates on two qubits), {:.2f} us, estimated success probability {:.4f}",
                  summary.depth, summary.two_qubit_depth, summary.duration, summary.success_probability)};
  for (const std::string& remark : remarks_on(on.device)) lines.push_back("  " + remark);
  return lines;
}

}  // namespace titrant::cli
