#include "examples.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>

#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"
#include "titrant/trial/individual.hpp"
#include "titrant/trial/outcome.hpp"
#include "titrant/trial/regimen.hpp"

namespace titrant::run {

namespace {

/// Samples that are drawn until one holds both outcomes. One subject of n has the rarer outcome at worst, and is in a
/// sample with a probability of 1 - (1 - 1/n)^n > 0.63, so only labels of one outcome get to the end.
constexpr std::uint32_t most_attempts = 1000;

/// Etas of the trial's subjects by their place; zero where a subject had no concentrations and did not enter the fit.
std::vector<double> etas_of(const nlme::PopulationFit& fit, std::size_t place) {
  const auto found = std::find(fit.subjects.begin(), fit.subjects.end(), place);
  if (found == fit.subjects.end()) return std::vector<double>(fit.model.eta_count(), 0.0);
  return fit.etas[static_cast<std::size_t>(found - fit.subjects.begin())];
}

/// Why classifiers cannot learn from the examples or be tested on them; empty where they can.
std::string fault_of(const classifier::LabelledExamples& labelled, const trial::Trial& trial,
                     const protocol::Endpoint& endpoint, const std::vector<classifier::CovariateInput>& covariates) {
  constexpr std::string_view remedy = "a classifier that learns from the trial needs subjects of both outcomes";
  const std::vector<int>& labels = labelled.labels;
  const auto successes = std::count(labels.begin(), labels.end(), 1);
  if (labels.empty()) {
    return fmt::format("{}: no active subject has a value between {} and {} h; see endpoints.{}.hours; {}",
                       trial.source, endpoint.from, endpoint.to, endpoint.name, remedy);
  }
  if (successes == 0 || successes == static_cast<std::ptrdiff_t>(labels.size())) {
    return fmt::format("{}: all {} subjects with an outcome {} in endpoint {}; see its limits; {}", trial.source,
                       labels.size(), successes == 0 ? "fail" : "succeed", endpoint.name, remedy);
  }
  for (const classifier::CovariateInput& covariate : covariates) {
    const auto without = std::find_if_not(labelled.group.begin(), labelled.group.end(), [&](std::size_t place) {
      return trial.subjects[place].covariates.contains(covariate.name);
    });
    if (without == labelled.group.end()) continue;
    return fmt::format(
        "{}: subject {} has no value of the covariate {}, which classifiers see; set data.covariate_missing: median, "
        "or "
        "leave it out of classifier.covariates",
        trial.source, trial.subjects[*without].id, covariate.name);
  }
  return "";
}

/// The exposure behind a subject's outcome: its own history over the hours of the endpoint.
classifier::Profile profile_of(const pkpd::VaryingIndividual& individual, const trial::Subject& subject,
                               const protocol::Endpoint& endpoint, std::size_t points) {
  const pkpd::Covariates& covariates = trial::covariates_at(subject, endpoint.from);
  const pkpd::Regimen nominal = trial::nominal_regimen(subject, endpoint.to).regimen;
  // Nothing taken: any course will do, for its dose is 0.
  if (!(nominal.dose > 0.0)) {
    return classifier::profile(individual.first, covariates,
                               pkpd::Course{nominal.interval, {}, nominal.into, nominal.duration}, endpoint.window(),
                               points);
  }
  return classifier::profile(individual, covariates, classifier::TakenDoses{subject.doses, nominal}, endpoint.from,
                             endpoint.to, points);
}

}  // namespace

classifier::LabelledExamples trial_labels(const Configuration& configuration, const trial::Trial& trial,
                                          const protocol::Endpoint& endpoint) {
  classifier::LabelledExamples labelled;
  for (std::size_t i = 0; i < trial.subjects.size(); ++i) {
    const trial::Subject& subject = trial.subjects[i];
    if (!subject.active() && !configuration.training.placebo) continue;
    const auto success = trial::outcome(subject, endpoint);
    if (!success) continue;
    labelled.examples.push_back({nullptr, subject.dose, labelled.size()});
    labelled.labels.push_back(*success ? 1 : 0);
    labelled.group.push_back(i);
  }
  return labelled;
}

void expect_outcomes(const classifier::LabelledExamples& labelled, const trial::Trial& trial,
                     const protocol::Endpoint& endpoint, const std::vector<classifier::CovariateInput>& covariates) {
  const std::string fault = fault_of(labelled, trial, endpoint, covariates);
  if (!fault.empty()) throw DataError(fault);
}

TrialExamples trial_examples(const Configuration& configuration, const trial::Trial& trial,
                             const nlme::PopulationFit& fit, const protocol::Endpoint& endpoint,
                             const std::vector<classifier::CovariateInput>& covariates) {
  TrialExamples result;
  result.labelled = trial_labels(configuration, trial, endpoint);
  for (const std::size_t place : result.labelled.group) {
    const trial::Subject& subject = trial.subjects[place];
    const pkpd::VaryingIndividual individual = trial::varying_individual(fit.model, subject, etas_of(fit, place));
    result.profiles.push_back(profile_of(individual, subject, endpoint, configuration.classifier.curve_points));
  }
  for (std::size_t k = 0; k < result.profiles.size(); ++k) {
    result.labelled.examples[k].profile = &result.profiles[k];
  }
  for (const trial::Subject& subject : trial.subjects) {
    if (!subject.active() && !configuration.training.placebo) continue;
    if (!trial::outcome(subject, endpoint)) ++result.without_label;
  }
  result.fault = fault_of(result.labelled, trial, endpoint, covariates);
  return result;
}

std::vector<TrialExamples> all_trial_examples(const Configuration& configuration, const trial::Trial& trial,
                                              const nlme::PopulationFit& fit,
                                              const std::vector<classifier::CovariateInput>& covariates) {
  std::vector<TrialExamples> all;
  for (const protocol::Endpoint& endpoint : configuration.protocol.endpoints) {
    all.push_back(endpoint.labels_trial() ? trial_examples(configuration, trial, fit, endpoint, covariates)
                                          : TrialExamples());
  }
  return all;
}

const TrialExamples* observed_examples(const Configuration& configuration, const Results& results) {
  const std::optional<std::size_t> endpoint = trial_endpoint(configuration);
  return endpoint && *endpoint < results.examples.size() ? &results.examples[*endpoint] : nullptr;
}

bool learns_from_trial(const Configuration& configuration) {
  const std::vector<std::string>& on = configuration.training_set.on;
  return std::find(on.begin(), on.end(), "trial") != on.end();
}

void require_outcomes(const TrialExamples& examples) {
  if (!examples.fault.empty()) throw DataError(examples.fault);
}

void make_examples(const Configuration& configuration, Results& results) {
  if (results.endpoints.empty()) {
    const pkpd::BiomarkerPopulation* model = results.pd ? &results.pd->best.model : nullptr;
    results.endpoints = endpoints_of(configuration, results.trial, model);
    results.populations = virtual_populations(configuration, results.trial);
    results.inputs = covariate_inputs(configuration, results.trial, model);
    results.examples = all_trial_examples(configuration, results.trial, results.pk.best, results.inputs);
  }
  if (!learns_from_trial(configuration)) return;
  for (std::size_t k = 0; k < results.examples.size(); ++k) {
    if (configuration.protocol.endpoints[k].labels_trial()) require_outcomes(results.examples[k]);
  }
}

std::vector<std::size_t> bootstrap_sample(const classifier::LabelledExamples& examples, std::uint64_t seed,
                                          std::size_t replicate) {
  std::map<double, std::vector<std::size_t>> by_dose;
  for (std::size_t i = 0; i < examples.size(); ++i) by_dose[examples.examples[i].dose].push_back(i);
  for (std::uint32_t attempt = 0; attempt < most_attempts; ++attempt) {
    // Sub-unit 1 of these streams belongs to the intervals of metrics (src/core/README.md).
    core::Stream stream(seed, core::Purpose::bootstrap, replicate, attempt == 0 ? 0 : attempt + 1);
    std::vector<std::size_t> sample;
    for (const auto& [dose, members] : by_dose) {
      for (std::size_t k = 0; k < members.size(); ++k) sample.push_back(members[stream.below(members.size())]);
    }
    const bool success =
        std::any_of(sample.begin(), sample.end(), [&](std::size_t i) { return examples.labels[i] == 1; });
    const bool failure =
        std::any_of(sample.begin(), sample.end(), [&](std::size_t i) { return examples.labels[i] == 0; });
    if (success && failure) return sample;
  }
  throw DataError(fmt::format("none of {} bootstrap samples of the trial's {} labelled subjects holds both outcomes",
                              most_attempts, examples.size()));
}

}  // namespace titrant::run
