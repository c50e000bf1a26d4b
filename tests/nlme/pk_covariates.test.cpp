#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <utility>

#include "pk_fits.hpp"
#include "simulated_trial.hpp"
#include "titrant/core/error.hpp"

namespace {

using ::testing::HasSubstr;
using titrant::nlme::fit_pk;
using titrant::nlme::PkFit;
using titrant::nlme::PkOptions;
using titrant::nlme::PopulationFit;
using titrant::nlme::StructureChoice;
using titrant::parallel::Communicator;
using titrant::pkpd::PopulationModel;
using titrant::tests::message_of;
using titrant::tests::named;
using titrant::tests::one_compartment_truth;
using titrant::tests::options_for;
using titrant::tests::simulated_trial;
using titrant::trial::Trial;

}  // namespace

TEST(PkCovariates, EstimatesCovariateEffects) {
  PopulationModel truth = one_compartment_truth();
  truth.parameters[1].effects[0].coefficient = 1.2;
  truth.parameters[2].effects.push_back(
      {.covariate = "comed", .kind = titrant::pkpd::EffectKind::categorical, .coefficient = 0.5, .reference = 0.0});
  const Trial trial = simulated_trial(truth, 60, 115);
  PkOptions options = options_for(StructureChoice::one_compartment);
  options.covariates["clearance"]["weight"] = titrant::pkpd::EffectKind::power;
  options.covariates["volume"]["comed"] = titrant::pkpd::EffectKind::categorical;
  const PopulationFit fit = fit_pk(Communicator{}, trial, options, 1).best;
  for (const auto& [name, value] : {std::pair{"clearance.weight", 1.2}, std::pair{"volume.comed", 0.5}}) {
    EXPECT_NEAR(named(fit, name).value, value, 3.5 * named(fit, name).standard_error) << name;
    EXPECT_LT(named(fit, name).standard_error, 0.3) << name;
    EXPECT_FALSE(named(fit, name).fixed) << name;
  }
  EXPECT_TRUE(named(fit, "volume.weight").fixed);
  EXPECT_EQ(fit.estimated, 10U);

  options.fixed = {{"clearance.weight", 0.9}};
  const PopulationFit held = fit_pk(Communicator{}, trial, options, 1).best;
  EXPECT_EQ(named(held, "clearance.weight").value, 0.9);
  EXPECT_TRUE(named(held, "clearance.weight").fixed);
  EXPECT_GT(held.objective, fit.objective);
}

TEST(PkCovariates, RefusesToEstimateAnEffectOfAConstant) {
  Trial trial = simulated_trial(one_compartment_truth(), 6, 116);
  for (auto& subject : trial.subjects) subject.covariates["comed"] = 1.0;
  PkOptions options = options_for(StructureChoice::one_compartment);
  options.covariates["clearance"]["comed"] = titrant::pkpd::EffectKind::categorical;
  EXPECT_THAT(message_of<titrant::DataError>([&] { fit_pk(Communicator{}, trial, options, 1); }),
              HasSubstr("comed is 1 in all subjects: its effect on clearance cannot be estimated"));
}

TEST(PkCovariates, ComparesAllometry) {
  const Trial trial = simulated_trial(one_compartment_truth(), 24, 117);
  PkOptions options = options_for(StructureChoice::one_compartment);
  options.allometry = {"fixed", "none", "estimated"};
  const PkFit fit = fit_pk(Communicator{}, trial, options, 1);
  ASSERT_EQ(fit.candidates.size(), 4U);
  EXPECT_EQ(fit.candidates[0].description, "one_compartment");
  EXPECT_EQ(fit.candidates[1].description, "one_compartment_allometry_fixed");
  EXPECT_EQ(fit.candidates[1].objective, fit.best.objective);
  const PopulationFit& none = fit.candidates[2];
  const PopulationFit& estimated = fit.candidates[3];
  EXPECT_EQ(none.description, "one_compartment_allometry_none");
  EXPECT_TRUE(none.model.parameters[1].effects.empty());
  EXPECT_EQ(estimated.estimated, fit.best.estimated + 2);
  EXPECT_FALSE(named(estimated, "clearance.weight").fixed);
  // Both others are special cases of free exponents; weights of 50 to 100 kg that matter are missed where left out.
  EXPECT_LE(estimated.objective, fit.best.objective);
  EXPECT_LT(estimated.objective, none.objective - 10.0);
  for (const PopulationFit& candidate : fit.candidates) EXPECT_TRUE(candidate.converged) << candidate.message;

  // The comparison from the answer's estimates ends where a fit of its own would.
  PkOptions alone = options_for(StructureChoice::one_compartment);
  alone.covariates["clearance"].clear();
  alone.covariates["volume"].clear();
  EXPECT_NEAR(fit_pk(Communicator{}, trial, alone, 1).best.objective, none.objective, 1e-5);

  options.allometry = {"fix"};
  EXPECT_THAT(message_of<titrant::ConfigError>([&] { fit_pk(Communicator{}, trial, options, 1); }),
              HasSubstr("there is no comparison fix; there are fixed, none, estimated"));
}
