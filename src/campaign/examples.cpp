#include "examples.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>

#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"
#include "titrant/trial/individual.hpp"
#include "titrant/trial/regimen.hpp"

namespace titrant::campaign {

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
                     const trial::ResponseRule& rule) {
  constexpr std::string_view remedy = "a classifier that learns from the trial needs subjects of both outcomes";
  const std::vector<int>& labels = labelled.labels;
  const auto successes = std::count(labels.begin(), labels.end(), 1);
  if (labels.empty()) {
    return fmt::format("{}: no active subject has a biomarker value between {} and {} h; see response.hours; {}",
                       trial.source, rule.window_from, rule.window_to, remedy);
  }
  if (successes == 0 || successes == static_cast<std::ptrdiff_t>(labels.size())) {
    return fmt::format("{}: all {} labelled subjects {} at the threshold of {:g}; see response.threshold; {}",
                       trial.source, labels.size(), successes == 0 ? "fail" : "succeed", rule.threshold, remedy);
  }
  // Where no subject has it, it tells nobody apart; where some have it, the others' is unknown, not 0.
  const auto has_comedication = [&](std::size_t place) { return trial.subjects[place].covariates.contains("comed"); };
  const bool any = std::any_of(labelled.group.begin(), labelled.group.end(), has_comedication);
  const auto without = std::find_if_not(labelled.group.begin(), labelled.group.end(), has_comedication);
  if (any && without != labelled.group.end()) {
    return fmt::format(
        "{}: subject {} has no value of the covariate comed, which other subjects have; see "
        "data.covariate_missing",
        trial.source, trial.subjects[*without].id);
  }
  return "";
}

/// The exposure behind a subject's outcome: its own history over the window of the rule.
classifier::Profile profile_of(const pkpd::VaryingIndividual& person, const trial::Subject& subject,
                               const trial::ResponseRule& rule) {
  const pkpd::Covariates& covariates = trial::covariates_at(subject, rule.window_from);
  const pkpd::Regimen nominal = trial::nominal_regimen(subject, rule.window_to).regimen;
  // Nothing taken: any course will do, for its dose is 0.
  if (!(nominal.dose > 0.0)) {
    return classifier::profile(person.first, covariates, nominal.interval,
                               {.steady_state = false, .from = rule.window_from, .to = rule.window_to});
  }
  return classifier::profile(person, covariates, classifier::TakenDoses{subject.doses, nominal}, rule.window_from,
                             rule.window_to);
}

}  // namespace

classifier::LabelledExamples trial_labels(const Configuration& configuration, const trial::Trial& trial) {
  classifier::LabelledExamples labelled;
  for (std::size_t i = 0; i < trial.subjects.size(); ++i) {
    const trial::Subject& subject = trial.subjects[i];
    if (!subject.active() && !configuration.training.placebo) continue;
    const auto label = trial::responder(subject, configuration.response.rule);
    if (!label) continue;
    labelled.examples.push_back({nullptr, subject.dose, labelled.size()});
    labelled.labels.push_back(*label ? 1 : 0);
    labelled.group.push_back(i);
  }
  return labelled;
}

void expect_outcomes(const classifier::LabelledExamples& labelled, const trial::Trial& trial,
                     const trial::ResponseRule& rule) {
  const std::string fault = fault_of(labelled, trial, rule);
  if (!fault.empty()) throw DataError(fault);
}

TrialExamples trial_examples(const Configuration& configuration, const trial::Trial& trial,
                             const nlme::PopulationFit& fit) {
  TrialExamples result;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < trial.subjects.size(); ++i) {
    const trial::Subject& subject = trial.subjects[i];
    if (!subject.active() && !configuration.training.placebo) continue;
    const auto label = trial::responder(subject, configuration.response.rule);
    if (!label) {
      ++result.without_label;
      continue;
    }
    const pkpd::VaryingIndividual person = trial::varying_individual(fit.model, subject, etas_of(fit, i));
    result.profiles.push_back(profile_of(person, subject, configuration.response.rule));
    result.labelled.labels.push_back(*label ? 1 : 0);
    places.push_back(i);
  }
  for (std::size_t k = 0; k < places.size(); ++k) {
    result.labelled.examples.push_back({&result.profiles[k], trial.subjects[places[k]].dose, k});
    result.labelled.group.push_back(places[k]);
  }
  result.fault = fault_of(result.labelled, trial, configuration.response.rule);
  return result;
}

bool learns_from_trial(const Configuration& configuration) {
  const std::vector<std::string>& on = configuration.source.on;
  return std::find(on.begin(), on.end(), "trial") != on.end();
}

void require_outcomes(const TrialExamples& examples) {
  if (!examples.fault.empty()) throw DataError(examples.fault);
}

void make_examples(const Configuration& configuration, Results& results) {
  if (results.examples.labelled.size() == 0) {
    results.examples = trial_examples(configuration, results.trial, results.pk.best);
  }
  if (learns_from_trial(configuration)) require_outcomes(results.examples);
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

}  // namespace titrant::campaign
