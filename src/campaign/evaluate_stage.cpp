#include <fmt/format.h>
#include <fmt/ranges.h>

#include <functional>
#include <numeric>

#include "examples.hpp"
#include "titrant/campaign/run.hpp"
#include "titrant/campaign/stage.hpp"

namespace titrant::campaign {

namespace {

using classifier::Metrics;

/// One dataset per figure along an axis.
void write_metrics(const std::string& group, const std::string& axis, const std::vector<Metrics>& rows,
                   store::Writer& out) {
  const auto column = [&](const std::string& name, const std::string& meaning,
                          const std::function<double(const Metrics&)>& value) {
    std::vector<double> values;
    values.reserve(rows.size());
    for (const Metrics& row : rows) values.push_back(value(row));
    out.dataset(group + "/" + name, {axis}, values, {"1", meaning});
  };
  column("log_loss", "mean cross-entropy", [](const Metrics& m) { return m.log_loss; });
  column("accuracy", "share classified correctly at 0.5", [](const Metrics& m) { return m.accuracy; });
  column("auc", "area under the ROC curve; NaN: one outcome only", [](const Metrics& m) { return m.auc; });
  column("brier", "mean squared error of the probability", [](const Metrics& m) { return m.brier; });
  column("ece", "expected calibration error, 10 bins", [](const Metrics& m) { return m.ece; });
}

std::vector<double> count_to(std::size_t count) {
  std::vector<double> numbers(count);
  std::iota(numbers.begin(), numbers.end(), 0.0);
  return numbers;
}

class EvaluateStage : public Stage {
 public:
  std::string name() const override { return "evaluate"; }
  std::string title() const override { return "Cross-validation"; }

  std::string compute(const Context& context, Results& results, core::Progress& progress) const override {
    const Configuration& c = context.configuration;
    require_examples(c, results);
    const std::vector<std::string> names = classifier_names(c);
    std::vector<std::string> losses;
    for (const std::string& name : names) {
      const auto kind = classifier::make_classifier(name, c.classifier, c.quantum);
      results.validations.push_back(
          {name, classifier::cross_validate(context.ranks, *kind, results.examples.labelled, c.training, c.seed)});
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
      std::vector<double> replicate_of_fold;
      for (std::size_t r = 0; r < replicates; ++r) {
        folds.insert(folds.end(), validation.fold[r].begin(), validation.fold[r].end());
        replicate_of_fold.insert(replicate_of_fold.end(), validation.fold[r].size(), static_cast<double>(r));
      }
      out.scale(group + "/fold", count_to(folds.size()), {"1", "fold, over all replicates"});
      out.dataset(group + "/fold_replicate", {group + "/fold"}, replicate_of_fold, {"1", "replicate of the fold"});
      write_metrics(group, group + "/fold", folds, out);

      out.scale(group + "/replicate", count_to(replicates), {"1", "repeat of the cross-validation"});
      write_metrics(group + "/pooled", group + "/replicate", validation.pooled, out);
      write_metrics(group + "/holdout", group + "/replicate", validation.holdout, out);
      out.attribute(group + "/holdout", "test_fraction", context.configuration.training.test_fraction);

      const std::vector<std::size_t>& places = results.examples.labelled.group;
      const std::vector<double> persons(places.begin(), places.end());
      const std::vector<double> labels(results.examples.labelled.labels.begin(),
                                       results.examples.labelled.labels.end());
      std::vector<double> predictions;
      for (const auto& row : validation.out_of_fold) predictions.insert(predictions.end(), row.begin(), row.end());
      out.scale(group + "/subject", persons, {"1", "place in /trial/subject"});
      out.dataset(group + "/label", {group + "/subject"}, labels, {"1", "observed outcome"});
      out.dataset(group + "/out_of_fold", {group + "/replicate", group + "/subject"}, predictions,
                  {"1", "probability predicted while the subject was held out"});
    }
  }
};

std::string metrics_row(const std::string& name, const std::string& split, const Metrics& m) {
  return fmt::format("{:<18} {:<22} {:>8.3f} {:>9.3f} {:>7.3f} {:>7.3f} {:>7.3f}\n", name, split, m.log_loss,
                     m.accuracy, m.auc, m.brier, m.ece);
}

}  // namespace

std::unique_ptr<Stage> evaluate_stage() { return std::make_unique<EvaluateStage>(); }

std::string metrics_table(const Results& results) {
  if (results.validations.empty()) return "";
  std::string table = fmt::format(
      "Held-out performance on the trial's subjects (mean over replicates)\n{:<18} {:<22} {:>8} {:>9} {:>7} {:>7} "
      "{:>7}\n",
      "classifier", "held out by", "log-loss", "accuracy", "AUC", "Brier", "ECE");
  for (const NamedValidation& validation : results.validations) {
    table += metrics_row(validation.name, "cross-validation", classifier::mean(validation.result.pooled));
    table += metrics_row(validation.name, "single stratified split", classifier::mean(validation.result.holdout));
  }
  return table;
}

}  // namespace titrant::campaign
