#include "../../src/nlme/pd/covariate_search.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "pd_trials.hpp"
#include "titrant/core/stream.hpp"

namespace {

using namespace titrant;
using pkpd::BiomarkerStructure;
using testing::HasSubstr;
using testing::Not;

const parallel::Communicator alone;

/// Direct effects are quick to fit. "noise" is a number drawn for each subject.
trial::Trial searched_trial() {
  trial::Trial trial = tests::pd_test_trial(tests::pd_test_biomarker(BiomarkerStructure::direct_inhibition), 12, 29);
  for (std::size_t i = 0; i < trial.subjects.size(); ++i) {
    core::Stream stream(31, core::Purpose::test, i);
    trial.subjects[i].covariates["noise"] = stream.uniform(1.0, 2.0);
  }
  return trial;
}

nlme::PdOptions search_options() {
  nlme::PdOptions options;
  options.automatic = false;
  options.structure = BiomarkerStructure::direct_inhibition;
  options.search.covariates = {"comed", "noise"};
  options.starts = 1;
  return options;
}

std::set<std::string> descriptions_of(const nlme::PdFit& fit, const std::string& step) {
  std::set<std::string> result;
  for (const nlme::PdCandidate& one : fit.candidates) {
    if (one.step == step) result.insert(one.description);
  }
  return result;
}

TEST(LikelihoodRatio, HasTheTabledQuantiles) {
  EXPECT_NEAR(nlme::likelihood_ratio_p(3.841459), 0.05, 1e-7);
  EXPECT_NEAR(nlme::likelihood_ratio_p(6.634897), 0.01, 1e-8);
  EXPECT_EQ(nlme::likelihood_ratio_p(0.0), 1.0);
  EXPECT_EQ(nlme::likelihood_ratio_p(-3.0), 1.0);
}

TEST(CovariateSearch, FindsTheTrueEffectAndNoOther) {
  const trial::Trial trial = searched_trial();
  const nlme::PopulationFit pk = tests::pd_test_pk_fit(trial);
  const nlme::PdFit fit = nlme::fit_pd(alone, trial, pk, search_options(), 1);
  EXPECT_EQ(fit.best.description, "direct_inhibition; hill 1; eta on baseline, ic50; comed on baseline") << fit.reason;
  EXPECT_THAT(fit.reason, HasSubstr("comed on baseline lowers -2 log L by"));
  // The first round tries both covariates on all three parameters.
  EXPECT_GE(descriptions_of(fit, "forward").size(), 6U);
  EXPECT_EQ(fit.candidates.back().step, "final");

  std::set<std::string> all;
  for (const nlme::PdCandidate& one : fit.candidates) {
    EXPECT_TRUE(all.insert(one.description).second) << one.description << " twice";
    EXPECT_NEAR(one.bic - one.aic, static_cast<double>(one.estimated) * (std::log(48.0 * 12.0) - 2.0), 1e-9);
    EXPECT_GE(one.objective, fit.best.objective - 15.0);  // no model tried is far better than the answer
  }
}

// Whatever carries variability where the search starts.
TEST(CovariateSearch, EndsAtTheSameModelFromOtherStarts) {
  const trial::Trial trial = searched_trial();
  const nlme::PopulationFit pk = tests::pd_test_pk_fit(trial);
  nlme::PdOptions options = search_options();
  options.covariance = nlme::CovarianceKind::none;
  const nlme::PdFit usual = nlme::fit_pd(alone, trial, pk, options, 1);
  for (const std::vector<std::string>& start : {std::vector<std::string>{"imax"}, {"ic50"}, {"baseline", "hill"}}) {
    options.variability = start;
    const nlme::PdFit other = nlme::fit_pd(alone, trial, pk, options, 1);
    EXPECT_EQ(other.best.description, usual.best.description) << other.reason;
    EXPECT_NEAR(other.best.objective, usual.best.objective, 1e-2);
  }
}

TEST(CovariateSearch, KeepsWhatTheOptionsNameOrFix) {
  const trial::Trial trial = searched_trial();
  const nlme::PopulationFit pk = tests::pd_test_pk_fit(trial);
  nlme::PdOptions options = search_options();
  options.covariates = {{"ic50", {{"noise", pkpd::EffectKind::power}}}, {"imax", {{"weight", 0.1}}}};
  options.fixed = {{"hill", 1.0}};
  options.search.parameters = {"baseline"};
  options.covariance = nlme::CovarianceKind::none;
  const nlme::PdFit fit = nlme::fit_pd(alone, trial, pk, options, 1);
  EXPECT_THAT(fit.best.description, HasSubstr("noise on ic50"));
  EXPECT_THAT(fit.best.description, HasSubstr("weight on imax (0.1)"));
  for (const nlme::PdCandidate& one : fit.candidates) {
    EXPECT_THAT(one.description, HasSubstr("hill 1"));
    EXPECT_THAT(one.description, HasSubstr("noise on ic50"));
    EXPECT_THAT(one.description, Not(HasSubstr("comed on effect")));
    EXPECT_THAT(one.description, Not(HasSubstr("comed on ic50")));
  }
}

TEST(CovariateSearch, GoesOnWithoutCovariatesThatCannotBeSearched) {
  trial::Trial trial = searched_trial();
  trial.subjects[6].covariates.erase("noise");
  for (trial::Subject& subject : trial.subjects) subject.covariates["site"] = 3.0;
  trial.subjects[4].covariates["creatinine"] = 0.0;
  for (trial::Subject& subject : trial.subjects) subject.covariates.emplace("creatinine", 80.0);
  nlme::PdOptions options = search_options();
  options.search.covariates = {"noise", "site", "creatinine"};
  options.search.variability = false;
  options.covariance = nlme::CovarianceKind::none;
  const nlme::PdFit fit = nlme::fit_pd(alone, trial, tests::pd_test_pk_fit(trial), options, 1);
  EXPECT_THAT(fit.reason, HasSubstr("no effect of noise was searched: subject 7 has no value of it"));
  EXPECT_THAT(fit.reason, HasSubstr("no effect of site was searched: it is 3 in all subjects"));
  EXPECT_THAT(fit.reason, HasSubstr("no effect of creatinine was searched: a power effect needs values above 0"));
  EXPECT_TRUE(descriptions_of(fit, "forward").empty());
}

// Three levels, of which the first is the reference; as numbers (0, 1, 2) they have no power effect.
TEST(CovariateSearch, TakesCovariatesWithLevelsAsCategorical) {
  trial::Trial trial = searched_trial();
  const std::vector<double> factors = {1.0, 0.6, 0.6};
  for (std::size_t i = 0; i < trial.subjects.size(); ++i) {
    trial.subjects[i].covariates["site"] = static_cast<double>(i % 3);
    for (trial::Observation& one : trial.subjects[i].biomarkers) one.value *= factors[i % 3];
  }
  nlme::PdOptions options = search_options();
  options.search.covariates = {"site"};
  options.search.parameters = {"baseline"};
  options.search.variability = false;
  options.covariance = nlme::CovarianceKind::none;
  const nlme::PopulationFit pk = tests::pd_test_pk_fit(trial);
  const nlme::PdFit as_number = nlme::fit_pd(alone, trial, pk, options, 1);
  EXPECT_THAT(as_number.reason, HasSubstr("no effect of site was searched: a power effect needs values above 0"));
  options.meaning.categorical = {"site"};
  const nlme::PdFit fit = nlme::fit_pd(alone, trial, pk, options, 1);
  EXPECT_THAT(fit.best.description, HasSubstr("site on baseline")) << fit.reason;
  EXPECT_LT(fit.best.objective, as_number.best.objective - 10.0);
}

TEST(CovariateSearch, SearchesNothingWhereNoCovariateIsNamed) {
  const trial::Trial trial = searched_trial();
  nlme::PdOptions options = search_options();
  options.search.covariates.clear();
  options.search.variability = false;
  options.covariance = nlme::CovarianceKind::none;
  const nlme::PdFit fit = nlme::fit_pd(alone, trial, tests::pd_test_pk_fit(trial), options, 1);
  EXPECT_TRUE(descriptions_of(fit, "forward").empty());
}

}  // namespace
