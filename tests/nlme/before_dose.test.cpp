#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pk_fits.hpp"
#include "simulated_trial.hpp"
#include "titrant/nlme/pk_model.hpp"

namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using titrant::nlme::ErrorKind;
using titrant::nlme::fit_pk;
using titrant::nlme::PkModel;
using titrant::nlme::PkOptions;
using titrant::nlme::PopulationFit;
using titrant::nlme::StructureChoice;
using titrant::parallel::Communicator;
using titrant::pkpd::Structure;
using titrant::tests::named;
using titrant::tests::options_for;
using titrant::trial::Observation;
using titrant::trial::Trial;

Observation value_at(double time, double value) {
  Observation one;
  one.time = time;
  one.value = value;
  return one;
}

/// A trial in which each subject has a value before its first dose.
Trial with_early(Trial trial, const std::vector<double>& values) {
  for (std::size_t i = 0; i < trial.subjects.size(); ++i) {
    auto& observations = trial.subjects[i].concentrations;
    observations.insert(observations.begin(), value_at(0.0, values[i % values.size()]));
  }
  return trial;
}

std::size_t observations(const PkModel& model) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < model.subjects(); ++i) count += model.observed(i).size();
  return count;
}

}  // namespace

// Traces of drug before the first dose, far below all that follows, are what the additive error is for: the rest of the
// fit is that of the trial without them.
TEST(BeforeTheDose, SmallValuesLeaveTheFitWhereItIs) {
  const Trial trial = titrant::tests::simulated_trial(titrant::tests::two_compartment_truth(), 24, 411);
  const Trial with = with_early(trial, {0.01, 0.012, 0.02});
  const PkOptions options = options_for(StructureChoice::two_compartment);
  const PopulationFit plain = fit_pk(Communicator{}, trial, options, 1).best;
  const PopulationFit fit = fit_pk(Communicator{}, with, options, 1).best;
  EXPECT_TRUE(fit.converged);
  EXPECT_EQ(fit.observations, plain.observations + 24U);
  EXPECT_EQ(fit.left_out, 0U);
  for (const char* name : {"absorption_rate", "clearance", "volume"}) {
    EXPECT_NEAR(named(fit, name).value, named(plain, name).value, 0.05 * named(plain, name).value) << name;
  }
}

TEST(BeforeTheDose, EntersAsTheErrorAllows) {
  const Trial trial = titrant::tests::simulated_trial(titrant::tests::one_compartment_truth(), 4, 412);
  const Trial zeros = with_early(trial, {0.0});
  const Trial mixed = with_early(trial, {0.0, 0.1});
  const auto count = [](const Trial& of, ErrorKind error) {
    return observations(PkModel(of, Structure::one_compartment, false, error));
  };
  EXPECT_EQ(count(zeros, ErrorKind::additive), 4U * 14U);
  EXPECT_EQ(count(zeros, ErrorKind::combined), 4U * 13U);
  EXPECT_EQ(count(mixed, ErrorKind::combined), 4U * 14U);
  EXPECT_EQ(count(mixed, ErrorKind::proportional), 4U * 13U);
  const PkModel left(mixed, Structure::one_compartment, false, ErrorKind::proportional);
  EXPECT_EQ(left.left_out(), 4U);
  EXPECT_THAT(left.remarks(), ElementsAre(HasSubstr("4 concentrations left out")));
  EXPECT_THAT(left.remarks().front(),
              HasSubstr("subject 1 at 0 h, subject 2 at 0 h, subject 3 at 0 h, subject 4 at 0 h"));
  EXPECT_TRUE(PkModel(mixed, Structure::one_compartment, false).remarks().empty());
}

TEST(BeforeTheDose, CensoredValuesEnterWithAnAdditivePart) {
  Trial trial = titrant::tests::simulated_trial(titrant::tests::one_compartment_truth(), 4, 413);
  Observation early = value_at(0.0, 0.5);
  early.censored = true;
  early.limit = 0.5;
  trial.subjects[1].concentrations.insert(trial.subjects[1].concentrations.begin(), early);
  EXPECT_EQ(observations(PkModel(trial, Structure::one_compartment, false, ErrorKind::combined)), 4U * 13U + 1U);
  EXPECT_EQ(observations(PkModel(trial, Structure::one_compartment, false, ErrorKind::proportional)), 4U * 13U);
}

// After a reset nothing is left, as before a first dose.
TEST(BeforeTheDose, AResetIsAnotherStart) {
  Trial trial = titrant::tests::simulated_trial(titrant::tests::one_compartment_truth(), 2, 414);
  titrant::pkpd::Dose reset;
  reset.time = 200.0;
  reset.reset = true;
  trial.subjects[0].doses.push_back(reset);
  trial.subjects[0].concentrations.push_back(value_at(210.0, 0.02));
  const PkModel model(trial, Structure::one_compartment, false, ErrorKind::proportional);
  EXPECT_EQ(model.left_out(), 1U);
  EXPECT_THAT(model.remarks(), Contains(HasSubstr("subject 1 at 210 h")));
}

TEST(BeforeTheDose, SubjectsWithoutADoseAreNamed) {
  Trial trial = titrant::tests::simulated_trial(titrant::tests::one_compartment_truth(), 3, 415);
  trial.subjects[1].doses.clear();
  const PkModel model(trial, Structure::one_compartment, false);
  EXPECT_EQ(model.subjects(), 2U);
  EXPECT_EQ(model.left_out(), 13U);
  EXPECT_THAT(model.remarks(), ElementsAre(HasSubstr("13 concentrations left out, of subjects without a dose: 2")));
}

// A quantification limit above and an interval: what a truncated assay reports of a complete trial is known to lie
// there.
TEST(BeforeTheDose, IntervalsBringBackWhatTheValuesWouldHaveTold) {
  Trial trial = titrant::tests::simulated_trial(titrant::tests::one_compartment_truth(), 40, 416);
  const PopulationFit whole = fit_pk(Communicator{}, trial, options_for(StructureChoice::one_compartment), 1).best;
  Trial cut = trial;
  std::size_t censored = 0;
  for (auto& subject : trial.subjects) {
    for (Observation& one : subject.concentrations) {
      if (one.value <= 100.0 && (one.value < 4.0 || one.value > 8.0)) continue;
      one.censored = true;
      ++censored;
      if (one.value > 100.0) {
        one.lower = 100.0;
        one.value = 100.0;
      } else {
        one.lower = 4.0;
        one.upper = 8.0;
        one.value = 8.0;
      }
    }
  }
  for (auto& subject : cut.subjects) {
    std::erase_if(subject.concentrations, [](const Observation& one) { return one.value > 100.0; });
  }
  const PopulationFit known = fit_pk(Communicator{}, trial, options_for(StructureChoice::one_compartment), 1).best;
  const PopulationFit left_out = fit_pk(Communicator{}, cut, options_for(StructureChoice::one_compartment), 1).best;
  EXPECT_EQ(known.censored, censored);
  EXPECT_GT(censored, 100U);
  EXPECT_EQ(known.observations, whole.observations);
  for (const char* name : {"clearance", "volume", "error.proportional"}) {
    const double reference = named(whole, name).value;
    EXPECT_NEAR(named(known, name).value, reference, 2.0 * named(whole, name).standard_error) << name;
  }
  // Leaving out the high values makes the volume look larger.
  EXPECT_GT(named(left_out, "volume").value, named(known, "volume").value);
}
