#include <gtest/gtest.h>

#include <cmath>

#include "../../src/run/stages/replicates.hpp"
#include "small_run.hpp"
#include "titrant/core/constants.hpp"
#include "titrant/dose/outcomes.hpp"
#include "titrant/nlme/vpc.hpp"

/// \file
/// One small run with coverage, whose true doses, intervals and counts the test finds again by other ways.

using namespace titrant;
using namespace titrant::run;
using titrant::run::fixtures::nearest_rank;
using titrant::run::fixtures::results_of;
using titrant::run::fixtures::small_context;

namespace {

using titrant::core::infinity;

/// The lowest dose of a grid on which enough of the virtual subjects first .. first + count - 1 succeed, each looked at
/// on each dose by the definition of success; infinity: none.
double dose_of(const Models& models, const Results& run, const Configuration& c, const dose::Decision& cell,
               std::size_t first, std::size_t count) {
  const dose::PopulationModels view = population_models(models);
  const dose::EndpointSet endpoints(c.protocol.regimen(cell.question.regimen), run.endpoints);
  const dose::Cohort cohort(run.populations.front(), view, c.seed, dose::errors_needed(run.endpoints));
  for (const double dose : endpoints.regimen().doses) {
    double successes = 0.0;
    for (std::size_t i = first; i < first + count; ++i) {
      const dose::VirtualSubject subject = cohort.subject(i);
      if (dose::Outcomes(subject, endpoints).succeeds(0, dose)) successes += 1.0;
    }
    if (successes / static_cast<double>(count) >= cell.question.target) return dose;
  }
  return infinity;
}

}  // namespace

TEST(CoverageRun, CountsIntervalsOfSimulatedTrialsAroundTheTruth) {
  constexpr std::size_t replicates = 6;
  constexpr std::size_t trials = 2;
  const Context context = small_context(
      {"pd={structure: direct_inhibition, starts: 1, omega: {variable: [baseline, ic50]}, search: {enabled: "
       "false, variability: "
       "false}}",
       "training={on: virtual, subjects: 20, virtual: {steps: 1, batch: 0}}", "classifier.compare=[]",
       "uncertainty={source: parameters, replicates: 6, cohort: 40, subjects: 40, steps: 1}",
       "coverage={trials: 2, cohort: 300}", "cohort.size=50"});
  const Configuration& c = context.configuration;
  const Results run = results_of(context, "run");
  const Models truth = fitted_models(run);
  std::size_t checked = 0;
  for (const CoverageRow& row : run.coverage) {
    ASSERT_EQ(row.intervals.size(), trials);
    // The count, from the intervals and the truth of the row.
    std::size_t covered = 0;
    std::size_t answered = 0;
    for (const dose::Interval& one : row.intervals) {
      if (std::isnan(one.lower)) continue;
      ++answered;
      covered += !(row.truth < one.lower) && !(row.truth > one.upper) ? 1 : 0;
    }
    EXPECT_EQ(row.trials, answered);
    EXPECT_EQ(row.covered, covered);
    // The truth, whoever answers: that of the models from which trials are simulated.
    EXPECT_EQ(row.truth, dose_of(truth, run, c, row.cell, 0, 300)) << row.cell.question.regimen;
  }
  // The interval of the second simulated trial, for the fitted model's own answers.
  const trial::Trial again = nlme::simulate_again(run.trial, truth.pk.model, &truth.pd->model, c.seed, 1);
  const Models refitted = refit(c, again, run, true);
  Results as_found;
  as_found.pk.best = refitted.pk;
  as_found.pd.emplace().best = *refitted.pd;
  for (const CoverageRow& row : run.coverage) {
    if (row.cell.method != "mechanistic") continue;
    std::vector<double> doses;
    for (std::size_t r = 0; r < replicates; ++r) {
      const Models drawn = draw_models(as_found, c.seed, r);
      doses.push_back(dose_of(drawn, run, c, row.cell, (r + 1) * 40, 40));
    }
    EXPECT_EQ(row.intervals[1].lower, nearest_rank(doses, 0.05)) << row.cell.question.regimen;
    EXPECT_EQ(row.intervals[1].upper, nearest_rank(doses, 0.95)) << row.cell.question.regimen;
    ++checked;
  }
  EXPECT_EQ(checked, 2U);  // daily and weekly
}
