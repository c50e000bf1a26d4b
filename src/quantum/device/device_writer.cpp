#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "titrant/quantum/device/device_reader.hpp"
#include "titrant/quantum/gates.hpp"

namespace titrant::quantum {

namespace {

/// A text of JSON is one of YAML.
std::string quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

std::string qubit_line(const Device::Qubit& qubit, PulseBasis pulses) {
  if (!qubit.usable()) return fmt::format("{{left_out: {}}}", quoted(qubit.left_out));
  std::string gates = fmt::format("sx_error: {}, x_error: {}, gate_duration: {}", qubit.sx_error, qubit.x_error,
                                  qubit.one_qubit_duration);
  if (pulses == PulseBasis::u1_u2_u3)
    gates = fmt::format("u2_error: {}, u2_duration: {}, u3_error: {}, u3_duration: {}", qubit.u2.error,
                        qubit.u2.duration, qubit.u3.error, qubit.u3.duration);
  if (pulses == PulseBasis::rx_rz)
    gates = fmt::format("rx_error: {}, rx_duration: {}", qubit.rx.error, qubit.rx.duration);
  return fmt::format(
      "{{t1: {}, t2: {}, one_given_zero: {}, zero_given_one: {}, readout_duration: {}, {}, reset_duration: {}}}",
      qubit.t1, qubit.t2, qubit.one_given_zero, qubit.zero_given_one, qubit.readout_duration, gates,
      qubit.reset_duration);
}

std::string coupling_line(const Device::Edge& edge) {
  const std::string ends =
      fmt::format("control: {}, target: {}, gate: {}", edge.control, edge.target, gate_name(edge.gate));
  if (!edge.left_out.empty()) return fmt::format("{{{}, left_out: {}}}", ends, quoted(edge.left_out));
  const std::string rzz =
      edge.rzz ? fmt::format(", rzz_error: {}, rzz_duration: {}", edge.rzz->error, edge.rzz->duration) : "";
  return fmt::format("{{{}, error: {}, duration: {}{}}}", ends, edge.error, edge.duration, rzz);
}

}  // namespace

std::string write_device(const Device& device) {
  std::string text =
      fmt::format("version: 2\nname: {}\nsource: {}\ncalibrated: {}\none_qubit_gates: [{}]\n", quoted(device.name),
                  quoted(device.source), quoted(device.calibrated), pulse_names(device.pulses));
  if (!device.notes.empty()) text += "notes:\n";
  for (const std::string& note : device.notes) text += fmt::format("  - {}\n", quoted(note));
  text += "qubits: # t1, t2 in us; durations in ns\n";
  for (const Device::Qubit& qubit : device.qubits) text += fmt::format("  - {}\n", qubit_line(qubit, device.pulses));
  text += device.edges.empty() ? "couplings: []\n" : "couplings: # an error of 1 is a coupling that does not work\n";
  for (const Device::Edge& edge : device.edges) text += fmt::format("  - {}\n", coupling_line(edge));
  return text;
}

}  // namespace titrant::quantum
