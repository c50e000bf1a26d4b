#include "titrant/run/simulation.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>
#include <sstream>
#include <string>

#include "titrant/core/error.hpp"
#include "titrant/nlme/layout.hpp"
#include "titrant/nlme/pk_parts.hpp"
#include "titrant/trial/synthetic.hpp"

namespace titrant::run {

namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// One compartment, intravenous, one effect of weight; clearance and the error are estimated, with a standard error of
/// 10 % of clearance.
StoredModels bolus_model(double clearance) {
  StoredModels stored;
  stored.source = "bolus.h5";
  stored.routes.intravenous = true;
  nlme::PopulationFit& fit = stored.models.pk;
  fit.description = "one_compartment";
  nlme::Parameter& first = fit.population.parameters.emplace_back();
  first = {.name = "clearance", .units = "L/h", .scale = {}, .typical = clearance, .effects = {}};
  first.effects.push_back(
      {{.covariate = "weight", .kind = pkpd::EffectKind::power, .coefficient = 0.75, .reference = 70.0}, true});
  nlme::Parameter& second = fit.population.parameters.emplace_back();
  second = {.name = "volume", .units = "L", .scale = {}, .typical = 50.0, .effects = {}};
  second.typical_fixed = true;
  fit.population.errors.front().model = {.additive = 0.0, .proportional = 0.1};
  fit.x = nlme::Layout(fit.population).encode(fit.population);
  fit.covariance = {0.01, 0.0, 0.0, 0.0};
  fit.model = nlme::pk_model_of(fit.population, pkpd::Structure::one_compartment);
  return stored;
}

/// Boluses of 10 mg at 0, concentrations at 1 and 12 h.
trial::Trial bolus_design(std::size_t subjects) {
  trial::Trial design;
  design.source = "design.csv";
  design.covariates = trial::NonmemFormat::usual_covariates();
  for (std::size_t i = 0; i < subjects; ++i) {
    trial::Subject& subject = design.subjects.emplace_back();
    subject.id = fmt::format("s{}", i);
    subject.covariates = {{"weight", 50.0 + static_cast<double>(i % 50)}};
    subject.dose = 10.0;
    subject.doses = {{.time = 0.0, .amount = 10.0, .into = pkpd::DoseInto::central}};
    subject.concentrations = {{.time = 1.0}, {.time = 12.0}};
  }
  return design;
}

SimulationRequest request_of(std::vector<StoredModels> models) {
  SimulationRequest request;
  request.models = std::move(models);
  request.seed = 4;
  return request;
}

SimulatedTrial simulated(const trial::Trial& design, const SimulationRequest& request) {
  std::ostringstream nowhere;
  const core::Console console(nowhere, false, true);
  core::Progress progress(console, "");
  expect_simulable(design, request, {});
  return simulate_design({}, design, request, {}, progress);
}

std::string refusal(const trial::Trial& design, const SimulationRequest& request) {
  try {
    expect_simulable(design, request, {});
  } catch (const DataError& error) {
    return error.what();
  }
  return "";
}

/// PRED of an observation.
double population_prediction(const SimulatedTrial& trial, std::size_t subject, std::size_t observation) {
  return trial.columns.concentrations.at(subject).at(2 * observation);
}

}  // namespace

// C(t) = 1,000 dose / V exp(-CL t / V), by the formula itself.
TEST(Simulation, PredictsByTheFormula) {
  const trial::Trial design = bolus_design(20);
  const SimulatedTrial trial = simulated(design, request_of({bolus_model(5.0)}));
  ASSERT_EQ(trial.trial.subjects.size(), 20U);
  EXPECT_EQ(trial.columns.of_observations, (std::vector<std::string>{"PRED", "IPRED"}));
  EXPECT_TRUE(trial.columns.of_subjects.empty());
  for (std::size_t i = 0; i < 20; ++i) {
    const double clearance = 5.0 * std::pow(design.subjects[i].covariates.at("weight") / 70.0, 0.75);
    const double expected = 1000.0 * 10.0 / 50.0 * std::exp(-clearance * 12.0 / 50.0);
    EXPECT_NEAR(population_prediction(trial, i, 1), expected, 1e-12 * expected);
    EXPECT_EQ(trial.trial.subjects[i].id, design.subjects[i].id);
    EXPECT_GT(trial.trial.subjects[i].concentrations[1].value, 0.0);
    EXPECT_FALSE(trial.trial.subjects[i].concentrations[1].censored);
  }
}

