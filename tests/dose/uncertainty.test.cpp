#include "titrant/dose/uncertainty.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "examples.hpp"
#include "known_classifier.hpp"
#include "simple_biomarker.hpp"
#include "titrant/core/error.hpp"
#include "titrant/dose/mechanistic.hpp"

namespace titrant::dose {

namespace {

pkpd::PopulationModel without_variability() {
  pkpd::PopulationModel model = simple_population();
  for (auto& parameter : model.parameters) parameter.omega = 0.0;
  return model;
}

const std::vector<Panel> one_panel = {{weights("base", 70.0, 70.0, 0.0), every_day(1.0, 30.0, 1.0)}};

const protocol::Question question{"base", "daily", "control", 0.9};

}  // namespace

// Replicate r needs an average of r + 1/2 ng/mL in everybody, so its lowest dose grows with r and its quantiles are
// known. Cavg = 1000 / (40 x 24) ng/mL per mg: 0.5 ng/mL needs 0.48 mg, hence 1 mg; 18.5 ng/mL need 17.76 mg, hence 18
// mg.
TEST(ReplicateAttainment, IntervalsComeFromTheReplicates) {
  const KnownClassifier original([](const classifier::Example& e) { return reaches(e, 10.0); });
  ReplicatePlan plan;
  plan.cohort = {{}, 4, 1, {{&original, "known", "control"}}};
  plan.panels = one_panel;
  plan.replicates = 20;
  const auto make = [](std::size_t replicate) {
    Replicate made;
    made.pk = without_variability();
    const double level = static_cast<double>(replicate) + 0.5;
    made.classifiers.push_back(std::make_unique<KnownClassifier>(
        [level](const classifier::Example& e) { return e.dose * e.profile->per_mg.average >= level ? 1.0 : 0.0; }));
    return made;
  };
  const ReplicateAttainment replicates = replicate_attainment({}, plan, make);
  ASSERT_EQ(replicates.attainment.size(), 20U);
  std::vector<Decision> decisions = {decide(question, one_panel[0].doses(), protocol::Direction::rising, "known",
                                            replicates.attainment[9][0][0], Rule::mean)};
  std::vector<Decision> of_another_question = decisions;
  of_another_question[0].question.endpoint = "steady";
  add_intervals(decisions, one_panel, replicates, "trainings");
  EXPECT_EQ(decisions[0].lower, 1.0);
  EXPECT_EQ(decisions[0].upper, 18.0);
  EXPECT_EQ(decisions[0].interval_source, "trainings");
  EXPECT_EQ(decisions[0].probability_of_target, 0.5);  // the dose of replicate 9 is enough for the first ten
  const Band around = band(replicates, 0, 0);
  EXPECT_EQ(around.lower[0], 0.0);   // at 1 mg only one replicate of twenty is satisfied
  EXPECT_EQ(around.upper[29], 1.0);  // at 30 mg all are
  add_intervals(of_another_question, one_panel, replicates, "trainings");
  EXPECT_TRUE(std::isnan(of_another_question[0].lower));
}

// Population models differ between replicates too: with k times the clearance, everybody needs k times the dose.
TEST(ReplicateAttainment, HoldTheUncertaintyOfTheModels) {
  ReplicatePlan plan;
  plan.cohort.size = 3;
  plan.panels = one_panel;
  plan.endpoints = resolve({steady_below(3.3)}, true);
  plan.replicates = 3;
  pkpd::BiomarkerPopulation biomarker = simple_biomarker();
  for (auto& parameter : biomarker.parameters) parameter.omega = 0.0;
  const auto with_clearance = [&](double factor) {
    pkpd::PopulationModel pk = without_variability();
    for (auto& parameter : pk.parameters) {
      if (parameter.name == "clearance" || parameter.name == "volume") parameter.typical *= factor;
    }
    return pk;
  };
  const auto make = [&](std::size_t replicate) {
    Replicate made;
    made.pk = with_clearance(1.0 + static_cast<double>(replicate));
    made.biomarker = biomarker;
    return made;
  };
  const ReplicateAttainment replicates = replicate_attainment({}, plan, make);
  ASSERT_EQ(replicates.methods.size(), 1U);
  EXPECT_EQ(replicates.methods[0], (MethodName{"mechanistic", "steady"}));
  const pkpd::PopulationModel pk = without_variability();
  const MechanisticAttainment whole = mechanistic({}, {{&pk, &biomarker}, 3, 0}, one_panel, plan.endpoints, true);
  const double least = whole.local[0].from[0][0];
  for (std::size_t r = 0; r < 3; ++r) {
    const AnswerPlaces places = doses_reaching(replicates.attainment[r][0][0].mean, 0.9, protocol::Direction::rising);
    EXPECT_EQ(one_panel[0].doses()[places.lowest.value()], std::ceil(least * static_cast<double>(r + 1)));
  }
}

// Variability between subjects is drawn anew in every replicate: attainment by equal models differs by the luck of the
// cohort, with the binomial standard deviation.
TEST(ReplicateAttainment, DrawOtherSubjectsInEveryReplicate) {
  ReplicatePlan plan;
  plan.cohort.size = 50;
  plan.panels = one_panel;
  plan.endpoints = resolve({steady_below(3.3)}, true);
  plan.replicates = 100;
  const auto make = [](std::size_t) { return Replicate{simple_population(), simple_biomarker(), {}}; };
  const ReplicateAttainment replicates = replicate_attainment({}, plan, make);
  const std::size_t dose = 2;
  double sum = 0.0;
  double squares = 0.0;
  for (const auto& replicate : replicates.attainment) {
    sum += replicate[0][0].mean[dose];
    squares += std::pow(replicate[0][0].mean[dose], 2);
  }
  const double mean = sum / 100.0;
  ASSERT_GT(mean, 0.2);
  ASSERT_LT(mean, 0.8);
  const double ratio = (squares / 100.0 - mean * mean) / (mean * (1.0 - mean) / 50.0);
  EXPECT_NEAR(ratio, 1.0, 4.0 * std::sqrt(2.0 / 100.0));  // four standard errors of a variance
}

TEST(ReplicateAttainment, LeaveOutWhatCouldNotBeMade) {
  const KnownClassifier original([](const classifier::Example& e) { return reaches(e, 10.0); });
  ReplicatePlan plan;
  plan.cohort = {{}, 4, 1, {{&original, "known", "control"}}};
  plan.panels = one_panel;
  plan.replicates = 5;
  const auto make = [&](std::size_t replicate) {
    if (replicate == 1) throw NumericalError("no descent from 3 starts");
    if (replicate == 3) throw DataError("one outcome only");
    Replicate made;
    made.pk = without_variability();
    made.classifiers.push_back(original.clone());
    return made;
  };
  const ReplicateAttainment replicates = replicate_attainment({}, plan, make);
  EXPECT_EQ(replicates.left_out.count, 2U);
  EXPECT_EQ(replicates.left_out.text("replicate"), "the first, replicate 2: no descent from 3 starts");
  EXPECT_EQ(replicates.attainment.size(), 3U);
}

// The message once pointed to a log that nobody wrote.
TEST(ReplicateAttainment, SayWhyNoneCouldBeMade) {
  ReplicatePlan plan;
  plan.cohort.size = 4;
  plan.panels = one_panel;
  plan.replicates = 3;
  const auto make = [](std::size_t replicate) -> Replicate {
    throw NumericalError("fit " + std::to_string(replicate) + " has no finite objective");
  };
  try {
    replicate_attainment({}, plan, make);
    FAIL() << "no replicate, and no error";
  } catch (const NumericalError& error) {
    EXPECT_STREQ(error.what(),
                 "none of the 3 replicates behind the intervals could be made (the first, replicate 1: fit 0 has no "
                 "finite objective); for answers without intervals set uncertainty.source: none");
  }
}

// A programmer's error is none of the reasons why a replicate may be left out.
TEST(ReplicateAttainment, HideNoOtherErrors) {
  ReplicatePlan plan;
  plan.cohort.size = 4;
  plan.panels = one_panel;
  plan.replicates = 3;
  const auto make = [](std::size_t) -> Replicate { throw ConfigError("no such option"); };
  EXPECT_THROW(replicate_attainment({}, plan, make), ConfigError);
}

namespace {

/// Replicates of one method and one panel of doses 1 .. 10 mg, whose lowest doses are given; 11 is "none on the grid".
/// Attainment is 0.95 from the lowest dose to the highest, and 0.5 elsewhere.
ReplicateAttainment with_doses(const std::vector<int>& lowest, const std::vector<int>& highest = {}) {
  ReplicateAttainment replicates;
  replicates.methods = {{"known", "control"}};
  for (std::size_t r = 0; r < lowest.size(); ++r) {
    Attainment attainment;
    const int last = highest.empty() ? 10 : highest[r];
    for (int d = 1; d <= 10; ++d) attainment.mean.push_back(d >= lowest[r] && d <= last ? 0.95 : 0.5);
    attainment.indicator = attainment.mean;
    replicates.attainment.push_back({{attainment}});
  }
  return replicates;
}

Decision with_interval(const Decision& answered, const ReplicateAttainment& replicates) {
  const std::vector<Panel> panels = {{weights("base", 70.0, 70.0, 0.0), every_day(1.0, 10.0, 1.0)}};
  std::vector<Decision> decisions = {answered};
  decisions[0].question = question;
  decisions[0].method = "known";
  add_intervals(decisions, panels, replicates, "test");
  return decisions.front();
}

Decision with_interval(double answer, const ReplicateAttainment& replicates) {
  Decision decision;
  if (answer <= 10.0) decision.lowest = answer;
  return with_interval(decision, replicates);
}

}  // namespace

// Of 100 replicates, the 5th and the 95th in order (nearest rank): four below and five above are left outside.
TEST(AddIntervals, LeaveOutFourOfAHundredBelowAndFiveAbove) {
  std::vector<int> lowest;
  for (int i = 0; i < 4; ++i) lowest.push_back(1);
  for (int i = 0; i < 90; ++i) lowest.push_back(5);
  lowest.push_back(7);
  for (int i = 0; i < 5; ++i) lowest.push_back(9);
  const Decision decision = with_interval(5.0, with_doses(lowest));
  EXPECT_EQ(decision.lower, 5.0);
  EXPECT_EQ(decision.upper, 7.0);
  EXPECT_EQ(decision.probability_of_target, 0.94);
  lowest.back() = 1;  // now five are below, and the 95th is the last of those of 5 mg
  const Decision shifted = with_interval(5.0, with_doses(lowest));
  EXPECT_EQ(shifted.lower, 1.0);
  EXPECT_EQ(shifted.upper, 5.0);
}

// "None on this grid" is an end like any other: above all doses.
TEST(AddIntervals, CountNoDoseAsAboveTheGrid) {
  std::vector<int> lowest(20, 8);
  lowest[3] = 11;
  EXPECT_EQ(with_interval(8.0, with_doses(lowest)).upper, 8.0);
  lowest[4] = 11;  // two of twenty: the 19th in order is one of them
  const Decision decision = with_interval(8.0, with_doses(lowest));
  EXPECT_EQ(decision.lower, 8.0);
  EXPECT_TRUE(std::isinf(decision.upper));
  EXPECT_EQ(decision.probability_of_target, 0.9);
  EXPECT_EQ(with_interval(11.0, with_doses(lowest)).probability_of_target, 0.0);
}

// Where success falls the highest dose answers, and none is below the grid.
TEST(AddIntervals, OfHighestDosesWhereSuccessFalls) {
  std::vector<int> highest(20, 6);
  highest[0] = highest[1] = 0;
  highest[2] = 9;
  Decision decision;
  decision.direction = protocol::Direction::falling;
  decision.highest = 6.0;
  const Decision found = with_interval(decision, with_doses(std::vector<int>(20, 1), highest));
  EXPECT_EQ(found.lower, 0.0);
  EXPECT_EQ(found.upper, 6.0);
  EXPECT_EQ(found.probability_of_target, 0.9);
  EXPECT_TRUE(std::isnan(found.upper_end_lower));
}

// Windows have an interval at each end, and meet the target where both ends do.
TEST(AddIntervals, OfBothEndsOfWindows) {
  std::vector<int> lowest(20, 3);
  std::vector<int> highest(20, 7);
  lowest[0] = lowest[1] = 4;
  highest[2] = highest[3] = 6;
  lowest[4] = 2;
  Decision decision;
  decision.direction = protocol::Direction::window;
  decision.lowest = 3.0;
  decision.highest = 7.0;
  const Decision found = with_interval(decision, with_doses(lowest, highest));
  EXPECT_EQ(found.lower, 2.0);
  EXPECT_EQ(found.upper, 4.0);
  EXPECT_EQ(found.upper_end_lower, 6.0);
  EXPECT_EQ(found.upper_end_upper, 7.0);
  EXPECT_EQ(found.probability_of_target, 0.8);
}

}  // namespace titrant::dose
