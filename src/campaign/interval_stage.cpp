#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "columns.hpp"
#include "examples.hpp"
#include "panels.hpp"
#include "parameter_bootstrap.hpp"
#include "titrant/campaign/stage.hpp"
#include "titrant/core/error.hpp"
#include "trainings.hpp"

namespace titrant::campaign {

namespace {

/// What intervals are made for: methods that learn from the first source, and from the trial's subjects, but those that
/// the configuration skips. Others are there to be compared, and would double the work.
Configuration with_intervals(const Configuration& c) {
  Configuration reduced = c;
  reduced.source.on = {c.source.on.front()};
  const std::vector<std::string>& on = c.source.on;
  if (c.source.on.front() != "trial" && std::find(on.begin(), on.end(), "trial") != on.end()) {
    reduced.source.on.emplace_back("trial");
  }
  std::erase_if(reduced.classifier.compare, [&](const std::string& rival) {
    return std::find(c.uncertainty.skip.begin(), c.uncertainty.skip.end(), rival) != c.uncertainty.skip.end();
  });
  return reduced;
}

/// The trial's examples of a replicate: by its own fit and resampled, so that classifiers that learn from the trial
/// carry the luck of its subjects.
classifier::LabelledExamples resampled_examples(const Configuration& c, TrialExamples& examples,
                                                std::size_t replicate) {
  return examples.labelled.subset(bootstrap_sample(examples.labelled, c.seed, replicate));
}

class IntervalStage : public Stage {
 public:
  std::string name() const override { return "intervals"; }
  std::string title() const override { return "Intervals"; }

  std::string compute(const Context& context, Results& results, core::Progress& progress) const override {
    const Configuration c = with_intervals(context.configuration);
    if (c.uncertainty.source == IntervalSource::none) return "not asked for (uncertainty.source is none)";
    const Models models = fitted_models(results);
    dose::ReplicatePlan plan;
    plan.cohort = cohort_of(c, results, models);
    std::erase_if(plan.cohort.predictors, [&](const dose::Predictor& predictor) {
      const std::vector<Method> with = methods(c);
      return std::none_of(with.begin(), with.end(), [&](const Method& m) { return m.name == predictor.name; });
    });
    plan.cohort.size = std::min(c.cohort.size, c.uncertainty.cohort);
    plan.panels = results.panels;
    if (models.pd) plan.criteria = results.criteria;
    plan.replicates = c.uncertainty.replicates;
    results.replicates = dose::replicate_rates(
        context.ranks, plan, [&](std::size_t replicate) { return make_replicate(c, results, replicate); },
        [&](std::size_t done, std::size_t of) { progress.update(done, of); });
    dose::add_intervals(results.search.decisions, results.panels, results.replicates, source_text(c, models));
    if (c.uncertainty.source == IntervalSource::bootstrap) {
      results.parameter_bootstrap = bootstrap_parameters(context.ranks, c, results);
    }
    const parallel::Failures& failures = results.replicates.left_out;
    const std::string left_out = failures.count == 0 ? ""
                                                     : fmt::format(", {} more could not be made ({})", failures.count,
                                                                   failures.text("replicate"));
    const parallel::Failures& fits = results.parameter_bootstrap.left_out;
    const std::string no_estimates =
        fits.count == 0 ? "" : fmt::format("; {} have no estimates ({})", fits.count, fits.text("replicate"));
    return fmt::format("{} replicates ({}){}, {} virtual subjects per scenario in each{}",
                       results.replicates.rates.size(),
                       c.uncertainty.source == IntervalSource::parameters ? "parameter draws" : "resampled trials",
                       left_out, plan.cohort.size, no_estimates);
  }

  void write(const Context& /*context*/, const Results& results, store::Writer& out) const override {
    write_bands(results, out);
    write_bootstrap(results, out);
    write_decisions(results, out);
  }