TEST(Simulation, FurtherReplicatesAndSubjectsLeaveTheOthersAsTheyAre) {
  SimulationRequest request = request_of({bolus_model(5.0)});
  const SimulatedTrial one = simulated(bolus_design(5), request);
  request.replicates = 3;
  const SimulatedTrial three = simulated(bolus_design(7), request);
  ASSERT_EQ(three.trial.subjects.size(), 21U);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(one.trial.subjects[i].concentrations[0].value, three.trial.subjects[i].concentrations[0].value);
    EXPECT_NE(one.trial.subjects[i].concentrations[0].value, three.trial.subjects[7 + i].concentrations[0].value);
  }
  EXPECT_EQ(three.columns.of_subjects, (std::vector<std::string>{"REP", "ID"}));
  EXPECT_EQ(three.columns.subjects[8], (std::vector<std::string>{"2", "s1"}));
  EXPECT_EQ(three.format.id, "SUBJECT");
  EXPECT_EQ(three.trial.subjects[8].id, "9");
}

// log PRED at 12 h moves by CL t / V with log CL, whose standard error is 0.1: over 400 replicates the spread of what
// CL must have been is 0.1 within four standard errors. Without uncertainty there is none.
TEST(Simulation, DrawsParametersOfEachReplicate) {
  SimulationRequest request = request_of({bolus_model(5.0)});
  request.replicates = 400;
  trial::Trial design = bolus_design(1);
  design.subjects.front().covariates["weight"] = 70.0;
  for (const bool uncertain : {true, false}) {
    request.uncertainty = uncertain;
    const SimulatedTrial trial = simulated(design, request);
    double square = 0.0;
    for (std::size_t r = 0; r < request.replicates; ++r) {
      const double clearance = -std::log(population_prediction(trial, r, 1) / 200.0) * 50.0 / 12.0;
      square += std::pow(std::log(clearance / 5.0), 2.0) / 400.0;
    }
    if (uncertain) {
      EXPECT_NEAR(std::sqrt(square), 0.1, 4.0 * 0.1 / std::sqrt(2.0 * 400.0));
    } else {
      EXPECT_NEAR(std::sqrt(square), 0.0, 1e-12);
    }
  }
}

TEST(Simulation, MixesTwoModelsByShare) {
  SimulationRequest request = request_of({bolus_model(5.0), bolus_model(10.0)});
  request.share = 0.3;
  const trial::Trial design = bolus_design(2000);
  const SimulatedTrial mixed = simulated(design, request);
  const SimulatedTrial first = simulated(design, request_of({bolus_model(5.0)}));
  const SimulatedTrial second = simulated(design, request_of({bolus_model(10.0)}));
  double share = 0.0;
  for (std::size_t i = 0; i < 2000; ++i) {
    const bool of_second = mixed.columns.subjects[i] == std::vector<std::string>{"2"};
    share += of_second ? 1.0 / 2000.0 : 0.0;
    const SimulatedTrial& same = of_second ? second : first;
    EXPECT_EQ(population_prediction(mixed, i, 1), population_prediction(same, i, 1));
    EXPECT_EQ(mixed.trial.subjects[i].concentrations[1].value, same.trial.subjects[i].concentrations[1].value);
  }
  EXPECT_NEAR(share, 0.3, 4.0 * std::sqrt(0.3 * 0.7 / 2000.0));
  EXPECT_EQ(mixed.columns.of_subjects, std::vector<std::string>{"MODEL"});
}

// Draws of the two models do not go together.
TEST(Simulation, DrawsTheModelsOfAMixtureIndependently) {
  SimulationRequest request = request_of({bolus_model(5.0), bolus_model(5.0)});
  request.share = 0.5;
  request.replicates = 2;
  request.uncertainty = true;
  trial::Trial design = bolus_design(20);
  for (trial::Subject& subject : design.subjects) subject.covariates["weight"] = 70.0;
  const SimulatedTrial trial = simulated(design, request);
  std::map<std::pair<std::string, std::string>, std::set<double>> predictions;  // by replicate and model
  for (std::size_t i = 0; i < 40; ++i) {
    predictions[{trial.columns.subjects[i][0], trial.columns.subjects[i][2]}].insert(
        population_prediction(trial, i, 1));
  }
  std::set<double> all;
  ASSERT_EQ(predictions.size(), 4U);
  for (const auto& [key, values] : predictions) {
    EXPECT_EQ(values.size(), 1U);
    all.insert(values.begin(), values.end());
  }
  EXPECT_EQ(all.size(), 4U);
}

