#include "../../src/nlme/pk/nested.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "../../src/nlme/pk/flip_flop.hpp"
#include "pk_fits.hpp"
#include "simulated_trial.hpp"
#include "titrant/nlme/objective.hpp"
#include "titrant/nlme/pk_model.hpp"
#include "titrant/nlme/pk_parts.hpp"

namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using titrant::nlme::ErrorKind;
using titrant::nlme::fit_pk;
using titrant::nlme::FlipFlop;
using titrant::nlme::Objective;
using titrant::nlme::PkFit;
using titrant::nlme::PkModel;
using titrant::nlme::PkOptions;
using titrant::nlme::Population;
using titrant::nlme::PopulationFit;
using titrant::nlme::StructureChoice;
using titrant::parallel::Communicator;
using titrant::pkpd::PopulationModel;
using titrant::pkpd::Structure;
using titrant::tests::named;
using titrant::tests::one_compartment_truth;
using titrant::tests::options_for;
using titrant::tests::simulated_trial;
using titrant::trial::Trial;

Population nested_population(const PopulationModel& truth) {
  Population population;
  for (const auto& parameter : truth.parameters) {
    titrant::nlme::Parameter one{
        .name = parameter.name, .units = "", .scale = {}, .typical = parameter.typical, .effects = {}};
    one.omega = parameter.omega;
    for (const auto& effect : parameter.effects) one.effects.push_back({.effect = effect, .fixed = true});
    population.parameters.push_back(one);
  }
  population.errors[0].model = truth.error;
  return population;
}

double objective_of(const Trial& trial, const Population& population, Structure structure, bool lag = false) {
  const PkModel model(trial, structure, lag);
  Objective objective(Communicator{}, model, population);
  return objective.evaluate(objective.layout().encode(population)).value;
}

/// One subject in four is absorbed at a third of the rate: one compartment fits badly, two tempt.
PopulationModel slow_truth() {
  PopulationModel truth = one_compartment_truth();
  truth.parameters[0].typical = 0.05;
  truth.parameters[1].typical = 30.0;  // k = 30 / 90 = 1/3 per h
  return truth;
}

}  // namespace

TEST(Embedded, HasTheObjectiveOfTheSmallerModel) {
  const Trial trial = simulated_trial(one_compartment_truth(), 8, 421);
  const Population one = nested_population(one_compartment_truth());
  const double smaller = objective_of(trial, one, Structure::one_compartment);
  Population two = nested_population(titrant::tests::two_compartment_truth());
  two.parameters[4].omega = 0.4;
  const Population embedded = titrant::nlme::embedded(two, one);
  EXPECT_NEAR(objective_of(trial, embedded, Structure::two_compartment), smaller, 1e-2);
  Population lagged = one;
  lagged.parameters.push_back({.name = "lag", .units = "h", .scale = {}, .typical = 0.4, .omega = 0.3, .effects = {}});
  EXPECT_NEAR(objective_of(trial, titrant::nlme::embedded(lagged, one), Structure::one_compartment, true), smaller,
              1e-2);
  Population additive = one;
  additive.errors[0].model.proportional = 0.0;
  const double without = objective_of(trial, additive, Structure::one_compartment);
  EXPECT_NEAR(objective_of(trial, titrant::nlme::embedded(one, additive), Structure::one_compartment), without, 1e-2);
}

TEST(FlipFlop, TheOtherBranchHasTheSameTypicalConcentrations) {
  const Trial trial = simulated_trial(one_compartment_truth(), 1, 422);
  for (const auto& [truth, exchange] : std::vector<std::pair<PopulationModel, titrant::nlme::Exchange>>{
           {one_compartment_truth(), titrant::nlme::Exchange::terminal},
           {titrant::tests::two_compartment_truth(), titrant::nlme::Exchange::distribution}}) {
    Population population = nested_population(truth);
    for (auto& parameter : population.parameters) parameter.effects.clear();
    const std::optional<Population> other = titrant::nlme::other_branch(population, truth.structure, exchange);
    ASSERT_TRUE(other);
    const PkModel model(trial, truth.structure, false);
    const auto typical = [&](const Population& of) {
      std::vector<double> parameters;
      for (const auto& parameter : of.parameters) parameters.push_back(parameter.typical);
      std::vector<double> value(model.observed(0).size());
      std::vector<double> gradient(value.size() * parameters.size());
      model.predict(0, parameters, value, gradient);
      return value;
    };
    const std::vector<double> a = typical(population);
    const std::vector<double> b = typical(*other);
    EXPECT_GT(std::abs(std::log(other->parameters[0].typical / population.parameters[0].typical)), 0.5);
    for (std::size_t j = 0; j < a.size(); ++j) EXPECT_NEAR(a[j], b[j], 1e-10 * a[j]);
  }
}

