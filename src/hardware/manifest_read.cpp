#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "manifest_parts.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/file.hpp"
#include "titrant/core/problems.hpp"

namespace titrant::hardware {

namespace {

using Ordered = nlohmann::ordered_json;

constexpr const char* remedy = "export the circuits again (titrant device export), or give the folder as it was";

Role role_of(const std::string& name) {
  for (const Role role : {Role::marker_zero, Role::marker_one, Role::calibration, Role::question})
    if (word(role) == name) return role;
  throw DataError(fmt::format("role '{}'", name));
}

ExportedCircuit circuit_of(const Ordered& json) {
  ExportedCircuit circuit;
  PlannedCircuit& planned = circuit.planned;
  planned.name = json.at("name").get<std::string>();
  planned.role = role_of(json.at("role").get<std::string>());
  planned.shots = json.at("shots").get<std::uint64_t>();
  if (json.contains("subject")) {
    planned.subject = json.at("subject").get<std::uint64_t>();
    planned.dose = json.at("dose").get<double>();
    circuit.features = json.at("features").get<std::vector<double>>();
  }
  planned.p_one = json.at("p_one").get<double>();
  planned.readout = {json.at("readout").at("one_given_zero").get<double>(),
                     json.at("readout").at("zero_given_one").get<double>()};
  circuit.expected = json.at("expected").get<double>();
  circuit.sha256 = json.at("sha256").get<std::string>();
  if (json.contains("layout")) {
    circuit.initial_layout = json.at("layout").at("initial").get<std::vector<std::size_t>>();
    circuit.final_layout = json.at("layout").at("final").get<std::vector<std::size_t>>();
  }
  return circuit;
}

void read_question(const Ordered& json, Manifest& m) {
  m.question = {json.at("population").get<std::string>(), json.at("regimen").get<std::string>(),
                json.at("endpoint").get<std::string>(), json.at("target").get<double>()};
  m.classifier = json.at("classifier").get<std::string>();
  m.dose_unit = json.at("dose_unit").get<std::string>();
  m.scheme.target = m.question.target;
  m.scheme.direction = json.at("direction").get<std::string>() == protocol::word(protocol::Direction::falling)
                           ? protocol::Direction::falling
                           : protocol::Direction::rising;
}

Manifest manifest_of(const Ordered& json) {
  Manifest m;
  m.version = json.at("titrant").get<std::string>();
  m.store = json.at("store").at("file").get<std::string>();
  m.store_sha256 = json.at("store").at("sha256").get<std::string>();
  if (json.contains("device")) {
    m.device = json.at("device").at("name").get<std::string>();
    m.device_file = json.at("device").at("file").get<std::string>();
    m.device_sha256 = json.at("device").at("sha256").get<std::string>();
    m.device_calibrated = json.at("device").at("calibrated").get<std::string>();
  }
  read_question(json.at("question"), m);
  m.promise.grid = json.at("grid").get<std::vector<double>>();
  m.scheme.doses = json.at("doses").get<std::vector<double>>();
  const auto exact = std::find(m.promise.grid.begin(), m.promise.grid.end(), json.at("exact_dose").get<double>());
  if (exact == m.promise.grid.end() || m.scheme.doses.empty()) throw DataError("doses");
  for (const double dose : m.scheme.doses)
    if (std::find(m.promise.grid.begin(), m.promise.grid.end(), dose) == m.promise.grid.end()) throw DataError("doses");
  m.promise.answer = static_cast<std::size_t>(exact - m.promise.grid.begin());
  m.risk = json.at("risk").get<double>();
  const Ordered& readout = json.at("readout");
  m.scheme.readout = {
      readout.at("kind").get<std::string>() == "raw" ? classifier::ReadoutKind::raw : classifier::ReadoutKind::sigmoid,
      readout.at("scale").get<double>(), readout.at("offset").get<double>()};
  for (const Ordered& one : json.at("parameters")) {
    m.parameter_names.push_back(one.at("name").get<std::string>());
    m.parameters.push_back(one.at("value").get<double>());
  }
  m.bits.answer = json.at("bits").at("answer").get<std::size_t>();
  for (const Ordered& one : json.at("bits").at("registers"))
    m.bits.registers.push_back(
        {one.at("name").get<std::string>(), one.at("first").get<std::size_t>(), one.at("size").get<std::size_t>()});
  if (m.bits.answer >= m.bits.size()) throw DataError("bits");
  for (const Ordered& one : json.at("circuits")) {
    m.circuits.push_back(circuit_of(one));
    m.scheme.circuits.push_back(m.circuits.back().planned);
  }
  return m;
}

}  // namespace

Manifest parse_manifest(const std::string& text, const std::string& file) {
  Ordered json;
  try {
    json = Ordered::parse(text);
  } catch (const Ordered::parse_error& error) {
    throw DataError(fmt::format("{}: is no JSON (byte {}); {}", file, error.byte, remedy));
  }
  if (!json.is_object() || !json.contains("format") || json["format"] != manifest_format)
    throw DataError(fmt::format("{}: is no manifest of exported circuits; {}", file, remedy));
  if (!json.contains("version") || json["version"] != manifest_version)
    throw DataError(fmt::format("{}: version {}, and this program reads {}; {}", file,
                                json.contains("version") ? json["version"].dump() : "unknown", manifest_version,
                                remedy));
  const std::string declared = json.contains("sha256") && json["sha256"].is_string() ? json["sha256"] : "";
  json.erase("sha256");
  if (core::sha256(json.dump()) != declared)
    throw DataError(fmt::format("{}: was edited since it was exported (its checksum is another); {}", file, remedy));
  try {
    return manifest_of(json);
  } catch (const Ordered::exception& error) {
    throw DataError(fmt::format("{}: {}; {}", file, error.what(), remedy));
  } catch (const DataError& error) {
    throw DataError(fmt::format("{}: faulty {}; {}", file, error.what(), remedy));
  }
}

FolderManifest read_manifest(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / manifest_name;
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored))
    throw DataError(
        fmt::format("{}: there is no manifest; expected a folder that titrant device export wrote", file.string()));
  const std::string text = core::read_file(file, most_manifest);
  FolderManifest found{parse_manifest(text, file.string()), core::sha256(text)};
  core::Problems problems;
  for (const ExportedCircuit& circuit : found.manifest.circuits) {
    const std::filesystem::path program = folder / (circuit.planned.name + ".qasm");
    if (!std::filesystem::exists(program, ignored)) continue;
    if (core::sha256(core::read_file(program, most_manifest)) != circuit.sha256)
      problems.add(program.string(), "changed since it was exported; " + std::string(remedy));
  }
  problems.throw_if_any<DataError>();
  return found;
}

}  // namespace titrant::hardware
