#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "device_formats.hpp"
#include "titrant/core/yaml.hpp"
#include "titrant/quantum/gates.hpp"

namespace titrant::quantum {

namespace {

using FigurePlaces = std::map<std::string, double*>;

std::size_t whole(double value) {
  return value >= 0.0 && value < 1e9 && value == std::floor(value) ? static_cast<std::size_t>(value)
                                                                   : most_device_qubits;
}

std::string key_of(const YAML::Node& node) { return node.IsScalar() ? node.Scalar() : ""; }

/// Reads one file: known keys into places, everything else is a fault.
class Reader {
 public:
  Reader(std::string name, const GivenDurations& given, Device& device, core::Problems& problems)
      : name_(std::move(name)), given_(given), device_(device), problems_(problems) {}

  void read(const YAML::Node& root) {
    if (!root.IsMap()) {
      problems_.add(name_, "expected the keys name, qubits and couplings");
      return;
    }
    // What the lists mean depends on these, wherever they stand.
    for (const auto& item : root)
      if (key_of(item.first) == "version") read_version(item.second);
    for (const auto& item : root)
      if (version_ == 2) read_setting(key_of(item.first), item.second);
    bool has_qubits = false;
    bool has_couplings = false;
    for (const auto& item : root) {
      const std::string key = key_of(item.first);
      const YAML::Node& value = item.second;
      if (key == "name" || key == "source" || key == "calibrated") {
        text(value, key, key == "name" ? device_.name : key == "source" ? device_.source : device_.calibrated);
      } else if (key == "qubits" && value.IsSequence()) {
        has_qubits = value.size() > 0;
        if (!read_qubits(value)) return;
      } else if (key == "couplings" && value.IsSequence()) {
        has_couplings = true;
        for (const YAML::Node& node : value) read_coupling(node);
      } else if (key != "version" && !(version_ == 2 && is_setting(key))) {
        fault(item.first, is_setting(key)
                              ? fmt::format("{} needs version: 2 at the top of the file", key)
                              : fmt::format("unknown key '{}', or not of its type; known: version, name, source, "
                                            "calibrated, one_qubit_gates, readout_duration, gate_duration, "
                                            "coupling_duration, reset_duration, notes, qubits (a list), couplings "
                                            "(a list)",
                                            key));
      }
    }
    if (!has_qubits) problems_.add(name_, "no qubits");
    if (!has_couplings) problems_.add(name_, "no list of couplings");
  }

 private:
  void fault(const YAML::Node& node, const std::string& what) const {
    const YAML::Mark mark = node.Mark();
    problems_.add(mark.is_null() ? name_ : fmt::format("{}:{}:{}", name_, mark.line + 1, mark.column + 1), what);
  }

  void text(const YAML::Node& node, const std::string& key, std::string& place) const {
    if (!node.IsScalar()) fault(node, key + ": expected a text");
    if (node.IsScalar()) place = node.Scalar();
  }

  std::optional<double> number(const YAML::Node& node, const std::string& what) const {
    const std::optional<double> value = core::yaml_number(node);
    if (!value) fault(node, what + ": " + core::yaml_number_fault(node));
    return value;
  }

  void read_version(const YAML::Node& node) {
    const std::optional<double> value = number(node, "version");
    if (value && *value != 1.0 && *value != 2.0)
      fault(node, fmt::format("version {:g}: this program reads 1 and 2", *value));
    version_ = value == 2.0 ? 2 : 1;
  }

  static bool is_setting(const std::string& key) {
    static const std::set<std::string> all = {"one_qubit_gates",   "readout_duration", "gate_duration",
                                              "coupling_duration", "reset_duration",   "notes"};
    return all.contains(key);
  }

  void read_setting(const std::string& key, const YAML::Node& node) {
    const std::map<std::string, std::optional<double>*> durations = {{"readout_duration", &given_.readout},
                                                                     {"gate_duration", &given_.gate},
                                                                     {"coupling_duration", &given_.coupling},
                                                                     {"reset_duration", &given_.reset}};
    const auto duration = durations.find(key);
    if (duration != durations.end()) {
      const std::optional<double> value = number(node, key);
      if (!*duration->second) *duration->second = value;  // the command line comes first
    } else if (key == "one_qubit_gates") {
      read_basis(node);
    } else if (key == "notes") {
      if (!node.IsSequence()) fault(node, "notes: expected a list of texts");
      for (const YAML::Node& note : node) text(note, "notes", device_.notes.emplace_back());
    }
  }

  void read_basis(const YAML::Node& node) {
    std::set<std::string> names;
    for (const YAML::Node& one : node) names.insert(key_of(one));
    const std::map<std::set<std::string>, PulseBasis> known = {{{"rz", "sx", "x"}, PulseBasis::rz_sx_x},
                                                               {{"u1", "u2", "u3"}, PulseBasis::u1_u2_u3},
                                                               {{"rx", "rz"}, PulseBasis::rx_rz}};
    const auto found = known.find(names);
    if (!node.IsSequence() || found == known.end()) {
      fault(node, "one_qubit_gates: expected [rz, sx, x], [u1, u2, u3] or [rx, rz]");
    } else {
      device_.pulses = found->second;
    }
  }

