#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "pd_trials.hpp"
#include "simulated_trial.hpp"
#include "titrant/core/error.hpp"
#include "titrant/nlme/fit.hpp"
#include "titrant/nlme/fit_pd.hpp"
#include "titrant/nlme/fittable.hpp"

/// \file
/// Fits of trials with `error` among what varies between subjects, and by FO and FOCE: names, truths, refusals.

namespace titrant::nlme {

namespace {

using testing::HasSubstr;

const Estimate& estimate_named(const FitSummary& fit, const std::string& name) {
  const auto found =
      std::find_if(fit.estimates.begin(), fit.estimates.end(), [&](const Estimate& one) { return one.name == name; });
  if (found == fit.estimates.end()) throw std::logic_error("no estimate " + name);
  return *found;
}

PkOptions varying_error_options() {
  PkOptions options;
  options.structure = StructureChoice::one_compartment;
  options.starts = 1;
  options.error = ErrorKind::proportional;
  options.variability = {"absorption_rate", "clearance", "volume", "error"};
  options.covariance = CovarianceKind::hessian;
  return options;
}

trial::Trial varying_error_trial(std::size_t subjects) {
  pkpd::PopulationModel truth = tests::one_compartment_truth();
  truth.error = {.additive = 0.0, .proportional = 0.1, .omega = 0.5};
  return tests::simulated_trial(truth, subjects, 23);
}

std::string pk_refusal(const trial::Trial& trial, const PkOptions& options) {
  try {
    expect_fittable_pk(trial, options);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST(ErrorOmegaFits, OfConcentrationsFindTheTruth) {
  const trial::Trial trial = varying_error_trial(45);
  const PkFit fit = fit_pk(parallel::Communicator{}, trial, varying_error_options(), 1);
  const Estimate& omega = estimate_named(fit.best, "omega.error");
  EXPECT_NEAR(omega.value, 0.5, 3.0 * omega.standard_error);
  EXPECT_LT(omega.rse, 25.0);
  EXPECT_NEAR(fit.best.population.errors[0].model.proportional, 0.1, 0.03);
  EXPECT_EQ(fit.best.eta_names, (std::vector<std::string>{"absorption_rate", "clearance", "volume"}));
  EXPECT_EQ(fit.best.error_eta_names, (std::vector<std::string>{"error"}));
  EXPECT_EQ(fit.best.etas[0].size(), 3U);
  EXPECT_EQ(fit.best.model.error.omega, omega.value);
  PkOptions held = varying_error_options();
  held.fixed["omega.error"] = 0.3;
  const PkFit other = fit_pk(parallel::Communicator{}, trial, held, 1);
  EXPECT_TRUE(estimate_named(other.best, "omega.error").fixed);
  EXPECT_EQ(other.best.model.error.omega, 0.3);
  EXPECT_GT(other.best.objective, fit.best.objective);
}

TEST(ErrorOmegaFits, OfBothKindsOfValuesNameEach) {
  pkpd::BiomarkerPopulation biomarker = tests::pd_test_biomarker(pkpd::BiomarkerStructure::direct_inhibition);
  biomarker.error.omega = 0.4;
  const trial::Trial trial = tests::pd_test_trial(biomarker, 6, 4);
  PkOptions pk = tests::pd_test_pk_options();
  pk.variability.emplace_back("error");
  const PkFit concentrations = fit_pk(parallel::Communicator{}, trial, pk, 1);
  PdOptions pd;
  pd.automatic = false;
  pd.structure = pkpd::BiomarkerStructure::direct_inhibition;
  pd.variability = {"baseline", "error"};
  pd.search.enabled = pd.search.variability = false;
  pd.starts = 1;
  pd.covariance = CovarianceKind::none;
  const PdFit alone = fit_pd(parallel::Communicator{}, trial, concentrations.best, pd, 1);
  EXPECT_GT(estimate_named(alone.best, "omega.error").value, 0.1);
  EXPECT_GT(alone.best.model.error.omega, 0.1);
  EXPECT_THAT(alone.best.description, HasSubstr("eta on the error"));
  pd.method = PdMethod::joint;
  const PdFit both = fit_pd(parallel::Communicator{}, trial, concentrations.best, pd, 1);
  EXPECT_EQ(estimate_named(both.best, "omega.error.biomarker").value, both.best.model.error.omega);
  EXPECT_EQ(estimate_named(both.best, "omega.error.concentration").value, both.best.pk->error.omega);
  EXPECT_EQ(both.best.error_eta_names, (std::vector<std::string>{"error.concentration", "error.biomarker"}));
}

TEST(ErrorOmegaFits, RefuseABlockAndBinaryValues) {
  const trial::Trial trial = varying_error_trial(4);
  PkOptions options = varying_error_options();
  options.blocks = {{"clearance", "error"}};
  EXPECT_THAT(pk_refusal(trial, options), HasSubstr("pk.omega.blocks: error is in a block; the random effect on the "
                                                    "residual error is independent"));
  PdOptions binary;
  binary.error = ErrorKind::binary;
  binary.variability = {"baseline", "error"};
  try {
    expect_fittable_pd(trial, binary, true);
    ADD_FAILURE() << "not refused";
  } catch (const ConfigError& error) {
    EXPECT_THAT(error.what(), HasSubstr("pd.omega.variable: error, and binary values"));
  }
}

TEST(ErrorOmegaFits, OlderMethodsFitTrialsAndRefuseWhatTheyCannotSee) {
  trial::Trial trial = varying_error_trial(12);
  PkOptions options = varying_error_options();
  options.methods = {MethodKind::fo};
  EXPECT_THAT(pk_refusal(trial, options), HasSubstr("estimation.methods: fo takes residual variances at etas of 0 and "
                                                    "does not see a residual error that varies"));
  options.variability.pop_back();
  const PkFit fo = fit_pk(parallel::Communicator{}, trial, options, 1);
  EXPECT_EQ(fo.best.method, "FO");
  EXPECT_EQ(fo.best.standard_error_method, "hessian");
  options.methods = {MethodKind::fo, MethodKind::focei};
  const PkFit both = fit_pk(parallel::Communicator{}, trial, options, 1);
  EXPECT_EQ(both.best.method, "FO, then FOCEI");
  options.methods = {MethodKind::focei};
  const PkFit focei = fit_pk(parallel::Communicator{}, trial, options, 1);
  EXPECT_NEAR(both.best.objective, focei.best.objective, 1e-3);
  EXPECT_GT(std::abs(fo.best.objective - focei.best.objective), 0.01);
  trial.subjects[2].concentrations[5].censored = true;
  trial.subjects[2].concentrations[5].limit = trial.subjects[2].concentrations[5].value;
  options.methods = {MethodKind::foce};
  EXPECT_THAT(pk_refusal(trial, options), HasSubstr("has no probability of censored values"));
}

}  // namespace titrant::nlme
