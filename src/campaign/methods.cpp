#include "titrant/campaign/methods.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "titrant/core/error.hpp"
#include "titrant/trial/regimen.hpp"

namespace titrant::campaign {

namespace {

/// The times at which most subjects were sampled in the window of the rule; where schedules are equally frequent, that
/// of the first subject.
std::vector<double> sampling_times(const trial::Trial& trial, const trial::ResponseRule& rule) {
  std::map<std::vector<double>, std::size_t> schedules;
  std::vector<double> usual;
  for (const trial::Subject& subject : trial.subjects) {
    std::vector<double> times;
    for (const trial::Observation& value : subject.biomarkers) {
      if (value.time >= rule.window_from && value.time <= rule.window_to) times.push_back(value.time);
    }
    times.erase(std::unique(times.begin(), times.end()), times.end());
    if (times.empty()) continue;
    if (++schedules[times] > schedules[usual]) usual = times;
  }
  return usual;
}

}  // namespace

std::vector<Method> methods(const Configuration& configuration) {
  std::vector<Method> all;
  for (const std::string& source : configuration.source.on) {
    for (const std::string& kind : classifier_names(configuration)) {
      const bool first = source == configuration.source.on.front();
      all.push_back({first ? kind : kind + "_" + source, kind, source});
    }
  }
  return all;
}

std::vector<dose::Criterion> criteria(const Configuration& configuration, const trial::Trial& trial) {
  const ResponseOptions& response = configuration.response;
  // The trial's clock may begin before its treatment; that of a course begins with the first dose.
  const double start = trial::start_of_treatment(trial);
  std::vector<dose::Criterion> all;
  for (const std::string& window : response.window) {
    for (const std::string& label : response.label) {
      dose::Criterion criterion;
      criterion.label = label == "latent" ? dose::Label::latent : dose::Label::measured;
      criterion.window = window == "steady_state" ? dose::Window::steady_state : dose::Window::day_21;
      criterion.threshold = response.rule.threshold;
      criterion.from = response.rule.window_from - start;
      criterion.to = response.rule.window_to - start;
      if (criterion.label == dose::Label::measured) criterion.sampling = sampling_times(trial, response.rule);
      for (double& time : criterion.sampling) time -= start;
      if (criterion.window == dose::Window::day_21 && criterion.from < 0.0) {
        throw ConfigError(fmt::format(
            "response.hours begins at {:g} h, before treatment does at {:g} h: a course has no window before its first "
            "dose; expected later hours, or response.window: [steady_state]",
            response.rule.window_from, start));
      }
      all.push_back(criterion);
    }
  }
  return all;
}

bool is_observed(const dose::Criterion& criterion) {
  return criterion.label == dose::Label::measured && criterion.window == dose::Window::day_21;
}

bool answers(const Method& method, const dose::Criterion& criterion) {
  return method.source != "trial" || is_observed(criterion);
}

classifier::ClassifierOptions classifier_options(const Configuration& configuration, const std::string& source) {
  classifier::ClassifierOptions options = configuration.classifier;
  const ReadoutTraining trained = configuration.readout_trained;
  const bool can_be = options.readout.kind == classifier::ReadoutKind::sigmoid;
  options.readout.trained =
      trained == ReadoutTraining::yes || (trained == ReadoutTraining::automatic && can_be && source != "trial");
  if (source != "trial") options.readout.scale = configuration.source.scale;
  return options;
}

nlme::PdOptions pd_options(const Configuration& configuration) {
  nlme::PdOptions options = configuration.pd.fit;
  options.covariance = configuration.pk.covariance;
  options.automatic = configuration.pd.structure == "auto";
  for (const pkpd::BiomarkerStructure structure : pkpd::all_biomarker_structures) {
    if (pkpd::name(structure) == configuration.pd.structure) options.structure = structure;
  }
  return options;
}

classifier::TrainingOptions training_options(const Configuration& configuration, const std::string& source) {
  classifier::TrainingOptions options = configuration.training;
  if (source == "trial") return options;
  options.batch = configuration.source.batch;
  options.steps = configuration.source.steps;
  options.learning_rate = configuration.source.learning_rate;
  return options;
}

}  // namespace titrant::campaign
