#include "titrant/dose/uncertainty.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

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

const std::vector<Panel> one_panel = {{"base", {70.0, 70.0, 0.0}, daily, GridOptions{1.0, 30.0, 1.0}.values()}};

}  // namespace

// Replicate r needs an average of r + 1/2 ng/mL in everybody, so its minimal dose grows with r and its quantiles are
// known. Cavg = 1000 / (40 x 24) ng/mL per mg: 0.5 ng/mL needs 0.48 mg, hence 1 mg; 18.5 ng/mL need 17.76 mg, hence 18
// mg.
TEST(ReplicateRates, IntervalsComeFromTheReplicates) {
  const KnownClassifier original([](const classifier::Example& e) { return reaches(e, 10.0); });
  ReplicatePlan plan;
  plan.cohort = {{}, 4, 1, {{&original, "known", "measured", "day_21"}}};
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
  const ReplicateRates replicates = replicate_rates({}, plan, make);
  ASSERT_EQ(replicates.rates.size(), 20U);
  std::vector<Decision> decisions = {decide(one_panel[0], "known", replicates.rates[9][0][0], 0.9, Rule::mean)};
  std::vector<Decision> of_another_question = decisions;
  decisions[0].label = "measured";
  decisions[0].window = "day_21";
  add_intervals(decisions, one_panel, replicates, "trainings");
  EXPECT_EQ(decisions[0].lower, 1.0);
  EXPECT_EQ(decisions[0].upper, 18.0);
  EXPECT_EQ(decisions[0].interval_source, "trainings");
  EXPECT_EQ(decisions[0].probability_of_target, 0.5);  // the dose of replicate 9 is enough for the first ten
  const Band rates = band(replicates, 0, 0);
  EXPECT_EQ(rates.lower[0], 0.0);   // at 1 mg only one replicate of twenty is satisfied
  EXPECT_EQ(rates.upper[29], 1.0);  // at 30 mg all are
  add_intervals(of_another_question, one_panel, replicates, "trainings");
  EXPECT_TRUE(std::isnan(of_another_question[0].lower));
}

// Population models differ between replicates too: with k times the clearance, everybody needs k times the dose.
TEST(ReplicateRates, HoldTheUncertaintyOfTheModels) {
  ReplicatePlan plan;
  plan.cohort.size = 3;
  plan.panels = one_panel;
  Criterion latent;
  latent.label = Label::latent;
  latent.window = Window::steady_state;
  plan.criteria = {latent};
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
  const ReplicateRates replicates = replicate_rates({}, plan, make);
  ASSERT_EQ(replicates.methods.size(), 1U);
  EXPECT_EQ(replicates.methods[0], (MethodName{"mechanistic", "latent", "steady_state"}));
  const pkpd::PopulationModel pk = without_variability();
  const MechanisticRates whole = mechanistic({}, {{&pk, &biomarker, {}}, 3, 0, {}}, one_panel, {latent}, true);
  const double critical = whole.local[0].dose[0][0];
  for (std::size_t r = 0; r < 3; ++r) {
    const auto first = first_reaching(replicates.rates[r][0][0].mean, 0.9);
    EXPECT_EQ(one_panel[0].doses[first.value()], std::ceil(critical * static_cast<double>(r + 1)));
  }
}

// Variability between persons is drawn anew in every replicate: the rates of equal models differ by the luck of the
// cohort, with the binomial standard deviation.
TEST(ReplicateRates, DrawOtherPeopleInEveryReplicate) {
  ReplicatePlan plan;
  plan.cohort.size = 50;
  plan.panels = one_panel;
  Criterion latent;
  latent.label = Label::latent;
  latent.window = Window::steady_state;
  plan.criteria = {latent};
  plan.replicates = 100;
  const auto make = [](std::size_t) { return Replicate{simple_population(), simple_biomarker(), {}, {}}; };
  const ReplicateRates replicates = replicate_rates({}, plan, make);
  const std::size_t dose = 2;
  double sum = 0.0;
  double squares = 0.0;
  for (const auto& replicate : replicates.rates) {
    sum += replicate[0][0].mean[dose];
    squares += std::pow(replicate[0][0].mean[dose], 2);
  }
  const double mean = sum / 100.0;
  ASSERT_GT(mean, 0.2);
  ASSERT_LT(mean, 0.8);
  const double ratio = (squares / 100.0 - mean * mean) / (mean * (1.0 - mean) / 50.0);
  EXPECT_NEAR(ratio, 1.0, 4.0 * std::sqrt(2.0 / 100.0));  // four standard errors of a variance
}

