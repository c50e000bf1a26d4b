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

/// Figures in range, of one device.
class Ranges {
 public:
  Ranges(const std::string& name, core::Problems& problems) : name_(name), problems_(problems) {}

  void inside(double value, double low, double high, const std::string& what) const {
    if (!(value >= low && value <= high))
      problems_.add(name_, fmt::format("{} is {}; allowed: {} .. {}", what, value, low, high));
  }
  void gate(const GateFigures& figures, const std::string& what) const {
    inside(figures.error, 0.0, 1.0, "error of " + what);
    inside(figures.duration, 0.0, 1e12, "duration of " + what);
  }
  void qubit(const Device::Qubit& qubit, PulseBasis pulses, const std::string& of) const {
    inside(qubit.t1, 1e-6, 1e12, "t1" + of);
    inside(qubit.t2, 1e-6, 1e12, "t2" + of);
    inside(qubit.one_given_zero, 0.0, 1.0, "readout error" + of);
    inside(qubit.zero_given_one, 0.0, 1.0, "readout error" + of);
    inside(qubit.readout_duration, 0.0, 1e12, "duration of readout" + of);
    inside(qubit.reset_duration, 0.0, 1e12, "duration of reset" + of);
    if (pulses == PulseBasis::rz_sx_x) {
      gate({qubit.sx_error, qubit.one_qubit_duration}, "sx" + of);
      gate({qubit.x_error, qubit.one_qubit_duration}, "x" + of);
    } else if (pulses == PulseBasis::u1_u2_u3) {
      gate(qubit.u2, "u2" + of);
      gate(qubit.u3, "u3" + of);
    } else {
      gate(qubit.rx, "rx" + of);
    }
  }

 private:
  const std::string& name_;
  core::Problems& problems_;
};

/// What both formats must say: figures in range, couplings between different qubits that exist, each once.
void check(Device& device, const std::string& name, core::Problems& problems) {
  const Ranges ranges(name, problems);
  for (std::size_t q = 0; q < device.qubits.size(); ++q) {
    Device::Qubit& qubit = device.qubits[q];
    if (!qubit.usable()) continue;
    ranges.qubit(qubit, device.pulses, fmt::format(" of qubit {}", q));
    qubit.t2 = std::min(qubit.t2, 2.0 * qubit.t1);
    if (std::max({qubit.sx_error, qubit.x_error, qubit.u2.error, qubit.u3.error, qubit.rx.error}) >= 1.0)
      qubit.left_out = "error 1 of its gates";
  }
  std::set<std::pair<std::size_t, std::size_t>> seen;
  for (Device::Edge& edge : device.edges) {
    const std::string what = fmt::format("the coupling of qubits {} and {}", edge.control, edge.target);
    if (edge.control >= device.qubits.size() || edge.target >= device.qubits.size() || edge.control == edge.target)
      problems.add(name, fmt::format("{}: not two of the {} qubits", what, device.qubits.size()));
    if (!seen.insert(std::minmax(edge.control, edge.target)).second) problems.add(name, what + " is listed twice");
    if (edge.left_out.empty()) ranges.gate({edge.error, edge.duration}, what);
    if (edge.rzz) ranges.gate(*edge.rzz, "rzz on " + what);
    if (edge.rzz && edge.rzz->error >= 1.0) edge.rzz.reset();
    if (!problems.empty()) continue;
    const bool ends = device.qubits[edge.control].usable() && device.qubits[edge.target].usable();
    edge.dead = edge.error >= 1.0 || !edge.left_out.empty() || !ends;
  }
  const auto usable = [](const Device::Qubit& qubit) { return qubit.usable(); };
  if (problems.empty() && std::none_of(device.qubits.begin(), device.qubits.end(), usable)) {
    std::string why = device.left_out_line();
    for (const std::string& note : device.notes) why += "; " + note;
    problems.add(name, "no qubit can be used: " + why);
  }
}

}  // namespace

Device parse_device(std::string_view text, const std::string& name, const GivenDurations& given) {
  core::Problems problems;
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  const bool json = first != std::string_view::npos && text[first] == '{';
  if (const std::size_t largest = json ? largest_json : largest_yaml; text.size() > largest) {
    throw ConfigError(fmt::format("not a usable device file:\n{}: is larger than {} bytes", name, largest));
  }
  Device device =
      json ? device_from_ibm(text, name, given, problems) : device_from_yaml(std::string(text), name, given, problems);
  if (problems.empty()) check(device, name, problems);
  constexpr std::size_t most_shown = 10;  // a calibration may have each fault hundreds of times
  if (!problems.empty()) throw ConfigError("not a usable device file:\n" + problems.text(most_shown));
  return device;
}

Device read_device(const std::string& file, const GivenDurations& given) {
  return parse_device(core::read_file(file, largest_json), file, given);
}

}  // namespace titrant::quantum
