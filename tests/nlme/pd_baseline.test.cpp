#include "../../src/nlme/pd/pd_baseline.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "pd_trials.hpp"

namespace {

using namespace titrant;
using pkpd::BaselineModel;
using pkpd::BiomarkerStructure;

pkpd::BiomarkerPopulation with_baseline_model(BaselineModel baseline) {
  pkpd::BiomarkerPopulation truth = tests::pd_test_biomarker(BiomarkerStructure::direct_inhibition);
  truth.baseline = baseline;
  const auto add = [&](const char* name, double typical, const pkpd::Scale& scale) {
    truth.parameters.push_back({.name = name, .typical = typical, .effects = {}, .scale = scale});
  };
  const pkpd::Scale linear{.kind = pkpd::Scale::Kind::linear, .lower = 0.0, .upper = 1.0};
  if (baseline == BaselineModel::circadian) {
    add("baseline_amplitude", 0.3, {.kind = pkpd::Scale::Kind::logit});
    add("baseline_phase", 7.0, linear);
  } else if (baseline != BaselineModel::constant) {
    add("baseline_slope", -0.0015, linear);
  }
  return truth;
}

nlme::PdModel model_of(const trial::Trial& trial, BaselineModel baseline) {
  return {trial, tests::pd_test_pk_fit(trial), BiomarkerStructure::direct_inhibition, baseline};
}

}  // namespace

TEST(PdBaseline, StartsFromValuesWithoutDrug) {
  const trial::Trial line = tests::pd_test_trial(with_baseline_model(BaselineModel::linear), 12, 3);
  EXPECT_NEAR(nlme::baseline_start(model_of(line, BaselineModel::linear), BaselineModel::linear).slope, -0.0015, 2e-4);
  const trial::Trial curve = tests::pd_test_trial(with_baseline_model(BaselineModel::exponential), 12, 4);
  EXPECT_NEAR(nlme::baseline_start(model_of(curve, BaselineModel::exponential), BaselineModel::exponential).slope,
              -0.0015, 2e-4);
  const trial::Trial wave = tests::pd_test_trial(with_baseline_model(BaselineModel::circadian), 12, 5);
  const nlme::BaselineStart start =
      nlme::baseline_start(model_of(wave, BaselineModel::circadian), BaselineModel::circadian);
  EXPECT_NEAR(start.amplitude, 0.3, 0.12);  // of logarithms, at few times of the day
  EXPECT_NEAR(std::remainder(start.phase - 7.0, 24.0), 0.0, 1.0);
}

TEST(PdBaseline, KnowsWhatTheDataTell) {
  trial::Trial trial = tests::pd_test_trial(with_baseline_model(BaselineModel::constant), 3, 3);
  const auto tells = [&](BaselineModel baseline) { return nlme::tells_baseline(model_of(trial, baseline), baseline); };
  EXPECT_TRUE(tells(BaselineModel::linear));
  EXPECT_TRUE(tells(BaselineModel::circadian));
  // Without placebo every subject has one value before its first dose.
  std::erase_if(trial.subjects, [](const trial::Subject& subject) { return !subject.active(); });
  EXPECT_FALSE(tells(BaselineModel::linear));
  EXPECT_FALSE(tells(BaselineModel::circadian));
  // Placebo once a day at the same time tells of a trend alone.
  trial = tests::pd_test_trial(with_baseline_model(BaselineModel::constant), 3, 3);
  for (trial::Subject& subject : trial.subjects) {
    std::erase_if(subject.biomarkers,
                  [](const trial::Observation& one) { return std::remainder(one.time, 24.0) != 0.0; });
  }
  EXPECT_TRUE(tells(BaselineModel::exponential));
  EXPECT_FALSE(tells(BaselineModel::circadian));
}

TEST(PdBaseline, SearchTakesATrendWhereThereIsOne) {
  for (const BaselineModel truth : {BaselineModel::constant, BaselineModel::exponential}) {
    const trial::Trial trial = tests::pd_test_trial(with_baseline_model(truth), 8, 6);
    nlme::PdOptions options = tests::true_pd_options(BiomarkerStructure::direct_inhibition);
    options.baselines = {BaselineModel::constant, BaselineModel::linear, BaselineModel::exponential};
    options.search.variability = true;
    options.fixed = {{"omega.baseline", 0.2}, {"omega.ic50", 0.3}, {"hill", 1.0}, {"imax", 0.9}};
    options.covariance = nlme::CovarianceKind::none;
    const nlme::PdFit fit = nlme::fit_pd(parallel::Communicator{}, trial, tests::pd_test_pk_fit(trial), options, 1);
    if (truth == BaselineModel::constant) {
      EXPECT_EQ(fit.best.model.baseline, truth) << fit.reason;
    } else {
      EXPECT_NE(fit.best.model.baseline, BaselineModel::constant) << fit.reason;
      EXPECT_NEAR(tests::estimate_of(fit.best, "baseline_slope").value, -0.0015, 5e-4);
    }
  }
}
