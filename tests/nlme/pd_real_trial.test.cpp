#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <numbers>

#include "pd_trials.hpp"
#include "real_data.hpp"
#include "titrant/nlme/fit_pd.hpp"
#include "titrant/trial/nonmem.hpp"

// The Phase 1 trial of the proposal, with the windows that its description gives: a baseline near 10 ng/mL that
// co-medication lowers by about a quarter, a half-life of the biomarker of about 46 h, an IC50 near 1 ng/mL.
TEST(RealTrial, ItsBiomarkerModelIsFoundFromAnotherStart) {
  const std::filesystem::path file = titrant::tests::real_data("estdata/EstData.csv");
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "the trial's data are not here";
  const titrant::parallel::Communicator alone;
  const titrant::trial::Trial trial = titrant::trial::read_nonmem(file, {});
  titrant::nlme::PkOptions pk_options;
  pk_options.structure = titrant::nlme::StructureChoice::two_compartment;
  pk_options.starts = 1;
  const titrant::nlme::PopulationFit pk = titrant::nlme::fit_pk(alone, trial, pk_options, 1).best;

  titrant::nlme::PdOptions options;
  options.automatic = false;  // the comparison of structures has its own tests
  options.starts = 1;
  options.error = titrant::nlme::ErrorKind::proportional;
  options.variability = {"baseline", "ic50"};
  options.search.covariates = {"comed", "weight"};
  const titrant::nlme::PdFit fit = titrant::nlme::fit_pd(alone, trial, pk, options, 1);
  EXPECT_TRUE(fit.best.converged);
  EXPECT_TRUE(fit.best.identified);
  EXPECT_TRUE(fit.best.verdict.empty()) << fit.best.verdict.front();
  EXPECT_NE(fit.best.description.find("eta on baseline, imax"), std::string::npos) << fit.reason;
  EXPECT_NE(fit.best.description.find("comed on baseline"), std::string::npos) << fit.reason;
  const auto value = [&](const char* name) { return titrant::tests::estimate_of(fit.best, name).value; };
  EXPECT_NEAR(value("baseline"), 10.0, 0.3);
  EXPECT_NEAR(value("baseline.comed"), -0.24, 0.03);
  EXPECT_NEAR(std::numbers::ln2 / value("kout"), 46.0, 2.0);
  EXPECT_NEAR(value("ic50"), 1.0, 0.1);
  for (const titrant::nlme::Estimate& estimate : fit.best.estimates) {
    if (estimate.fixed) continue;
    EXPECT_LT(estimate.rse, 25.0) << estimate.name;
  }
}
