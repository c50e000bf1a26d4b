#include <fmt/format.h>
#include <fmt/ranges.h>

#include <limits>

#include "columns.hpp"
#include "panels.hpp"
#include "titrant/campaign/stage.hpp"

namespace titrant::campaign {

namespace {

void find_agreements(const Configuration& c, Results& results) {
  for (std::size_t k = 0; k < results.classifiers.size(); ++k) {
    const TrainedClassifier& one = results.classifiers[k];
    std::vector<dose::PassRates> method;
    std::vector<dose::PassRates> reference;
    for (std::size_t p = 0; p < results.panels.size(); ++p) {
      method.push_back(results.search.evaluation.rates[p][k]);
      reference.push_back(results.mechanistic.rates[p][one.criterion]);
    }
    results.agreements.push_back(
        {one.method.name, one.criterion, dose::agreement(results.panels, method, reference, c.dose.targets)});
  }
}

class SearchStage : public Stage {
 public:
  std::string name() const override { return "search"; }
  std::string title() const override { return "Dose search"; }

  std::string compute(const Context& context, Results& results, core::Progress& progress) const override {
    const Configuration& c = context.configuration;
    results.panels = make_panels(c);
    const Models models = fitted_models(results);
    const dose::CohortView cohort = cohort_of(c, results, models);
    const auto report = [&](std::size_t done, std::size_t of) { progress.update(done, of); };
    results.search = dose::search(context.ranks, cohort, results.panels, c.dose, c.output.trajectories, report);
    std::string summary;
    if (models.pd) {
      results.mechanistic =
          dose::mechanistic(context.ranks, cohort, results.panels, results.criteria, c.output.trajectories, report);
      const std::vector<dose::Decision> decisions =
          dose::mechanistic_decisions(results.panels, results.criteria, results.mechanistic, c.dose.targets);
      results.search.decisions.insert(results.search.decisions.end(), decisions.begin(), decisions.end());
      find_agreements(c, results);
      summary = monotonicity_text(results);
    }
    const auto& fallen = results.search.fallen_back;
    if (!fallen.empty()) {
      summary += fmt::format("; pass rates fall with the dose, so bisection fell back on the whole grid in {}",
                             fmt::join(fallen, ", "));
    }
    return fmt::format(
        "{} cells for {} over {} virtual subjects per scenario{}", results.panels.size() * c.dose.targets.size(),
        results.criteria.size() == 1 ? "one question" : fmt::format("each of {} questions", results.criteria.size()),
        c.cohort.size, summary);
  }

  void write(const Context& context, const Results& results, store::Writer& out) const override {
    for (std::size_t p = 0; p < results.panels.size(); ++p) {
      write_panel(context, results, p, out);
      for (std::size_t k = 0; k < results.classifiers.size(); ++k) write_method(context, results, p, k, out);
      if (!results.mechanistic.rates.empty()) write_mechanistic(context, results, p, out);
    }
    write_agreements(results, out);
  }

 private:
  static std::string monotonicity_text(const Results& results) {
    dose::MonotonicityCheck all;
    for (const auto& of_panel : results.mechanistic.check) {
      for (const dose::MonotonicityCheck& check : of_panel) {
        all.outcomes += check.outcomes;
        all.violations += check.violations;
      }
    }
    return all.violations == 0 ? fmt::format("; critical doses held in all {} outcomes looked at", all.outcomes)
                               : fmt::format(
                                     "; critical doses failed in {} of {} outcomes looked at: response is not "
                                     "monotone in the dose",
                                     all.violations, all.outcomes);
  }

  static void write_panel(const Context& context, const Results& results, std::size_t p, store::Writer& out) {
    const Configuration& c = context.configuration;
    const dose::Panel& panel = results.panels[p];
    const std::string group = group_of(panel);
    out.scale(group + "/dose", panel.doses);
    if (!c.output.trajectories) return;
    const std::size_t points = classifier::curve_points(panel.regimen.interval);
    out.scale(group + "/subject", count_to(c.cohort.size));
    out.scale(group + "/time", pkpd::midpoint_grid(panel.regimen.interval, points));
    const dose::LocalPanel& local = results.search.evaluation.local[p];
    out.distributed(group + "/concentration", 0, local.subjects.begin, local.curve);
  }

