#include "titrant/dose/search.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "known_classifier.hpp"

namespace titrant::dose {

namespace {

std::vector<Panel> panels() {
  const ScenarioOptions base{50.0, 100.0, 0.5};
  const ScenarioOptions heavy{70.0, 140.0, 0.5};
  return {{"base", base, daily, GridOptions{0.5, 20.0, 0.5}.values()},
          {"base", base, weekly, GridOptions{5.0, 200.0, 5.0}.values()},
          {"heavy", heavy, daily, GridOptions{0.5, 20.0, 0.5}.values()}};
}

CohortView cohort_of(const pkpd::PopulationModel& model, const classifier::Classifier& classifier, std::size_t size) {
  return {{&model, nullptr, {}}, size, 11, {{&classifier, "known", "measured", "day_21"}}};
}

DoseOptions options_with(Search search) {
  DoseOptions options;
  options.search = search;
  return options;
}

}  // namespace

// The share of people whose average concentration reaches a level is known in closed form: Cavg = 1000 dose / (CL tau),
// log CL normal around log(40 (w/70)^0.75) with sd 0.3, w uniform. The pass rate by the test's own integral over w must
// agree within four binomial standard errors.
TEST(Evaluate, PassRateIsTheShareOfTheCohort) {
  const pkpd::PopulationModel model = simple_population();
  const KnownClassifier classifier([](const classifier::Example& e) { return reaches(e, 3.0); });
  const std::size_t size = 4000;
  const auto evaluation = evaluate({}, cohort_of(model, classifier, size), panels(), all_doses(panels()), false);
  for (std::size_t p = 0; p < panels().size(); ++p) {
    const Panel panel = panels()[p];
    for (std::size_t d = 0; d < panel.doses.size(); d += 7) {
      const double largest_clearance = 1000.0 * panel.doses[d] / (3.0 * panel.regimen.interval);
      double expected = 0.0;
      const int points = 1000;
      for (int i = 0; i < points; ++i) {
        const double width = panel.population.body_weight_to - panel.population.body_weight_from;
        const double weight = panel.population.body_weight_from + (i + 0.5) / points * width;
        const double z = std::log(largest_clearance / (40.0 * std::pow(weight / 70.0, 0.75))) / 0.3;
        expected += 0.5 * std::erfc(-z / std::sqrt(2.0)) / points;
      }
      const double tolerance = 4.0 * std::sqrt(expected * (1.0 - expected) / static_cast<double>(size)) + 1e-3;
      EXPECT_NEAR(evaluation.rates[p][0].indicator[d], expected, tolerance) << panel.scenario << " " << panel.doses[d];
      EXPECT_NEAR(evaluation.rates[p][0].mean[d], 0.1 + 0.8 * evaluation.rates[p][0].indicator[d], 1e-12);
    }
  }
}

TEST(Evaluate, KeepsWhatTheRatesAreMadeOf) {
  const pkpd::PopulationModel model = simple_population();
  const KnownClassifier classifier([](const classifier::Example& e) { return reaches(e, 3.0); });
  const auto evaluation = evaluate({}, cohort_of(model, classifier, 50), panels(), all_doses(panels()), true);
  for (std::size_t p = 0; p < panels().size(); ++p) {
    const LocalPanel& local = evaluation.local[p];
    EXPECT_EQ(local.subjects.size(), 50U);
    for (std::size_t d = 0; d < panels()[p].doses.size(); ++d) {
      double sum = 0.0;
      for (std::size_t i = 0; i < 50; ++i) sum += local.probability[0][d * 50 + i];
      EXPECT_NEAR(sum / 50.0, evaluation.rates[p][0].mean[d], 1e-12);
    }
  }
}

// The mean of a steady-state curve at the midpoints is close to Cavg = 1000 / (CL tau) per mg. The slope of C jumps by
// ka / V when a dose arrives, so the midpoint rule errs by about h^2 / 24 x (jump / Cavg tau), 0.001 to 0.002 here.
TEST(Evaluate, CurvesArePerMilligram) {
  const pkpd::PopulationModel model = simple_population();
  const KnownClassifier classifier([](const classifier::Example& e) { return reaches(e, 3.0); });
  const auto evaluation = evaluate({}, cohort_of(model, classifier, 5), panels(), all_doses(panels()), true);
  for (std::size_t i = 0; i < 5; ++i) {
    const VirtualSubject person = Population(panels()[0].population, {&model, nullptr, {}}, 11).subject(i);
    const auto begin = evaluation.local[0].curve.begin() + static_cast<std::ptrdiff_t>(64 * i);
    const double mean = std::accumulate(begin, begin + 64, 0.0) / 64.0;
    EXPECT_NEAR(mean / (1000.0 / (person.individual.clearance * 24.0)), 1.0, 3e-3);
  }
}

// A classifier sees the exposure of the window that it answers for: in the first day of a course less than at steady
// state, each in closed form.
TEST(Evaluate, ShowsEachPredictorTheExposureOfItsWindow) {
  pkpd::PopulationModel model = simple_population();
  for (pkpd::ParameterModel& parameter : model.parameters) parameter = {parameter.name, parameter.typical, 0.0, {}};
  const KnownClassifier average([](const classifier::Example& e) { return e.profile->per_mg.average / 10.0; });
  CohortView cohort = cohort_of(model, average, 20);
  cohort.predictors.push_back(
      {&average, "known", "measured", "steady_state", {.steady_state = false, .from = 0.0, .to = 24.0}});
  cohort.predictors.push_back(
      {&average, "known", "measured", "day_21", {.steady_state = false, .from = 480.0, .to = 504.0}});
  const auto evaluation = evaluate({}, cohort, {panels()[0], panels()[1]}, {{0}, {0}}, false);
  const double k = 0.1;                 // 1/h, and ka = 1 1/h
  const auto area = [&](double time) {  // under C of one dose of 1 mg, until then
    return 1000.0 / 400.0 / (1.0 - k) * ((1.0 - std::exp(-k * time)) / k - (1.0 - std::exp(-time)));
  };
  const auto& daily_rates = evaluation.rates[0];
  EXPECT_NEAR(daily_rates[0].mean[0] * 10.0, 1000.0 / (40.0 * 24.0), 1e-9);
  EXPECT_NEAR(daily_rates[1].mean[0] * 10.0, area(24.0) / 24.0, 1e-9);
  EXPECT_NEAR(daily_rates[2].mean[0] * 10.0, 1000.0 / (40.0 * 24.0), 1e-9);
  // Weekly doses at 0, 168, 336 and 504 h: the window is the last day of the third week.
  double last_day = 0.0;
  for (const double dose : {0.0, 168.0, 336.0}) last_day += area(504.0 - dose) - area(480.0 - dose);
  EXPECT_NEAR(evaluation.rates[1][0].mean[0] * 10.0, 1000.0 / (40.0 * 168.0), 1e-9);
  EXPECT_NEAR(evaluation.rates[1][2].mean[0] * 10.0, last_day / 24.0, 1e-9);
}

TEST(Search, BisectionFindsWhatTheGridFindsWithFarFewerDoses) {
  const pkpd::PopulationModel model = simple_population();
  const KnownClassifier classifier([](const classifier::Example& e) {
    return 1.0 / (1.0 + std::exp(-2.0 * (e.dose * e.profile->per_mg.average - 3.0)));
  });
  const CohortView cohort = cohort_of(model, classifier, 300);
  const SearchResult grid = search({}, cohort, panels(), options_with(Search::grid), false);
  const SearchResult bisection = search({}, cohort, panels(), options_with(Search::bisection), false);
  ASSERT_EQ(grid.decisions.size(), 3U * 2U * 2U);
  for (std::size_t i = 0; i < grid.decisions.size(); ++i) {
    EXPECT_EQ(grid.decisions[i].minimal_dose, bisection.decisions[i].minimal_dose);
    EXPECT_EQ(grid.decisions[i].pass_rate, bisection.decisions[i].pass_rate);
  }
  EXPECT_LT(bisection.evaluated * 2, grid.evaluated);
  const SearchResult kept = search({}, cohort, panels(), options_with(Search::bisection), true);
  const SearchResult all = search({}, cohort, panels(), options_with(Search::grid), true);
  EXPECT_EQ(kept.evaluation.local[1].curve, all.evaluation.local[1].curve);
  EXPECT_TRUE(bisection.fallen_back.empty());
  EXPECT_EQ(grid.decisions[0].classifier, "known");
  EXPECT_EQ(grid.decisions[0].label, "measured");
  EXPECT_EQ(grid.decisions[0].window, "day_21");
}

TEST(Search, BisectionSaysNoneOnThisGrid) {
  const pkpd::PopulationModel model = simple_population();
  const KnownClassifier classifier([](const classifier::Example& e) { return reaches(e, 1e6); });
  const SearchResult result =
      search({}, cohort_of(model, classifier, 40), panels(), options_with(Search::bisection), false);
  for (const Decision& decision : result.decisions) EXPECT_FALSE(decision.minimal_dose.has_value());
}

// A response that falls again at high doses: bisection must notice and answer from the whole grid.
TEST(Search, BisectionFallsBackWherePassRatesFall) {
  const pkpd::PopulationModel model = simple_population();
  const KnownClassifier classifier(
      [](const classifier::Example& e) { return e.dose > 2.0 && e.dose < 12.0 ? 0.95 : 0.05; });
  const CohortView cohort = cohort_of(model, classifier, 40);
  const SearchResult grid = search({}, cohort, panels(), options_with(Search::grid), false);
  const SearchResult bisection = search({}, cohort, panels(), options_with(Search::bisection), false);
  EXPECT_FALSE(bisection.fallen_back.empty());
  for (std::size_t i = 0; i < grid.decisions.size(); ++i) {
    if (std::find(bisection.fallen_back.begin(), bisection.fallen_back.end(),
                  grid.decisions[i].scenario + "/" + grid.decisions[i].regimen) == bisection.fallen_back.end()) {
      continue;
    }
    EXPECT_EQ(grid.decisions[i].minimal_dose, bisection.decisions[i].minimal_dose);
  }
}

// Heavier people clear more, so they need more.
TEST(Search, HeavierPopulationNeedsMore) {
  const pkpd::PopulationModel model = simple_population();
  const KnownClassifier classifier(
      [](const classifier::Example& e) { return e.dose * e.profile->per_mg.average > 3 ? 1.0 : 0.0; });
  const SearchResult result =
      search({}, cohort_of(model, classifier, 500), panels(), options_with(Search::grid), false);
  const auto answer = [&](const std::string& scenario) {
    return std::find_if(result.decisions.begin(), result.decisions.end(),
                        [&](const Decision& d) { return d.scenario == scenario && d.regimen == "daily"; })
        ->minimal_dose.value();
  };
  EXPECT_GT(answer("heavy"), answer("base"));
}

}  // namespace titrant::dose
