#include <fmt/format.h>

#include <algorithm>

#include "examples.hpp"
#include "titrant/core/error.hpp"
#include "titrant/run/run.hpp"
#include "titrant/run/stage.hpp"
#include "titrant/store/columns.hpp"
#include "trainings.hpp"

namespace titrant::run {

namespace {

constexpr std::size_t held_out_subjects = 2000;  // virtual ones that nobody learns from
constexpr std::size_t own_set = 3;               // trainings of this stage share no random numbers with the answers'

std::vector<std::size_t> whole(const std::vector<double>& sizes) {
  std::vector<std::size_t> result;
  result.reserve(sizes.size());
  for (const double size : sizes) result.push_back(static_cast<std::size_t>(size));
  return result;
}

class LearningStage : public Stage {
 public:
  std::string name() const override { return "learning"; }
  std::string title() const override { return "Learning curves"; }

  std::string compute(const Context& context, Results& results, core::Progress& progress) const override {
    const Configuration& c = context.configuration;
    if (c.learning.trial.empty() && c.learning.simulated.empty()) return "not asked for (learning is empty)";
    make_examples(c, results);
    const TrialExamples* observed = observed_examples(c, results);
    if (!c.learning.trial.empty()) {
      if (observed == nullptr)
        throw ConfigError("learning.trial: no endpoint has measured values in hours of the trial");
      require_outcomes(*observed);
    }
    const std::vector<std::string> kinds = classifier_names(c);
    const std::size_t curves =
        kinds.size() * (c.learning.trial.empty() ? 0 : 1) + kinds.size() * (c.learning.simulated.empty() ? 0 : 1);
    const auto report = [&] { progress.update(results.learning.size(), curves); };
    if (!c.learning.trial.empty()) {
      for (const std::string& kind : kinds) {
        results.learning.push_back(
            {kind, "trial", {"the other subjects of the trial"}, on_trial(context, results, kind)});
        report();
      }
    }
    if (!c.learning.simulated.empty()) {
      const Simulated simulated = simulate(context, results);
      for (const std::string& kind : kinds) {
        results.learning.push_back(on_virtual(context, results, kind, simulated));
        report();
      }
    }
    return fmt::format("{} curves", results.learning.size());
  }

  void write(const Context& /*context*/, const Results& results, store::Writer& out) const override {
    for (const LearningResult& one : results.learning) {
      const std::string group = fmt::format("/learning_curve/{}/{}", one.kind, one.source);
      const classifier::LearningCurve& curve = one.curve;
      const std::vector<std::int64_t> sizes(curve.sizes.begin(), curve.sizes.end());
      const std::size_t replicates = curve.metrics.front().front().size();
      out.scale(group + "/size", sizes);
      out.scale(group + "/replicate", store::whole_numbers(replicates));
      out.scale(group + "/test_set", one.tests);
      const auto write = [&](const std::string& name, const auto& value) {
        std::vector<double> values;
        for (const auto& of_test : curve.metrics) {
          for (const auto& of_size : of_test) {
            for (const classifier::Metrics& metrics : of_size) values.push_back(value(metrics));
          }
        }
        out.dataset(group + "/" + name, values);
      };
      using classifier::Metrics;
      write("log_loss", [](const Metrics& m) { return m.log_loss; });
      write("accuracy", [](const Metrics& m) { return m.accuracy; });
      write("auc", [](const Metrics& m) { return m.auc; });
      write("brier", [](const Metrics& m) { return m.brier; });
      write("ece", [](const Metrics& m) { return m.ece; });
    }
  }

 private:
  /// Virtual subjects to learn from and to test on, for one endpoint.
  struct Simulated {
    std::size_t endpoint = 0;
    dose::VirtualTrial pool;
    dose::VirtualTrial test;
  };

  static classifier::LearningCurve on_trial(const Context& context, const Results& results, const std::string& kind) {
    const Configuration& c = context.configuration;
    const auto untrained = classifier::make_classifier(kind, classifier_options(c, "trial", results.inputs), c.quantum);
    const classifier::LearningPlan plan{whole(c.learning.trial), static_cast<std::size_t>(c.learning.replicates)};
    return classifier::learning_curve(context.ranks, *untrained, observed_examples(c, results)->labelled, plan,
                                      c.training, c.seed);
  }

  /// For the endpoint of the trial's outcomes where there is one, else the first.
  static Simulated simulate(const Context& context, const Results& results) {
    const Configuration& c = context.configuration;
    Simulated simulated;
    simulated.endpoint = trial_endpoint(c).value_or(0);
    const Models models = fitted_models(results);
    const VirtualSubjects drawn{population_models(models), &results.populations, &results.endpoints};
    const auto make = [&](std::size_t subjects, std::size_t number) {
      return virtual_examples(context.ranks, c, drawn, subjects, {number, simulated.endpoint, own_set});
    };
    const std::vector<std::size_t> sizes = whole(c.learning.simulated);
    simulated.pool = make(*std::max_element(sizes.begin(), sizes.end()), 0);
    simulated.test = make(held_out_subjects, 1);
    return simulated;
  }

  static LearningResult on_virtual(const Context& context, const Results& results, const std::string& kind,
                                   const Simulated& simulated) {
    const Configuration& c = context.configuration;
    LearningResult result{kind, "virtual", {"other virtual subjects"}, {}};
    std::vector<classifier::LabelledExamples> tests = {simulated.test.labelled};
    const TrialExamples* observed = observed_examples(c, results);
    if (observed != nullptr && observed->fault.empty()) {
      tests.push_back(observed->labelled);
      result.tests.emplace_back("the subjects of the trial");
    }
    const auto untrained =
        classifier::make_classifier(kind, classifier_options(c, "virtual", results.inputs), c.quantum);
    const classifier::LearningPlan plan{whole(c.learning.simulated), static_cast<std::size_t>(c.learning.replicates)};
    result.curve =
        classifier::learning_curve(context.ranks, *untrained, simulated.pool.labelled, tests, plan, c.training, c.seed);
    return result;
  }
};

}  // namespace

std::unique_ptr<Stage> learning_stage() { return std::make_unique<LearningStage>(); }

std::string learning_table(const Results& results) {
  if (results.learning.empty()) return "";
  std::string table =
      fmt::format("Learning curves (means over trainings)\n{:<18} {:<9} {:<32} {:>8} {:>9} {:>9} {:>7}\n", "classifier",
                  "learnt", "tested on", "subjects", "log-loss", "accuracy", "AUC");
  for (const LearningResult& one : results.learning) {
    for (std::size_t t = 0; t < one.tests.size(); ++t) {
      for (std::size_t s = 0; s < one.curve.sizes.size(); ++s) {
        const classifier::Metrics m = classifier::mean(one.curve.metrics[t][s]);
        table += fmt::format("{:<18} {:<9} {:<32} {:>8} {:>9.3f} {:>9.3f} {:>7.3f}\n", one.kind, one.source,
                             one.tests[t], one.curve.sizes[s], m.log_loss, m.accuracy, m.auc);
      }
    }
  }
  return table;
}

}  // namespace titrant::run
