#include "titrant/quantum/device/device_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "device_formats.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/file.hpp"

namespace titrant::quantum {

namespace {

// Bytes. Ten thousand qubits need less in either format, and no text of this size makes its parser take more than 1 GB:
// yaml-cpp keeps some 500 bytes for each value.
constexpr std::size_t largest_json = std::size_t{32} << 20U;
constexpr std::size_t largest_yaml = std::size_t{4} << 20U;

/// What both formats must say: figures in range, couplings between different qubits that exist, each once.
void check(Device& device, const std::string& name, core::Problems& problems) {
  const auto inside = [&](double value, double low, double high, const std::string& what) {
    if (!(value >= low && value <= high))
      problems.add(name, fmt::format("{} is {}; allowed: {} .. {}", what, value, low, high));
  };
  for (std::size_t q = 0; q < device.qubits.size(); ++q) {
    Device::Qubit& qubit = device.qubits[q];
    if (!qubit.usable()) continue;
    const std::string of = fmt::format(" of qubit {}", q);
    inside(qubit.t1, 1e-6, 1e12, "t1" + of);
    inside(qubit.t2, 1e-6, 1e12, "t2" + of);
    qubit.t2 = std::min(qubit.t2, 2.0 * qubit.t1);
    inside(qubit.one_given_zero, 0.0, 1.0, "readout error" + of);
    inside(qubit.zero_given_one, 0.0, 1.0, "readout error" + of);
    inside(qubit.sx_error, 0.0, 1.0, "error of sx" + of);
    inside(qubit.x_error, 0.0, 1.0, "error of x" + of);
    inside(qubit.one_qubit_duration, 0.0, 1e12, "duration of gates" + of);
    inside(qubit.readout_duration, 0.0, 1e12, "duration of readout" + of);
    inside(qubit.reset_duration, 0.0, 1e12, "duration of reset" + of);
    if (qubit.sx_error >= 1.0 || qubit.x_error >= 1.0) qubit.left_out = "error 1 of its gates";
  }
  std::set<std::pair<std::size_t, std::size_t>> seen;
  for (Device::Edge& edge : device.edges) {
    const std::string what = fmt::format("coupling of qubits {} and {}", edge.control, edge.target);
    if (edge.control >= device.qubits.size() || edge.target >= device.qubits.size() || edge.control == edge.target)
      problems.add(name, fmt::format("{}: not two of the {} qubits", what, device.qubits.size()));
    if (!seen.insert(std::minmax(edge.control, edge.target)).second) problems.add(name, what + " is listed twice");
    if (edge.left_out.empty()) {
      inside(edge.error, 0.0, 1.0, "error of the " + what);
      inside(edge.duration, 0.0, 1e12, "duration of the " + what);
    }
    if (!problems.empty()) continue;
    const bool ends = device.qubits[edge.control].usable() && device.qubits[edge.target].usable();
    edge.dead = edge.error >= 1.0 || !edge.left_out.empty() || !ends;
  }
  const auto usable = [](const Device::Qubit& qubit) { return qubit.usable(); };
  if (problems.empty() && std::none_of(device.qubits.begin(), device.qubits.end(), usable))
    problems.add(name, fmt::format("no qubit can be used: {}", device.left_out_line()));
}

}  // namespace

Device parse_device(std::string_view text, const std::string& name) {
  core::Problems problems;
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  const bool json = first != std::string_view::npos && text[first] == '{';
  if (const std::size_t largest = json ? largest_json : largest_yaml; text.size() > largest) {
    throw ConfigError(fmt::format("not a usable device file:\n{}: is larger than {} bytes", name, largest));
  }
  Device device = json ? device_from_ibm(text, name, problems) : device_from_yaml(std::string(text), name, problems);
  if (problems.empty()) check(device, name, problems);
  if (!problems.empty()) throw ConfigError("not a usable device file:\n" + problems.text());
  return device;
}

Device read_device(const std::string& file) { return parse_device(core::read_file(file, largest_json), file); }

}  // namespace titrant::quantum
