#include "titrant/nlme/fittable.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "pd_trials.hpp"
#include "pk_fits.hpp"
#include "simulated_trial.hpp"
#include "titrant/core/error.hpp"

namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using titrant::ConfigError;
using titrant::DataError;
using titrant::nlme::ErrorKind;
using titrant::nlme::expect_fittable_pd;
using titrant::nlme::expect_fittable_pk;
using titrant::nlme::fit_pd;
using titrant::nlme::fit_pk;
using titrant::nlme::PdOptions;
using titrant::nlme::PkOptions;
using titrant::nlme::PopulationFit;
using titrant::nlme::StructureChoice;
using titrant::parallel::Communicator;
using titrant::tests::message_of;
using titrant::tests::options_for;
using titrant::trial::Trial;

Trial small_trial() { return titrant::tests::simulated_trial(titrant::tests::one_compartment_truth(), 3, 431); }

/// Both refuse, with the same words.
template <class ErrorType>
void expect_refused(const Trial& trial, const PkOptions& options, const std::string& words) {
  const std::string before = message_of<ErrorType>([&] { expect_fittable_pk(trial, options); });
  EXPECT_THAT(before, HasSubstr(words));
  EXPECT_EQ(message_of<ErrorType>([&] { fit_pk(Communicator{}, trial, options, 1); }), before);
}

template <class ErrorType>
void expect_pd_refused(const Trial& trial, const PdOptions& options, const std::string& words) {
  const std::string before = message_of<ErrorType>([&] { expect_fittable_pd(trial, options, options.automatic); });
  EXPECT_THAT(before, HasSubstr(words));
  const PopulationFit pk = titrant::tests::pd_test_pk_fit(trial);
  EXPECT_EQ(message_of<ErrorType>([&] { fit_pd(Communicator{}, trial, pk, options, 1); }), before);
}

Trial biomarker_trial() {
  return titrant::tests::pd_test_trial(
      titrant::tests::pd_test_biomarker(titrant::pkpd::BiomarkerStructure::direct_inhibition), 2, 432);
}

}  // namespace

TEST(Fittable, RefusesBeforeTheFirstIteration) {
  const PkOptions options = options_for(StructureChoice::automatic);
  EXPECT_NO_THROW(expect_fittable_pk(small_trial(), options));

  Trial none = small_trial();
  for (auto& subject : none.subjects) subject.concentrations.clear();
  expect_refused<DataError>(none, options, "nothing to fit");

  Trial sparse = small_trial();
  for (auto& subject : sparse.subjects)
    subject.concentrations.resize(std::min<std::size_t>(subject.concentrations.size(), 1));
  PkOptions own_errors = options_for(StructureChoice::one_compartment);
  own_errors.variability = {"clearance", "error"};
  EXPECT_NO_THROW(expect_fittable_pk(small_trial(), own_errors));
  expect_refused<ConfigError>(sparse, own_errors,
                              "pk.omega.variable: error varies between subjects, and no subject has two");

  Trial zeros = small_trial();
  for (auto& subject : zeros.subjects) {
    for (auto& one : subject.concentrations) one.value = 0.0;
  }
  expect_refused<DataError>(zeros, options, "no concentration after a dose is above 0");

  Trial limit = small_trial();
  limit.subjects[1].concentrations[2].censored = true;
  limit.subjects[1].concentrations[2].value = 0.0;
  expect_refused<DataError>(limit, options, "subject 2 at 2 h: a censored concentration needs a limit");

  Trial interval = small_trial();
  auto& one = interval.subjects[1].concentrations[2];
  one.censored = true;
  one.lower = 3.0;
  one.upper = 2.0;
  expect_refused<DataError>(interval, options, "lies between 3 and 2, which is no interval");

  PkOptions proportional = options;
  proportional.error = ErrorKind::proportional;
  Trial negative = small_trial();
  negative.subjects[0].concentrations[5].value = -0.1;
  EXPECT_NO_THROW(expect_fittable_pk(negative, options));
  expect_refused<DataError>(negative, proportional, "which a proportional error gives to none");

  PkOptions covariate = options;
  covariate.covariates["clearance"]["age"] = titrant::pkpd::EffectKind::power;
  expect_refused<DataError>(small_trial(), covariate, "there is no covariate age");

  PkOptions names = options;
  names.initial = {{"clearence", 1.0}, {"volume", -1.0}};
  expect_refused<ConfigError>(small_trial(), names, "pk.initial");
  expect_refused<ConfigError>(small_trial(), names, "did you mean clearance?");
}

TEST(Fittable, RefusesBiomarkersBeforeTheFirstIteration) {
  PdOptions options = titrant::tests::true_pd_options(titrant::pkpd::BiomarkerStructure::direct_inhibition);
  EXPECT_NO_THROW(expect_fittable_pd(biomarker_trial(), options, false));
  EXPECT_NO_THROW(expect_fittable_pd(biomarker_trial(), options, true));

  Trial none = biomarker_trial();
  for (auto& subject : none.subjects) subject.biomarkers.clear();
  expect_pd_refused<DataError>(none, options, "no subject has a biomarker value");

  Trial constant = biomarker_trial();
  for (auto& subject : constant.subjects) {
    for (auto& one : subject.biomarkers) one.value = 7.0;
  }
  expect_pd_refused<DataError>(constant, options, "all biomarker values are 7");

  PdOptions proportional = options;
  proportional.error = ErrorKind::proportional;
  Trial negative = biomarker_trial();
  negative.subjects[1].biomarkers[3].value = 0.0;
  expect_pd_refused<DataError>(negative, proportional, "which a proportional error gives to none");

  PdOptions names = options;
  names.initial = {{"kout", 0.01}};
  expect_pd_refused<ConfigError>(biomarker_trial(), names, "pd.initial");
}

TEST(Fittable, DefaultAllometryNeedsAWeightOnlyWhereThereIsOne) {
  Trial trial = titrant::tests::simulated_trial(titrant::tests::one_compartment_truth(), 12, 433);
  for (auto& subject : trial.subjects) subject.covariates.clear();
  PkOptions options = options_for(StructureChoice::one_compartment);
  EXPECT_NO_THROW(expect_fittable_pk(trial, options));
  const PopulationFit fit = fit_pk(Communicator{}, trial, options, 1).best;
  EXPECT_TRUE(fit.population.parameters[1].effects.empty());
  EXPECT_THAT(fit.remarks, Contains(HasSubstr("no subject has a body weight")));
  options.covariates = {{"clearance", {{"weight", 0.7}}}};  // asked for
  expect_refused<DataError>(trial, options, "there is no covariate weight");
}

TEST(Fittable, OneSubjectIsFittedWithoutVariability) {
  Trial trial = titrant::tests::simulated_trial(titrant::tests::one_compartment_truth(), 1, 434);
  const PopulationFit fit = fit_pk(Communicator{}, trial, options_for(StructureChoice::one_compartment), 1).best;
  EXPECT_TRUE(fit.eta_names.empty());
  EXPECT_TRUE(fit.shrinkage.empty());
  EXPECT_THAT(fit.remarks, Contains(HasSubstr("without variability between subjects")));
  EXPECT_TRUE(std::isfinite(fit.objective));
  EXPECT_EQ(fit.estimated, 5U);  // three typical values, two errors
}
