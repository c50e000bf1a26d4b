#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "manifest_parts.hpp"
#include "titrant/core/file.hpp"

namespace titrant::hardware {

namespace {

using Ordered = nlohmann::ordered_json;

Ordered circuit_json(const ExportedCircuit& circuit) {
  const PlannedCircuit& planned = circuit.planned;
  Ordered json = {{"name", planned.name},
                  {"file", planned.name + ".qasm"},
                  {"sha256", circuit.sha256},
                  {"role", word(planned.role)},
                  {"shots", planned.shots}};
  if (planned.role == Role::calibration || planned.role == Role::question) {
    json["subject"] = planned.subject;
    json["dose"] = planned.dose;
    json["features"] = circuit.features;
  }
  json["p_one"] = planned.p_one;
  json["expected"] = circuit.expected;
  json["readout"] = {{"one_given_zero", planned.readout.one_given_zero},
                     {"zero_given_one", planned.readout.zero_given_one}};
  if (!circuit.initial_layout.empty())
    json["layout"] = {{"initial", circuit.initial_layout}, {"final", circuit.final_layout}};
  return json;
}

}  // namespace

std::string write_manifest(const Manifest& m) {
  Ordered json;
  json["format"] = manifest_format;
  json["version"] = manifest_version;
  json["titrant"] = m.version;
  json["store"] = {{"file", m.store}, {"sha256", m.store_sha256}};
  if (!m.device.empty())
    json["device"] = {
        {"name", m.device}, {"file", m.device_file}, {"sha256", m.device_sha256}, {"calibrated", m.device_calibrated}};
  json["question"] = {{"population", m.question.population},
                      {"regimen", m.question.regimen},
                      {"endpoint", m.question.endpoint},
                      {"target", m.question.target},
                      {"classifier", m.classifier},
                      {"direction", protocol::word(m.scheme.direction)},
                      {"dose_unit", m.dose_unit}};
  json["grid"] = m.promise.grid;
  json["doses"] = m.scheme.doses;
  json["exact_dose"] = m.promise.grid[m.promise.answer];
  json["risk"] = m.risk;
  json["readout"] = {{"kind", m.scheme.readout.kind == classifier::ReadoutKind::raw ? "raw" : "sigmoid"},
                     {"scale", m.scheme.readout.scale},
                     {"offset", m.scheme.readout.offset}};
  json["parameters"] = Ordered::array();
  for (std::size_t k = 0; k < m.parameters.size(); ++k)
    json["parameters"].push_back({{"name", m.parameter_names[k]}, {"value", m.parameters[k]}});
  json["bits"] = {{"answer", m.bits.answer}, {"registers", Ordered::array()}};
  for (const quantum::Register& one : m.bits.registers)
    json["bits"]["registers"].push_back({{"name", one.name}, {"first", one.first}, {"size", one.size}});
  json["circuits"] = Ordered::array();
  for (const ExportedCircuit& circuit : m.circuits) json["circuits"].push_back(circuit_json(circuit));
  json["sha256"] = core::sha256(json.dump());
  return json.dump(1) + "\n";
}

}  // namespace titrant::hardware