  static void write_rates(const std::string& group, const dose::PassRates& rates, store::Writer& out) {
    out.dataset(group + "/pass_rate", rates.mean);
    out.dataset(group + "/pass_rate_indicator", rates.indicator);
  }

  static void write_method(const Context& context, const Results& results, std::size_t p, std::size_t k,
                           store::Writer& out) {
    const Configuration& c = context.configuration;
    const TrainedClassifier& trained = results.classifiers[k];
    const std::string panel = group_of(results.panels[p]);
    const std::string group = panel + "/" + store_name(results, trained.method.name, trained.criterion);
    write_rates(group, results.search.evaluation.rates[p][k], out);
    out.attribute(group, "question", results.criteria[trained.criterion].name());
    out.attribute(group, "shots", static_cast<double>(trained.classifier->shots()));
    if (!c.output.trajectories || c.dose.search != dose::Search::grid) return;
    const dose::LocalPanel& local = results.search.evaluation.local[p];
    out.distributed(group + "/probability", 1, local.subjects.begin, local.probability[k]);
    if (trained.classifier->shots() > 0) {
      out.distributed(group + "/counts", 1, local.subjects.begin, local.counts[k]);
    }
  }

  static void write_mechanistic(const Context& context, const Results& results, std::size_t p, store::Writer& out) {
    const std::string panel = group_of(results.panels[p]);
    for (std::size_t k = 0; k < results.criteria.size(); ++k) {
      const std::string group = panel + "/" + store_name(results, std::string(dose::mechanistic_method), k);
      write_rates(group, results.mechanistic.rates[p][k], out);
      out.attribute(group, "question", results.criteria[k].name());
      const dose::MonotonicityCheck& check = results.mechanistic.check[p][k];
      out.attribute(group, "outcomes_checked", static_cast<double>(check.outcomes));
      out.attribute(group, "outcomes_against_monotonicity", static_cast<double>(check.violations));
      if (!context.configuration.output.trajectories) continue;
      const dose::LocalCriticalDoses& local = results.mechanistic.local[p];
      out.distributed(group + "/critical_dose", 0, local.subjects.begin, local.dose[k]);
    }
  }

  static void write_agreements(const Results& results, store::Writer& out) {
    if (results.agreements.empty()) return;
    out.scale("/agreement/row", count_to(results.agreements.size()));
    using Row = NamedAgreement;
    Columns(out, "/agreement", results.agreements)
        .words("method", [](const Row& r) { return r.name; })
        .words("question", [&](const Row& r) { return results.criteria[r.criterion].name(); })
        .numbers("grid_steps", [](const Row& r) { return r.agreement.grid_steps; })
        .numbers("pass_rate", [](const Row& r) { return r.agreement.pass_rate; })
        .numbers("unanswered", [](const Row& r) { return r.agreement.unanswered; });
  }
};

}  // namespace

std::vector<dose::Panel> make_panels(const Configuration& configuration) {
  std::vector<dose::Panel> panels;
  for (const auto& [name, population] : configuration.scenarios) {
    panels.push_back({name, population, dose::daily, configuration.dose.daily.values()});
    panels.push_back({name, population, dose::weekly, configuration.dose.weekly.values()});
  }
  return panels;
}

std::string group_of(const dose::Panel& panel) {
  return fmt::format("/scenario/{}/{}", panel.scenario, panel.regimen.name);
}

dose::CohortView cohort_of(const Configuration& configuration, const Results& results, const Models& models) {
  dose::CohortView cohort;
  cohort.models = population_models(models, results.trial);
  cohort.size = configuration.cohort.size;
  cohort.seed = configuration.seed;
  for (const TrainedClassifier& trained : results.classifiers) {
    const dose::Criterion& criterion = results.criteria[trained.criterion];
    cohort.predictors.push_back({trained.classifier.get(), trained.method.name, std::string(word(criterion.label)),
                                 std::string(word(criterion.window)), response_window(criterion)});
  }
  return cohort;
}

std::unique_ptr<Stage> search_stage() { return std::make_unique<SearchStage>(); }

}  // namespace titrant::campaign