TEST(Simulation, CensorsBelowTheLimit) {
  trial::Trial design = bolus_design(200);
  const SimulationRequest request = request_of({bolus_model(5.0)});
  const SimulatedTrial whole = simulated(design, request);
  constexpr double limit = 60.0;
  set_limits(design, Limits::given, limit);
  const SimulatedTrial limited = simulated(design, request);
  int censored = 0;
  for (std::size_t i = 0; i < 200; ++i) {
    for (std::size_t j = 0; j < 2; ++j) {
      const trial::Observation& one = limited.trial.subjects[i].concentrations[j];
      const double value = whole.trial.subjects[i].concentrations[j].value;  // no draw of these was below 0
      EXPECT_EQ(one.censored, value < limit);
      EXPECT_EQ(one.value, value < limit ? limit : value);
      EXPECT_EQ(std::isinf(one.upper), !one.censored);
      censored += one.censored ? 1 : 0;
    }
  }
  EXPECT_GT(censored, 20);
  EXPECT_LT(censored, 380);
}

TEST(Simulation, TakesTheLimitsOfTheDesignOrNone) {
  trial::Trial design = bolus_design(2);
  EXPECT_THROW(set_limits(design, Limits::design, 0.0), DataError);
  design.subjects[1].concentrations[0].limit = 3.0;
  set_limits(design, Limits::design, 0.0);
  EXPECT_EQ(design.subjects[1].concentrations[0].limit, 3.0);
  set_limits(design, Limits::none, 0.0);
  EXPECT_EQ(design.subjects[1].concentrations[0].limit, 0.0);
}

TEST(Simulation, NamesEverythingThatTheModelLacks) {
  const SimulationRequest request = request_of({bolus_model(5.0)});
  EXPECT_EQ(refusal(bolus_design(3), request), "");
  trial::Trial design = bolus_design(3);
  design.subjects[1].covariates.clear();
  design.subjects[2].doses.front().into = pkpd::DoseInto::depot;
  design.subjects[2].biomarkers = {{.time = 4.0}};
  design.units.amount = "ug";
  const std::string all = refusal(design, request);
  EXPECT_THAT(all,
              AllOf(HasSubstr("subject s1 has no weight, on which clearance of bolus.h5 depends; add the column BW, "
                              "or name the one that has it with --set data.covariates.weight=COLUMN"),
                    HasSubstr("subject s2 has an absorbed dose, and bolus.h5 was fitted to intravenous doses alone"),
                    HasSubstr("subject s2 has biomarker values to be simulated, and bolus.h5 has no model"),
                    HasSubstr("is in ug, ng/mL and ng/mL (data.units), and bolus.h5 was fitted in mg")));
}

TEST(Simulation, KnowsWhereClearancesAreApparent) {
  StoredModels oral = bolus_model(5.0);
  oral.routes = {};
  oral.routes.absorbed = true;
  EXPECT_THAT(refusal(bolus_design(1), request_of({oral})),
              HasSubstr("clearances and volumes are over a bioavailability that nothing tells"));
  oral.routes.intravenous = true;
  EXPECT_EQ(refusal(bolus_design(1), request_of({oral})), "");
  // Nothing is given at all: no route is needed.
  trial::Trial placebo = bolus_design(1);
  placebo.subjects.front().doses.clear();
  oral.routes = {};
  EXPECT_EQ(refusal(placebo, request_of({oral})), "");
}

TEST(Simulation, RefusesUncertaintyWithoutCovariance) {
  StoredModels model = bolus_model(5.0);
  model.models.pk.covariance.assign(4, std::nan(""));
  model.models.pk.standard_error_method = "not asked for";
  SimulationRequest request = request_of({model});
  EXPECT_EQ(refusal(bolus_design(1), request), "");
  request.uncertainty = true;
  EXPECT_THAT(refusal(bolus_design(1), request),
              HasSubstr("cannot be drawn from their uncertainty: standard errors are not asked for"));
  request.models = {bolus_model(5.0)};
  EXPECT_EQ(refusal(bolus_design(1), request), "");
}

TEST(Simulation, RefusesWhatNoFileCouldHold) {
  SimulationRequest request = request_of({bolus_model(5.0)});
  request.replicates = 25'000'000;
  EXPECT_EQ(refusal(bolus_design(1), request), "");
  EXPECT_THAT(refusal(bolus_design(2), request),
              HasSubstr("--replicates 25000000: 4 values each are more than 50000000"));
}

}  // namespace titrant::run
