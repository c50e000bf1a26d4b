#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "device_formats.hpp"

namespace titrant::quantum {

namespace {

using Json = nlohmann::json;

/// Factors to the units of Device: us for T1 and T2, ns for durations.
double factor(const std::string& unit, bool to_nanoseconds) {
  static const std::map<std::string, double> seconds = {
      {"s", 1.0}, {"ms", 1e-3}, {"us", 1e-6}, {"µs", 1e-6}, {"ns", 1e-9}};
  const auto found = seconds.find(unit);
  if (found == seconds.end()) return 0.0;
  return found->second * (to_nanoseconds ? 1e9 : 1e6);
}

/// The figures of one qubit or gate, by name.
class Figures {
 public:
  Figures(const Json& list, std::string what, const std::string& name, core::Problems& problems)
      : what_(std::move(what)), name_(name), problems_(problems) {
    if (!list.is_array()) return;
    for (const Json& item : list) {
      if (!item.is_object() || !item.contains("name") || !item["name"].is_string() || !item.contains("value")) continue;
      if (!item["value"].is_number()) continue;
      const std::string unit = item.contains("unit") && item["unit"].is_string() ? item["unit"].get<std::string>() : "";
      values_[item["name"].get<std::string>()] = {item["value"].get<double>(), unit};
    }
  }

  bool has(const std::string& figure) const { return values_.contains(figure); }
  double plain(const std::string& figure) const { return value(figure).first; }
  double time(const std::string& figure, bool nanoseconds) const {
    const auto [number, unit] = value(figure);
    const double scale = factor(unit, nanoseconds);
    if (scale == 0.0 && has(figure))
      problems_.add(name_, fmt::format("{}: {} in the unknown unit '{}'", what_, figure, unit));
    return number * scale;
  }

 private:
  std::pair<double, std::string> value(const std::string& figure) const {
    const auto found = values_.find(figure);
    if (found != values_.end()) return found->second;
    problems_.add(name_, fmt::format("{}: no {}", what_, figure));
    return {0.0, ""};
  }

  std::string what_;
  const std::string& name_;
  core::Problems& problems_;
  std::map<std::string, std::pair<double, std::string>> values_;
};

void read_gate(const Json& gate, const std::string& name, Device& device, core::Problems& problems) {
  if (!gate.is_object() || !gate.contains("gate") || !gate["gate"].is_string() || !gate.contains("qubits") ||
      !gate["qubits"].is_array()) {
    problems.add(name, "a gate without 'gate' and 'qubits'");
    return;
  }
  const std::string kind = gate["gate"].get<std::string>();
  std::vector<std::size_t> qubits;
  for (const Json& qubit : gate["qubits"]) {
    if (!qubit.is_number_unsigned() || qubit.get<std::size_t>() >= device.qubits.size()) {
      problems.add(name, fmt::format("gate {} on a qubit that there is not", kind));
      return;
    }
    qubits.push_back(qubit.get<std::size_t>());
  }
  if (kind == "id" || kind == "rz" || kind == "delay" || kind == "measure") return;  // nothing that sx, x do not say
  const Figures figures(gate.value("parameters", Json::array()),
                        fmt::format("gate {} on {}", kind, gate["qubits"].dump()), name, problems);
  if (kind == "sx" && qubits.size() == 1) {
    device.qubits[qubits[0]].sx_error = figures.plain("gate_error");
    device.qubits[qubits[0]].one_qubit_duration = figures.time("gate_length", true);
  } else if (kind == "x" && qubits.size() == 1) {
    device.qubits[qubits[0]].x_error = figures.plain("gate_error");
  } else if (kind == "reset" && qubits.size() == 1) {
    device.qubits[qubits[0]].reset_duration = figures.time("gate_length", true);
  } else if (kind == "ecr" && qubits.size() == 2) {
    device.edges.push_back(
        {qubits[0], qubits[1], figures.plain("gate_error"), figures.time("gate_length", true), false});
  } else {
    problems.add(name, fmt::format("gate {}: devices with the gates ecr, rz, sx, x and id are known", kind));
  }
}

}  // namespace

Device device_from_ibm(std::string_view text, const std::string& name, core::Problems& problems) {
  Device device;
  Json root;
  try {
    root = Json::parse(text);
  } catch (const Json::parse_error& error) {
    problems.add(name, fmt::format("not valid JSON at byte {}", error.byte));
    return device;
  }
  if (!root.contains("qubits") || !root["qubits"].is_array() || !root.contains("gates") || !root["gates"].is_array()) {
    problems.add(name, "not the properties of an IBM back end: no lists 'qubits' and 'gates'");
    return device;
  }
  if (root["qubits"].size() > most_device_qubits) {
    problems.add(name, fmt::format("more than {} qubits", most_device_qubits));
    return device;
  }
  const auto word = [&](const char* key) {
    return root.contains(key) && root[key].is_string() ? root[key].get<std::string>() : "";
  };
  device.name = word("backend_name");
  device.source = fmt::format("properties of {} {}", device.name, word("backend_version"));
  device.calibrated = word("last_update_date");
  for (const Json& list : root["qubits"]) {
    const Figures figures(list, fmt::format("qubit {}", device.qubits.size()), name, problems);
    Device::Qubit qubit;
    qubit.t1 = figures.time("T1", false);
    qubit.t2 = figures.time("T2", false);
    if (figures.has("prob_meas1_prep0") && figures.has("prob_meas0_prep1")) {
      qubit.one_given_zero = figures.plain("prob_meas1_prep0");
      qubit.zero_given_one = figures.plain("prob_meas0_prep1");
    } else {
      qubit.one_given_zero = qubit.zero_given_one = figures.plain("readout_error");
    }
    qubit.readout_duration = figures.time("readout_length", true);
    device.qubits.push_back(qubit);
  }
  for (const Json& gate : root["gates"]) read_gate(gate, name, device, problems);
  return device;
}

}  // namespace titrant::quantum
