#include "circuit_json.hpp"

#include <nlohmann/json.hpp>

#include "titrant/core/error.hpp"
#include "titrant/quantum/gates.hpp"

namespace titrant::run {

namespace {

using Json = nlohmann::ordered_json;

const char* word(quantum::Operation::Kind kind) {
  switch (kind) {
    case quantum::Operation::Kind::gate:
      return "gate";
    case quantum::Operation::Kind::measure:
      return "measure";
    case quantum::Operation::Kind::reset:
      return "reset";
    case quantum::Operation::Kind::discard:
      return "discard";
    case quantum::Operation::Kind::barrier:
      break;
  }
  return "barrier";
}

Json to_json(const quantum::Angle& angle, const std::vector<std::string>& parameters) {
  using Source = quantum::Angle::Source;
  if (angle.source == Source::parameter) return {{"parameter", parameters.at(angle.index)}};
  if (angle.source == Source::feature) return {{"feature", angle.index}};
  return {{"constant", angle.value}};
}

Json to_json(const quantum::Operation& operation, const std::vector<std::string>& parameters) {
  Json json = {{"kind", word(operation.kind)}};
  if (operation.kind == quantum::Operation::Kind::gate) json["gate"] = quantum::gate_name(operation.gate);
  json["qubits"] = operation.qubits;
  for (const quantum::Angle& angle : operation.angles) json["angles"].push_back(to_json(angle, parameters));
  if (operation.kind == quantum::Operation::Kind::measure) json["bit"] = operation.bit;
  for (const quantum::Operation::Condition& condition : operation.conditions) {
    json["conditions"].push_back({{"bit", condition.bit}, {"value", condition.value ? 1 : 0}});
  }
  return json;
}

}  // namespace

std::string circuit_json(const classifier::Network& network, const std::vector<std::string>& features) {
  const quantum::Circuit& circuit = network.circuit;
  TITRANT_EXPECTS(features.size() == circuit.features());
  Json json = {
      {"qubits", circuit.qubits()},       {"bits", circuit.bits()}, {"amplitude_qubits", circuit.amplitude_qubits()},
      {"result_bit", network.result_bit}, {"features", features},   {"operations", Json::array()}};
  for (const quantum::Operation& operation : circuit.operations()) {
    json["operations"].push_back(to_json(operation, network.parameter_names));
  }
  return json.dump();
}

}  // namespace titrant::run
