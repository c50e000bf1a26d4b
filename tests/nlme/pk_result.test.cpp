#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <string>

#include "pk_fits.hpp"
#include "simulated_trial.hpp"

namespace {

using ::testing::HasSubstr;
using titrant::nlme::fit_pk;
using titrant::nlme::PkOptions;
using titrant::nlme::PopulationFit;
using titrant::nlme::StructureChoice;
using titrant::parallel::Communicator;
using titrant::pkpd::PopulationModel;
using titrant::tests::expect_near_truth;
using titrant::tests::named;
using titrant::tests::one_compartment_truth;
using titrant::tests::options_for;
using titrant::tests::simulated_trial;
using titrant::trial::Trial;

}  // namespace

// A fifth of the concentrations, the late and low ones, are below the limit. By M3 the truth comes back, and what the
// complete data would have told; without them, what is left of the low ones is the upper half of their errors, so that
// elimination looks slower and the additive error much smaller.
TEST(PkResult, RecoversTheTruthFromCensoredConcentrations) {
  PopulationModel truth = one_compartment_truth();
  truth.error = {.additive = 2.0, .proportional = 0.3};
  Trial trial = simulated_trial(truth, 60, 114);
  const Trial complete = trial;
  Trial without = trial;
  constexpr double limit = 6.0;
  std::size_t censored = 0;
  for (std::size_t i = 0; i < trial.subjects.size(); ++i) {
    for (auto& observation : trial.subjects[i].concentrations) {
      if (observation.value >= limit) continue;
      observation.censored = true;
      observation.limit = limit;
      observation.value = 0.0;
      ++censored;
    }
    std::erase_if(without.subjects[i].concentrations,
                  [](const auto& observation) { return observation.value < limit; });
  }
  EXPECT_NEAR(static_cast<double>(censored) / (60.0 * 13.0), 0.2, 0.02);
  const PkOptions options = options_for(StructureChoice::one_compartment);
  const PopulationFit fit = fit_pk(Communicator{}, trial, options, 1).best;
  EXPECT_EQ(fit.censored, censored);
  EXPECT_EQ(fit.observations, 780U);
  EXPECT_THAT(fit.message, HasSubstr(std::to_string(censored) + " censored observations enter by M3"));
  EXPECT_NEAR(fit.minus_two_log_likelihood - fit.objective,
              static_cast<double>(780 - censored) * std::log(2.0 * std::numbers::pi), 1e-9);
  expect_near_truth(fit, truth);
  const PopulationFit biased = fit_pk(Communicator{}, without, options, 1).best;
  const PopulationFit whole = fit_pk(Communicator{}, complete, options, 1).best;
  for (const char* name : {"clearance", "error.additive", "absorption_rate"}) {
    const double reference = named(whole, name).value;
    const double error = std::abs(named(fit, name).value - reference);
    EXPECT_LT(error, 0.4 * std::abs(named(biased, name).value - reference)) << name;
  }
}

TEST(PkResult, SaysWhereAbsorptionIsSlowerThanElimination) {
  PopulationModel truth = one_compartment_truth();
  truth.parameters[0].typical = 0.05;
  truth.parameters[1].typical = 30.0;  // k = 30 / 90 = 1/3 per h
  PkOptions options = options_for(StructureChoice::one_compartment);
  options.fixed = {{"absorption_rate", 0.05}};
  const PopulationFit fit = fit_pk(Communicator{}, simulated_trial(truth, 24, 118), options, 1).best;
  EXPECT_THAT(fit.verdict, ::testing::Contains(HasSubstr("flip-flop: absorption_rate, 0.05 1/h")));
}
