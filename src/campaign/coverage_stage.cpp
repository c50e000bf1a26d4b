#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <limits>

#include "columns.hpp"
#include "panels.hpp"
#include "titrant/campaign/run.hpp"
#include "titrant/campaign/stage.hpp"
#include "titrant/core/error.hpp"
#include "titrant/parallel/work.hpp"

namespace titrant::campaign {

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr std::size_t ends = 3;  // of a slot per cell: dose, lower, upper

/// The answers to one simulated trial, found as a run finds them: models refitted, classifiers trained, doses searched,
/// intervals made. By the mean rule.
std::vector<dose::Decision> answer_again(const Configuration& c, const Results& truth, std::size_t number) {
  Results results;
  const Models of_truth = fitted_models(truth);
  results.trial = nlme::simulate_again(truth.trial, of_truth.pk.model, &of_truth.pd->model, c.seed, number);
  Models models = refit(c, results.trial, truth, c.uncertainty.source == IntervalSource::parameters);
  results.pk.best = std::move(models.pk);
  if (models.pd) results.pd.emplace().best = std::move(*models.pd);
  const Context alone{parallel::Communicator{}, c, core::Console(std::cerr, false, true)};
  for (const std::unique_ptr<Stage>& stage : stages_for("search")) {
    const std::string word = stage->name();
    if (word == "data" || word == "fit" || word == "pd") continue;
    core::Progress silent(alone.console, stage->title());
    stage->compute(alone, results, silent);
  }
  std::vector<dose::Decision> decisions = results.search.decisions;
  std::erase_if(decisions, [](const dose::Decision& d) { return d.rule != dose::Rule::mean; });
  return decisions;
}

/// The true minimal dose of a cell, by the mechanistic answers of the models that the trials are simulated from.
double true_dose(const std::vector<dose::Decision>& truth, const dose::Decision& cell) {
  for (const dose::Decision& other : truth) {
    if (other.scenario == cell.scenario && other.regimen == cell.regimen && other.target == cell.target &&
        other.label == cell.label && other.window == cell.window && other.rule == dose::Rule::mean) {
      return other.minimal_dose.value_or(infinite);
    }
  }
  return std::numeric_limits<double>::quiet_NaN();
}

class CoverageStage : public Stage {
 public:
  std::string name() const override { return "coverage"; }
  std::string title() const override { return "Coverage of the intervals"; }

  std::string compute(const Context& context, Results& results, core::Progress& progress) const override {
    Configuration c = context.configuration;
    if (c.coverage.trials == 0) return "not asked for (coverage.trials is 0)";
    if (!results.pd || c.uncertainty.source == IntervalSource::none) {
      throw ConfigError("coverage: needs a biomarker model (pd.structure) and intervals (uncertainty.source)");
    }
    c.output.trajectories = false;
    const std::vector<dose::Decision> truth = find_truth(context, results);
    std::vector<dose::Decision> cells = results.search.decisions;
    std::erase_if(cells, [](const dose::Decision& d) { return d.rule != dose::Rule::mean; });

    // A trial that cannot be answered leaves its slot NaN.
    const auto compute = [&](std::size_t unit, std::span<double> slot) {
      std::fill(slot.begin(), slot.end(), std::numeric_limits<double>::quiet_NaN());
      try {
        const std::vector<dose::Decision> decisions = answer_again(c, results, unit);
        for (std::size_t k = 0; k < decisions.size(); ++k) {
          slot[k * ends] = decisions[k].minimal_dose.value_or(infinite);
          slot[k * ends + 1] = decisions[k].lower;
          slot[k * ends + 2] = decisions[k].upper;
        }
      } catch (const NumericalError&) {
      } catch (const DataError&) {
      }
    };
    const std::vector<double> slots = parallel::run(
        context.ranks, {.units = c.coverage.trials,
                        .slot = cells.size() * ends,
                        .compute = compute,
                        .progress = [&](std::size_t done, std::size_t of) { progress.update(done, of); }});
    for (std::size_t k = 0; k < cells.size(); ++k) {
      CoverageRow row{cells[k], true_dose(truth, cells[k]), 0, 0};
      for (std::size_t trial = 0; trial < c.coverage.trials; ++trial) {
        const double* slot = &slots[(trial * cells.size() + k) * ends];
        if (std::isnan(slot[1])) continue;
        ++row.trials;
        if (slot[1] <= row.truth && row.truth <= slot[2]) ++row.covered;
      }
      results.coverage.push_back(row);
    }
    const std::size_t answered = results.coverage.empty() ? 0 : results.coverage.front().trials;
    return fmt::format("{} of {} simulated trials answered", answered, c.coverage.trials);
  }

  void write(const Context& /*context*/, const Results& results, store::Writer& out) const override {
    if (results.coverage.empty()) return;
    using Row = CoverageRow;
    out.scale("/coverage/cell", count_to(results.coverage.size()));
    Columns(out, "/coverage", results.coverage)
        .words("classifier", [](const Row& r) { return r.cell.classifier; })
        .words("scenario", [](const Row& r) { return r.cell.scenario; })
        .words("regimen", [](const Row& r) { return r.cell.regimen; })
        .words("label", [](const Row& r) { return r.cell.label; })
        .words("window", [](const Row& r) { return r.cell.window; })
        .numbers("target", [](const Row& r) { return r.cell.target; })
        .numbers("true_dose", [](const Row& r) { return r.truth; })
        .numbers("trials", [](const Row& r) { return r.trials; })
        .numbers("covered", [](const Row& r) { return r.covered; });
  }

 private:
  static std::vector<dose::Decision> find_truth(const Context& context, const Results& results) {
    const Configuration& c = context.configuration;
    const Models models = fitted_models(results);
    dose::CohortView cohort = cohort_of(c, results, models);
    cohort.size = c.coverage.cohort;
    const dose::MechanisticRates rates =
        dose::mechanistic(context.ranks, cohort, results.panels, results.criteria, false);
    return dose::mechanistic_decisions(results.panels, results.criteria, rates, c.dose.targets);
  }
};

}  // namespace

std::unique_ptr<Stage> coverage_stage() { return std::make_unique<CoverageStage>(); }

std::string coverage_table(const Results& results) {
  if (results.coverage.empty()) return "";
  std::string table =
      fmt::format("How often 90 % intervals hold the true dose\n{:<18} {:<24} {:<10} {:<7} {:>6} {:>10} {:>10}\n",
                  "method", "question", "population", "regimen", "target", "true dose", "covered");
  for (const CoverageRow& row : results.coverage) {
    table += fmt::format("{:<18} {:<24} {:<10} {:<7} {:>6g} {:>10} {:>10}\n", row.cell.classifier,
                         row.cell.label + "_" + row.cell.window, row.cell.scenario, row.cell.regimen, row.cell.target,
                         std::isinf(row.truth) ? std::string("above grid") : fmt::format("{:g}", row.truth),
                         fmt::format("{}/{}", row.covered, row.trials));
  }
  return table;
}

}  // namespace titrant::campaign