 private:
  static std::string source_text(const Configuration& c, const Models& models) {
    if (c.uncertainty.source == IntervalSource::bootstrap) {
      return "subjects resampled; PK, biomarker model and classifiers refitted";
    }
    std::string text =
        "population parameters drawn from their covariance; classifiers retrained, those of the trial on its subjects "
        "resampled";
    if (!can_be_drawn(models.pk)) text += "; PK PARAMETERS HELD, for the fit gives no covariance";
    if (models.pd && !can_be_drawn(*models.pd)) text += "; BIOMARKER PARAMETERS HELD, for the fit gives no covariance";
    return text;
  }

  static dose::Replicate make_replicate(const Configuration& c, const Results& results, std::size_t replicate) {
    Models models;
    TrialExamples examples;
    classifier::LabelledExamples labelled;
    const bool on_trial = learns_from_trial(c);
    if (c.uncertainty.source == IntervalSource::parameters) {
      models = draw_models(results, c.seed, replicate);
      if (on_trial) {
        examples = trial_examples(c, results.trial, models.pk);
        labelled = resampled_examples(c, examples, replicate);
      }
    } else {
      const trial::Trial sample = resample(results.trial, c.seed, replicate);
      models = refit(c, sample, results, false);
      if (on_trial) {
        examples = trial_examples(c, sample, models.pk);
        require_outcomes(examples);
        labelled = examples.labelled;
      }
    }
    const dose::PopulationModels population = population_models(models, results.trial);
    const TrainingPlan plan{replicate + 1, c.uncertainty.subjects, c.uncertainty.steps, &results.classifiers};
    dose::Replicate made;
    for (TrainedClassifier& one :
         train_all(parallel::Communicator{}, c, results.criteria, population, labelled, plan)) {
      made.classifiers.push_back(std::move(one.classifier));
    }
    made.pk = models.pk.model;
    if (models.pd) made.biomarker = models.pd->model;
    made.trial_weights = population.trial_weights;
    return made;
  }

  static void write_bands(const Results& results, store::Writer& out) {
    for (std::size_t p = 0; p < results.panels.size() && !results.replicates.rates.empty(); ++p) {
      const std::string panel = group_of(results.panels[p]);
      const auto& methods = results.replicates.methods;
      for (std::size_t m = 0; m < methods.size(); ++m) {
        const std::size_t criterion = criterion_of(results, methods[m].label, methods[m].window);
        const std::string group = panel + "/" + store_name(results, methods[m].classifier, criterion);
        const dose::Band band = dose::band(results.replicates, p, m);
        out.dataset(group + "/pass_rate_lower", band.lower);
        out.dataset(group + "/pass_rate_upper", band.upper);
      }
    }
  }

  static void write_decisions(const Results& results, store::Writer& out) {
    using dose::Decision;
    const std::vector<Decision>& decisions = results.search.decisions;
    out.scale("/decision/cell", count_to(decisions.size()));
    Columns(out, "/decision", decisions)
        .words("scenario", [](const Decision& d) { return d.scenario; })
        .words("regimen", [](const Decision& d) { return d.regimen; })
        .words("classifier", [](const Decision& d) { return d.classifier; })
        .words("rule", [](const Decision& d) { return std::string(d.rule == dose::Rule::mean ? "mean" : "indicator"); })
        .words("label", [](const Decision& d) { return d.label; })
        .words("window", [](const Decision& d) { return d.window; })
        .words("interval_source", [](const Decision& d) { return d.interval_source; })
        .numbers("target", [](const Decision& d) { return d.target; })
        .numbers("minimal_dose",
                 [](const Decision& d) { return d.minimal_dose.value_or(std::numeric_limits<double>::quiet_NaN()); })
        .numbers("lower", [](const Decision& d) { return d.lower; })
        .numbers("upper", [](const Decision& d) { return d.upper; })
        .numbers("probability_of_target", [](const Decision& d) { return d.probability_of_target; })
        .numbers("pass_rate", [](const Decision& d) { return d.pass_rate; })
        .numbers("pass_rate_below", [](const Decision& d) { return d.pass_rate_below; });
  }
};

}  // namespace

std::unique_ptr<Stage> interval_stage() { return std::make_unique<IntervalStage>(); }

}  // namespace titrant::campaign
