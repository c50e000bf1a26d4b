#include "titrant/nlme/pd_model.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "pd_trials.hpp"
#include "pk_fits.hpp"
#include "titrant/core/error.hpp"

namespace {

using namespace titrant;
using pkpd::BiomarkerStructure;
using testing::ElementsAre;
using testing::HasSubstr;

/// A PK fit by hand: nobody's etas are known but those of the subjects named.
nlme::PopulationFit known_pk(std::vector<std::size_t> subjects, std::vector<std::vector<double>> etas) {
  nlme::PopulationFit pk;
  pk.model = tests::pd_test_pk();
  pk.eta_names = {"clearance", "volume"};
  pk.subjects = std::move(subjects);
  pk.etas = std::move(etas);
  return pk;
}

trial::Trial small_pd_trial(BiomarkerStructure structure = BiomarkerStructure::turnover_inhibition) {
  return tests::pd_test_trial(tests::pd_test_biomarker(structure), 2, 3, {0.0, 3.0});
}

TEST(PdModel, PredictsFromTheEstimatedExposureOfEachPerson) {
  const trial::Trial trial = small_pd_trial();
  const nlme::PopulationFit pk = known_pk({2, 3}, {{0.4, -0.2}, {-0.3, 0.1}});
  const nlme::PdModel model(trial, pk, BiomarkerStructure::turnover_inhibition);
  ASSERT_EQ(model.subjects(), 4U);
  EXPECT_TRUE(model.typical_exposure().empty());
  const std::vector<double> parameters = {9.0, 0.03, 0.8, 1.5, 1.2};
  std::vector<double> value(model.observed(2).size());
  std::vector<double> gradient(value.size() * parameters.size());
  model.predict(2, parameters, value, gradient);
  const pkpd::Individual individual =
      pkpd::individual(pk.model, trial.subjects[2].covariates, std::vector<double>{0.4, -0.2});
  const pkpd::Biomarker biomarker{.baseline = 9.0, .kout = 0.03, .imax = 0.8, .ic50 = 1.5, .hill = 1.2};
  const std::vector<double> reference =
      pkpd::biomarker(biomarker, individual, trial.subjects[2].doses,
                      std::vector<double>(model.times(2).begin(), model.times(2).end()));
  for (std::size_t j = 0; j < value.size(); ++j) {
    EXPECT_NEAR(value[j], reference[j], 1e-6 * reference[j]);  // the reference integrates to 1e-8 a step
    // The biomarker is proportional to its baseline, the first parameter.
    EXPECT_NEAR(gradient[j * parameters.size()], value[j] / 9.0, 1e-12);
  }
}

TEST(PdModel, PlaceboStaysAtItsBaseline) {
  const trial::Trial trial = small_pd_trial();
  const nlme::PopulationFit pk = known_pk({2, 3}, {{0.0, 0.0}, {0.0, 0.0}});
  for (const BiomarkerStructure structure : pkpd::all_biomarker_structures) {
    const nlme::PdModel model(trial, pk, structure);
    const std::size_t count = model.parameters().size();
    std::vector<double> parameters(count, 0.5);
    parameters.front() = 7.0;
    std::vector<double> value(model.observed(0).size());
    std::vector<double> gradient(value.size() * count);
    model.predict(0, parameters, value, gradient);
    for (std::size_t j = 0; j < value.size(); ++j) {
      EXPECT_NEAR(value[j], 7.0, 1e-12) << pkpd::name(structure);
      EXPECT_NEAR(gradient[j * count], 1.0, 1e-12) << pkpd::name(structure);
      for (std::size_t p = 1; p < count; ++p) EXPECT_NEAR(gradient[j * count + p], 0.0, 1e-10) << pkpd::name(structure);
    }
  }
}

TEST(PdModel, NamesWhoHasTheExposureOfTheTypicalPerson) {
  const trial::Trial trial = small_pd_trial();
  const nlme::PdModel model(trial, known_pk({2}, {{0.4, -0.2}}), BiomarkerStructure::turnover_inhibition);
  EXPECT_THAT(model.typical_exposure(), ElementsAre("4"));  // 1 and 2 take placebo
  const nlme::PdModel typical(trial, known_pk({3}, {{0.0, 0.0}}), BiomarkerStructure::turnover_inhibition);
  for (std::size_t j = 0; j < model.times(3).size(); ++j) {
    EXPECT_EQ(model.concentrations(3)[j], typical.concentrations(3)[j]);
  }
}

TEST(PdModel, OffersTheMeasuredBaselineAsACovariate) {
  trial::Trial trial = small_pd_trial();
  trial.subjects[0].biomarkers[0].value = 8.0;
  trial.subjects[2].biomarkers[0] = {.time = -24.0, .value = 9.0};
  trial.subjects[2].biomarkers[1] = {.time = 0.0, .value = 12.0};
  trial.subjects[3].biomarkers.erase(trial.subjects[3].biomarkers.begin());
  EXPECT_EQ(nlme::with_baseline(trial.subjects[0]).at("baseline_biomarker"), 8.0);   // placebo: the first value
  EXPECT_EQ(nlme::with_baseline(trial.subjects[2]).at("baseline_biomarker"), 10.5);  // mean of two before the dose
  EXPECT_EQ(nlme::with_baseline(trial.subjects[3]).count("baseline_biomarker"), 0U);
}

TEST(PdModel, TakesCensoredValuesAtTheirLimit) {
  trial::Trial trial = small_pd_trial();
  trial.subjects[2].biomarkers[4] = {.time = 96.0, .value = 0.0, .censored = true, .limit = 1.5};
  const nlme::PopulationFit pk = known_pk({2, 3}, {{0.0, 0.0}, {0.0, 0.0}});
  const nlme::PdModel model(trial, pk, BiomarkerStructure::turnover_inhibition);
  EXPECT_EQ(model.observed(2)[4], 1.5);
  EXPECT_EQ(model.censored(2)[4], 1);
  EXPECT_EQ(model.censored(2)[3], 0);
  EXPECT_TRUE(model.censored(3).empty());
  trial.subjects[2].biomarkers[4].limit = 0.0;
  const std::string message = tests::message_of<DataError>(
      [&] { const nlme::PdModel broken(trial, pk, BiomarkerStructure::turnover_inhibition); });
  EXPECT_THAT(message, HasSubstr("subject 3 at 96 h"));
}

TEST(PdModel, RefusesDataThatCannotBeUsed) {
  trial::Trial trial = small_pd_trial();
  const nlme::PopulationFit pk = known_pk({2, 3}, {{0.0, 0.0}, {0.0, 0.0}});
  const auto build = [&] { const nlme::PdModel broken(trial, pk, BiomarkerStructure::turnover_inhibition); };
  trial.subjects[1].biomarkers[2].value = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THAT(tests::message_of<DataError>(build), HasSubstr("subject 2 at 24 h: the biomarker is nan"));
  for (trial::Subject& subject : trial.subjects) subject.biomarkers.clear();
  EXPECT_THAT(tests::message_of<DataError>(build), HasSubstr("no subject has a biomarker value"));
}

TEST(PdModel, RefusesRatesThatSamplesCannotSee) {
  const double interval = nlme::shortest_interval(small_pd_trial());
  EXPECT_EQ(interval, 6.0);
  const auto refused = [&](BiomarkerStructure structure, double kout, double effect, double ke0) {
    const pkpd::Biomarker biomarker{.structure = structure, .kout = kout, .imax = effect, .ke0 = ke0};
    return tests::message_of<NumericalError>([&] { nlme::expect_slow(biomarker, interval); }) !=
           "no error of that type";
  };
  using enum BiomarkerStructure;
  EXPECT_FALSE(refused(turnover_inhibition, 1.6, 0.9, 100.0));  // below 10 / 6 h
  EXPECT_TRUE(refused(turnover_inhibition, 1.7, 0.9, 0.1));
  EXPECT_TRUE(refused(turnover_stimulation_of_loss, 0.5, 3.0, 0.1));  // 0.5 (1 + 3) at most
  EXPECT_FALSE(refused(turnover_stimulation, 0.5, 3.0, 0.1));
  EXPECT_FALSE(refused(direct_inhibition, 100.0, 0.9, 100.0));
  EXPECT_TRUE(refused(effect_compartment_inhibition, 0.1, 0.9, 1.7));
}

}  // namespace
