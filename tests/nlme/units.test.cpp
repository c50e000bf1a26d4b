// Fits in the units of the trial: volumes in L whatever doses and concentrations are measured in.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "pk_fits.hpp"
#include "simulated_trial.hpp"

namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using titrant::nlme::ErrorKind;
using titrant::nlme::fit_pk;
using titrant::nlme::PkOptions;
using titrant::nlme::PopulationFit;
using titrant::nlme::StructureChoice;
using titrant::parallel::Communicator;
using titrant::tests::named;
using titrant::tests::options_for;
using titrant::trial::Trial;

Trial trial_in_milligrams() { return titrant::tests::simulated_trial(titrant::tests::one_compartment_truth(), 12, 77); }

/// The same trial with doses in ug and concentrations in mg/L.
Trial trial_in_micrograms() {
  Trial trial = trial_in_milligrams();
  trial.units = {.amount = "ug", .concentration = "mg/L", .biomarker = "%"};
  for (auto& subject : trial.subjects) {
    subject.dose *= 1e3;
    for (auto& dose : subject.doses) dose.amount *= 1e3;
    for (auto& one : subject.concentrations) one.value *= 1e-3;
  }
  return trial;
}

PkOptions options() {
  PkOptions options = options_for(StructureChoice::one_compartment);
  options.starts = 1;
  return options;
}

}  // namespace

TEST(Units, VolumesAreInLitresWhateverTheTrialIsMeasuredIn) {
  const Trial other = trial_in_micrograms();
  const Trial trial = trial_in_milligrams();
  const PopulationFit in_ug = fit_pk(Communicator{}, other, options(), 1).best;
  const PopulationFit in_mg = fit_pk(Communicator{}, trial, options(), 1).best;
  for (const char* name : {"absorption_rate", "clearance", "volume", "omega.clearance", "error.proportional"}) {
    EXPECT_NEAR(named(in_ug, name).value / named(in_mg, name).value, 1.0, 1e-3) << name;
    EXPECT_EQ(named(in_ug, name).units, named(in_mg, name).units);
  }
  EXPECT_EQ(in_ug.model.concentration_scale, 1e-3);
  EXPECT_EQ(named(in_mg, "error.additive").units, "ng/mL");
  EXPECT_EQ(named(in_ug, "error.additive").units, "mg/L");
  EXPECT_NEAR(named(in_ug, "error.additive").value / named(in_mg, "error.additive").value, 1e-3, 1e-5);
  // A density in units a thousand times as large is a thousand times as high.
  const double values = static_cast<double>(in_mg.observations);
  EXPECT_NEAR(in_ug.objective, in_mg.objective - 2.0 * values * std::log(1e3), 1e-2);
}

TEST(Units, AVolumeThatHardlyABodyHasIsRemarked) {
  const Trial right = trial_in_milligrams();
  EXPECT_THAT(fit_pk(Communicator{}, right, options(), 1).best.remarks, Not(Contains(HasSubstr("data.units"))));
  Trial wrong = trial_in_milligrams();  // mg/L taken for ng/mL: 90,000 L
  for (auto& subject : wrong.subjects) {
    for (auto& one : subject.concentrations) one.value *= 1e-3;
  }
  EXPECT_THAT(fit_pk(Communicator{}, wrong, options(), 1).best.remarks,
              Contains(HasSubstr("are doses in mg and concentrations in ng/mL, as data.units has them?")));
}
