#include "../../src/run/circuits/circuit_json.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "titrant/classifier/encoding.hpp"
#include "titrant/quantum/gates.hpp"
#include "titrant/quantum/simulation/distribution.hpp"

namespace titrant::run {
namespace {

using Json = nlohmann::json;

quantum::GateKind gate_named(const std::string& name) {
  using quantum::GateKind;
  for (const GateKind gate : {GateKind::x, GateKind::h, GateKind::ry, GateKind::rz, GateKind::cz, GateKind::rxx,
                              GateKind::ryy, GateKind::rzz}) {
    if (quantum::gate_name(gate) == name) return gate;
  }
  ADD_FAILURE() << "no gate of a network: " << name;
  return GateKind::x;
}

quantum::Angle angle_of(const Json& json, const std::vector<std::string>& names) {
  if (json.contains("constant")) return quantum::Angle::constant(json["constant"]);
  if (json.contains("feature")) return quantum::Angle::feature(json["feature"]);
  const auto place = std::find(names.begin(), names.end(), json.at("parameter").get<std::string>());
  return quantum::Angle::parameter(static_cast<std::size_t>(place - names.begin()));
}

/// A program that knows nothing but the contract of the store, as one that draws would read it.
quantum::Circuit circuit_of(const Json& json, const std::vector<std::string>& names) {
  quantum::Circuit circuit(json["qubits"], json["bits"]);
  circuit.amplitude_input(json["amplitude_qubits"]);
  for (const Json& operation : json["operations"]) {
    const std::vector<std::size_t> qubits = operation["qubits"];
    quantum::Circuit::Conditions conditions;
    for (const Json& condition : operation.value("conditions", Json::array())) {
      conditions.push_back({condition["bit"], condition["value"] == 1});
    }
    std::vector<quantum::Angle> angles;
    for (const Json& angle : operation.value("angles", Json::array())) angles.push_back(angle_of(angle, names));
    if (operation["kind"] == "gate") circuit.gate(gate_named(operation["gate"]), qubits, angles, conditions);
    if (operation["kind"] == "measure") circuit.measure(qubits.at(0), operation["bit"], conditions);
    if (operation["kind"] == "discard") circuit.discard(qubits.at(0));
  }
  return circuit;
}

TEST(CircuitJson, IsTheWholeNetwork) {
  for (const classifier::Preset preset :
       {classifier::Preset::exposure, classifier::Preset::homogeneous, classifier::Preset::proposal}) {
    for (const std::size_t points : {64U, 128U}) {
      classifier::ClassifierOptions options;
      options.preset = preset;
      options.reuploading = points == 64;
      options.covariates = {{.name = "comed"}, {.name = "genotype", .value = 2.0}};
      const classifier::Network network = classifier::build_network(classifier::ansatz_of(options, points), points);
      const Json json = Json::parse(circuit_json(network, classifier::feature_names(classifier::encoding_of(options))));
      const quantum::Circuit copy = circuit_of(json, network.parameter_names);
      EXPECT_EQ(json["result_bit"], network.result_bit);
      EXPECT_EQ(json["features"].size(), network.circuit.features());

      std::vector<double> parameters;
      for (std::size_t k = 0; k < network.parameter_names.size(); ++k)
        parameters.push_back(0.1 * static_cast<double>(k) - 1.0);
      const std::vector<double> features = {0.4, 1.1, 2.0};
      const std::vector<double> amplitudes(
          std::size_t{1} << network.circuit.amplitude_qubits().size(),
          std::sqrt(1.0 / static_cast<double>(std::size_t{1} << network.circuit.amplitude_qubits().size())));
      const quantum::Input input{amplitudes, std::span(features).first(network.circuit.features())};
      const auto expected = quantum::distribution(network.circuit, parameters, input);
      const auto found = quantum::distribution(copy, parameters, input);
      ASSERT_EQ(found.size(), expected.size());
      for (std::size_t k = 0; k < found.size(); ++k) {
        EXPECT_EQ(found[k].bits, expected[k].bits);
        EXPECT_EQ(found[k].probability, expected[k].probability);
      }
    }
  }
}

}  // namespace
}  // namespace titrant::run
