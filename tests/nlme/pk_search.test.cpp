#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "pk_fits.hpp"
#include "simulated_trial.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"

namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using titrant::ConfigError;
using titrant::core::Purpose;
using titrant::core::Stream;
using titrant::nlme::fit_pk;
using titrant::nlme::PkCandidate;
using titrant::nlme::PkFit;
using titrant::nlme::PkOptions;
using titrant::nlme::StructureChoice;
using titrant::parallel::Communicator;
using titrant::pkpd::EffectKind;
using titrant::pkpd::PopulationModel;
using titrant::tests::named;
using titrant::tests::one_compartment_truth;
using titrant::tests::options_for;
using titrant::tests::simulated_trial;
using titrant::trial::Trial;

/// `comed` lowers clearance by a third; `noise` is a number drawn for each subject.
Trial trial_with_effect(double coefficient) {
  PopulationModel truth = one_compartment_truth();
  truth.parameters[1].effects.push_back(
      {.covariate = "comed", .kind = EffectKind::categorical, .coefficient = coefficient, .reference = 0.0});
  Trial trial = simulated_trial(truth, 40, 117);
  for (std::size_t i = 0; i < trial.subjects.size(); ++i) {
    Stream stream(33, Purpose::test, i);
    trial.subjects[i].covariates["noise"] = stream.uniform(1.0, 2.0);
    trial.subjects[i].covariates["same"] = 4.0;
  }
  return trial;
}

PkOptions searching() {
  PkOptions options = options_for(StructureChoice::one_compartment);
  options.search.covariates = {"comed", "noise", "same"};
  return options;
}

std::set<std::string> tried_in(const PkFit& fit, const std::string& step) {
  std::set<std::string> result;
  for (const PkCandidate& one : fit.search) {
    if (one.step == step) result.insert(one.description);
  }
  return result;
}

}  // namespace

TEST(PkSearch, FindsTheTrueEffectAndNoOther) {
  const Trial trial = trial_with_effect(-0.33);
  const PkFit fit = fit_pk(Communicator{}, trial, searching(), 1);
  const PkFit without = fit_pk(Communicator{}, trial, options_for(StructureChoice::one_compartment), 1);
  EXPECT_NEAR(named(fit.best, "clearance.comed").value, -0.33, 3.0 * named(fit.best, "clearance.comed").standard_error);
  EXPECT_LT(named(fit.best, "clearance.comed").standard_error, 0.15);
  EXPECT_EQ(fit.best.estimated, without.best.estimated + 1) << fit.reason;
  EXPECT_LT(fit.best.objective, without.best.objective - 3.84);
  EXPECT_EQ(fit.best.description, "one_compartment_covariates");
  EXPECT_EQ(fit.candidates.back().description, fit.best.description);
  EXPECT_EQ(fit.candidates.front().objective, without.best.objective);
  EXPECT_THAT(fit.reason, HasSubstr("comed on clearance lowers -2 log L by"));
  EXPECT_THAT(fit.reason, HasSubstr("no effect of same was searched: it is 4 in all subjects"));
  const std::string start = "one_compartment; weight on clearance (0.75); weight on volume (1)";
  const std::string found = "one_compartment; comed on clearance; weight on clearance (0.75); weight on volume (1)";
  EXPECT_EQ(tried_in(fit, "start"), std::set<std::string>{start});
  EXPECT_TRUE(tried_in(fit, "forward").contains(found));
  EXPECT_TRUE(tried_in(fit, "forward")
                  .contains("one_compartment; weight on clearance (0.75); noise on volume; weight on volume (1)"));
  EXPECT_EQ(tried_in(fit, "final"), std::set<std::string>{found});
  // The final fit is of the model that the search has ranked, to its end.
  for (const PkCandidate& one : fit.search) {
    if (one.step != "forward") continue;
    // A larger model is never above the one that it was searched from.
    EXPECT_LE(one.objective, without.best.objective + 1e-3) << one.description;
    if (one.description != found) continue;
    EXPECT_LE(fit.best.objective, one.objective + 1e-3);
    EXPECT_NEAR(fit.best.bic, one.bic, 0.5);
  }
}

TEST(PkSearch, LeavesTheFitAsItIsWhereNothingEnters) {
  const Trial trial = trial_with_effect(0.0);
  PkOptions options = searching();
  options.search.covariates = {"noise"};
  options.search.forward = 1e-6;
  const PkFit fit = fit_pk(Communicator{}, trial, options, 1);
  const PkFit without = fit_pk(Communicator{}, trial, options_for(StructureChoice::one_compartment), 1);
  EXPECT_EQ(fit.best.objective, without.best.objective);
  EXPECT_EQ(fit.best.estimated, without.best.estimated);
  EXPECT_EQ(fit.candidates.size(), without.candidates.size());
  EXPECT_THAT(fit.reason, HasSubstr("no covariate effect enters"));
  EXPECT_EQ(fit.search.size(), 4U);  // the start, and noise on each parameter with an eta
  EXPECT_TRUE(without.search.empty());
}

// What enters at a lax level leaves again at a strict one; the table keeps it.
TEST(PkSearch, TakesEffectsAwayAgain) {
  const Trial trial = trial_with_effect(0.0);
  PkOptions options = searching();
  options.search.covariates = {"noise"};
  options.search.parameters = {"volume"};
  options.search.forward = 0.999999;
  options.search.backward = 1e-9;
  const PkFit fit = fit_pk(Communicator{}, trial, options, 1);
  EXPECT_EQ(tried_in(fit, "forward"), std::set<std::string>{"one_compartment; weight on clearance (0.75); noise on "
                                                            "volume; weight on volume (1)"});
  EXPECT_THAT(fit.reason, HasSubstr("noise on volume left again"));
  EXPECT_FALSE(fit.best.description.ends_with("_covariates"));
}

TEST(PkSearch, RefusesParametersThatTheModelLacks) {
  PkOptions options = searching();
  options.search.parameters = {"kout"};
  EXPECT_THROW(fit_pk(Communicator{}, trial_with_effect(0.0), options, 1), ConfigError);
}
