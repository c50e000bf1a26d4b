#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "circuit.hpp"
#include "network.hpp"
#include "program.hpp"
#include "routed.hpp"
#include "terminal/messages.hpp"
#include "titrant/core/error.hpp"
#include "titrant/quantum/device/compile_for_device.hpp"
#include "titrant/quantum/measurements.hpp"
#include "titrant/quantum/noise/density_matrix.hpp"
#include "titrant/quantum/qasm/qasm.hpp"
#include "titrant/quantum/synthesis/basis.hpp"
#include "titrant/run/resources.hpp"

namespace titrant::cli {

namespace {

constexpr std::size_t most_checked = 20;  // qubits of an exact simulation in seconds

struct Original {
  quantum::Circuit circuit;
  std::vector<quantum::Register> bits;
  std::optional<std::size_t> result_bit;  ///< of the network
  std::string note;                       ///< on bits that no measurement writes
};

Original original_of(const Invocation& invocation) {
  if (!text_option(invocation, "file").empty()) {
    quantum::QasmProgram program = read_program(invocation);
    std::string note = never_measured_note(program);
    if (!program.outcomes.empty()) {
      note =
          "the program's bits follow from those of this circuit, as 'titrant circuit run' shows them; registers 'kept' "
          "hold those that it does not show";
    }
    return {std::move(program.circuit), std::move(program.bits), std::nullopt, note};
  }
  ChosenCircuit chosen = chosen_circuit(invocation, network_configuration(invocation));
  return {std::move(chosen.network.circuit), std::move(chosen.network.bits), chosen.network.result_bit, ""};
}

bool measures(const quantum::Circuit& circuit) {
  const std::vector<bool> written = quantum::written_bits(circuit);
  return std::find(written.begin(), written.end(), true) != written.end();
}

/// The largest difference between outcomes. Without measurements every outcome is 0, so qubits are measured where they
/// end.
double difference_of(const quantum::Circuit& original, const quantum::RoutedCircuit& routed) {
  if (measures(original)) return quantum::largest_difference(original, routed.circuit);
  quantum::Circuit measured(routed.circuit.qubits(), original.qubits());
  for (const quantum::Operation& operation : routed.circuit.operations()) measured.add(operation);
  for (std::size_t qubit = 0; qubit < original.qubits(); ++qubit) {
    const auto place =
        std::find(routed.device_qubits.begin(), routed.device_qubits.end(), routed.final_layout.at(qubit));
    measured.measure(static_cast<std::size_t>(place - routed.device_qubits.begin()), qubit);
  }
  return quantum::largest_difference(quantum::measure_all(original), measured);
}

std::size_t pairs_in(const quantum::Circuit& circuit) {
  return static_cast<std::size_t>(
      std::count_if(circuit.operations().begin(), circuit.operations().end(), [](const quantum::Operation& operation) {
        return operation.kind == quantum::Operation::Kind::gate && operation.qubits.size() == 2;
      }));
}

double probability_of_one(const quantum::Circuit& circuit, std::size_t bit, const quantum::NoiseModel& noise) {
  double sum = 0.0;
  for (const quantum::Outcome& outcome : quantum::noisy_distribution(circuit, {}, {}, noise))
    if (((outcome.bits >> bit) & 1U) != 0U) sum += outcome.probability;
  return sum;
}

/// What became of calibrated rzz; empty: these qubits have none.
std::string rzz_remark(const quantum::Device& part, const quantum::Circuit& circuit) {
  const auto calibrated = std::count_if(part.edges.begin(), part.edges.end(), [](const quantum::Device::Edge& edge) {
    return !edge.dead && edge.rzz.has_value();
  });
  if (calibrated == 0) return "";
  const auto used =
      std::count_if(circuit.operations().begin(), circuit.operations().end(), [](const quantum::Operation& operation) {
        return operation.kind == quantum::Operation::Kind::gate && operation.gate == quantum::GateKind::rzz;
      });
  if (used > 0) return fmt::format("rzz: {} of the gates on two qubits, where the estimate is better with it", used);
  return fmt::format("rzz: calibrated on {} of these couplings, and ignored: the estimate is no better with it",
                     calibrated);
}

/// The circuit on the qubits of the whole device, as it would be submitted.
quantum::Circuit on_device(const quantum::RoutedCircuit& routed, const quantum::Device& device) {
  quantum::Circuit circuit(device.qubits.size(), routed.circuit.bits());
  for (quantum::Operation operation : routed.circuit.operations()) {
    for (std::size_t& qubit : operation.qubits) qubit = routed.device_qubits[qubit];
    circuit.add(std::move(operation));
  }
  return circuit;
}

}  // namespace

void route_circuit(const Invocation& invocation) {
  parallel::on_root(invocation.ranks, [&] {
    if (text_option(invocation, "device").empty())
      throw ConfigError(
          "circuit route: missing option --device FILE (see configs/devices); usage: titrant circuit route --device "
          "FILE");
    const Original original = original_of(invocation);
    const OnDevice on = on_device_of(invocation, original.circuit);
    const quantum::Device& device = on.device;
    const quantum::RoutedCircuit& routed = on.routed;
    const quantum::Device& part = on.part;
    const quantum::Circuit blocks = quantum::merge_two_qubit_blocks(original.circuit);

    // The program goes to standard output where it has no file; what is said about it then goes beside it.
    const bool to_file = !text_option(invocation, "output").empty();
    const auto say = [&](const std::string& line) {
      to_file ? fmt::print("{}\n", line) : plain_console(false).say(line);
    };
    say(fmt::format("before     {}\nas blocks  {} gates on two qubits: {}", run::count_table(original.circuit),
                    pairs_in(blocks), run::count_table(blocks)));
    for (const std::string& line : figures_of(on)) say(line);
    if (const std::string note = rzz_remark(part, routed.circuit); !note.empty()) say("  " + note);
    if (!measures(original.circuit)) say("  the program measures nothing: it has no outcome (see --measure-all)");
    if (measures(original.circuit) && !original.note.empty()) say("  " + original.note);
    if (original.circuit.qubits() <= most_checked) {
      const double difference = difference_of(original.circuit, routed);
      say(fmt::format("  outcomes differ from the original's by at most {:.1e} (exact simulation)", difference));
      if (difference > 1e-8) throw NumericalError("the routed circuit is not the original one");
    }
    if (original.result_bit) {
      say(fmt::format("  P(answer = 1): {:.6f} without noise, {:.6f} with this device's",
                      probability_of_one(routed.circuit, *original.result_bit, quantum::NoiseModel()),
                      probability_of_one(routed.circuit, *original.result_bit, quantum::NoiseModel(part))));
    }
    const std::vector<std::string> comments = {
        fmt::format("q are the qubits of {}; used: {}", device.name, fmt::join(routed.device_qubits, ", ")),
        fmt::format("starts on {}", fmt::join(routed.initial_layout, ", ")),
        fmt::format("ends on {}", fmt::join(routed.final_layout, ", "))};
    const quantum::Circuit placed = on_device(routed, device);
    write_text(invocation, program_text(invocation, placed, {{"q", 0, placed.qubits()}}, original.bits, comments),
               "the routed circuit");
  });
}

}  // namespace titrant::cli
