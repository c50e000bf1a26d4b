#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "device_formats.hpp"
#include "titrant/core/yaml.hpp"

namespace titrant::quantum {

namespace {

/// Reads one map of the file: known keys into places, everything else is a fault.
class Reader {
 public:
  Reader(std::string name, core::Problems& problems) : name_(std::move(name)), problems_(problems) {}

  void fault(const YAML::Node& node, const std::string& what) const {
    const YAML::Mark mark = node.Mark();
    problems_.add(mark.is_null() ? name_ : fmt::format("{}:{}:{}", name_, mark.line + 1, mark.column + 1), what);
  }

  std::optional<double> number(const YAML::Node& node, const std::string& what) const {
    const std::optional<double> value = core::yaml_number(node);
    if (!value) fault(node, what + ": " + core::yaml_number_fault(node));
    return value;
  }

  /// The figures of one qubit or coupling. Where `left_out` says why it must not be used, only those of `always` are
  /// needed.
  void numbers(const YAML::Node& map, const std::map<std::string, double*>& required,
               const std::set<std::string>& always, std::string& left_out, const std::string& what) const {
    if (!map.IsMap()) {
      fault(map, fmt::format("{}: expected keys and values", what));
      return;
    }
    std::map<std::string, double*> missing = required;
    for (const auto& item : map) {
      const std::string key = item.first.IsScalar() ? item.first.Scalar() : "";
      const auto known = required.find(key);
      if (key == "left_out") {
        if (item.second.IsScalar()) left_out = item.second.Scalar();
        if (left_out.empty()) fault(item.second, fmt::format("{}, left_out: expected the reason, as a text", what));
      } else if (known == required.end()) {
        fault(item.first, fmt::format("{}: unknown key '{}'", what, key));
      } else {
        missing.erase(key);
        if (const auto value = number(item.second, what + ", " + key)) *known->second = *value;
      }
    }
    for (const auto& [key, place] : missing) {
      if (left_out.empty() || always.contains(key)) fault(map, fmt::format("{}: {} is missing", what, key));
    }
  }

 private:
  std::string name_;
  core::Problems& problems_;
};

std::size_t whole(double value) {
  return value >= 0.0 && value < 1e9 && value == std::floor(value) ? static_cast<std::size_t>(value)
                                                                   : most_device_qubits;
}

}  // namespace

Device device_from_yaml(const std::string& text, const std::string& name, core::Problems& problems) {
  Device device;
  const YAML::Node root = core::parse_yaml(text, name, problems);
  if (!problems.empty()) return device;
  const Reader reader(name, problems);
  if (!root.IsMap()) {
    problems.add(name, "expected the keys name, qubits and couplings");
    return device;
  }
  bool has_qubits = false;
  bool has_couplings = false;
  for (const auto& item : root) {
    const std::string key = item.first.IsScalar() ? item.first.Scalar() : "";
    const YAML::Node& value = item.second;
    if (key == "name" || key == "source" || key == "calibrated") {
      std::string& text_field = key == "name" ? device.name : key == "source" ? device.source : device.calibrated;
      if (value.IsScalar()) {
        text_field = value.Scalar();
      } else {
        reader.fault(value, key + ": expected a text");
      }
    } else if (key == "qubits" && value.IsSequence()) {
      has_qubits = true;
      if (value.size() > most_device_qubits) {
        reader.fault(value, fmt::format("more than {} qubits", most_device_qubits));
        return device;
      }
      for (const YAML::Node& node : value) {
        Device::Qubit qubit;
        reader.numbers(node,
                       {{"t1", &qubit.t1},
                        {"t2", &qubit.t2},
                        {"one_given_zero", &qubit.one_given_zero},
                        {"zero_given_one", &qubit.zero_given_one},
                        {"readout_duration", &qubit.readout_duration},
                        {"sx_error", &qubit.sx_error},
                        {"x_error", &qubit.x_error},
                        {"gate_duration", &qubit.one_qubit_duration},
                        {"reset_duration", &qubit.reset_duration}},
                       {}, qubit.left_out, fmt::format("qubit {}", device.qubits.size()));
        device.qubits.push_back(qubit);
      }
    } else if (key == "couplings" && value.IsSequence()) {
      has_couplings = true;
      for (const YAML::Node& node : value) {
        Device::Edge edge;
        double control = 0.0;
        double target = 0.0;
        reader.numbers(
            node, {{"control", &control}, {"target", &target}, {"error", &edge.error}, {"duration", &edge.duration}},
            {"control", "target"}, edge.left_out, fmt::format("coupling {}", device.edges.size()));
        edge.control = whole(control);
        edge.target = whole(target);
        device.edges.push_back(edge);
      }
    } else {
      reader.fault(item.first, fmt::format("unknown key '{}', or not of its type; known: name, source, calibrated, "
                                           "qubits (a list), couplings (a list)",
                                           key));
    }
  }
  if (!has_qubits || device.qubits.empty()) problems.add(name, "no qubits");
  if (!has_couplings) problems.add(name, "no list of couplings");
  return device;
}

}  // namespace titrant::quantum
