#include "titrant/run/configuration.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <system_error>
#include <utility>

#include "titrant/classifier/classifier.hpp"
#include "titrant/classifier/qcnn.hpp"
#include "titrant/core/contains.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/file.hpp"
#include "titrant/core/problems.hpp"
#include "titrant/nlme/joint_blocks.hpp"
#include "titrant/protocol/settings.hpp"
#include "titrant/quantum/noise/noise_model.hpp"
#include "titrant/store/store.hpp"
#include "titrant/trial/synthetic.hpp"

namespace titrant::run {

namespace {

constexpr std::size_t largest_file = 1U << 20U;  // bytes of a YAML configuration

bool is_hdf5(const std::string& file) { return file.ends_with(".h5") || file.ends_with(".hdf5"); }

/// A file that a configuration names is looked for beside the configuration first, then where the program was started.
void resolve_path(std::string& path, const std::string& configuration) {
  if (path.empty()) return;
  const std::filesystem::path beside = std::filesystem::path(configuration).parent_path() / path;
  std::error_code ignored;
  if (std::filesystem::exists(beside, ignored)) path = beside.string();
}

/// Whether virtual subjects have outcomes: those of a biomarker need a model of it.
bool can_be_simulated(const Configuration& c) {
  const std::vector<protocol::Endpoint>& endpoints = c.protocol.endpoints;
  return c.pd.structure != "none" ||
         (!endpoints.empty() && std::none_of(endpoints.begin(), endpoints.end(), [](const protocol::Endpoint& one) {
           return !one.is_combined() && one.of == protocol::Quantity::biomarker;
         }));
}

bool labels_trial(const Configuration& c) {
  const std::vector<protocol::Endpoint>& endpoints = c.protocol.endpoints;
  return std::any_of(endpoints.begin(), endpoints.end(), [](const auto& one) { return one.labels_trial(); });
}

/// Without a biomarker model the trial's subjects are learnt from where they have outcomes.
void resolve_training_sets(Configuration& c) {
  const bool simulated = c.pd.structure != "none" || (can_be_simulated(c) && !labels_trial(c));
  for (std::string& set : c.training_set.on) {
    if (set == "auto") set = simulated ? "virtual" : "trial";
  }
}

/// What is not said of the protocol: all of it for the embedded trial; the trial's own subjects as population else.
void complete_protocol(Configuration& c) {
  protocol::Protocol& asked = c.protocol;
  const protocol::Question nothing{"", "", "", 0.0};
  if (asked.first == nothing) asked.first.reset();  // headline: {}, as a resolved configuration has it
  if (c.data.file.empty()) {
    const protocol::Protocol usual = trial::default_protocol();
    if (asked.regimens.empty()) asked.regimens = usual.regimens;
    if (asked.endpoints.empty()) asked.endpoints = usual.endpoints;
    if (asked.populations.empty()) asked.populations = usual.populations;
  }
  if (asked.populations.empty()) {
    protocol::Population of_trial;
    of_trial.name = "trial";
    of_trial.source = protocol::Population::Source::trial;
    asked.populations = {of_trial};
  }
}

void validate_training_sets(const Configuration& c, core::Problems& problems) {
  const std::vector<std::string>& on = c.training_set.on;
  if (on.empty()) problems.add("training.on", "at least one is needed");
  const bool only_trial = on == std::vector<std::string>{"trial"};
  if (!only_trial && !can_be_simulated(c)) {
    problems.add(
        "training.on",
        "virtual subjects need a biomarker model: set pd.structure to auto, or training.on to trial, or ask for "
        "endpoints of the concentration alone");
  }
  if (std::find(on.begin(), on.end(), "trial") != on.end() && !labels_trial(c) && !c.protocol.endpoints.empty()) {
    problems.add(
        "training.on",
        "the trial's subjects have outcomes of endpoints with values: measured and hours alone, and no endpoint "
        "has them; learn from virtual subjects");
  }
  for (const std::string& name : c.training_set.regimens) {
    const std::vector<protocol::Regimen>& regimens = c.protocol.regimens;
    const bool known = std::any_of(regimens.begin(), regimens.end(), [&](const auto& one) { return one.name == name; });
    if (name != "all" && !known) problems.add("training.regimens", fmt::format("'{}' is no regimen", name));
  }
}

bool binary_biomarker(const Configuration& c) {
  return c.pd.structure != "none" && c.pd.fit.error == nlme::ErrorKind::binary;
}

/// Limits of a biomarker whose values are 0 or 1, and whose model is the probability of 1.
void validate_probability(const protocol::Endpoint& endpoint, core::Problems& problems) {
  for (const auto& [word, limit] : {std::pair{"below", endpoint.limits.below}, {"above", endpoint.limits.above}}) {
    if (!limit || (*limit > 0.0 && *limit < 1.0)) continue;
    problems.add(fmt::format("endpoints.{}.{}", endpoint.name, word),
                 fmt::format("{} is met by all or by none: values are 0 or 1 (pd.error: binary), and the model is the "
                             "probability of 1; expected a limit between 0 and 1",
                             *limit));
  }
}

/// Endpoints that nothing could answer.
void validate_endpoints(const Configuration& c, core::Problems& problems) {
  for (const protocol::Endpoint& endpoint : c.protocol.endpoints) {
    const std::string key = "endpoints." + endpoint.name;
    if (endpoint.of == protocol::Quantity::biomarker && binary_biomarker(c)) validate_probability(endpoint, problems);
    if (c.pd.structure == "none" && !endpoint.is_combined() && endpoint.of == protocol::Quantity::biomarker &&
        !endpoint.labels_trial()) {
      problems.add(key,
                   "is of a biomarker that is not fitted (pd.structure is none); only values: measured in hours of "
                   "the trial can be learnt from its subjects");
    }
  }
  constexpr std::size_t most_panels = 256;  // numbers of 8 bits key the shots of predictions
  if (c.protocol.populations.size() * c.protocol.regimens.size() > most_panels) {
    problems.add("populations", fmt::format("{} populations on {} regimens are more than {} searches of one run",
                                            c.protocol.populations.size(), c.protocol.regimens.size(), most_panels));
  }
}

/// Whether some model has an estimate of this name, "pk.omega.clearance".
bool may_be_estimated(const std::string& name) {
  const bool pk = name.starts_with("pk.");
  std::vector<std::string> parameters(pkpd::pk_parameter_names.begin(), pkpd::pk_parameter_names.end());
  if (!pk) {  // a joint fit has those of both
    parameters.insert(parameters.end(), pkpd::biomarker_parameter_names.begin(), pkpd::biomarker_parameter_names.end());
  }
  std::string rest = name.substr(std::string_view("pk.").size());
  for (const std::string_view kind : {"omega.", "occasion_omega.", "correlation."}) {
    if (rest.starts_with(kind)) rest.erase(0, kind.size());
  }
  return rest == "error" || rest.starts_with("error.") || core::contains(parameters, rest.substr(0, rest.find('.')));
}

/// The two keys for the method of the biomarker fit, and what needs a joint one.
void validate_joint_fit(const Configuration& c, core::Problems& problems) {
  const std::string& one = c.pd.pk_pd_method;
  const std::string& other = c.pd.method;
  if (one != "auto" && other != "auto" && (one == "joint") != (other == "joint")) {
    problems.add("pk_pd.method", fmt::format("is {}, and pd.method is {}; write one of the two", one, other));
    return;
  }
  if (c.pd.fit.joint_blocks.empty()) return;
  if (c.pd.structure == "none") {
    problems.add("pk_pd.omega.blocks", "needs a biomarker model (pd.structure is none)");
    return;
  }
  nlme::PdOptions options = c.pd.fit;
  options.method = pd_method(c.pd);
  nlme::check_joint_blocks(options, c.pk.variability, c.pk.blocks, problems);
}

/// Work that a run is asked for at its end, and could not do.
void validate_late_stages(const Configuration& c, core::Problems& problems) {
  const bool biomarker = c.pd.structure != "none";
  if (c.coverage.trials > 0 && (!biomarker || c.uncertainty.source == IntervalSource::none)) {
    problems.add("coverage.trials", "needs a biomarker model (pd.structure) and intervals (uncertainty.source)");
  }
  if (!c.learning.simulated.empty() && !can_be_simulated(c)) {
    problems.add("learning.virtual",
                 "virtual subjects need a biomarker model: set pd.structure, or learning.virtual to []");
  }
  for (const auto& [path, sizes] :
       {std::pair{"learning.trial", c.learning.trial}, std::pair{"learning.virtual", c.learning.simulated}}) {
    for (const double size : sizes) {
      if (size != std::floor(size)) problems.add(path, fmt::format("{} subjects; expected whole numbers", size));
    }
  }
  for (const std::string& name : c.diagnostics.profile) {
    if (!name.starts_with("pk.") && !name.starts_with("pd.")) {
      problems.add("diagnostics.profile", fmt::format("'{}' begins neither with pk. nor with pd.", name));
    } else if (name.starts_with("pd.") && !biomarker) {
      problems.add("diagnostics.profile",
                   fmt::format("'{}': there is no biomarker model (pd.structure is none)", name));
    } else if (!may_be_estimated(name)) {
      problems.add("diagnostics.profile",
                   fmt::format("'{}' is of no parameter; expected for example pk.clearance, pk.omega.volume, "
                               "pk.clearance.weight, pd.ic50 or pd.error.proportional",
                               name));
    }
  }
}

/// Trainings, panels and virtual subjects have numbers of so many bits in the names of their random streams.
void validate_counts(const Configuration& c, core::Problems& problems) {
  constexpr double most_validations = 1 << 20;  // between first_validation_training and first_learning_training
  const double validations = (1.0 + c.training.folds) * c.training.replicates;
  if (validations > most_validations) {
    problems.add("training.replicates", fmt::format("{} repeats of {} folds are more than {} trainings; ask for fewer",
                                                    c.training.replicates, c.training.folds, most_validations));
  }
  constexpr double most_curves = 1 << 21;  // up to the first training of a replicate
  for (const auto& [path, sizes] : {std::pair{"learning.trial", c.learning.trial.size()},
                                    std::pair{"learning.virtual", c.learning.simulated.size()}}) {
    if (static_cast<double>(sizes) * c.learning.replicates > most_curves) {
      problems.add(path, fmt::format("{} sizes, {} times each, are more than {} trainings; ask for fewer", sizes,
                                     c.learning.replicates, most_curves));
    }
  }
}

}  // namespace

namespace {

/// The noise model of the `quantum.noise` section, made once for all networks.
void resolve_noise(Configuration& configuration, core::Problems& problems) {
  configuration.quantum.noise = nullptr;
  if (!configuration.noise.any()) return;
  try {
    if (!configuration.noise.device.empty()) read_device_text(configuration.noise);
    configuration.quantum.noise = std::make_shared<const quantum::NoiseModel>(network_noise(configuration.noise));
  } catch (const Error& error) {
    problems.add("quantum.noise", error.what());
  }
}

}  // namespace

namespace {

constexpr std::size_t largest_data = std::size_t{1} << 30U;  // bytes of a data file

/// What a store keeps of the files that its configuration names.
struct KeptFiles {
  std::string data_file;
  std::string data_digest;
};

KeptFiles take_kept_files(const store::Reader& reader, Configuration& configuration) {
  if (reader.contains("/config/device")) {
    configuration.noise.text = reader.text("/config/device");
    configuration.noise.text_of = configuration.noise.device;
  }
  if (!reader.contains("/config/data_sha256")) return {};
  return {configuration.data.file, reader.text("/config/data_sha256")};
}

/// \param kept  where a run is repeated: its data file must still be what it was
void resolve_data(Configuration& configuration, const KeptFiles& kept, const std::string& store,
                  core::Problems& problems) {
  std::error_code error;
  configuration.data.digest.clear();
  if (!std::filesystem::is_regular_file(configuration.data.file, error)) return;  // reading it will say so
  try {
    configuration.data.digest = core::sha256(core::read_file(configuration.data.file, largest_data));
  } catch (const Error& failure) {
    return problems.add("data.file", failure.what());
  }
  if (kept.data_digest.empty() || configuration.data.file != kept.data_file) return;
  if (configuration.data.digest != kept.data_digest) {
    problems.add(
        "data.file",
        fmt::format("{} is not the file that {} was made from: its SHA-256 is {}, not {}; give the right one, or "
                    "another on purpose, with --set data.file=...",
                    configuration.data.file, store, configuration.data.digest, kept.data_digest));
  }
}

/// Occasions are read as a covariate: one that has their column already, else one of this name.
void resolve_occasions(Configuration& configuration) {
  configuration.pk.occasion.clear();
  if (configuration.occasion_column.empty()) return;
  std::vector<protocol::CovariateSpec>& covariates = configuration.data.format.covariates;
  for (protocol::CovariateSpec& spec : covariates) {
    spec.tells_occasions = spec.column == configuration.occasion_column;
    if (spec.tells_occasions) configuration.pk.occasion = spec.name;
  }
  if (!configuration.pk.occasion.empty()) return;
  protocol::CovariateSpec spec;
  spec.name = "occasion";
  spec.column = configuration.occasion_column;
  spec.tells_occasions = true;
  covariates.push_back(spec);
  configuration.pk.occasion = spec.name;
}

/// A probability has no unit; another unit that is given is only shown.
void resolve_binary_unit(Configuration& configuration) {
  std::string& unit = configuration.data.format.units.biomarker;
  if (binary_biomarker(configuration) && unit == trial::Units{}.biomarker) unit = "1";
}

/// Covariates that effects name, but data.covariates does not. Default allometry names weight whether there is one or
/// not.
template <class Effects>
void expect_covariates(const Configuration& c, const std::string& section, const Effects& effects,
                       core::Problems& problems) {
  std::vector<std::string> known;
  for (const protocol::CovariateSpec& spec : c.data.format.covariates) known.push_back(spec.name);
  for (const auto& [parameter, of_parameter] : effects) {
    for (const auto& [covariate, setting] : of_parameter) {
      if (covariate == "weight" || std::find(known.begin(), known.end(), covariate) != known.end()) continue;
      std::string near = core::nearest(covariate, known);
      for (const std::string& name : known) {
        if (near.empty() && covariate.find(name) != std::string::npos) near = name;
      }
      problems.add(fmt::format("{}.covariates.{}.{}", section, parameter, covariate),
                   fmt::format("unknown covariate; data.covariates names {}{}",
                               known.empty() ? "none" : fmt::format("{}", fmt::join(known, ", ")),
                               near.empty() ? "" : fmt::format("; did you mean '{}'?", near)));
    }
  }
}

}  // namespace

nlme::PdMethod pd_method(const BiomarkerOptions& options) {
  if (options.method == "population") return nlme::PdMethod::population;
  const bool joint = options.method == "joint" || (options.method == "auto" && options.pk_pd_method == "joint");
  return joint ? nlme::PdMethod::joint : nlme::PdMethod::individual;
}

void validate(const Configuration& c, core::Problems& problems) {
  std::vector<nlme::MethodKind> methods;
  for (const std::string& word : c.estimation.methods) methods.push_back(nlme::method_of(word));
  try {
    nlme::check_methods(methods);
  } catch (const ConfigError& error) {
    problems.add("estimation.methods", error.what());
  }
  expect_covariates(c, "pk", c.pk.covariates, problems);
  expect_covariates(c, "pd", c.pd.fit.covariates, problems);
  for (const std::string& covariate : c.pk.search.covariates) {
    const std::vector<protocol::CovariateSpec>& known = c.data.format.covariates;
    if (std::any_of(known.begin(), known.end(), [&](const auto& one) { return one.name == covariate; })) continue;
    problems.add("pk.search.covariates", fmt::format("'{}' is not among data.covariates", covariate));
  }
  try {
    classifier::check_combination(c.quantum);
  } catch (const ConfigError& error) {
    problems.add("quantum", error.what());
  }
  for (const auto& [preset, name] :
       {std::pair{classifier::Preset::exposure, "exposure"}, std::pair{classifier::Preset::homogeneous, "homogeneous"},
        std::pair{classifier::Preset::proposal, "proposal"}, std::pair{classifier::Preset::device, "device"}}) {
    const auto& others = c.classifier.compare;
    if (c.classifier.preset == preset && std::find(others.begin(), others.end(), name) != others.end()) {
      problems.add("classifier.compare", fmt::format("'{}' is the preset already", name));
    }
  }
  const auto& compared = c.classifier.compare;
  if (c.classifier.qubits != 6 && (c.classifier.preset == classifier::Preset::device ||
                                   std::find(compared.begin(), compared.end(), "device") != compared.end())) {
    problems.add("classifier.qubits", "preset device is a line of 6 data qubits for all curves; leave the key out");
  }
  if (c.readout_trained == ReadoutTraining::yes && c.classifier.readout.kind == classifier::ReadoutKind::raw) {
    problems.add("classifier.readout.trained", "a raw readout has neither scale nor offset to train");
  }
  validate_joint_fit(c, problems);
  validate_training_sets(c, problems);
  validate_endpoints(c, problems);
  validate_late_stages(c, problems);
  validate_counts(c, problems);
  for (const protocol::CovariateSpec& covariate : c.data.format.covariates) {
    for (const char* taken : {"subject", "id", "dose", "interval", "outcome"}) {
      if (covariate.name != taken) continue;
      problems.add("data.covariates",
                   fmt::format("'{}' names something else in /trial of the store; call it otherwise", taken));
    }
  }
}

Configuration load_configuration(const ConfigurationSource& source) {
  Configuration configuration;
  core::Settings settings = describe(configuration);
  core::Problems problems;
  KeptFiles kept;
  if (!source.file.empty()) {
    try {
      const bool from_store = source.text.empty() && is_hdf5(source.file);
      const std::string text = !source.text.empty() ? source.text
                               : from_store         ? store::Reader(source.file).text("/config/resolved")
                                                    : core::read_file(source.file, largest_file);
      core::read_yaml(settings, text, source.file, problems);
      if (from_store) {
        kept = take_kept_files(store::Reader(source.file), configuration);
      } else {
        resolve_path(configuration.data.file, source.file);
        resolve_path(configuration.noise.device, source.file);
        for (protocol::Population& one : configuration.protocol.populations) resolve_path(one.file, source.file);
      }
    } catch (const Error& error) {
      throw ConfigError(error.what());
    }
  }
  // What is asked of the embedded trial can be changed in part; whether it is that one, data.file says.
  core::Problems said_again;
  for (const std::string& assignment : source.sets) {
    if (assignment.starts_with("data.")) core::set_value(settings, assignment, said_again);
  }
  if (configuration.data.file.empty()) complete_protocol(configuration);
  for (const std::string& assignment : source.sets) core::set_value(settings, assignment, problems);
  resolve_training_sets(configuration);
  resolve_occasions(configuration);
  resolve_binary_unit(configuration);
  complete_protocol(configuration);
  protocol::resolve(configuration.protocol, configuration.data.format.covariates, problems);
  resolve_noise(configuration, problems);
  resolve_data(configuration, kept, source.file, problems);
  if (problems.empty()) validate(configuration, problems);
  problems.throw_if_any<ConfigError>();
  Configuration row_less = configuration;  // rows do not need each other
  row_less.ablation.clear();
  for (const auto& [name, row] : configuration.ablation) {
    try {
      with_row(row_less, row);
    } catch (const ConfigError& error) {
      problems.add("ablation." + name, error.what());
    }
  }
  problems.throw_if_any<ConfigError>();
  return configuration;
}

Configuration with_row(const Configuration& configuration, const AblationOptions& row) {
  Configuration changed = configuration;
  changed.ablation.clear();
  changed.coverage.trials = 0;  // stages that no row goes through
  changed.learning.trial.clear();
  changed.learning.simulated.clear();
  changed.diagnostics.profile.clear();
  core::Settings settings = describe(changed);
  core::Problems problems;
  for (const std::string& assignment : row.set) core::set_value(settings, assignment, problems);
  resolve_training_sets(changed);
  resolve_occasions(changed);
  resolve_binary_unit(changed);
  complete_protocol(changed);
  protocol::resolve(changed.protocol, changed.data.format.covariates, problems);
  resolve_noise(changed, problems);
  if (problems.empty()) validate(changed, problems);
  problems.throw_if_any<ConfigError>();
  return changed;
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
    names.push_back(classifier::compared_name(other));
  }
  return names;
}

}  // namespace titrant::run
