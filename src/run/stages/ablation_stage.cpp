#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iostream>

#include "ablation.hpp"
#include "titrant/core/constants.hpp"
#include "titrant/run/configuration_difference.hpp"
#include "titrant/run/run.hpp"
#include "titrant/run/stage.hpp"
#include "titrant/store/columns.hpp"

namespace titrant::run {

namespace {

using core::not_available;

/// The answer of a method to the headline question by one rule; NaN: none among the doses.
double headline_dose(const std::vector<dose::Decision>& decisions, const protocol::Question& headline,
                     const std::string& method, dose::Rule rule) {
  const auto found = std::find_if(decisions.begin(), decisions.end(), [&](const dose::Decision& d) {
    return d.question == headline && d.method == method && d.rule == rule;
  });
  return found == decisions.end() ? not_available : found->answer();
}

AblationRow row_of(const std::string& name, const AblationOptions& options, const Configuration& c,
                   const Results& results) {
  AblationRow row;
  row.name = name;
  row.settings = fmt::format("{}", fmt::join(options.set, "; "));
  row.held_out = {not_available, not_available, not_available, not_available, not_available};
  if (!results.validations.empty()) row.held_out = classifier::mean(results.validations.front().result.pooled);
  const TrainedClassifier& main = results.classifiers.front();
  row.parameters = main.classifier->parameters().size();
  row.training_loss = main.history.loss.empty() ? not_available : main.history.loss.back();
  const std::vector<dose::Decision>& decisions = results.search.decisions;
  const protocol::Question headline = c.protocol.headline();
  row.dose_mean = headline_dose(decisions, headline, main.method.name, dose::Rule::mean);
  row.dose_indicator = headline_dose(decisions, headline, main.method.name, dose::Rule::indicator);
  row.monotone = std::all_of(decisions.begin(), decisions.end(),
                             [&](const dose::Decision& d) { return d.method != main.method.name || d.monotone; });
  row.dose_error = not_available;
  row.rate_error = not_available;
  if (!results.agreements.empty()) {
    row.dose_error = results.agreements.front().agreement.grid_steps;
    row.rate_error = results.agreements.front().agreement.attainment;
  }
  return row;
}

class AblationStage : public Stage {
 public:
  std::string name() const override { return "ablation"; }
  std::string title() const override { return "Ablations"; }

  std::string compute(const Context& context, Results& results, core::Progress& progress) const override {
    const Configuration& c = context.configuration;
    if (c.ablation.empty()) return "not asked for (ablation is empty)";
    for (const auto& [name, options] : c.ablation) {
      Context inner{context.ranks, with_row(c, options), core::Console(std::cerr, false, true)};
      Results of_row;
      of_row.trial = results.trial;
      of_row.pk = results.pk;
      of_row.pd = results.pd;
      const bool anew = changes_models(c, options);
      for (const std::unique_ptr<Stage>& stage : stages_for("variant")) {
        const std::string word = stage->name();
        if (!anew && (word == "data" || word == "fit" || word == "pd")) continue;
        core::Progress silent(inner.console, stage->title());
        stage->compute(inner, of_row, silent);
      }
      results.ablation.push_back(row_of(name, options, inner.configuration, of_row));
      progress.update(results.ablation.size(), c.ablation.size());
    }
    return fmt::format("{} variants", results.ablation.size());
  }

  void write(const Context& /*context*/, const Results& results, store::Writer& out) const override {
    if (results.ablation.empty()) return;
    std::vector<std::string> names;
    for (const AblationRow& row : results.ablation) names.push_back(row.name);
    out.scale("/ablation/variant", names);
    using Row = AblationRow;
    store::Columns(out, "/ablation", results.ablation)
        .words("settings", [](const Row& r) { return r.settings; })
        .integers("parameters", [](const Row& r) { return r.parameters; })
        .numbers("training_loss", [](const Row& r) { return r.training_loss; })
        .numbers("log_loss", [](const Row& r) { return r.held_out.log_loss; })
        .numbers("accuracy", [](const Row& r) { return r.held_out.accuracy; })
        .numbers("auc", [](const Row& r) { return r.held_out.auc; })
        .numbers("brier", [](const Row& r) { return r.held_out.brier; })
        .numbers("ece", [](const Row& r) { return r.held_out.ece; })
        .numbers("dose", [](const Row& r) { return r.dose_mean; })
        .numbers("dose_indicator", [](const Row& r) { return r.dose_indicator; })
        .integers("monotone", [](const Row& r) { return r.monotone; })
        .numbers("dose_error", [](const Row& r) { return r.dose_error; })
        .numbers("attainment_error", [](const Row& r) { return r.rate_error; });
  }
};

}  // namespace

bool changes_models(const Configuration& configuration, const AblationOptions& row) {
  const std::vector<ConfigurationDifference> all =
      configuration_differences(to_yaml(configuration, false), to_yaml(with_row(configuration, row), false));
  return std::any_of(all.begin(), all.end(), [](const ConfigurationDifference& one) {
    return one.key.starts_with("data.") || one.key.starts_with("pk.") || one.key.starts_with("pd.") ||
           one.key == "seed";
  });
}

std::unique_ptr<Stage> ablation_stage() { return std::make_unique<AblationStage>(); }

std::string ablation_table(const Results& results) {
  if (results.ablation.empty()) return "";
  std::string table = fmt::format(
      "Ablations (held out on the trial's subjects; doses in {} for the headline question; errors against "
      "mechanistic)\n"
      "{:<26} {:>4} {:>8} {:>8} {:>8} {:>6} {:>9} {:>9} {:>8} {:>6} {:>10}\n",
      results.trial.units.amount, "variant", "par.", "training", "log-loss", "accuracy", "ECE", "dose", "indicator",
      "monotone", "steps", "attainment");
  const auto dose_text = [](double dose) { return std::isnan(dose) ? std::string("none") : fmt::format("{:g}", dose); };
  for (const AblationRow& row : results.ablation) {
    table += fmt::format("{:<26} {:>4} {:>8.3f} {:>8.3f} {:>8.3f} {:>6.3f} {:>9} {:>9} {:>8} {:>6.2f} {:>10.3f}\n",
                         row.name, row.parameters, row.training_loss, row.held_out.log_loss, row.held_out.accuracy,
                         row.held_out.ece, dose_text(row.dose_mean), dose_text(row.dose_indicator),
                         row.monotone ? "yes" : "no", row.dose_error, row.rate_error);
  }
  return table;
}

}  // namespace titrant::run
