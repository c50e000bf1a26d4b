#include "titrant/nlme/simulate.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "simulated_trial.hpp"
#include "titrant/core/error.hpp"
#include "titrant/nlme/vpc.hpp"
#include "titrant/trial/synthetic.hpp"

namespace titrant::nlme {

namespace {

using tests::one_compartment_truth;

/// One subject of 84 kg with a dose of 20 mg, observed five times.
trial::Subject planned_subject() {
  trial::Subject subject;
  subject.id = "planned";
  subject.covariates = {{"weight", 84.0}};
  subject.dose = 20.0;
  subject.doses = {{.time = 0.0, .amount = 20.0}};
  for (const double time : {0.5, 2.0, 8.0, 24.0, 60.0}) subject.concentrations.push_back({.time = time});
  return subject;
}

SubjectStreams streams(std::uint64_t unit) { return {9, core::Purpose::test, unit}; }

/// 1,000 ng/mL per mg/L x the Bateman function of 20 mg at 84 kg, by the formula itself.
double bateman(double ka, double clearance, double volume, double time) {
  const double k = clearance / volume;
  return 1000.0 * 20.0 * ka / (volume * (ka - k)) * (std::exp(-k * time) - std::exp(-ka * time));
}

}  // namespace

TEST(SimulateSubject, PredictsTheTypicalSubjectByTheFormula) {
  const trial::Subject subject = planned_subject();
  const pkpd::PopulationModel truth = one_compartment_truth();
  const double clearance = 6.0 * std::pow(84.0 / 70.0, 0.75);
  const double volume = 90.0 * (84.0 / 70.0);
  const SimulatedSubject typical = simulate_subject(subject, truth, nullptr, streams(1), Variability::typical);
  const SimulatedSubject drawn = simulate_subject(subject, truth, nullptr, streams(1), Variability::all);
  ASSERT_EQ(typical.concentrations.size(), 5U);
  EXPECT_TRUE(typical.biomarkers.empty());
  for (std::size_t j = 0; j < 5; ++j) {
    const double expected = bateman(0.8, clearance, volume, subject.concentrations[j].time);
    EXPECT_NEAR(typical.concentrations[j].population, expected, 1e-10 * expected);
    EXPECT_EQ(typical.concentrations[j].individual, typical.concentrations[j].population);
    EXPECT_EQ(typical.concentrations[j].value, typical.concentrations[j].population);
    EXPECT_EQ(drawn.concentrations[j].population, typical.concentrations[j].population);
    EXPECT_NE(drawn.concentrations[j].individual, drawn.concentrations[j].population);
    EXPECT_NE(drawn.concentrations[j].value, drawn.concentrations[j].individual);
  }
}

// With the same streams it is the simulation of predictive checks and coverage.
TEST(SimulateSubject, IsASubjectOfASimulatedTrial) {
  const trial::Trial trial = trial::synthetic_trial(7);
  const pkpd::PopulationModel pk = trial::default_population();
  const pkpd::BiomarkerPopulation biomarker = trial::default_biomarker();
  constexpr std::uint64_t number = 3;
  const trial::Trial again = simulate_again(trial, pk, &biomarker, 5, number);
  for (std::size_t i = 0; i < trial.subjects.size(); ++i) {
    const SubjectStreams same{5, core::Purpose::replicate_trial, (number << 32U) | i};
    const SimulatedSubject one = simulate_subject(trial.subjects[i], pk, &biomarker, same, Variability::all);
    ASSERT_EQ(one.concentrations.size(), again.subjects[i].concentrations.size());
    ASSERT_EQ(one.biomarkers.size(), again.subjects[i].biomarkers.size());
    for (std::size_t j = 0; j < one.concentrations.size(); ++j) {
      EXPECT_EQ(one.concentrations[j].value, again.subjects[i].concentrations[j].value);
    }
    for (std::size_t j = 0; j < one.biomarkers.size(); ++j) {
      EXPECT_EQ(one.biomarkers[j].value, again.subjects[i].biomarkers[j].value);
    }
  }
}

// Moments of log IPRED and of DV - IPRED over many subjects, at 2 h, within four standard errors.
TEST(SimulateSubject, HasTheVariabilityOfTheModel) {
  pkpd::PopulationModel model = one_compartment_truth();
  model.parameters[0].omega = 0.0;
  model.parameters[1].omega = 0.0;
  model.error = {.additive = 2.0, .proportional = 0.1};
  trial::Subject subject = planned_subject();
  subject.doses.front().into = pkpd::DoseInto::central;
  subject.concentrations = {{.time = 0.0}};  // 1,000 x 20 / V, so that log IPRED is normal with omega of V
  constexpr int count = 20000;
  double mean = 0.0;
  double square = 0.0;
  double error = 0.0;
  for (int i = 0; i < count; ++i) {
    const SimulatedSubject one =
        simulate_subject(subject, model, nullptr, streams(static_cast<std::uint64_t>(i)), Variability::all);
    const SimulatedValue& value = one.concentrations.front();
    const double eta = std::log(value.individual / value.population);
    mean += eta / count;
    square += eta * eta / count;
    const double z = (value.value - value.individual) / std::hypot(2.0, 0.1 * value.individual);
    error += z * z / count;
  }
  EXPECT_NEAR(mean, 0.0, 4.0 * 0.2 / std::sqrt(count));
  EXPECT_NEAR(square, 0.04, 4.0 * 0.04 * std::sqrt(2.0 / count));
  EXPECT_NEAR(error, 1.0, 4.0 * std::sqrt(2.0 / count));
}

// A subject has one factor of its own for all its values: of two values' squared errors, the products tell it apart.
// With z = e^u s n, log z^2 = 2 u + log n^2: the variance of u is a quarter of the covariance of the two.
TEST(SimulateSubject, DrawsTheErrorOfEachSubject) {
  pkpd::PopulationModel model = one_compartment_truth();
  model.error = {.additive = 0.0, .proportional = 0.05, .omega = 0.5};
  trial::Subject subject = planned_subject();
  subject.concentrations = {{.time = 2.0}, {.time = 8.0}};
  constexpr int count = 20000;
  double means[2] = {0.0, 0.0};
  double product = 0.0;
  double fourth = 0.0;
  for (int i = 0; i < count; ++i) {
    const SimulatedSubject one =
        simulate_subject(subject, model, nullptr, streams(static_cast<std::uint64_t>(i)), Variability::all);
    double logs[2];
    for (std::size_t j = 0; j < 2; ++j) {
      const SimulatedValue& value = one.concentrations[j];
      logs[j] = 2.0 * std::log(std::abs(value.value / value.individual - 1.0) / 0.05);
      means[j] += logs[j] / count;
    }
    product += logs[0] * logs[1] / count;
    fourth += std::pow((logs[0] + 1.27) * (logs[1] + 1.27), 2) / count;  // E log n^2 = -1.27
  }
  const double covariance = product - means[0] * means[1];
  EXPECT_NEAR(covariance, 4.0 * 0.25, 4.0 * std::sqrt(fourth / count));
}

// At 60 h the prediction is small beside the additive error: with a limit of quantification errors stay normal around
// it, so that the share below 0 is that of a normal distribution; without one all values are above 0.
TEST(SimulateSubject, KeepsValuesBelowALimitAsTheyAre) {
  pkpd::PopulationModel model = one_compartment_truth();
  for (pkpd::ParameterModel& parameter : model.parameters) parameter.omega = 0.0;
  model.error = {.additive = 10.0, .proportional = 0.0};
  trial::Subject without = planned_subject();
  without.concentrations = {{.time = 60.0}};
  trial::Subject with = without;
  with.concentrations.front().limit = 5.0;
  constexpr int count = 4000;
  double below = 0.0;
  double predicted = 0.0;
  for (int i = 0; i < count; ++i) {
    const SubjectStreams own = streams(static_cast<std::uint64_t>(i));
    EXPECT_GT(simulate_subject(without, model, nullptr, own, Variability::all).concentrations.front().value, 0.0);
    const SimulatedValue value = simulate_subject(with, model, nullptr, own, Variability::all).concentrations.front();
    below += value.value < 0.0 ? 1.0 / count : 0.0;
    predicted = value.individual;
  }
  const double expected = 0.5 * std::erfc(predicted / 10.0 / std::sqrt(2.0));
  ASSERT_GT(expected, 0.05);
  EXPECT_NEAR(below, expected, 4.0 * std::sqrt(expected * (1.0 - expected) / count));
}

TEST(SimulateSubject, FollowsCovariatesThatChange) {
  trial::Subject subject = planned_subject();
  trial::Subject lighter = subject;
  lighter.changes = {{.time = 8.0, .covariates = {{"weight", 40.0}}}};
  const pkpd::PopulationModel truth = one_compartment_truth();
  const SimulatedSubject one = simulate_subject(subject, truth, nullptr, streams(2), Variability::typical);
  const SimulatedSubject other = simulate_subject(lighter, truth, nullptr, streams(2), Variability::typical);
  EXPECT_EQ(one.concentrations[1].value, other.concentrations[1].value);
  EXPECT_NE(one.concentrations[4].value, other.concentrations[4].value);
}

TEST(SimulateSubject, NamesACovariateThatIsMissing) {
  trial::Subject subject = planned_subject();
  subject.covariates.clear();
  EXPECT_THROW(simulate_subject(subject, one_compartment_truth(), nullptr, streams(1), Variability::all), DataError);
}

}  // namespace titrant::nlme
