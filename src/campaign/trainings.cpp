#include "trainings.hpp"

#include <algorithm>
#include <map>

#include "titrant/core/error.hpp"

namespace titrant::campaign {

namespace {

constexpr std::uint64_t first_replicate_training = std::uint64_t{1} << 22U;
constexpr std::size_t most_sources = 4;
constexpr std::size_t most_questions = 4;

}  // namespace

std::uint64_t TrainingId::number() const {
  TITRANT_EXPECTS(source < most_sources && criterion < most_questions);
  const std::size_t within = criterion * most_sources + source;
  if (replicate == 0) return within;
  return first_replicate_training + replicate * most_sources * most_questions + within;
}

dose::VirtualTrial virtual_examples(const parallel::Communicator& ranks, const Configuration& configuration,
                                    const dose::PopulationModels& models, const dose::Criterion& criterion,
                                    const std::string& source, std::size_t subjects, const TrainingId& id) {
  dose::VirtualTrialOptions options;
  options.subjects = subjects;
  options.comed = 0.5;
  const dose::ScenarioOptions& first = configuration.scenarios.begin()->second;
  options.body_weight_from = first.body_weight_from;
  options.body_weight_to = first.body_weight_to;
  for (const auto& [name, scenario] : configuration.scenarios) {
    options.body_weight_from = std::min(options.body_weight_from, scenario.body_weight_from);
    options.body_weight_to = std::max(options.body_weight_to, scenario.body_weight_to);
  }
  options.regimens = {{dose::daily, configuration.dose.daily.values()}};
  if (source != "virtual_daily") options.regimens.push_back({dose::weekly, configuration.dose.weekly.values()});
  return dose::virtual_trial(ranks, models, options, criterion, configuration.seed, id.number());
}

std::vector<TrainedClassifier> train_all(const parallel::Communicator& ranks, const Configuration& configuration,
                                         const std::vector<dose::Criterion>& criteria,
                                         const dose::PopulationModels& models,
                                         const classifier::LabelledExamples& trial_examples, const TrainingPlan& plan) {
  const std::vector<std::string>& sources = configuration.source.on;
  std::vector<TrainedClassifier> trained;
  for (std::size_t k = 0; k < criteria.size(); ++k) {
    std::map<std::string, dose::VirtualTrial> simulated;
    for (const Method& method : methods(configuration)) {
      if (!answers(method, criteria[k])) continue;
      const auto place = std::find(sources.begin(), sources.end(), method.source) - sources.begin();
      const TrainingId id{plan.replicate, k, static_cast<std::size_t>(place)};
      const bool on_trial = method.source == "trial";
      if (!on_trial && !simulated.contains(method.source)) {
        simulated[method.source] =
            virtual_examples(ranks, configuration, models, criteria[k], method.source, plan.subjects, id);
      }
      TrainedClassifier one{method, k, nullptr, {}, std::nullopt};
      classifier::TrainingOptions options = training_options(configuration, method.source);
      options.warm_start = plan.start != nullptr && !on_trial;
      if (options.warm_start) options.steps = plan.further_steps;
      if (plan.start != nullptr) {
        const auto same = std::find_if(plan.start->begin(), plan.start->end(), [&](const TrainedClassifier& other) {
          return other.method.name == method.name && other.criterion == k;
        });
        one.classifier = same->classifier->clone();
      } else {
        one.classifier = classifier::make_classifier(method.kind, classifier_options(configuration, method.source),
                                                     configuration.quantum);
      }
      one.history = one.classifier->train(ranks, on_trial ? trial_examples : simulated[method.source].labelled, options,
                                          configuration.seed, id.number());
      trained.push_back(std::move(one));
    }
  }
  return trained;
}

}  // namespace titrant::campaign
