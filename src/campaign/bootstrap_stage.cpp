#include <fmt/format.h>

#include <algorithm>

#include "examples.hpp"
#include "titrant/campaign/stage.hpp"

namespace titrant::campaign {

namespace {

/// Classifiers trained on a bootstrap sample of the trial's subjects.
std::vector<std::unique_ptr<classifier::Classifier>> train_replicate(const Configuration& c, const Results& results,
                                                                     std::size_t replicate) {
  const classifier::LabelledExamples& all = results.examples.labelled;
  const classifier::LabelledExamples sample = all.subset(bootstrap_sample(all, c.seed, replicate));
  std::vector<std::unique_ptr<classifier::Classifier>> trained;
  for (const TrainedClassifier& original : results.classifiers) {
    trained.push_back(original.classifier->clone());
    // Trainings of a run are numbered: 0 is that of the answer, the bootstrap follows.
    trained.back()->train(parallel::Communicator{}, sample, c.training, c.seed, replicate + 1);
  }
  return trained;
}

class BootstrapStage : public Stage {
 public:
  std::string name() const override { return "bootstrap"; }
  std::string title() const override { return "Intervals"; }

  std::string compute(const Context& context, Results& results, core::Progress& progress) const override {
    const Configuration& c = context.configuration;
    if (c.dose.bootstrap == 0) return "not asked for (dose.bootstrap is 0)";
    dose::CohortView cohort = cohort_of(c, results);
    cohort.size = std::min(cohort.size, c.dose.bootstrap_cohort);
    results.replicates = dose::bootstrap(
        context.ranks, cohort, results.panels, static_cast<std::size_t>(c.dose.bootstrap),
        [&](std::size_t replicate) { return train_replicate(c, results, replicate); },
        [&](std::size_t done, std::size_t of) { progress.update(done, of); });
    dose::add_intervals(results.search.decisions, results.panels, cohort.classifiers, results.replicates);
    return fmt::format("{} bootstrap replicates over {} virtual subjects per scenario", c.dose.bootstrap, cohort.size);
  }

  void write(const Context& /*context*/, const Results& results, store::Writer& out) const override {
    if (results.replicates.empty()) return;
    for (std::size_t p = 0; p < results.panels.size(); ++p) {
      const dose::Panel& panel = results.panels[p];
      const std::string group = fmt::format("/scenario/{}/{}", panel.scenario, panel.regimen.name);
      for (std::size_t k = 0; k < results.classifiers.size(); ++k) {
        const std::string of_classifier = group + "/" + results.classifiers[k].classifier->name();
        const dose::Band band = dose::band(results.replicates, p, k);
        out.dataset(of_classifier + "/pass_rate_lower", {group + "/dose"}, band.lower,
                    {"1", "5 % bootstrap quantile of pass_rate"});
        out.dataset(of_classifier + "/pass_rate_upper", {group + "/dose"}, band.upper,
                    {"1", "95 % bootstrap quantile of pass_rate"});
      }
    }
  }
};

}  // namespace

std::unique_ptr<Stage> bootstrap_stage() { return std::make_unique<BootstrapStage>(); }

}  // namespace titrant::campaign
