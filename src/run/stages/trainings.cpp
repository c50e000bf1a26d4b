#include "trainings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "titrant/core/error.hpp"

namespace titrant::run {

namespace {

constexpr std::uint64_t first_replicate_training = std::uint64_t{1} << 22U;
constexpr std::size_t most_training_sets = 4;
constexpr std::size_t most_endpoints = 64;

bool is_trained_on(const Configuration& configuration, const protocol::Regimen& regimen) {
  const std::vector<std::string>& names = configuration.training_set.regimens;
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& name) { return name == "all" || name == regimen.name; });
}

}  // namespace

std::uint64_t TrainingId::number() const {
  TITRANT_EXPECTS(training_set < most_training_sets && endpoint < most_endpoints);
  const std::size_t within = endpoint * most_training_sets + training_set;
  if (replicate == 0) return within;
  return first_replicate_training + replicate * most_training_sets * most_endpoints + within;
}

dose::VirtualTrial virtual_examples(const parallel::Communicator& ranks, const Configuration& configuration,
                                    const VirtualSubjects& drawn, std::size_t subjects, const TrainingId& id) {
  dose::VirtualTrialOptions options;
  options.subjects = subjects;
  options.populations = *drawn.populations;
  options.points = configuration.classifier.curve_points;
  for (const protocol::Regimen& regimen : configuration.protocol.regimens) {
    if (is_trained_on(configuration, regimen)) options.regimens.push_back(regimen);
  }
  return dose::virtual_trial(ranks, drawn.models, options, (*drawn.endpoints)[id.endpoint], configuration.seed,
                             id.number());
}

std::vector<TrainedClassifier> train_all(const parallel::Communicator& ranks, const Configuration& configuration,
                                         const VirtualSubjects& drawn,
                                         const std::vector<classifier::LabelledExamples>& trial_examples,
                                         const std::vector<classifier::CovariateInput>& inputs,
                                         const TrainingPlan& plan) {
  const std::vector<std::string>& sets = configuration.training_set.on;
  const std::vector<dose::ResolvedEndpoint>& endpoints = *drawn.endpoints;
  std::vector<TrainedClassifier> trained;
  for (std::size_t k = 0; k < endpoints.size(); ++k) {
    std::map<std::string, dose::VirtualTrial> simulated;
    for (const Method& method : methods(configuration)) {
      if (!answers(method, endpoints[k])) continue;
      const auto place = std::find(sets.begin(), sets.end(), method.training_set) - sets.begin();
      const TrainingId id{plan.replicate, k, static_cast<std::size_t>(place)};
      const bool on_trial = method.training_set == "trial";
      if (!on_trial && !simulated.contains(method.training_set)) {
        simulated[method.training_set] = virtual_examples(ranks, configuration, drawn, plan.subjects, id);
      }
      TrainedClassifier one{method, k, nullptr, {}, std::nullopt};
      classifier::TrainingOptions options = training_options(configuration, method.training_set);
      options.warm_start = plan.start != nullptr && !on_trial;
      if (options.warm_start) options.steps = plan.further_steps;
      if (plan.start != nullptr) {
        const auto same = std::find_if(plan.start->begin(), plan.start->end(), [&](const TrainedClassifier& other) {
          return other.method.name == method.name && other.endpoint == k;
        });
        one.classifier = same->classifier->clone();
      } else {
        one.classifier = classifier::make_classifier(
            method.classifier, classifier_options(configuration, method.training_set, inputs), configuration.quantum);
      }
      try {
        one.history =
            one.classifier->train(ranks, on_trial ? trial_examples.at(k) : simulated[method.training_set].labelled,
                                  options, configuration.seed, id.number());
      } catch (const DataError& error) {
        throw DataError(fmt::format("endpoints.{}: training on {}: {}", endpoints[k].name(),
                                    on_trial ? "the trial's subjects" : "virtual subjects", error.what()));
      }
      trained.push_back(std::move(one));
    }
  }
  return trained;
}

}  // namespace titrant::run
