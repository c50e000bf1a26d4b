#include "titrant/dose/search.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "examples.hpp"
#include "known_classifier.hpp"
#include "titrant/core/error.hpp"

namespace titrant::dose {

namespace {

std::vector<Panel> searched_panels() {
  const VirtualPopulation base = weights("base", 50.0, 100.0);
  const VirtualPopulation heavy = weights("heavy", 70.0, 140.0);
  return {{base, every_day(0.5, 20.0, 0.5)}, {base, every_week(5.0, 200.0, 5.0)}, {heavy, every_day(0.5, 20.0, 0.5)}};
}

std::vector<ResolvedEndpoint> control() { return resolve({control_below(3.3)}, true); }

std::vector<protocol::Question> questions() { return all_questions(searched_panels(), control(), {0.90, 0.75}); }

CohortView cohort_of(const pkpd::PopulationModel& model, const classifier::Classifier& classifier, std::size_t size) {
  return {{&model, nullptr}, size, 11, {{&classifier, "known", "control"}}};
}

SearchResult searched(const CohortView& cohort, Search how, bool keep = false) {
  return search({}, cohort, searched_panels(), control(), questions(), how, keep);
}

}  // namespace

// The share of subjects whose average concentration reaches a level is known in closed form: Cavg = 1000 dose / (CL
// tau), log CL normal around log(40 (w/70)^0.75) with sd 0.3, w uniform. The attainment by the test's own integral over
// w must agree within four binomial standard errors.
TEST(Evaluate, AttainmentIsTheShareOfTheCohort) {
  const pkpd::PopulationModel model = simple_population();
  const KnownClassifier classifier([](const classifier::Example& e) { return reaches(e, 3.0); });
  const std::size_t size = 4000;
  const auto evaluation =
      evaluate({}, cohort_of(model, classifier, size), searched_panels(), all_doses(searched_panels()), false);
  for (std::size_t p = 0; p < searched_panels().size(); ++p) {
    const Panel panel = searched_panels()[p];
    for (std::size_t d = 0; d < panel.doses().size(); d += 7) {
      const double largest_clearance = 1000.0 * panel.doses()[d] / (3.0 * panel.regimen.interval);
      double expected = 0.0;
      const int points = 1000;
      for (int i = 0; i < points; ++i) {
        const double weight = panel.population.definition.covariates[0].second.quantile((i + 0.5) / points);
        const double z = std::log(largest_clearance / (40.0 * std::pow(weight / 70.0, 0.75))) / 0.3;
        expected += 0.5 * std::erfc(-z / std::sqrt(2.0)) / points;
      }
      const double tolerance = 4.0 * std::sqrt(expected * (1.0 - expected) / static_cast<double>(size)) + 1e-3;
      EXPECT_NEAR(evaluation.attainment[p][0].indicator[d], expected, tolerance)
          << panel.name() << " " << panel.doses()[d];
      EXPECT_NEAR(evaluation.attainment[p][0].mean[d], 0.1 + 0.8 * evaluation.attainment[p][0].indicator[d], 1e-12);
    }
  }
}

TEST(Evaluate, KeepsWhatAttainmentIsMadeOf) {
  const pkpd::PopulationModel model = simple_population();
  const KnownClassifier classifier([](const classifier::Example& e) { return reaches(e, 3.0); });
  const auto evaluation =
      evaluate({}, cohort_of(model, classifier, 50), searched_panels(), all_doses(searched_panels()), true);
  for (std::size_t p = 0; p < searched_panels().size(); ++p) {
    const LocalPanel& local = evaluation.local[p];
    EXPECT_EQ(local.subjects.size(), 50U);
    for (std::size_t d = 0; d < searched_panels()[p].doses().size(); ++d) {
      double sum = 0.0;
      for (std::size_t i = 0; i < 50; ++i) sum += local.probability[0][d * 50 + i];
      EXPECT_NEAR(sum / 50.0, evaluation.attainment[p][0].mean[d], 1e-12);
    }
  }
}

// The mean of a steady-state curve at the midpoints is close to Cavg = 1000 / (CL tau) per mg. The slope of C jumps by
// ka / V when a dose arrives, so the midpoint rule errs by about h^2 / 24 x (jump / Cavg tau), 0.001 to 0.002 here.
TEST(Evaluate, CurvesArePerMilligram) {
  const pkpd::PopulationModel model = simple_population();
  const KnownClassifier classifier([](const classifier::Example& e) { return reaches(e, 3.0); });
  const auto evaluation =
      evaluate({}, cohort_of(model, classifier, 5), searched_panels(), all_doses(searched_panels()), true);
  for (std::size_t i = 0; i < 5; ++i) {
    const VirtualPopulation population = searched_panels()[0].population;
    const VirtualSubject subject = Cohort(population, {&model, nullptr}, 11).subject(i);
    const auto begin = evaluation.local[0].curve.begin() + static_cast<std::ptrdiff_t>(64 * i);
    const double mean = std::accumulate(begin, begin + 64, 0.0) / 64.0;
    EXPECT_NEAR(mean / (1000.0 / (subject.individual.clearance * 24.0)), 1.0, 3e-3);
  }
}

// A classifier sees the exposure of the window that it answers for: in the first day of a course less than at steady
// state, each in closed form.
TEST(Evaluate, ShowsEachPredictorTheExposureOfItsWindow) {
  pkpd::PopulationModel model = simple_population();
  for (pkpd::ParameterModel& parameter : model.parameters) parameter = {parameter.name, parameter.typical, 0.0, {}};
  const KnownClassifier average([](const classifier::Example& e) { return e.profile->per_mg.average / 10.0; });
  CohortView cohort = cohort_of(model, average, 20);
  cohort.predictors.push_back({&average, "known", "first day", {.steady_state = false, .from = 0.0, .to = 24.0}});
  cohort.predictors.push_back({&average, "known", "control", {.steady_state = false, .from = 480.0, .to = 504.0}});
  const auto evaluation = evaluate({}, cohort, {searched_panels()[0], searched_panels()[1]}, {{0}, {0}}, false);
  const double k = 0.1;                 // 1/h, and ka = 1 1/h
  const auto area = [&](double time) {  // under C of one dose of 1 mg, until then
    return 1000.0 / 400.0 / (1.0 - k) * ((1.0 - std::exp(-k * time)) / k - (1.0 - std::exp(-time)));
  };
  const auto& daily_rates = evaluation.attainment[0];
  EXPECT_NEAR(daily_rates[0].mean[0] * 10.0, 1000.0 / (40.0 * 24.0), 1e-9);
  EXPECT_NEAR(daily_rates[1].mean[0] * 10.0, area(24.0) / 24.0, 1e-9);
  EXPECT_NEAR(daily_rates[2].mean[0] * 10.0, 1000.0 / (40.0 * 24.0), 1e-9);
  // Weekly doses at 0, 168, 336 and 504 h: the window is the last day of the third week.
  double last_day = 0.0;
  for (const double dose : {0.0, 168.0, 336.0}) last_day += area(504.0 - dose) - area(480.0 - dose);
  EXPECT_NEAR(evaluation.attainment[1][0].mean[0] * 10.0, 1000.0 / (40.0 * 168.0), 1e-9);
  EXPECT_NEAR(evaluation.attainment[1][2].mean[0] * 10.0, last_day / 24.0, 1e-9);
}

// The exposure is that of the dose history: a loading dose of three times the dose in the first day, and 70 times the
// amount per kg of 70 kg.
TEST(Evaluate, ShowsTheExposureOfTheRegimen) {
  const pkpd::PopulationModel model = simple_population();
  const KnownClassifier average([](const classifier::Example& e) { return e.profile->per_mg.average / 1000.0; });
  CohortView cohort = cohort_of(model, average, 20);
  cohort.points = 64;
  cohort.predictors[0].exposure = {.steady_state = false, .from = 0.0, .to = 24.0};
  const VirtualPopulation alike = weights("alike", 70.0, 70.0);
  std::vector<Panel> all(3, {alike, every_day(1.0, 2.0, 1.0)});
  all[1].regimen.loading = {3.0, 1};
  all[2].regimen.per = "weight";
  const Evaluation evaluation = evaluate({}, cohort, all, {{0}, {0}, {0}}, true);
  const double plain = evaluation.attainment[0][0].mean[0];
  EXPECT_NEAR(evaluation.attainment[1][0].mean[0] / plain, 3.0, 1e-9);
  EXPECT_NEAR(evaluation.attainment[2][0].mean[0] / plain, 70.0, 1e-9);
  ASSERT_EQ(evaluation.local[2].curve.size(), 20U * 64U);
  for (std::size_t i = 0; i < evaluation.local[2].curve.size(); ++i) {
    EXPECT_NEAR(evaluation.local[2].curve[i] / evaluation.local[0].curve[i], 70.0, 1e-9);
  }
}

TEST(Evaluate, RefusesMoreThanItCanNumber) {
  const pkpd::PopulationModel model = simple_population();
  const KnownClassifier classifier([](const classifier::Example& e) { return reaches(e, 3.0); });
  const std::vector<Panel> many(4097, searched_panels()[0]);
  const std::vector<std::vector<std::size_t>> none(many.size());
  EXPECT_THROW(evaluate({}, cohort_of(model, classifier, 1), many, none, false), ConfigError);
}

TEST(Search, BisectionFindsWhatTheGridFindsWithFarFewerDoses) {
  const pkpd::PopulationModel model = simple_population();
  for (const bool rises : {true, false}) {
    const KnownClassifier classifier([rises](const classifier::Example& e) {
      return 1.0 / (1.0 + std::exp((rises ? -2.0 : 2.0) * (e.dose * e.profile->per_mg.average - 3.0)));
    });
    const CohortView cohort = cohort_of(model, classifier, 300);
    const std::vector<ResolvedEndpoint> endpoint = resolve({control_below(3.3)}, rises);
    const SearchResult grid = search({}, cohort, searched_panels(), endpoint, questions(), Search::grid, false);
    const SearchResult bisection =
        search({}, cohort, searched_panels(), endpoint, questions(), Search::bisection, false);
    ASSERT_EQ(grid.decisions.size(), 3U * 2U * 2U);
    for (std::size_t i = 0; i < grid.decisions.size(); ++i) {
      EXPECT_EQ(grid.decisions[i].lowest, bisection.decisions[i].lowest);
      EXPECT_EQ(grid.decisions[i].highest, bisection.decisions[i].highest);
      EXPECT_EQ(grid.decisions[i].attainment, bisection.decisions[i].attainment);
      EXPECT_FALSE(std::isnan(grid.decisions[i].answer()));
      EXPECT_TRUE(grid.decisions[i].monotone);
    }
    EXPECT_LT(bisection.evaluated * 2, grid.evaluated);
    EXPECT_TRUE(bisection.fallen_back.empty());
    EXPECT_EQ(grid.decisions[0].method, "known");
    EXPECT_EQ(grid.decisions[0].question, questions()[0]);
    EXPECT_EQ(grid.decisions[1].rule, Rule::indicator);
  }
}

TEST(Search, KeepsTheSameCurvesEitherWay) {
  const pkpd::PopulationModel model = simple_population();
  const KnownClassifier classifier([](const classifier::Example& e) { return reaches(e, 3.0); });
  const CohortView cohort = cohort_of(model, classifier, 100);
  EXPECT_EQ(searched(cohort, Search::bisection, true).evaluation.local[1].curve,
            searched(cohort, Search::grid, true).evaluation.local[1].curve);
}

TEST(Search, BisectionSaysNoneOnThisGrid) {
  const pkpd::PopulationModel model = simple_population();
  const KnownClassifier classifier([](const classifier::Example& e) { return reaches(e, 1e6); });
  for (const Decision& decision : searched(cohort_of(model, classifier, 40), Search::bisection).decisions) {
    EXPECT_TRUE(std::isnan(decision.answer()));
  }
}

// A response that falls again at high doses: bisection must notice and answer from the whole grid.
TEST(Search, BisectionFallsBackWhereAttainmentTurns) {
  const pkpd::PopulationModel model = simple_population();
  const KnownClassifier classifier(
      [](const classifier::Example& e) { return e.dose > 2.0 && e.dose < 12.0 ? 0.95 : 0.05; });
  const CohortView cohort = cohort_of(model, classifier, 40);
  const SearchResult grid = searched(cohort, Search::grid);
  const SearchResult bisection = searched(cohort, Search::bisection);
  EXPECT_FALSE(bisection.fallen_back.empty());
  for (std::size_t i = 0; i < grid.decisions.size(); ++i) {
    const std::string panel = grid.decisions[i].question.population + "/" + grid.decisions[i].question.regimen;
    const auto& fallen = bisection.fallen_back;
    if (std::find(fallen.begin(), fallen.end(), panel) == fallen.end()) continue;
    EXPECT_EQ(grid.decisions[i].lowest, bisection.decisions[i].lowest);
  }
}

// Success that is expected to rise and fall is looked for on the whole grid, on those panels that are asked about it;
// others are bisected, and a predictor answers its own endpoint alone.
TEST(Search, EvaluatesWindowsWhole) {
  const pkpd::PopulationModel model = simple_population();
  const KnownClassifier window([](const classifier::Example& e) { return e.dose > 3.0 && e.dose < 9.0 ? 0.95 : 0.05; });
  const KnownClassifier rising([](const classifier::Example& e) { return e.dose >= 7.0 ? 0.95 : 0.05; });
  CohortView cohort = cohort_of(model, window, 30);
  cohort.predictors = {{&window, "known", "window"}, {&rising, "known", "control"}};
  std::vector<ResolvedEndpoint> endpoints = control();
  endpoints.push_back(resolve(concentration("window", 60.0, 2.0), {}, true));
  const std::vector<protocol::Question> asked = {{"heavy", "daily", "window", 0.9}, {"base", "daily", "control", 0.9}};
  const SearchResult found = search({}, cohort, searched_panels(), endpoints, asked, Search::bisection, false);
  EXPECT_EQ(found.fallen_back, std::vector<std::string>{"heavy/daily"});
  ASSERT_EQ(found.decisions.size(), 4U);
  EXPECT_EQ(found.decisions[0].lowest, 3.5);
  EXPECT_EQ(found.decisions[0].highest, 8.5);
  EXPECT_TRUE(found.decisions[0].monotone);
  EXPECT_EQ(found.decisions[2].lowest, 7.0);
  EXPECT_FALSE(found.decisions[2].highest);
  EXPECT_LT(found.evaluated, 40U + 20U);  // the weekly panel is not asked about at all
}

// Heavier subjects clear more, so they need more.
TEST(Search, HeavierPopulationNeedsMore) {
  const pkpd::PopulationModel model = simple_population();
  const KnownClassifier classifier(
      [](const classifier::Example& e) { return e.dose * e.profile->per_mg.average > 3 ? 1.0 : 0.0; });
  const SearchResult result = searched(cohort_of(model, classifier, 500), Search::grid);
  const auto answer = [&](const std::string& population) {
    return std::find_if(
               result.decisions.begin(), result.decisions.end(),
               [&](const Decision& d) { return d.question.population == population && d.question.regimen == "daily"; })
        ->answer();
  };
  EXPECT_GT(answer("heavy"), answer("base"));
}

}  // namespace titrant::dose
