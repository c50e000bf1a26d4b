#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "device_formats.hpp"

namespace titrant::quantum {

namespace {

using Json = nlohmann::json;

/// Factors to the units of Device: us for T1 and T2, ns for durations; 0 for what is no unit of time. The micro sign
/// U+00B5 and the Greek letter U+03BC look the same; files have either.
double factor(const std::string& unit, bool to_nanoseconds) {
  static const std::map<std::string, double> seconds = {{"s", 1.0},        {"ms", 1e-3},      {"us", 1e-6},
                                                        {"\u00b5s", 1e-6}, {"\u03bcs", 1e-6}, {"ns", 1e-9}};
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

/// Python's json writes NaN for what was not measured, which JSON does not have: null in its place.
std::string without_nan(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 16);
  bool in_string = false;
  for (std::size_t k = 0; k < text.size(); ++k) {
    const char c = text[k];
    if (in_string && c == '\\' && k + 1 < text.size()) {
      out += c;
      out += text[++k];
    } else if (!in_string && text.substr(k).starts_with("NaN")) {
      out += "null";
      k += 2;
    } else {
      in_string = in_string != (c == '"');
      out += c;
    }
  }
  return out;
}

/// file:line:column of a text's byte, counted from 1 like the column.
std::string place(std::string_view text, std::size_t byte, const std::string& name) {
  const std::string_view before = text.substr(0, byte > 0 ? byte - 1 : 0);
  const std::size_t line_start = before.rfind('\n') + 1;  // 0 where there is none
  return fmt::format("{}:{}:{}", name, std::count(before.begin(), before.end(), '\n') + 1,
                     before.size() - line_start + 1);
}

/// Faults of a file that may have each of them hundreds of times: one line each, with its first place and how often.
class GroupedFaults {
 public:
  void add(const std::string& what, const std::string& where) {
    for (Fault& fault : faults_) {
      if (fault.what != what) continue;
      ++fault.times;
      return;
    }
    if (faults_.size() < most) {
      faults_.push_back({what, where, 1});
    } else {
      ++others_;
    }
  }

  void report(const std::string& name, core::Problems& problems) const {
    for (const Fault& fault : faults_) {
      const std::string more = fault.times > 1 ? fmt::format(" (and in {} more places)", fault.times - 1) : "";
      problems.add(name, fmt::format("{}: {}{}", fault.where, fault.what, more));
    }
    if (others_ > 0) problems.add(name, fmt::format("{} other faults", others_));
  }

 private:
  struct Fault {
    std::string what;
    std::string where;
    std::size_t times = 0;
  };
  static constexpr std::size_t most = 9;  // kinds
  std::vector<Fault> faults_;
  std::size_t others_ = 0;
};

bool is_time(std::string_view figure) { return figure.ends_with("_length") || figure == "T1" || figure == "T2"; }

/// The figures of one qubit or gate. Null is no figure. Python writes true as such or as 1.
CalibratedFigures figures_of(const Json& list, const std::string& where, GroupedFaults& faults) {
  static const std::set<std::string, std::less<>> used = {
      "T1",         "T2",          "readout_error", "prob_meas1_prep0", "prob_meas0_prep1", "readout_length",
      "gate_error", "gate_length", "operational"};
  CalibratedFigures figures;
  if (!list.is_array()) {
    faults.add("expected a list of figures", where);
    return figures;
  }
  for (const Json& item : list) {
    if (!item.is_object() || !item.contains("name") || !item["name"].is_string() || !item.contains("value")) continue;
    const std::string& figure = item["name"].get_ref<const std::string&>();
    const Json& value = item["value"];
    if (!used.contains(figure) || value.is_null()) continue;
    if (!value.is_number() && !value.is_boolean()) {
      faults.add(fmt::format("{} is no number", figure), where);
      continue;
    }
    double number = value.is_boolean() ? (value.get<bool>() ? 1.0 : 0.0) : value.get<double>();
    if (is_time(figure)) {
      const std::string unit = item.contains("unit") && item["unit"].is_string() ? item["unit"].get<std::string>() : "";
      const double scale = factor(unit, figure.ends_with("_length"));
      if (scale == 0.0)
        faults.add(fmt::format("{} in the unknown unit '{}'; known: s, ms, us, ns", figure, unit), where);
      number *= scale;
    }
    if (!figures.emplace(figure, number).second) faults.add(fmt::format("{} is given twice", figure), where);
  }
  return figures;
}

std::optional<CalibratedGate> gate_of(const Json& gate, std::size_t qubits, GroupedFaults& faults) {
  if (!gate.is_object() || !gate.contains("gate") || !gate["gate"].is_string() || !gate.contains("qubits") ||
      !gate["qubits"].is_array()) {
    faults.add("an entry without the name of the gate ('gate') and the list 'qubits'", "gates");
    return std::nullopt;
  }
  CalibratedGate read;
  read.name = gate["gate"].get<std::string>();
  for (const Json& qubit : gate["qubits"]) {
    if (!qubit.is_number_unsigned() || qubit.get<std::size_t>() >= qubits) {
      faults.add(fmt::format("on a qubit that there is not; the file describes qubits 0 .. {}", qubits - 1),
                 "gate " + read.name);
      return std::nullopt;
    }
    read.qubits.push_back(qubit.get<std::size_t>());
  }
  const std::string where = fmt::format("gate {} on [{}]", read.name, fmt::join(read.qubits, ", "));
  if (std::set<std::size_t>(read.qubits.begin(), read.qubits.end()).size() != read.qubits.size()) {
    faults.add("the same qubit twice", where);
    return std::nullopt;
  }
  if (gate.contains("parameters")) read.figures = figures_of(gate["parameters"], where, faults);
  return read;
}

Calibration calibration_of(const Json& root, GroupedFaults& faults) {
  Calibration calibration;
  for (const Json& list : root["qubits"])
    calibration.qubits.push_back(figures_of(list, fmt::format("qubit {}", calibration.qubits.size()), faults));
  std::set<std::pair<std::string, std::vector<std::size_t>>> seen;
  for (const Json& entry : root["gates"]) {
    std::optional<CalibratedGate> gate = gate_of(entry, calibration.qubits.size(), faults);
    if (!gate) continue;
    if (!seen.emplace(gate->name, gate->qubits).second)
      faults.add("is listed twice", fmt::format("gate {} on [{}]", gate->name, fmt::join(gate->qubits, ", ")));
    calibration.gates.push_back(std::move(*gate));
  }
  return calibration;
}

}  // namespace

Device device_from_ibm(std::string_view text, const std::string& name, const GivenDurations& given,
                       core::Problems& problems) {
  Device device;
  std::string cleaned;
  if (FaultFinder finder; !Json::sax_parse(text, &finder)) {
    cleaned = without_nan(text);
    if (!Json::accept(cleaned)) {
      problems.add(place(text, finder.end(), name), finder.what());
      return device;
    }
    text = cleaned;
  }
  const Json root = Json::parse(text);
  if (!root.contains("qubits") || !root["qubits"].is_array() || !root.contains("gates") || !root["gates"].is_array() ||
      root["qubits"].empty()) {
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
  GroupedFaults faults;
  const Calibration calibration = calibration_of(root, faults);
  faults.report(name, problems);
  if (problems.empty()) apply_calibration(calibration, given, name, device, problems);
  return device;
}

}  // namespace titrant::quantum
