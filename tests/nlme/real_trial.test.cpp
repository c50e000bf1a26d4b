#include <gtest/gtest.h>

#include <filesystem>

#include "real_data.hpp"
#include "titrant/nlme/fit.hpp"
#include "titrant/trial/nonmem.hpp"

// The Phase 1 trial of the proposal: 36 subjects with 24 concentrations each, of which two compartments tell much more
// than one, with residual errors near 10 % and parameters known to a quarter or better.
TEST(RealTrial, TwoCompartmentsDescribeIt) {
  const std::filesystem::path file = titrant::tests::real_data("estdata/EstData.csv");
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "the trial's data are not here";
  const titrant::trial::Trial trial = titrant::trial::read_nonmem(file, {});
  titrant::nlme::PkOptions options;
  options.starts = 1;
  const titrant::nlme::PkFit fit = titrant::nlme::fit_pk(titrant::parallel::Communicator{}, trial, options, 1);
  EXPECT_EQ(fit.best.model.structure, titrant::pkpd::Structure::two_compartment);
  EXPECT_EQ(fit.best.observations, 864U);
  EXPECT_EQ(fit.best.subjects.size(), 36U);
  EXPECT_TRUE(fit.best.converged) << fit.best.message;
  EXPECT_LT(fit.candidates[1].bic, fit.candidates[0].bic - 1000.0);
  EXPECT_NEAR(fit.best.model.error.proportional, 0.1, 0.02);
  EXPECT_TRUE(fit.best.identified);
  EXPECT_TRUE(fit.best.verdict.empty()) << fit.best.verdict.front();
  EXPECT_LT(fit.best.condition_number, 100.0);
  for (const titrant::nlme::Estimate& estimate : fit.best.estimates) {
    if (estimate.fixed || estimate.name == "error.additive") continue;
    EXPECT_LT(estimate.rse, estimate.name.starts_with("omega") ? 25.0 : 15.0) << estimate.name;
  }
  // One compartment takes all absorption to be over before the first sample: its rate could be anything above that.
  EXPECT_FALSE(fit.candidates[0].identified);
  EXPECT_NE(fit.candidates[0].message.find("do not identify"), std::string::npos) << fit.candidates[0].message;
}
