#include "device.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "circuit.hpp"
#include "network.hpp"
#include "terminal/messages.hpp"
#include "titrant/core/error.hpp"
#include "titrant/quantum/device/device_reader.hpp"

namespace titrant::cli {

namespace {

namespace po = boost::program_options;

std::optional<double> nanoseconds(const Invocation& invocation, const std::string& option) {
  if (!invocation.values.contains(option)) return std::nullopt;
  const double value = invocation.values[option].as<double>();
  if (!(std::isfinite(value) && value > 0.0))
    throw ConfigError(fmt::format("--{}: {} is no time; expected nanoseconds above 0", option, value));
  return value;
}

std::vector<std::size_t> chosen_qubits(const std::string& text) {
  std::vector<std::size_t> chosen;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    std::size_t qubit = 0;
    const auto [behind, fault] = std::from_chars(text.data() + at, text.data() + end, qubit);
    if (fault != std::errc() || behind != text.data() + end)
      throw ConfigError(fmt::format("--qubits: '{}' is no qubit; expected numbers separated by commas: 0,1,2",
                                    text.substr(at, end - at)));
    chosen.push_back(qubit);
    at = end + 1;
  }
  return chosen;
}

}  // namespace

void add_durations(po::options_description& description) {
  const auto time = [&](const char* name, const char* what) {
    description.add_options()(name, po::value<double>()->value_name("NS"), what);
  };
  time("readout-time", "of a measurement, ns, where the device file gives none");
  time("gate-time", "of one pulse on one qubit, ns, where the device file gives none");
  time("coupling-time", "of a gate on two qubits, ns, where the device file gives none");
  time("reset-time", "of a reset, ns, where the device file gives none");
}

quantum::Device device_of(const Invocation& invocation, const std::string& file) {
  return quantum::read_device(file, {nanoseconds(invocation, "readout-time"), nanoseconds(invocation, "gate-time"),
                                     nanoseconds(invocation, "coupling-time"), nanoseconds(invocation, "reset-time")});
}

std::vector<std::string> remarks_on(const quantum::Device& device) {
  std::vector<std::string> remarks;
  if (!device.left_out_line().empty()) remarks.push_back("left out: " + device.left_out_line());
  remarks.insert(remarks.end(), device.notes.begin(), device.notes.end());
  return remarks;
}

void convert_device(const Invocation& invocation) {
  parallel::on_root(invocation.ranks, [&] {
    const std::string file = text_option(invocation, "file");
    if (file.empty())
      throw ConfigError(
          "circuit device: missing argument FILE (properties of an IBM back end, or a file as in configs/devices)");
    quantum::Device device = device_of(invocation, file);
    if (const std::string text = text_option(invocation, "qubits"); !text.empty()) {
      const std::vector<std::size_t> chosen = chosen_qubits(text);
      device = device.subset(chosen);
      device.source += fmt::format(", qubits {}", fmt::join(chosen, ", "));
    }
    // The file goes to standard output where it has no name; what is said about it then goes beside it.
    const bool to_file = !text_option(invocation, "output").empty();
    const auto say = [&](const std::string& line) {
      to_file ? fmt::print("{}\n", line) : plain_console(false).say(line);
    };
    const auto live = std::count_if(device.edges.begin(), device.edges.end(),
                                    [](const quantum::Device::Edge& edge) { return !edge.dead; });
    const auto usable = std::count_if(device.qubits.begin(), device.qubits.end(),
                                      [](const quantum::Device::Qubit& qubit) { return qubit.usable(); });
    say(fmt::format("{}: {} of {} qubits and {} of {} couplings can be used; gates {}", device.name, usable,
                    device.qubits.size(), live, device.edges.size(), device.native_gates()));
    for (const std::string& remark : remarks_on(device)) say("  " + remark);
    write_text(invocation, quantum::write_device(device), "the device");
  });
}

}  // namespace titrant::cli