// Absorption that is slower than elimination by far: the exchanged rates fit as well, which is said with their
// objective; asked for, the fit stays on the side of faster absorption.
TEST(FlipFlop, IsNamedAndRefused) {
  const Trial trial = simulated_trial(slow_truth(), 24, 118);
  PkOptions options = options_for(StructureChoice::one_compartment);
  options.covariance = titrant::nlme::CovarianceKind::none;
  const PopulationFit fit = fit_pk(Communicator{}, trial, options, 1).best;
  EXPECT_THAT(fit.verdict, Contains(HasSubstr("flip-flop")));
  EXPECT_THAT(fit.verdict, Contains(HasSubstr("than elimination the objective is")));
  EXPECT_THAT(fit.verdict, Contains(HasSubstr("absorption_rate")));
  options.flip_flop = FlipFlop::refuse;
  const PopulationFit refused = fit_pk(Communicator{}, trial, options, 1).best;
  EXPECT_GE(named(refused, "absorption_rate").value,
            named(refused, "clearance").value / named(refused, "volume").value * (1.0 - 1e-6));
  EXPECT_GE(refused.objective, std::min(fit.objective, refused.objective));
}

// From wherever the starts lead: no larger model is reported above one nested in it.
TEST(Nested, BoundsTheLargerStructure) {
  for (const std::uint64_t seed : {423U, 424U, 425U}) {
    Trial trial = simulated_trial(one_compartment_truth(), 8, seed);
    for (auto& subject : trial.subjects) {  // sparse, so that starts go astray
      std::vector<titrant::trial::Observation> kept;
      for (std::size_t j = 0; j < subject.concentrations.size(); j += 2) kept.push_back(subject.concentrations[j]);
      for (titrant::trial::Observation& one : kept) one.value = std::max(one.value, 0.05);  // a proportional error's
      subject.concentrations = kept;
    }
    PkOptions options = options_for(StructureChoice::automatic);
    options.covariance = titrant::nlme::CovarianceKind::none;
    const PkFit fit = fit_pk(Communicator{}, trial, options, 1);
    ASSERT_EQ(fit.candidates.size(), 2U);
    const double allowance = 1e-5 * (1.0 + std::abs(fit.candidates[0].objective));
    EXPECT_LE(fit.candidates[1].objective, fit.candidates[0].objective + allowance);
    options.structure = StructureChoice::one_compartment;
    options.lag = true;
    EXPECT_LE(fit_pk(Communicator{}, trial, options, 1).best.objective, fit.candidates[0].objective + allowance);
    options.lag = false;
    for (const ErrorKind error : {ErrorKind::additive, ErrorKind::proportional}) {
      options.error = error;
      EXPECT_GE(fit_pk(Communicator{}, trial, options, 1).best.objective, fit.candidates[0].objective - allowance);
    }
  }
}

TEST(Initial, IsWhereTheFitStarts) {
  const Trial trial = simulated_trial(one_compartment_truth(), 12, 426);
  PkOptions options = options_for(StructureChoice::one_compartment);
  options.compare_nested = false;
  options.covariance = titrant::nlme::CovarianceKind::none;
  const PopulationFit usual = fit_pk(Communicator{}, trial, options, 1).best;
  for (const auto& parameter : usual.population.parameters) {
    options.initial[parameter.name] = parameter.typical;
    options.initial["omega." + parameter.name] = parameter.omega;
  }
  options.initial["error.additive"] = usual.model.error.additive;
  options.initial["error.proportional"] = usual.model.error.proportional;
  options.iterations = 1;  // no step at all
  EXPECT_NEAR(fit_pk(Communicator{}, trial, options, 1).best.objective, usual.objective,
              1e-6 * std::abs(usual.objective));
  options.initial["clearance"] *= 3.0;
  EXPECT_GT(fit_pk(Communicator{}, trial, options, 1).best.objective, usual.objective + 10.0);
}
