#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/math/special_functions/lambert_w.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "pk_fits.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"
#include "titrant/nlme/fit.hpp"
#include "titrant/nlme/pk_model.hpp"

/// \file
/// Fits of saturable elimination.

namespace titrant::nlme {

namespace {

using tests::message_of;
using tests::named;

constexpr double true_maximum = 6.0;     // mg/h
constexpr double true_constant = 500.0;  // ng/mL
constexpr double true_volume = 40.0;     // L

/// Boluses of 20 to 160 mg, with C by Lambert's function, variability of Vmax and V, and an error of 5 %.
trial::Trial bolus_trial() {
  trial::Trial trial;
  trial.source = "boluses";
  for (std::uint64_t number = 0; number < 24; ++number) {
    core::Stream stream(5, core::Purpose::test, number);
    const double maximum = true_maximum * std::exp(0.2 * stream.normal());
    const double volume = true_volume * std::exp(0.15 * stream.normal());
    trial::Subject& subject = trial.subjects.emplace_back();
    subject.id = std::to_string(number + 1);
    subject.dose = 20.0 * std::pow(2.0, static_cast<double>(number % 4));
    subject.doses = {{.time = 0.0, .amount = subject.dose, .into = pkpd::DoseInto::central}};
    for (const double time : {0.2, 1.0, 3.0, 6.0, 10.0, 16.0, 24.0}) {
      const double first = 1000.0 * subject.dose / volume;
      const double exponent = (first - 1000.0 * maximum / volume * time) / true_constant;
      const double c = true_constant * boost::math::lambert_w0(first / true_constant * std::exp(exponent));
      if (c < 1.0) continue;
      subject.concentrations.push_back({.time = time, .value = c * (1.0 + 0.05 * stream.normal())});
    }
  }
  return trial;
}

PkOptions saturable_options() {
  PkOptions options;
  options.structure = StructureChoice::one_compartment;
  options.elimination = pkpd::Elimination::michaelis_menten;
  options.error = ErrorKind::proportional;
  options.starts = 1;
  return options;
}

}  // namespace

TEST(SaturableFit, FindsWhatTheTrialIsMadeOf) {
  const PkFit fit = fit_pk({}, bolus_trial(), saturable_options(), 1);
  EXPECT_TRUE(fit.best.converged);
  EXPECT_EQ(fit.best.model.elimination, pkpd::Elimination::michaelis_menten);
  const auto expect_near = [&](const char* name, double truth) {
    const Estimate& estimate = named(fit.best, name);
    EXPECT_NEAR(estimate.value, truth, 3.5 * estimate.standard_error) << name;
    EXPECT_LT(estimate.standard_error, 0.3 * truth) << name;
  };
  expect_near("maximum_elimination_rate", true_maximum);
  expect_near("michaelis_constant", true_constant);
  expect_near("volume", true_volume);
  // Elimination varies by default, whatever it is.
  expect_near("omega.maximum_elimination_rate", 0.2);
  expect_near("omega.volume", 0.15);
  PkOptions linear = saturable_options();
  linear.elimination = pkpd::Elimination::linear;
  EXPECT_GT(fit_pk({}, bolus_trial(), linear, 1).best.objective, fit.best.objective + 100.0);
}

TEST(SaturableFit, HasTheParametersOfItsElimination) {
  trial::Trial trial = bolus_trial();
  trial.subjects.front().concentrations.insert(trial.subjects.front().concentrations.begin(),
                                               {.time = -1.0, .value = 0.3});
  const DoseForm form{.absorption = {}, .bioavailability = false, .elimination = pkpd::Elimination::both};
  const PkModel model(trial, pkpd::Structure::two_compartment, false, ErrorKind::combined, form);
  EXPECT_TRUE(model.always_zero(0, 0));
  EXPECT_FALSE(model.always_zero(0, 1));
  using enum pkpd::PkParameter;
  EXPECT_THAT(model.parameters(),
              testing::ElementsAre(clearance, volume, intercompartmental_clearance, peripheral_volume,
                                   maximum_elimination_rate, michaelis_constant));
}

TEST(SaturableFit, RefusesWhatAddsUp) {
  trial::Trial trial = bolus_trial();
  trial.subjects[1].doses = {{.time = 0.0,
                              .amount = 20.0,
                              .interval = 12.0,
                              .steady_state = true,
                              .superposed = true,
                              .into = pkpd::DoseInto::central}};
  EXPECT_THAT(message_of<DataError>([&] { fit_pk({}, trial, saturable_options(), 1); }),
              testing::HasSubstr("boluses: subject 2 at 0 h: SS 2 adds a steady state to what is in the body"));
  PkOptions options = saturable_options();
  options.variability = {"clearance"};
  EXPECT_THAT(message_of<ConfigError>([&] { fit_pk({}, bolus_trial(), options, 1); }),
              testing::HasSubstr("pk.omega.variable: the model has no parameter clearance; it comes with "
                                 "pk.elimination: linear or both"));
  options = saturable_options();
  options.elimination = pkpd::Elimination::linear;
  options.variability = {"clearance"};
  options.fixed = {{"omega.maximum_elimination_rate", 0.2}};
  EXPECT_THAT(message_of<ConfigError>([&] { fit_pk({}, bolus_trial(), options, 1); }),
              testing::HasSubstr("pk.fixed: the model has no parameter omega.maximum_elimination_rate; it comes with "
                                 "pk.elimination: michaelis_menten or both"));
  trial::Trial steady = bolus_trial();
  for (trial::Subject& subject : steady.subjects) {
    for (pkpd::Dose& dose : subject.doses) {
      dose.interval = 12.0;
      dose.steady_state = true;
    }
  }
  options = saturable_options();
  options.initial = {{"maximum_elimination_rate", 0.01}};  // far below what the doses bring in
  EXPECT_THAT(message_of<DataError>([&] { fit_pk({}, steady, options, 1); }),
              testing::HasSubstr("give a larger maximum_elimination_rate"));
  options = saturable_options();
  options.flip_flop = FlipFlop::refuse;
  EXPECT_THAT(message_of<ConfigError>([&] { fit_pk({}, bolus_trial(), options, 1); }),
              testing::HasSubstr("pk.flip_flop: refuse"));
}

}  // namespace titrant::nlme
