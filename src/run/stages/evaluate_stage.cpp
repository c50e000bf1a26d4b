#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "examples.hpp"
#include "tables/metrics_columns.hpp"
#include "tables/resource_columns.hpp"
#include "titrant/core/error.hpp"
#include "titrant/run/run.hpp"
#include "titrant/run/stage.hpp"
#include "titrant/store/columns.hpp"

namespace titrant::run {

namespace {

using classifier::Metrics;

/// Why the trial's subjects cannot be divided into training and test sets; empty: they can.
std::string hindrance_of(const Configuration& c, const Results& results, const TrialExamples& examples) {
  if (!examples.fault.empty()) return examples.fault;
  const std::vector<int>& labels = examples.labelled.labels;
  const auto successes = std::count(labels.begin(), labels.end(), 1);
  const auto fewest = std::min(successes, static_cast<std::ptrdiff_t>(labels.size()) - successes);
  if (fewest >= c.training.folds) return "";
  return fmt::format("{}: {} of {} labelled subjects succeed, too few of one outcome for {} folds; see training.folds",
                     results.trial.source, successes, labels.size(), c.training.folds);
}

class EvaluateStage : public Stage {
 public:
  std::string name() const override { return "evaluate"; }
  std::string title() const override { return "Cross-validation"; }

  std::string compute(const Context& context, Results& results, core::Progress& progress) const override {
    const Configuration& c = context.configuration;
    make_examples(c, results);
    // Classifiers that learn from virtual subjects can do without; where nothing else was asked for, it is a fault.
    const bool optional = results.pd || !learns_from_trial(c);
    const TrialExamples* observed = observed_examples(c, results);
    if (observed == nullptr) {
      if (optional) return "left out (no endpoint has measured values in hours of the trial)";
      throw ConfigError(
          "endpoints: none has values: measured and hours, so the trial's subjects have no outcomes to learn from");
    }
    const TrialExamples& examples = *observed;
    if (!optional) require_outcomes(examples);
    const std::string hindrance = hindrance_of(c, results, examples);
    if (!learns_from_trial(c) && !hindrance.empty()) return fmt::format("left out ({})", hindrance);
    const std::vector<std::string> names = classifier_names(c);
    std::vector<std::string> losses;
    for (const std::string& name : names) {
      const auto kind = classifier::make_classifier(name, classifier_options(c, "trial", results.inputs), c.quantum);
      results.validations.push_back(
          {name, classifier::cross_validate(context.ranks, *kind, examples.labelled, c.training, c.seed)});
      losses.push_back(
          fmt::format("{} {:.3f}", name, classifier::mean(results.validations.back().result.pooled).log_loss));
      progress.update(results.validations.size(), names.size());
    }
    return fmt::format("{} folds x {}; held-out log-loss: {}", c.training.folds, c.training.replicates,
                       fmt::join(losses, ", "));
  }

  void write(const Context& context, const Results& results, store::Writer& out) const override {
    for (const NamedValidation& of_classifier : results.validations) {
      const classifier::Validation& validation = of_classifier.result;
      const std::string group = "/classifier/" + of_classifier.name + "/evaluation";
      const std::size_t replicates = validation.pooled.size();

      std::vector<Metrics> folds;
      std::vector<std::int64_t> replicate_of_fold;
      for (std::size_t r = 0; r < replicates; ++r) {
        folds.insert(folds.end(), validation.fold[r].begin(), validation.fold[r].end());
        replicate_of_fold.insert(replicate_of_fold.end(), validation.fold[r].size(), static_cast<std::int64_t>(r));
      }
      out.scale(group + "/fold", store::whole_numbers(folds.size()));
      out.attribute(group, "endpoint", results.endpoints.at(*trial_endpoint(context.configuration)).name());
      out.dataset(group + "/fold_replicate", replicate_of_fold);
      write_metrics(group, folds, out);

      out.scale(group + "/replicate", store::whole_numbers(replicates));
      write_metrics(group + "/pooled", validation.pooled, out);
      std::vector<Metrics> lower;
      std::vector<Metrics> upper;
      for (const classifier::MetricsInterval& interval : validation.interval) {
        lower.push_back(interval.lower);
        upper.push_back(interval.upper);
      }
      write_metrics(group + "/pooled", lower, out, "_lower");
      write_metrics(group + "/pooled", upper, out, "_upper");
      write_reliability(group + "/reliability", validation.reliability.front(), out);
      write_metrics(group + "/holdout", validation.holdout, out);
      out.attribute(group + "/holdout", "test_fraction", context.configuration.training.test_fraction);

      std::vector<double> predictions;
      for (const auto& row : validation.out_of_fold) predictions.insert(predictions.end(), row.begin(), row.end());
      write_labels(group, observed_examples(context.configuration, results)->labelled, out);
      out.dataset(group + "/out_of_fold", predictions);
    }
    if (results.validations.empty()) return;
    write_resources(resources(context.configuration, results), out);
  }
};

/// A figure with its interval.
std::string figure(double value, double lower, double upper) {
  return fmt::format("{:.3f} ({:.3f} .. {:.3f})", value, lower, upper);
}

std::string metrics_row(const std::string& name, const std::string& split, const Metrics& m,
                        const classifier::MetricsInterval& i) {
  return fmt::format("{:<22} {:<24} {:>24} {:>24} {:>6.3f} {:>6.3f} {:>6.3f}\n", name, split,
                     figure(m.log_loss, i.lower.log_loss, i.upper.log_loss),
                     figure(m.accuracy, i.lower.accuracy, i.upper.accuracy), m.auc, m.brier, m.ece);
}

}  // namespace

std::unique_ptr<Stage> evaluate_stage() { return std::make_unique<EvaluateStage>(); }

std::string metrics_table(const Results& results) {
  std::string table;
  for (const NamedValidation& validation : results.validations) {
    const classifier::Validation& result = validation.result;
    std::vector<Metrics> lower;
    std::vector<Metrics> upper;
    for (const classifier::MetricsInterval& interval : result.interval) {
      lower.push_back(interval.lower);
      upper.push_back(interval.upper);
    }
    table += metrics_row(validation.name, "the others of the trial", classifier::mean(result.pooled),
                         {classifier::mean(lower), classifier::mean(upper)});
  }
  for (const TrainedClassifier& trained : results.classifiers) {
    if (!trained.on_trial) continue;
    table += metrics_row(trained.method.name, trained.method.training_set + " subjects", trained.on_trial->metrics,
                         trained.on_trial->interval);
  }
  if (table.empty()) return "";
  return fmt::format(
             "On the trial's subjects, none of whom the classifier had seen (90 % intervals: bootstrap over subjects)\n"
             "{:<22} {:<24} {:>24} {:>24} {:>6} {:>6} {:>6}\n",
             "classifier", "learnt from", "log-loss", "accuracy", "AUC", "Brier", "ECE") +
         table;
}

}  // namespace titrant::run
