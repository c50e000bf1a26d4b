#include "titrant/hardware/folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <system_error>
#include <vector>

#include "manifest_parts.hpp"
#include "titrant/classifier/encoding.hpp"
#include "titrant/core/build.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/file.hpp"

namespace titrant::hardware {

namespace {

struct CircuitFile {
  std::string name;
  std::string text;
};

std::vector<std::string> comments_of(const PlannedCircuit& circuit, const Manifest& manifest) {
  if (circuit.role == Role::marker_zero) return {"marker: every bit reads 0"};
  if (circuit.role == Role::marker_one) return {"marker: the answer reads 1, every other bit 0"};
  return {fmt::format("{}: subject {} of {}, {:g} {} of {}, {}", word(circuit.role), circuit.subject,
                      manifest.question.population, circuit.dose, manifest.dose_unit, manifest.question.regimen,
                      manifest.question.endpoint),
          fmt::format("P(answer = 1) = {:.15g}", circuit.p_one)};
}

/// Throws ConfigError where the folder holds something that this export would not write.
void expect_own_folder(const std::filesystem::path& folder, const std::set<std::string>& own,
                       const std::string& manifest, bool force) {
  std::error_code error;
  if (std::filesystem::exists(folder, error) && !std::filesystem::is_directory(folder, error))
    throw ConfigError(fmt::format("{}: is a file; expected a folder", folder.string()));
  std::filesystem::create_directories(folder, error);
  if (error) throw StoreError(fmt::format("cannot create {}: {}", folder.string(), error.message()));
  if (force) return;
  const std::filesystem::path there = folder / manifest_name;
  if (std::filesystem::exists(there, error) && core::read_file(there, most_manifest) != manifest)
    throw ConfigError(
        fmt::format("{}: holds the circuits of another plan; give another folder, or --force", folder.string()));
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (own.contains(name)) continue;
    throw ConfigError(fmt::format("{}: holds {}, which is none of these circuits; give another folder, or --force",
                                  folder.string(), name));
  }
}

Manifest manifest_of(const QuestionModel& model, const Plan& plan, const CircuitMaker& maker,
                     const PlanSources& sources) {
  Manifest m;
  m.version = core::build::version;
  m.store = sources.store;
  m.store_sha256 = core::file_sha256(sources.store);
  if (maker.machine().device) {
    m.device = maker.machine().device->name;
    m.device_file = sources.device_file;
    m.device_sha256 = core::file_sha256(sources.device_file);
    m.device_calibrated = maker.machine().device->calibrated;
  }
  m.question = model.question;
  m.classifier = model.classifier;
  m.dose_unit = model.regimen.dose_unit(model.configuration.data.format.units.amount);
  m.parameter_names = model.network.parameter_names();
  m.parameters = model.network.parameters();
  m.bits = {maker.reference().bits, maker.reference().answer};
  m.promise = plan.promise;
  m.scheme = plan.scheme;
  m.risk = plan.shots.risk;
  return m;
}

}  // namespace

Manifest write_folder(const std::filesystem::path& folder, const QuestionModel& model, const Plan& plan,
                      const PlannedExamples& examples, const CircuitMaker& maker, const PlanSources& sources,
                      bool force, const std::function<void(std::size_t, std::size_t)>& progress) {
  Manifest manifest = manifest_of(model, plan, maker, sources);
  std::vector<CircuitFile> files;
  std::set<std::string> own = {manifest_name, results_name};
  for (std::size_t k = 0; k < plan.scheme.circuits.size(); ++k) {
    const PlannedCircuit& planned = plan.scheme.circuits[k];
    const bool marker = planned.role == Role::marker_zero || planned.role == Role::marker_one;
    ExportedCircuit exported{planned, "", {}, plan.recorded[k], {}, {}};
    MachineCircuit circuit = marker ? maker.marker(planned.role == Role::marker_one) : maker.reference();
    if (!marker) {
      const classifier::Example example = examples.example(planned);
      circuit = maker.make(example);
      exported.features = classifier::feature_angles(model.network.encoding(), example);
    }
    exported.initial_layout = circuit.initial_layout;
    exported.final_layout = circuit.final_layout;
    files.push_back({planned.name + ".qasm", maker.text(circuit, comments_of(planned, manifest))});
    exported.sha256 = core::sha256(files.back().text);
    own.insert(files.back().name);
    manifest.circuits.push_back(std::move(exported));
    if (progress) progress(k + 1, plan.scheme.circuits.size());
  }
  const std::string text = write_manifest(manifest);
  expect_own_folder(folder, own, text, force);
  for (const CircuitFile& file : files) core::replace_file(folder / file.name, file.text);
  core::replace_file(folder / manifest_name, text);
  return manifest;
}

}  // namespace titrant::hardware
