#include <fmt/format.h>

#include <algorithm>

#include "examples.hpp"
#include "panels.hpp"
#include "parameter_bootstrap.hpp"
#include "titrant/core/error.hpp"
#include "titrant/run/answers.hpp"
#include "titrant/run/stage.hpp"
#include "titrant/store/columns.hpp"
#include "trainings.hpp"

namespace titrant::run {

namespace {

/// What intervals are made for: methods that learn from the first training set, and from the trial's subjects, but
/// those that the configuration skips. Others are there to be compared, and would double the work.
Configuration with_intervals(const Configuration& c) {
  Configuration reduced = c;
  const std::vector<std::string>& on = c.training_set.on;
  reduced.training_set.on = {on.front()};
  if (on.front() != "trial" && std::find(on.begin(), on.end(), "trial") != on.end()) {
    reduced.training_set.on.emplace_back("trial");
  }
  std::erase_if(reduced.classifier.compare, [&](const std::string& word) {
    return std::find(c.uncertainty.skip.begin(), c.uncertainty.skip.end(), word) != c.uncertainty.skip.end();
  });
  return reduced;
}

/// The trial's examples of a replicate for each endpoint: by its own fit and resampled, so that classifiers that learn
/// from the trial carry the chance of its subjects.
std::vector<classifier::LabelledExamples> resampled_examples(const Configuration& c,
                                                             const std::vector<TrialExamples>& examples,
                                                             std::size_t replicate) {
  std::vector<classifier::LabelledExamples> all;
  for (const TrialExamples& one : examples) {
    all.push_back(one.labelled.size() == 0 ? classifier::LabelledExamples()
                                           : one.labelled.subset(bootstrap_sample(one.labelled, c.seed, replicate)));
  }
  return all;
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
    if (can_answer(models, results.endpoints)) plan.endpoints = results.endpoints;
    plan.replicates = c.uncertainty.replicates;
    results.replicates = dose::replicate_attainment(
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
    return fmt::format("{} replicates ({}){}, {} virtual subjects of each population in each{}",
                       results.replicates.attainment.size(),
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
    const bool joint = models.pd && models.pd->pk;
    if (joint && !can_be_drawn(*models.pd)) return text + "; PARAMETERS HELD, for the joint fit gives no covariance";
    if (!joint && !can_be_drawn(models.pk)) text += "; PK PARAMETERS HELD, for the fit gives no covariance";
    if (models.pd && !can_be_drawn(*models.pd)) text += "; BIOMARKER PARAMETERS HELD, for the fit gives no covariance";
    return text;
  }

  static dose::Replicate make_replicate(const Configuration& c, const Results& results, std::size_t replicate) {
    Models models;
    std::vector<TrialExamples> examples;
    std::vector<classifier::LabelledExamples> labelled;
    const bool on_trial = learns_from_trial(c);
    if (c.uncertainty.source == IntervalSource::parameters) {
      models = draw_models(results, c.seed, replicate);
      if (on_trial) {
        examples = all_trial_examples(c, results.trial, models.pk, results.inputs);
        labelled = resampled_examples(c, examples, replicate);
      }
    } else {
      const trial::Trial sample = resample(results.trial, c.seed, replicate);
      models = refit(c, sample, results, false);
      if (on_trial) {
        examples = all_trial_examples(c, sample, models.pk, results.inputs);
        for (const TrialExamples& one : examples) {
          if (one.labelled.size() > 0) require_outcomes(one);
          labelled.push_back(one.labelled);
        }
      }
    }
    const VirtualSubjects drawn{population_models(models), &results.populations, &results.endpoints};
    const TrainingPlan plan{replicate + 1, c.uncertainty.subjects, c.uncertainty.steps, &results.classifiers};
    dose::Replicate made;
    for (TrainedClassifier& one : train_all(parallel::Communicator{}, c, drawn, labelled, results.inputs, plan)) {
      made.classifiers.push_back(std::move(one.classifier));
    }
    made.pk = models.pk.model;
    if (models.pd) made.biomarker = models.pd->model;
    return made;
  }

  static void write_bands(const Results& results, store::Writer& out) {
    for (std::size_t p = 0; p < results.panels.size() && !results.replicates.attainment.empty(); ++p) {
      const std::string panel = group_of(results.panels[p]);
      const auto& methods = results.replicates.methods;
      for (std::size_t m = 0; m < methods.size(); ++m) {
        const std::string group =
            panel + "/" + store_name(results, methods[m].method, endpoint_of(results, methods[m].endpoint));
        const dose::Band band = dose::band(results.replicates, p, m);
        out.dataset(group + "/target_attainment_lower", band.lower);
        out.dataset(group + "/target_attainment_upper", band.upper);
      }
    }
  }

  static void write_decisions(const Results& results, store::Writer& out) {
    const std::vector<dose::Decision>& decisions = results.search.decisions;
    if (decisions.empty()) return;
    out.scale("/decision/row", store::whole_numbers(decisions.size()));
    write_answers(answers_of(decisions), out);
  }
};

}  // namespace

std::unique_ptr<Stage> interval_stage() { return std::make_unique<IntervalStage>(); }

}  // namespace titrant::run
