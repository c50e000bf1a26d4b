#include <fmt/format.h>
#include <fmt/ranges.h>

#include "circuit.hpp"
#include "network.hpp"
#include "titrant/quantum/gates.hpp"
#include "titrant/quantum/synthesis/basis.hpp"
#include "titrant/run/resources.hpp"
#include "titrant/run/stage.hpp"

namespace titrant::cli {

namespace {

std::string angle_text(const quantum::Angle& angle, const std::vector<std::string>& names) {
  if (angle.source == quantum::Angle::Source::parameter) return names.at(angle.index);
  if (angle.source == quantum::Angle::Source::feature) return fmt::format("feature[{}]", angle.index);
  return fmt::format("{:g}", angle.value);
}

/// One operation as a line: what, with which angles, on which qubits, under which conditions.
std::string line(const quantum::Operation& operation, const std::vector<std::string>& names) {
  using Kind = quantum::Operation::Kind;
  std::string text;
  for (const quantum::Operation::Condition& condition : operation.conditions)
    text += fmt::format("if c{} = {}: ", condition.bit, condition.value ? 1 : 0);
  if (operation.kind == Kind::gate) text += quantum::gate_name(operation.gate);
  if (operation.kind == Kind::measure) text += fmt::format("measure into c{}", operation.bit);
  if (operation.kind == Kind::reset) text += "reset";
  if (operation.kind == Kind::discard) text += "discard";
  if (operation.kind == Kind::barrier) text += "barrier";
  if (!operation.angles.empty()) {
    std::vector<std::string> angles;
    for (const quantum::Angle& angle : operation.angles) angles.push_back(angle_text(angle, names));
    text += fmt::format("({})", fmt::join(angles, ", "));
  }
  std::vector<std::string> qubits;
  for (const std::size_t qubit : operation.qubits) qubits.push_back(fmt::format("q{}", qubit));
  return fmt::format("{:<52} {}\n", text, fmt::join(qubits, ", "));
}

}  // namespace

void print_network(const Invocation& invocation) {
  parallel::on_root(invocation.ranks, [&] {
    const run::Configuration configuration = network_configuration(invocation);
    const classifier::Qcnn qcnn =
        run::network_of(configuration, run::load_trial(configuration), text_option(invocation, "classifier"), "");
    const classifier::Network& network =
        qcnn.network(classifier::curve_points(dosing_interval(invocation, configuration)));
    const quantum::Circuit& circuit = network.circuit;
    std::vector<std::string> input;
    for (const std::size_t qubit : circuit.amplitude_qubits()) input.push_back(fmt::format("q{}", qubit));
    fmt::print("{} qubits, {} classical bits, {} parameters, {} features; amplitudes on {}; the answer is c{}\n\n",
               circuit.qubits(), circuit.bits(), network.parameter_names.size(), circuit.features(),
               fmt::join(input, ", "), network.result_bit);
    for (const quantum::Operation& operation : circuit.operations())
      fmt::print("{}", line(operation, network.parameter_names));
    fmt::print("\n{}\n", run::count_table(circuit));
  });
}

}  // namespace titrant::cli
