#include "titrant/nlme/fit_pd.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "pd_trials.hpp"
#include "pk_fits.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"

namespace {

using namespace titrant;
using nlme::PdMethod;
using pkpd::BiomarkerStructure;
using testing::HasSubstr;

const parallel::Communicator one_rank;

/// 48 subjects under turnover_inhibition and their PK fit, made once.
struct TurnoverData {
  pkpd::BiomarkerPopulation truth = tests::pd_test_biomarker(BiomarkerStructure::turnover_inhibition);
  trial::Trial trial = tests::pd_test_trial(truth, 12, 11);
  nlme::PopulationFit pk = tests::pd_test_pk_fit(trial);
};
const TurnoverData& turnover_data() {
  static const TurnoverData data;
  return data;
}

// 3.5 standard errors for each of about ten numbers: a true program fails once in 200 seeds. What is positive is
// compared on the log scale, on which standard errors are made.
void expect_near(const nlme::FitSummary& fit, const std::string& name, double truth) {
  const nlme::Estimate& estimate = tests::estimate_of(fit, name);
  if (truth > 0.0) {
    EXPECT_NEAR(std::log(estimate.value / truth), 0.0, 3.5 * estimate.standard_error / estimate.value) << name;
  } else {
    EXPECT_NEAR(estimate.value, truth, 3.5 * estimate.standard_error) << name;
  }
  EXPECT_LT(estimate.standard_error, 0.5 * std::abs(truth)) << name;  // and it was learned at all
}

void expect_truth(const nlme::BiomarkerFit& fit, const std::string& error) {
  EXPECT_TRUE(fit.converged) << fit.message;
  EXPECT_TRUE(fit.identified) << fit.message;
  expect_near(fit, "baseline", 10.0);
  expect_near(fit, "baseline.comed", -0.25);
  expect_near(fit, "kout", 0.04);
  expect_near(fit, "imax", 0.9);
  expect_near(fit, "ic50", 1.2);
  expect_near(fit, "omega.baseline", 0.2);
  expect_near(fit, "omega.ic50", 0.3);
  expect_near(fit, error + "additive", 0.2);
  expect_near(fit, error + "proportional", 0.08);
}

nlme::PdFit turnover_fit(PdMethod method) {
  nlme::PdOptions options = tests::true_pd_options(BiomarkerStructure::turnover_inhibition);
  options.method = method;
  return nlme::fit_pd(one_rank, turnover_data().trial, turnover_data().pk, options, 1);
}

TEST(FitPd, FindsTheTruthWithIndividualExposures) {
  const nlme::PdFit fit = turnover_fit(PdMethod::individual);
  expect_truth(fit.best, "error.");
  EXPECT_TRUE(fit.best.verdict.empty()) << fit.best.verdict.front();
  EXPECT_EQ(fit.best.observations, 48U * 12U);
  EXPECT_EQ(fit.best.subjects.size(), 48U);
  EXPECT_FALSE(fit.best.pk);
  EXPECT_EQ(fit.best.description, "turnover_inhibition; hill 1; eta on baseline, ic50; comed on baseline");
  ASSERT_EQ(fit.candidates.size(), 1U);  // the plain structure, fitted to its end
  EXPECT_EQ(fit.candidates.back().step, "final");
  EXPECT_NEAR(fit.candidates.front().objective, fit.best.objective, 1e-3);
  EXPECT_EQ(tests::estimate_of(fit.best, "imax").value, fit.best.model.parameters[2].typical);
}

TEST(FitPd, FindsTheTruthWithPopulationPkHeld) {
  const nlme::PdFit fit = turnover_fit(PdMethod::population);
  expect_truth(fit.best, "error.biomarker.");
  EXPECT_EQ(fit.best.observations, 48U * 12U + 36U * 8U);
  for (const nlme::Estimate& held : turnover_data().pk.estimates) {
    if (held.name.starts_with("error.")) continue;
    EXPECT_EQ(tests::estimate_of(fit.best, held.name).value, held.value) << held.name;
    EXPECT_TRUE(tests::estimate_of(fit.best, held.name).fixed) << held.name;
  }
  EXPECT_FALSE(fit.best.pk);
  EXPECT_EQ(fit.best.model.parameters.size(), 5U);  // PK parameters are not among them
}

TEST(FitPd, FindsTheTruthOfBothJointly) {
  const nlme::PdFit fit = turnover_fit(PdMethod::joint);
  expect_truth(fit.best, "error.biomarker.");
  expect_near(fit.best, "clearance", 80.0);
  expect_near(fit.best, "volume", 2000.0);
  expect_near(fit.best, "omega.clearance", 0.3);
  expect_near(fit.best, "error.concentration.proportional", 0.1);
  ASSERT_TRUE(fit.best.pk);
  EXPECT_EQ(fit.best.pk->parameters.size(), 3U);
  EXPECT_EQ(fit.best.pk->error.proportional, tests::estimate_of(fit.best, "error.concentration.proportional").value);
  // Freeing the PK parameters cannot raise the objective.
  EXPECT_LE(fit.best.objective, turnover_fit(PdMethod::population).best.objective + 1e-3);
}

// The same subjects without those on placebo know their baseline less well.
TEST(FitPd, PlaceboInformsTheBaseline) {
  const nlme::PdFit with = turnover_fit(PdMethod::individual);
  trial::Trial active = turnover_data().trial;
  std::erase_if(active.subjects, [](const trial::Subject& subject) { return !subject.active(); });
  const nlme::PopulationFit pk = tests::pd_test_pk_fit(active);
  const nlme::PdFit without =
      nlme::fit_pd(one_rank, active, pk, tests::true_pd_options(BiomarkerStructure::turnover_inhibition), 1);
  const double ratio = tests::estimate_of(without.best, "baseline").standard_error /
                       tests::estimate_of(with.best, "baseline").standard_error;
  EXPECT_NEAR(ratio, std::sqrt(48.0 / 36.0), 0.15);  // most of the spread is between subjects
}

class StructureOf : public testing::TestWithParam<BiomarkerStructure> {};

TEST_P(StructureOf, IsFoundByBic) {
  const trial::Trial trial = tests::pd_test_trial(tests::pd_test_biomarker(GetParam()), 6, 17);
  nlme::PdOptions options = tests::true_pd_options(GetParam());
  options.automatic = true;
  options.structure = BiomarkerStructure::turnover_inhibition;
  options.covariance = nlme::CovarianceKind::none;
  const nlme::PdFit fit = nlme::fit_pd(one_rank, trial, tests::pd_test_pk_fit(trial), options, 1);
  EXPECT_EQ(fit.best.model.structure, GetParam()) << fit.reason;
  EXPECT_EQ(fit.candidates.size(), 8U);  // all but tolerance and precursors
}

INSTANTIATE_TEST_SUITE_P(FitPd, StructureOf,
                         testing::Values(BiomarkerStructure::direct_inhibition,
                                         BiomarkerStructure::effect_compartment_stimulation,
                                         BiomarkerStructure::turnover_stimulation_of_loss),
                         [](const auto& which) { return std::string(pkpd::name(which.param)); });

// Where every dose is far above ic50, only effect is known: ic50 could be any small number.
TEST(FitPd, SaysThatSaturatingDosesDoNotIdentifyC50) {
  pkpd::BiomarkerPopulation truth = tests::pd_test_biomarker(BiomarkerStructure::direct_inhibition);
  truth.parameters[2].typical = 1e-12;  // reached after washout, too
  const trial::Trial trial = tests::pd_test_trial(truth, 6, 19);
  nlme::PdOptions options = tests::true_pd_options(BiomarkerStructure::direct_inhibition);
  options.variability = {"baseline"};
  const nlme::PdFit fit = nlme::fit_pd(one_rank, trial, tests::pd_test_pk_fit(trial), options, 1);
  EXPECT_FALSE(fit.best.identified);
  EXPECT_THAT(fit.best.verdict, testing::Contains(HasSubstr("ic50")));
  expect_near(fit.best, "baseline", 10.0);
}

TEST(FitPd, SaysWhoseExposureIsThatOfTheTypicalPerson) {
  trial::Trial trial = tests::pd_test_trial(tests::pd_test_biomarker(BiomarkerStructure::direct_inhibition), 4, 23);
  trial.subjects.back().concentrations.clear();
  const nlme::PdOptions options = tests::true_pd_options(BiomarkerStructure::direct_inhibition);
  const nlme::PdFit fit = nlme::fit_pd(one_rank, trial, tests::pd_test_pk_fit(trial), options, 1);
  EXPECT_THAT(fit.best.verdict, testing::Contains(HasSubstr("in 16")));
}

TEST(FitPd, RefusesValuesThatAreAllTheSame) {
  trial::Trial trial = turnover_data().trial;
  for (trial::Subject& subject : trial.subjects) {
    for (trial::Observation& observation : subject.biomarkers) observation.value = 5.0;
  }
  const nlme::PdOptions options = tests::true_pd_options(BiomarkerStructure::turnover_inhibition);
  EXPECT_THAT(
      tests::message_of<DataError>([&] { (void)nlme::fit_pd(one_rank, trial, turnover_data().pk, options, 1); }),
      HasSubstr("all biomarker values are 5"));
}

TEST(FitPd, NamesEveryWrongNameAtOnce) {
  nlme::PdOptions options = tests::true_pd_options(BiomarkerStructure::direct_inhibition);
  options.variability = {"baseline", "kout"};
  options.fixed = {{"k_out", 1.0}, {"ic50", -1.0}, {"imax", 1.5}};
  const std::string message = tests::message_of<ConfigError>(
      [&] { (void)nlme::fit_pd(one_rank, turnover_data().trial, turnover_data().pk, options, 1); });
  EXPECT_THAT(message, HasSubstr("no parameter kout"));
  EXPECT_THAT(message, HasSubstr("no parameter kout"));
  EXPECT_THAT(message, HasSubstr("ic50 is -1"));
  EXPECT_THAT(message, HasSubstr("imax is 1.5"));
}

TEST(FitPd, HoldsWhatIsFixed) {
  nlme::PdOptions options = tests::true_pd_options(BiomarkerStructure::turnover_inhibition);
  options.fixed = {{"hill", 1.5}, {"baseline.comed", -0.3}, {"omega.ic50", 0.25}, {"error.additive", 0.1}};
  options.covariance = nlme::CovarianceKind::none;
  const nlme::PdFit fit = nlme::fit_pd(one_rank, turnover_data().trial, turnover_data().pk, options, 1);
  for (const auto& [name, value] : options.fixed) {
    EXPECT_EQ(tests::estimate_of(fit.best, name).value, value) << name;
    EXPECT_TRUE(tests::estimate_of(fit.best, name).fixed) << name;
  }
}

TEST(RefitPd, EndsWhereTheFitEnded) {
  const nlme::PdOptions options = tests::true_pd_options(BiomarkerStructure::turnover_inhibition);
  for (const PdMethod method : {PdMethod::individual, PdMethod::joint}) {
    const nlme::BiomarkerFit first = turnover_fit(method).best;
    const nlme::BiomarkerFit again =
        nlme::refit_pd(one_rank, turnover_data().trial, turnover_data().pk, first, options, 2);
    EXPECT_NEAR(again.objective, first.objective, 1e-5 * std::abs(first.objective));
    EXPECT_EQ(again.description, first.description);
    EXPECT_EQ(again.how, method);
  }
}

TEST(DrawModel, StaysWithinBoundsAndKeepsWhatIsFixed) {
  const nlme::BiomarkerFit fit = turnover_fit(PdMethod::individual).best;
  std::vector<double> log_baselines;
  for (std::uint64_t i = 0; i < 400; ++i) {
    core::Stream stream(7, core::Purpose::test, i);
    const nlme::DrawnModels drawn = nlme::draw_model(fit, stream);
    EXPECT_FALSE(drawn.pk);
    ASSERT_EQ(drawn.pd.parameters.size(), 5U);
    log_baselines.push_back(std::log(drawn.pd.parameters[0].typical));
    EXPECT_GT(drawn.pd.parameters[2].typical, 0.0);
    EXPECT_LT(drawn.pd.parameters[2].typical, 1.0);
    EXPECT_EQ(drawn.pd.parameters[4].typical, 1.0);  // hill
  }
  double mean = 0.0;
  for (const double one : log_baselines) mean += one / 400.0;
  double variance = 0.0;
  for (const double one : log_baselines) variance += (one - mean) * (one - mean) / 399.0;
  const nlme::Estimate& baseline = tests::estimate_of(fit, "baseline");
  const double expected = baseline.standard_error / baseline.value;
  EXPECT_NEAR(mean, std::log(baseline.value), 4.0 * expected / 20.0);
  EXPECT_NEAR(std::sqrt(variance), expected, 4.0 * expected / std::sqrt(800.0));
}

}  // namespace