  /// The figures of one qubit or coupling. Where `left_out` says why it must not be used, only those of `always` are
  /// needed; those that have a value in `otherwise` may be absent.
  void numbers(const YAML::Node& map, const FigurePlaces& known, const std::set<std::string>& always,
               const std::map<std::string, std::optional<double>>& otherwise, std::string& left_out,
               const std::string& what) const {
    if (!map.IsMap()) {
      fault(map, fmt::format("{}: expected keys and values", what));
      return;
    }
    FigurePlaces missing = known;
    for (const auto& item : map) {
      const std::string key = key_of(item.first);
      const auto place = known.find(key);
      if (key == "left_out") {
        if (item.second.IsScalar()) left_out = item.second.Scalar();
        if (left_out.empty()) fault(item.second, fmt::format("{}, left_out: expected the reason, as a text", what));
      } else if (key == "gate" && version_ == 2 && known.contains("control")) {
        continue;  // read_coupling
      } else if (place == known.end()) {
        fault(item.first, fmt::format("{}: unknown key '{}'{}", what, key, hint(key)));
      } else {
        missing.erase(key);
        if (const auto value = number(item.second, what + ", " + key)) *place->second = *value;
      }
    }
    for (const auto& [key, place] : missing) {
      const auto value = otherwise.find(key);
      if (value != otherwise.end() && value->second) {
        *place = *value->second;
      } else if (left_out.empty() || always.contains(key)) {
        fault(map, fmt::format("{}: {} is missing", what, key));
      }
    }
  }

  std::string hint(const std::string& key) const {
    static const std::set<std::string> of_version_2 = {"u2_error",    "u2_duration", "u3_error",
                                                       "u3_duration", "rx_error",    "rx_duration",
                                                       "gate",        "rzz_error",   "rzz_duration"};
    if (version_ == 1 && of_version_2.contains(key)) return "; it needs version: 2 at the top of the file";
    const bool pulse = key == "sx_error" || key == "x_error" || key == "gate_duration";
    return pulse || of_version_2.contains(key) ? "; the gates are " + pulse_names(device_.pulses) : "";
  }

  bool read_qubits(const YAML::Node& list) {
    if (list.size() > most_device_qubits) {
      fault(list, fmt::format("more than {} qubits", most_device_qubits));
      return false;
    }
    for (const YAML::Node& node : list) {
      Device::Qubit qubit;
      FigurePlaces places = {{"t1", &qubit.t1},
                             {"t2", &qubit.t2},
                             {"one_given_zero", &qubit.one_given_zero},
                             {"zero_given_one", &qubit.zero_given_one},
                             {"readout_duration", &qubit.readout_duration},
                             {"reset_duration", &qubit.reset_duration}};
      if (device_.pulses == PulseBasis::rz_sx_x) {
        places.insert(
            {{"sx_error", &qubit.sx_error}, {"x_error", &qubit.x_error}, {"gate_duration", &qubit.one_qubit_duration}});
      } else if (device_.pulses == PulseBasis::u1_u2_u3) {
        places.insert({{"u2_error", &qubit.u2.error},
                       {"u2_duration", &qubit.u2.duration},
                       {"u3_error", &qubit.u3.error},
                       {"u3_duration", &qubit.u3.duration}});
      } else {
        places.insert({{"rx_error", &qubit.rx.error}, {"rx_duration", &qubit.rx.duration}});
      }
      const std::optional<double> pair = given_.gate ? std::optional(2.0 * *given_.gate) : std::nullopt;
      numbers(node, places, {},
              {{"readout_duration", given_.readout},
               {"reset_duration", given_.reset},
               {"gate_duration", given_.gate},
               {"rx_duration", given_.gate},
               {"u2_duration", given_.gate},
               {"u3_duration", pair}},
              qubit.left_out, fmt::format("qubit {}", device_.qubits.size()));
      device_.qubits.push_back(qubit);
    }
    return true;
  }

  void read_coupling(const YAML::Node& node) {
    const std::string what = fmt::format("coupling {}", device_.edges.size());
    Device::Edge edge;
    double control = 0.0;
    double target = 0.0;
    GateFigures rzz{2.0, 2.0};  // what a file may not say: not given
    FigurePlaces places = {
        {"control", &control}, {"target", &target}, {"error", &edge.error}, {"duration", &edge.duration}};
    std::map<std::string, std::optional<double>> otherwise = {{"duration", given_.coupling}};
    const bool has_rzz = node.IsMap() && (node["rzz_error"] || node["rzz_duration"]);
    if (version_ == 2 && has_rzz) {
      places.insert({{"rzz_error", &rzz.error}, {"rzz_duration", &rzz.duration}});
      otherwise.emplace("rzz_duration", given_.coupling);
    }
    numbers(node, places, {"control", "target"}, otherwise, edge.left_out, what);
    if (version_ == 2 && has_rzz) edge.rzz = rzz;
    if (version_ == 2 && node.IsMap()) read_gate(node, what, edge);
    edge.control = whole(control);
    edge.target = whole(target);
    device_.edges.push_back(edge);
  }

  void read_gate(const YAML::Node& node, const std::string& what, Device::Edge& edge) const {
    const YAML::Node gate = node["gate"];
    if (!gate) {
      if (edge.left_out.empty()) fault(node, what + ": gate is missing; expected cx, cz, ecr or rzz");
      return;
    }
    for (const GateKind kind : {GateKind::cx, GateKind::cz, GateKind::ecr, GateKind::rzz}) {
      if (key_of(gate) != gate_name(kind)) continue;
      edge.gate = kind;
      if (kind == GateKind::rzz && !edge.rzz) edge.rzz = GateFigures{edge.error, edge.duration};
      return;
    }
    fault(gate, what + ", gate: expected cx, cz, ecr or rzz");
  }

  std::string name_;
  GivenDurations given_;
  Device& device_;
  core::Problems& problems_;
  int version_ = 1;
};

}  // namespace

Device device_from_yaml(const std::string& text, const std::string& name, const GivenDurations& given,
                        core::Problems& problems) {
  Device device;
  const YAML::Node root = core::parse_yaml(text, name, problems);
  if (problems.empty()) Reader(name, given, device, problems).read(root);
  return device;
}

}  // namespace titrant::quantum
