#include "titrant/dose/uncertainty.hpp"

#include <gtest/gtest.h>

#include <cmath>

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
    return std::optional(std::move(made));
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
    return std::optional(std::move(made));
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
  const auto make = [](std::size_t) {
    return std::optional(Replicate{simple_population(), simple_biomarker(), {}, {}});
  };
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
  const auto make = [&](std::size_t replicate) -> std::optional<Replicate> {
    if (replicate % 2 == 1) return std::nullopt;
    Replicate made;
    made.pk = without_variability();
    made.classifiers.push_back(original.clone());
    return made;
  };
  const ReplicateRates replicates = replicate_rates({}, plan, make);
  EXPECT_EQ(replicates.left_out, 2U);
  EXPECT_EQ(replicates.rates.size(), 3U);
  EXPECT_THROW(replicate_rates({}, plan, [](std::size_t) { return std::optional<Replicate>(); }), NumericalError);
}

}  // namespace titrant::dose
