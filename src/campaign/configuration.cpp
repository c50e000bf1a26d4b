#include "titrant/campaign/configuration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <utility>

#include "titrant/core/error.hpp"
#include "titrant/core/file.hpp"
#include "titrant/store/store.hpp"

namespace titrant::campaign {

namespace {

constexpr std::size_t largest_file = 1U << 20U;  // bytes of a YAML configuration

constexpr std::size_t most_doses = 10000;  // of one grid: more is a typing error

void validate_grid(const std::string& path, const dose::GridOptions& grid, core::Problems& problems) {
  if (grid.to < grid.from) {
    problems.add(path, fmt::format("the grid ends ({} mg) before it begins ({} mg)", grid.to, grid.from));
  } else if ((grid.to - grid.from) / grid.step > static_cast<double>(most_doses)) {
    problems.add(path, fmt::format("the grid has more than {} doses; increase step", most_doses));
  }
}

/// Names that become groups and datasets of the store.
void check_name(const std::string& path, const std::string& name, core::Problems& problems) {
  const auto plain = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-'; };
  constexpr std::size_t longest = 64;
  if (name.size() > longest || !std::all_of(name.begin(), name.end(), plain)) {
    problems.add(path, fmt::format("'{}': names hold letters, digits, _ and - only, {} at most", name, longest));
  }
}

bool is_hdf5(const std::string& file) { return file.ends_with(".h5") || file.ends_with(".hdf5"); }

}  // namespace

void validate(const Configuration& c, core::Problems& problems) {
  validate_grid("dose.daily", c.dose.daily, problems);
  validate_grid("dose.weekly", c.dose.weekly, problems);
  if (c.quantum.backend == classifier::Backend::sampled && c.quantum.gradient == classifier::Gradient::adjoint) {
    problems.add("quantum.gradient",
                 "adjoint needs exact probabilities; with backend sampled use parameter_shift or shared_shift");
  }
  for (const auto& [preset, name] :
       {std::pair{classifier::Preset::exposure, "exposure"}, std::pair{classifier::Preset::homogeneous, "homogeneous"},
        std::pair{classifier::Preset::proposal, "proposal"}}) {
    const auto& others = c.classifier.compare;
    if (c.classifier.preset == preset && std::find(others.begin(), others.end(), name) != others.end()) {
      problems.add("classifier.compare", fmt::format("'{}' is the preset already", name));
    }
  }
  if (c.classifier.readout.trained && c.classifier.readout.kind == classifier::ReadoutKind::raw) {
    problems.add("classifier.readout.trained", "a raw readout has neither scale nor offset to train");
  }
  for (const char* taken : {"subject", "id", "dose", "responder"}) {
    if (c.data.format.covariates.contains(taken)) {
      problems.add("data.covariates",
                   fmt::format("'{}' names something else in /trial of the store; call it otherwise", taken));
    }
  }
  for (const auto& [covariate, column] : c.data.format.covariates) check_name("data.covariates", covariate, problems);
  for (const auto& [scenario, population] : c.scenarios) check_name("scenarios", scenario, problems);
  for (const char* needed : {"body_weight", "comed"}) {
    if (!c.data.format.covariates.contains(needed)) {
      problems.add("data.covariates", fmt::format("'{}' is needed: scenarios are made of it", needed));
    }
  }
}

Configuration load_configuration(const ConfigurationSource& source) {
  Configuration configuration;
  core::Settings settings = describe(configuration);
  core::Problems problems;
  if (!source.file.empty()) {
    try {
      const std::string text = is_hdf5(source.file) ? store::Reader(source.file).text("/config/resolved")
                                                    : core::read_file(source.file, largest_file);
      core::read_yaml(settings, text, source.file, problems);
    } catch (const Error& error) {
      throw ConfigError(error.what());
    }
  }
  for (const std::string& assignment : source.sets) core::set_value(settings, assignment, problems);
  if (problems.empty()) validate(configuration, problems);
  problems.throw_if_any<ConfigError>();
  return configuration;
}

std::string to_yaml(const Configuration& configuration, bool comments) {
  Configuration copy = configuration;
  if (!comments) return core::write_yaml(describe(copy));
  Configuration defaults;
  const core::Settings of_defaults = describe(defaults);
  return core::write_yaml(describe(copy), &of_defaults);
}

std::vector<std::string> classifier_names(const Configuration& configuration) {
  std::vector<std::string> names = {"qcnn"};
  for (const std::string& other : configuration.classifier.compare) {
    names.push_back(other == "logistic" ? other : "qcnn_" + other);
  }
  return names;
}

}  // namespace titrant::campaign
