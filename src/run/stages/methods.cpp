#include "titrant/run/methods.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "titrant/core/error.hpp"
#include "titrant/core/statistics.hpp"
#include "titrant/trial/covariate_rows.hpp"
#include "titrant/trial/regimen.hpp"

namespace titrant::run {

namespace {

/// The times at which most subjects were sampled in the hours of an endpoint; where schedules are equally frequent,
/// that of the first subject.
std::vector<double> sampled_times(const trial::Trial& trial, const protocol::Endpoint& endpoint) {
  std::map<std::vector<double>, std::size_t> schedules;
  std::vector<double> usual;
  const bool biomarker = endpoint.of == protocol::Quantity::biomarker;
  for (const trial::Subject& subject : trial.subjects) {
    std::vector<double> times;
    for (const trial::Observation& value : biomarker ? subject.biomarkers : subject.concentrations) {
      if (value.time >= endpoint.from && value.time <= endpoint.to) times.push_back(value.time);
    }
    times.erase(std::unique(times.begin(), times.end()), times.end());
    if (times.empty()) continue;
    if (++schedules[times] > schedules[usual]) usual = times;
  }
  return usual;
}

protocol::Endpoint resolved(protocol::Endpoint endpoint, const trial::Trial& trial, double start) {
  if (endpoint.is_combined()) return endpoint;
  if (endpoint.values == protocol::Values::measured && endpoint.times.empty()) {
    endpoint.times = sampled_times(trial, endpoint);
    if (endpoint.times.empty()) {
      throw ConfigError(fmt::format(
          "endpoints.{}: the trial has no {} between {:g} and {:g} h, so no times at which it is measured; give times: "
          "[...]",
          endpoint.name, endpoint.of == protocol::Quantity::biomarker ? "biomarker values" : "concentrations",
          endpoint.from, endpoint.to));
    }
  }
  if (!endpoint.hours_given) return endpoint;
  endpoint.from -= start;
  endpoint.to -= start;
  for (double& time : endpoint.times) time -= start;
  if (!endpoint.steady_state && endpoint.from < 0.0) {
    throw ConfigError(fmt::format(
        "endpoints.{}.hours begin at {:g} h, before treatment does at {:g} h: a course has no window before its first "
        "dose; expected later hours, or at: steady_state",
        endpoint.name, endpoint.from + start, start));
  }
  return endpoint;
}

/// The distinct values of a covariate over the trial, ascending.
std::vector<double> values_of(const trial::Trial& trial, const std::string& covariate) {
  std::set<double> values;
  for (const trial::Subject& subject : trial.subjects) {
    const auto found = subject.covariates.find(covariate);
    if (found != subject.covariates.end()) values.insert(found->second);
  }
  return {values.begin(), values.end()};
}

double median_of(const trial::Trial& trial, const std::string& covariate) {
  std::vector<double> all;
  for (const trial::Subject& subject : trial.subjects) {
    const auto found = subject.covariates.find(covariate);
    if (found != subject.covariates.end()) all.push_back(found->second);
  }
  return core::upper_median(std::move(all));
}

const protocol::CovariateSpec* spec_of(const trial::Trial& trial, const std::string& covariate) {
  const auto found = std::find_if(trial.covariates.begin(), trial.covariates.end(),
                                  [&](const protocol::CovariateSpec& one) { return one.name == covariate; });
  return found == trial.covariates.end() ? nullptr : &*found;
}

/// The inputs of one covariate.
std::vector<classifier::CovariateInput> inputs_of(const trial::Trial& trial, const std::string& covariate) {
  using Input = classifier::CovariateInput;
  const std::vector<double> values = values_of(trial, covariate);
  if (values.empty()) {
    throw ConfigError(fmt::format(
        "classifier.covariates: no subject of the trial has the covariate {}; see data.covariates", covariate));
  }
  const protocol::CovariateSpec* spec = spec_of(trial, covariate);
  const bool categorical = spec != nullptr && spec->is_categorical();
  if (!categorical && values.size() > 2) {
    const double reference = spec != nullptr && spec->reference ? *spec->reference : median_of(trial, covariate);
    return {{covariate, Input::Kind::continuous, reference, values.front(), values.back(), false}};
  }
  std::vector<Input> inputs;
  for (std::size_t level = 1; level < (categorical ? spec->levels.size() : values.size()); ++level) {
    const double value = categorical ? static_cast<double>(level) : values[level];
    inputs.push_back({covariate, Input::Kind::indicator, value, 0.0, 1.0, false});
  }
  return inputs;
}

/// Covariates that a biomarker model uses, each once, in the order of its parameters.
std::vector<std::string> used_covariates(const pkpd::BiomarkerPopulation& model) {
  std::vector<std::string> names;
  for (const pkpd::ParameterModel& parameter : model.parameters) {
    for (const pkpd::CovariateEffect& effect : parameter.effects) {
      if (std::find(names.begin(), names.end(), effect.covariate) == names.end()) names.push_back(effect.covariate);
    }
  }
  return names;
}

std::vector<std::string> trial_covariates(const trial::Trial& trial, bool few_values) {
  constexpr std::size_t few = 5;
  std::vector<std::string> names;
  for (const protocol::CovariateSpec& spec : trial.covariates) {
    const std::size_t values = values_of(trial, spec.name).size();
    if (values < 2 || (few_values && values > few)) continue;
    names.push_back(spec.name);
  }
  return names;
}

nlme::CovariateMeaning meaning_of(const std::vector<protocol::CovariateSpec>& covariates) {
  nlme::CovariateMeaning meaning;
  for (const protocol::CovariateSpec& spec : covariates) {
    if (spec.reference) meaning.reference[spec.name] = *spec.reference;
    if (spec.is_categorical()) meaning.categorical.insert(spec.name);
  }
  return meaning;
}

/// Why an endpoint cannot be answered for want of a steady state; empty: all can be.
std::string without_steady_state(const Configuration& configuration, pkpd::BaselineModel baseline) {
  for (const protocol::Endpoint& endpoint : configuration.protocol.endpoints) {
    if (endpoint.is_combined() || endpoint.of != protocol::Quantity::biomarker || !endpoint.steady_state) continue;
    for (const protocol::Regimen& regimen : configuration.protocol.regimens) {
      if (pkpd::has_steady_state(baseline, regimen.interval)) continue;
      return fmt::format(
          "endpoints.{}: with a {} baseline the biomarker has no steady state on the regimen {} (a dose every {:g} h); "
          "write hours: [from, to] since the first dose in place of at: steady_state, or set pd.baseline to constant",
          endpoint.name, pkpd::name(baseline), regimen.name, regimen.interval);
    }
  }
  return "";
}

}  // namespace

std::vector<Method> methods(const Configuration& configuration) {
  std::vector<Method> all;
  const std::vector<std::string>& sets = configuration.training_set.on;
  for (const std::string& set : sets) {
    for (const std::string& name : classifier_names(configuration)) {
      all.push_back({set == sets.front() ? name : name + "_" + set, name, set});
    }
  }
  return all;
}

std::vector<dose::ResolvedEndpoint> endpoints_of(const Configuration& configuration, const trial::Trial& trial,
                                                 const pkpd::BiomarkerPopulation* model) {
  // The trial's clock may begin before its treatment; that of a course begins with the first dose.
  const double start = trial::start_of_treatment(trial);
  std::vector<protocol::Endpoint> all;
  for (const protocol::Endpoint& endpoint : configuration.protocol.endpoints) {
    all.push_back(resolved(endpoint, trial, start));
  }
  if (model != nullptr) require_steady_states(configuration, model->baseline);
  return dose::resolve(all, model == nullptr || pkpd::lowers(model->structure));
}

void require_steady_states(const Configuration& configuration, pkpd::BaselineModel baseline) {
  const std::string fault = without_steady_state(configuration, baseline);
  if (!fault.empty()) throw ConfigError(fault);
}

std::optional<std::size_t> trial_endpoint(const Configuration& configuration) {
  const std::vector<protocol::Endpoint>& endpoints = configuration.protocol.endpoints;
  std::optional<std::size_t> first;
  for (std::size_t k = endpoints.size(); k-- > 0;) {
    if (endpoints[k].labels_trial()) first = k;
  }
  if (!configuration.protocol.first) return first;
  for (std::size_t k = 0; k < endpoints.size(); ++k) {
    if (endpoints[k].labels_trial() && endpoints[k].name == configuration.protocol.first->endpoint) return k;
  }
  return first;
}

bool answers(const Method& method, const dose::ResolvedEndpoint& endpoint) {
  return method.training_set != "trial" || endpoint.definition.labels_trial();
}

std::vector<dose::VirtualPopulation> virtual_populations(const Configuration& configuration,
                                                         const trial::Trial& trial) {
  std::vector<dose::VirtualPopulation> all;
  for (const protocol::Population& population : configuration.protocol.populations) {
    dose::VirtualPopulation one{population, {}};
    const std::string key = "populations." + population.name;
    try {
      if (population.source == protocol::Population::Source::trial) {
        one.rows = trial::covariate_rows(trial, population.where);
      } else if (population.source == protocol::Population::Source::file) {
        one.rows = trial::read_covariate_rows(population.file, configuration.data.format.covariates, population.where);
      }
    } catch (const ConfigError& error) {
      throw ConfigError(key + "." + error.what());
    } catch (const DataError& error) {
      throw DataError(key + ": " + error.what());
    }
    all.push_back(std::move(one));
  }
  return all;
}

std::vector<classifier::CovariateInput> covariate_inputs(const Configuration& configuration, const trial::Trial& trial,
                                                         const pkpd::BiomarkerPopulation* model) {
  std::vector<std::string> names = configuration.classifier_covariates;
  if (names == std::vector<std::string>{"auto"}) {
    const bool all = configuration.classifier.preset == classifier::Preset::proposal;
    names = model != nullptr && !all ? used_covariates(*model) : trial_covariates(trial, !all);
  }
  std::vector<classifier::CovariateInput> inputs;
  const auto add = [&](const std::string& name, bool proposal_only) {
    for (classifier::CovariateInput input : inputs_of(trial, name)) {
      input.proposal_only = proposal_only;
      inputs.push_back(std::move(input));
    }
  };
  for (const std::string& name : names) add(name, false);
  const std::vector<std::string>& compared = configuration.classifier.compare;
  if (configuration.classifier_covariates != std::vector<std::string>{"auto"} ||
      std::find(compared.begin(), compared.end(), "proposal") == compared.end()) {
    return inputs;
  }
  for (const std::string& name : trial_covariates(trial, false)) {
    if (std::find(names.begin(), names.end(), name) == names.end()) add(name, true);
  }
  return inputs;
}

classifier::ClassifierOptions classifier_options(const Configuration& configuration, const std::string& training_set,
                                                 const std::vector<classifier::CovariateInput>& covariates) {
  classifier::ClassifierOptions options = configuration.classifier;
  options.covariates = covariates;
  const ReadoutTraining trained = configuration.readout_trained;
  const bool can_be = options.readout.kind == classifier::ReadoutKind::sigmoid;
  options.readout.trained =
      trained == ReadoutTraining::yes || (trained == ReadoutTraining::automatic && can_be && training_set != "trial");
  if (training_set != "trial") options.readout.scale = configuration.training_set.scale;
  return options;
}

namespace {

/// How the baseline may move: as asked for, or where nothing is asked all that have the steady states of endpoints.
std::vector<pkpd::BaselineModel> baselines_of(const Configuration& configuration) {
  std::vector<pkpd::BaselineModel> baselines;
  for (const pkpd::BaselineModel baseline : pkpd::all_baseline_models) {
    const bool asked = pkpd::name(baseline) == configuration.pd.baseline;
    const bool possible = configuration.pd.baseline == "auto" && without_steady_state(configuration, baseline).empty();
    if (asked || possible) baselines.push_back(baseline);
  }
  return baselines;
}

std::vector<nlme::MethodKind> estimation_methods(const Configuration& configuration) {
  std::vector<nlme::MethodKind> methods;
  for (const std::string& word : configuration.estimation.methods) {
    methods.push_back(nlme::method_of(word));
  }
  return methods;
}

}  // namespace

nlme::PkOptions pk_options(const Configuration& configuration) {
  nlme::PkOptions options = configuration.pk;
  options.meaning = meaning_of(configuration.data.format.covariates);
  options.methods = estimation_methods(configuration);
  options.importance_check = configuration.estimation.importance_check;
  options.resampling = configuration.estimation.resampling;
  return options;
}

nlme::PdOptions pd_options(const Configuration& configuration, const trial::Trial& trial) {
  nlme::PdOptions options = configuration.pd.fit;
  options.meaning = meaning_of(configuration.data.format.covariates);
  options.methods = estimation_methods(configuration);
  options.importance_check = configuration.estimation.importance_check;
  options.resampling = configuration.estimation.resampling;
  options.method = pd_method(configuration.pd);
  options.covariance = configuration.pk.covariance;
  options.every_structure = configuration.pd.structure == "all";
  options.automatic = options.every_structure || configuration.pd.structure == "auto";
  for (const pkpd::BiomarkerStructure structure : pkpd::all_biomarker_structures) {
    if (pkpd::name(structure) == configuration.pd.structure) options.structure = structure;
  }
  options.baselines = baselines_of(configuration);
  if (options.search.covariates.empty()) {
    for (const protocol::CovariateSpec& spec : trial.covariates) {
      if (spec.name == configuration.pk.occasion) continue;
      if (!values_of(trial, spec.name).empty()) options.search.covariates.push_back(spec.name);
    }
  }
  return options;
}

classifier::TrainingOptions training_options(const Configuration& configuration, const std::string& training_set) {
  classifier::TrainingOptions options = configuration.training;
  if (training_set == "trial") return options;
  options.batch = configuration.training_set.batch;
  options.steps = configuration.training_set.steps;
  options.learning_rate = configuration.training_set.learning_rate;
  return options;
}

}  // namespace titrant::run
