#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

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

/// The figures of one qubit or gate, by name. Python writes true as such or as 1.
class Figures {
 public:
  Figures(const Json& list, std::string what, const std::string& name, core::Problems& problems)
      : what_(std::move(what)), name_(name), problems_(problems) {
    if (!list.is_array()) return;
    for (const Json& item : list) {
      if (!item.is_object() || !item.contains("name") || !item["name"].is_string() || !item.contains("value")) continue;
      const Json& value = item["value"];
      if (value.is_null()) continue;  // no value is no figure
      const std::string figure = item["name"].get<std::string>();
      if (!value.is_number() && !value.is_boolean()) {
        if (needed(figure)) problems_.add(name_, fmt::format("{}: {} is no number", what_, figure));
        continue;
      }
      const std::string unit = item.contains("unit") && item["unit"].is_string() ? item["unit"].get<std::string>() : "";
      values_[figure] = {value.is_boolean() ? (value.get<bool>() ? 1.0 : 0.0) : value.get<double>(), unit};
    }
  }

  bool has(const std::string& figure) const { return values_.contains(figure); }
  double plain(const std::string& figure) { return value(figure).first; }
  double time(const std::string& figure, bool nanoseconds) {
    const auto [number, unit] = value(figure);
    const double scale = factor(unit, nanoseconds);
    if (scale == 0.0 && has(figure))
      problems_.add(name_, fmt::format("{}: {} in the unknown unit '{}'", what_, figure, unit));
    return number * scale;
  }

  /// Why what these are the figures of must not be used; empty: it may. Of the figures that were asked for so far.
  std::string left_out() const {
    if (has("operational") && values_.at("operational").first == 0.0) return "not operational";
    return lacking_.empty() ? "" : fmt::format("no {}", fmt::join(lacking_, ", no "));
  }

 private:
  static bool needed(const std::string& figure) {
    static const std::set<std::string> all = {
        "T1",         "T2",          "readout_error", "prob_meas1_prep0", "prob_meas0_prep1", "readout_length",
        "gate_error", "gate_length", "operational"};
    return all.contains(figure);
  }

  std::pair<double, std::string> value(const std::string& figure) {
    const auto found = values_.find(figure);
    if (found != values_.end()) return found->second;
    lacking_.push_back(figure);
    return {0.0, ""};
  }

  std::string what_;
  const std::string& name_;
  core::Problems& problems_;
  std::map<std::string, std::pair<double, std::string>> values_;
  std::vector<std::string> lacking_;
};

/// The gates of one qubit that the file has.
struct OwnGates {
  bool sx = false;
  bool x = false;
};

void leave_out(Device::Qubit& qubit, const std::string& why) {
  if (!why.empty() && qubit.usable()) qubit.left_out = why;
}

void read_gate(const Json& gate, const std::string& name, Device& device, std::vector<OwnGates>& own,
               core::Problems& problems) {
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
  if (kind == "id" || kind == "delay") return;  // nothing that sx, x do not say
  static const Json nothing;
  Figures figures(gate.contains("parameters") ? gate["parameters"] : nothing,
                  fmt::format("gate {} on {}", kind, gate["qubits"].dump()), name, problems);
  if (kind == "ecr" && qubits.size() == 2) {
    Device::Edge edge{qubits[0], qubits[1], figures.plain("gate_error"), figures.time("gate_length", true), false, ""};
    edge.left_out = figures.left_out();
    device.edges.push_back(std::move(edge));
    return;
  }
  const bool known = kind == "sx" || kind == "x" || kind == "rz" || kind == "measure" || kind == "reset";
  if (!known || qubits.size() != 1) {
    problems.add(name, fmt::format("gate {}: devices with the gates ecr, rz, sx, x and id are known", kind));
    return;
  }
  Device::Qubit& qubit = device.qubits[qubits[0]];
  if (kind == "sx") {
    own[qubits[0]].sx = true;
    qubit.sx_error = figures.plain("gate_error");
    qubit.one_qubit_duration = figures.time("gate_length", true);
  } else if (kind == "x") {
    own[qubits[0]].x = true;
    qubit.x_error = figures.plain("gate_error");
  } else if (kind == "reset" && figures.has("gate_length")) {
    qubit.reset_duration = figures.time("gate_length", true);
  }
  const std::string why = figures.left_out();
  leave_out(qubit, why.empty() ? "" : fmt::format("gate {}: {}", kind, why));
}

Device::Qubit read_qubit(const Json& list, std::size_t number, const std::string& name, core::Problems& problems) {
  Figures figures(list, fmt::format("qubit {}", number), name, problems);
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
  qubit.left_out = figures.left_out();
  // A fit that failed is reported as 0.
  if (qubit.t1 == 0.0) leave_out(qubit, "T1 is 0");
  if (qubit.t2 == 0.0) leave_out(qubit, "T2 is 0");
  return qubit;
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
  for (const Json& list : root["qubits"])
    device.qubits.push_back(read_qubit(list, device.qubits.size(), name, problems));
  std::vector<OwnGates> own(device.qubits.size());
  for (const Json& gate : root["gates"]) read_gate(gate, name, device, own, problems);
  for (std::size_t q = 0; q < own.size(); ++q) {
    if (!own[q].sx) leave_out(device.qubits[q], "no gate sx");
    if (!own[q].x) leave_out(device.qubits[q], "no gate x");
  }
  return device;
}

}  // namespace titrant::quantum