TEST(ReplicateRates, LeaveOutWhatCouldNotBeMade) {
  const KnownClassifier original([](const classifier::Example& e) { return reaches(e, 10.0); });
  ReplicatePlan plan;
  plan.cohort = {{}, 4, 1, {{&original, "known", "measured", "day_21"}}};
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
  const ReplicateRates replicates = replicate_rates({}, plan, make);
  EXPECT_EQ(replicates.left_out.count, 2U);
  EXPECT_EQ(replicates.left_out.text("replicate"), "the first, replicate 2: no descent from 3 starts");
  EXPECT_EQ(replicates.rates.size(), 3U);
}

// The message once pointed to a log that nobody wrote.
TEST(ReplicateRates, SayWhyNoneCouldBeMade) {
  ReplicatePlan plan;
  plan.cohort.size = 4;
  plan.panels = one_panel;
  plan.replicates = 3;
  const auto make = [](std::size_t replicate) -> Replicate {
    throw NumericalError("fit " + std::to_string(replicate) + " has no finite objective");
  };
  try {
    replicate_rates({}, plan, make);
    FAIL() << "no replicate, and no error";
  } catch (const NumericalError& error) {
    EXPECT_STREQ(error.what(),
                 "none of the 3 replicates behind the intervals could be made (the first, replicate 1: fit 0 has no "
                 "finite objective); for answers without intervals set uncertainty.source: none");
  }
}

// A programmer's error is none of the reasons why a replicate may be left out.
TEST(ReplicateRates, HideNoOtherErrors) {
  ReplicatePlan plan;
  plan.cohort.size = 4;
  plan.panels = one_panel;
  plan.replicates = 3;
  const auto make = [](std::size_t) -> Replicate { throw ConfigError("no such option"); };
  EXPECT_THROW(replicate_rates({}, plan, make), ConfigError);
}

namespace {

/// Replicates of one method and one panel of doses 1 .. 10 mg, whose minimal doses are given; 11 is "none on the grid".
/// The rate is 0.95 from the minimal dose on and 0.5 below it.
ReplicateRates with_minimal_doses(const std::vector<int>& minimal) {
  ReplicateRates replicates;
  replicates.methods = {{"known", "measured", "day_21"}};
  for (const int dose : minimal) {
    PassRates rates;
    for (int d = 1; d <= 10; ++d) rates.mean.push_back(d >= dose ? 0.95 : 0.5);
    rates.indicator = rates.mean;
    replicates.rates.push_back({{rates}});
  }
  return replicates;
}

Decision with_interval(double answer, const ReplicateRates& replicates) {
  const std::vector<Panel> panels = {{"base", {70.0, 70.0, 0.0}, daily, GridOptions{1.0, 10.0, 1.0}.values()}};
  Decision decision;
  decision.scenario = "base";
  decision.regimen = "daily";
  decision.target = 0.9;
  decision.classifier = "known";
  decision.label = "measured";
  decision.window = "day_21";
  if (answer <= 10.0) decision.minimal_dose = answer;
  std::vector<Decision> decisions = {decision};
  add_intervals(decisions, panels, replicates, "test");
  return decisions.front();
}

}  // namespace

// Of 100 replicates, the 5th and the 95th in order (nearest rank): four below and five above are left outside.
TEST(AddIntervals, LeaveOutFourOfAHundredBelowAndFiveAbove) {
  std::vector<int> minimal;
  for (int i = 0; i < 4; ++i) minimal.push_back(1);
  for (int i = 0; i < 90; ++i) minimal.push_back(5);
  minimal.push_back(7);
  for (int i = 0; i < 5; ++i) minimal.push_back(9);
  const Decision decision = with_interval(5.0, with_minimal_doses(minimal));
  EXPECT_EQ(decision.lower, 5.0);
  EXPECT_EQ(decision.upper, 7.0);
  EXPECT_EQ(decision.probability_of_target, 0.94);
  minimal.back() = 1;  // now five are below, and the 95th is the last of those of 5 mg
  const Decision lower = with_interval(5.0, with_minimal_doses(minimal));
  EXPECT_EQ(lower.lower, 1.0);
  EXPECT_EQ(lower.upper, 5.0);
}

// "None on this grid" is an end like any other: above all doses.
TEST(AddIntervals, CountNoDoseAsAboveTheGrid) {
  std::vector<int> minimal(20, 8);
  minimal[3] = 11;
  EXPECT_EQ(with_interval(8.0, with_minimal_doses(minimal)).upper, 8.0);
  minimal[4] = 11;  // two of twenty: the 19th in order is one of them
  const Decision decision = with_interval(8.0, with_minimal_doses(minimal));
  EXPECT_EQ(decision.lower, 8.0);
  EXPECT_TRUE(std::isinf(decision.upper));
  EXPECT_EQ(decision.probability_of_target, 0.9);
  EXPECT_EQ(with_interval(11.0, with_minimal_doses(minimal)).probability_of_target, 0.0);
}

}  // namespace titrant::dose
