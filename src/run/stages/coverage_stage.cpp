#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <limits>
#include <utility>

#include "coverage.hpp"
#include "panels.hpp"
#include "titrant/core/error.hpp"
#include "titrant/parallel/work.hpp"
#include "titrant/run/run.hpp"
#include "titrant/run/stage.hpp"
#include "titrant/store/columns.hpp"

namespace titrant::run {

namespace {

constexpr std::size_t ends = 2;  // of an interval, in a slot after the reason why there are none

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

class CoverageStage : public Stage {
 public:
  std::string name() const override { return "coverage"; }
  std::string title() const override { return "Coverage of the intervals"; }

  std::string compute(const Context& context, Results& results, core::Progress& progress) const override {
    Configuration c = context.configuration;
    if (c.coverage.trials == 0) return "not asked for (coverage.trials is 0)";
    TITRANT_EXPECTS(results.pd && c.uncertainty.source != IntervalSource::none);  // see validate
    c.output.trajectories = 0;
    const std::vector<dose::Decision> truth = find_truth(context, results);
    std::vector<dose::Decision> cells = results.search.decisions;
    std::erase_if(cells, [](const dose::Decision& d) { return d.rule != dose::Rule::mean; });

    const auto compute = [&](std::size_t unit, std::span<double> slot) {
      const std::span<double> intervals = slot.subspan(parallel::reason_slot);
      std::fill(intervals.begin(), intervals.end(), std::numeric_limits<double>::quiet_NaN());
      try {
        const std::vector<dose::Decision> decisions = answer_again(c, results, unit);
        TITRANT_EXPECTS(decisions.size() == cells.size());
        for (std::size_t k = 0; k < decisions.size(); ++k) {
          intervals[k * ends] = decisions[k].lower;
          intervals[k * ends + 1] = decisions[k].upper;
        }
      } catch (const NumericalError& error) {
        parallel::write_reason(error.what(), slot);
      } catch (const DataError& error) {
        parallel::write_reason(error.what(), slot);
      }
    };
    const std::size_t width = parallel::reason_slot + cells.size() * ends;
    const std::vector<double> slots = parallel::run(
        context.ranks, {.units = c.coverage.trials,
                        .slot = width,
                        .compute = compute,
                        .progress = [&](std::size_t done, std::size_t of) { progress.update(done, of); }});
    parallel::Failures failures;
    for (std::size_t trial = 0; trial < c.coverage.trials; ++trial) {
      failures.add(trial, parallel::read_reason(std::span(slots).subspan(trial * width, width)));
    }
    for (std::size_t k = 0; k < cells.size(); ++k) {
      std::vector<dose::Interval> intervals;
      for (std::size_t trial = 0; trial < c.coverage.trials; ++trial) {
        const std::size_t at = trial * width + parallel::reason_slot + k * ends;
        intervals.push_back({slots[at], slots[at + 1]});
      }
      results.coverage.push_back(coverage_of(cells[k], true_dose(truth, cells[k]), std::move(intervals)));
    }
    const std::string unanswered =
        failures.count == 0 ? "" : fmt::format("; {} could not be ({})", failures.count, failures.text("trial"));
    return fmt::format("{} of {} simulated trials answered{}", c.coverage.trials - failures.count, c.coverage.trials,
                       unanswered);
  }

  void write(const Context& /*context*/, const Results& results, store::Writer& out) const override {
    if (results.coverage.empty()) return;
    using Row = CoverageRow;
    out.scale("/coverage/row", store::whole_numbers(results.coverage.size()));
    store::Columns(out, "/coverage", results.coverage)
        .words("population", [](const Row& r) { return r.cell.question.population; })
        .words("regimen", [](const Row& r) { return r.cell.question.regimen; })
        .words("endpoint", [](const Row& r) { return r.cell.question.endpoint; })
        .numbers("target", [](const Row& r) { return r.cell.question.target; })
        .words("method", [](const Row& r) { return r.cell.method; })
        .numbers("true_dose", [](const Row& r) { return r.truth; })
        .integers("trials", [](const Row& r) { return r.trials; })
        .integers("covered", [](const Row& r) { return r.covered; });
  }

 private:
  static std::vector<dose::Decision> find_truth(const Context& context, const Results& results) {
    const Configuration& c = context.configuration;
    const Models models = fitted_models(results);
    dose::CohortView cohort = cohort_of(c, results, models);
    cohort.size = c.coverage.cohort;
    const dose::MechanisticAttainment attainment =
        dose::mechanistic(context.ranks, cohort, results.panels, results.endpoints, false);
    return dose::mechanistic_decisions(results.panels, results.endpoints, attainment, c.protocol.questions());
  }
};

}  // namespace

std::unique_ptr<Stage> coverage_stage() { return std::make_unique<CoverageStage>(); }

std::string coverage_table(const Results& results) {
  if (results.coverage.empty()) return "";
  std::string table =
      fmt::format("How often 90 % intervals hold the true dose\n{:<18} {:<16} {:<16} {:<16} {:>6} {:>10} {:>10}\n",
                  "method", "endpoint", "population", "regimen", "target", "true dose", "covered");
  for (const CoverageRow& row : results.coverage) {
    const protocol::Question& question = row.cell.question;
    table += fmt::format("{:<18} {:<16} {:<16} {:<16} {:>6g} {:>10} {:>10}\n", row.cell.method, question.endpoint,
                         question.population, question.regimen, question.target,
                         std::isinf(row.truth) ? std::string("none") : fmt::format("{:g}", row.truth),
                         fmt::format("{}/{}", row.covered, row.trials));
  }
  return table;
}

}  // namespace titrant::run
