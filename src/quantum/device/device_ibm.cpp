#include <fmt/format.h>

#include <algorithm>
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

/// Finds out where a text is not JSON: passes over every value, and keeps the first fault.
class FaultFinder : public Json::json_sax_t {
 public:
  bool null() override { return true; }
  bool boolean(bool /*value*/) override { return true; }
  bool number_integer(number_integer_t /*value*/) override { return true; }
  bool number_unsigned(number_unsigned_t /*value*/) override { return true; }
  bool number_float(number_float_t /*value*/, const string_t& /*text*/) override { return true; }
  bool string(string_t& /*value*/) override { return true; }
  bool binary(binary_t& /*value*/) override { return true; }
  bool start_object(std::size_t /*size*/) override { return true; }
  bool key(string_t& /*value*/) override { return true; }
  bool end_object() override { return true; }
  bool start_array(std::size_t /*size*/) override { return true; }
  bool end_array() override { return true; }
  bool parse_error(std::size_t position, const std::string& /*last*/, const Json::exception& error) override {
    end_ = position;
    const bool overflow = dynamic_cast<const Json::out_of_range*>(&error) != nullptr;
    what_ = overflow ? "a number that double precision cannot hold" : "not valid JSON";
    return false;
  }

  std::size_t end() const { return end_; }  ///< bytes up to and with the fault
  const std::string& what() const { return what_; }

 private:
  std::size_t end_ = 0;
  std::string what_;
};

/// file:line:column of a text's byte, counted from 1 like the column.
std::string place(std::string_view text, std::size_t byte, const std::string& name) {
  const std::string_view before = text.substr(0, byte > 0 ? byte - 1 : 0);
  const std::size_t line_start = before.rfind('\n') + 1;  // 0 where there is none
  return fmt::format("{}:{}:{}", name, std::count(before.begin(), before.end(), '\n') + 1,
                     before.size() - line_start + 1);
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
  static const Json nothing;
  const Figures figures(gate.contains("parameters") ? gate["parameters"] : nothing,
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
  if (FaultFinder finder; !Json::sax_parse(text, &finder)) {
    problems.add(place(text, finder.end(), name), finder.what());
    return device;
  }
  const Json root = Json::parse(text);
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
