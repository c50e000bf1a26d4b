#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "titrant/core/stream.hpp"
#include "titrant/nlme/fit.hpp"
#include "titrant/pkpd/concentration.hpp"

namespace titrant::nlme {

namespace {

/// Twenty subjects with boluses and three compartments, whose half-lives are some minutes, hours and days; 5 % error.
trial::Trial with_a_deep_compartment() {
  trial::Trial trial;
  trial.source = "simulated";
  const std::vector<double> times = {0.05, 0.1, 0.2, 0.4, 0.7, 1.0, 2.0, 4.0, 8.0, 24.0, 48.0, 96.0, 168.0, 240.0};
  for (std::uint64_t number = 0; number < 20; ++number) {
    core::Stream stream(9, core::Purpose::test, number);
    const pkpd::Individual individual{.clearance = 5.0 * std::exp(0.2 * stream.normal()),
                                      .volume = 10.0 * std::exp(0.2 * stream.normal()),
                                      .intercompartmental_clearance = 20.0,
                                      .peripheral_volume = 30.0,
                                      .second_intercompartmental_clearance = 4.0,
                                      .second_peripheral_volume = 200.0,
                                      .structure = pkpd::Structure::three_compartment};
    trial::Subject& subject = trial.subjects.emplace_back();
    subject.id = std::to_string(number + 1);
    subject.dose = 100.0;
    subject.doses = {{.amount = 100.0, .into = pkpd::DoseInto::central}};
    const std::vector<double> c = pkpd::concentration(individual, subject.doses, times);
    for (std::size_t j = 0; j < times.size(); ++j) {
      subject.concentrations.push_back({.time = times[j], .value = c[j] * (1.0 + 0.05 * stream.normal())});
    }
  }
  return trial;
}

}  // namespace

TEST(ThreeCompartments, AreFoundAgain) {
  const trial::Trial trial = with_a_deep_compartment();
  PkOptions options;
  options.structure = StructureChoice::three_compartment;
  options.error = ErrorKind::proportional;
  options.variability = {"clearance", "volume"};
  options.covariates.clear();
  options.starts = 1;
  const PkFit fit = fit_pk({}, trial, options, 1);
  EXPECT_TRUE(fit.best.converged) << fit.best.message;
  EXPECT_EQ(fit.best.description, "three_compartment");
  std::map<std::string, double> typical;
  for (const Parameter& one : fit.best.population.parameters) typical[one.name] = one.typical;
  EXPECT_EQ(typical.size(), 6U);
  EXPECT_NEAR(typical.at("clearance") / 5.0, 1.0, 0.15);
  EXPECT_NEAR(typical.at("volume") / 10.0, 1.0, 0.15);
  EXPECT_NEAR(typical.at("intercompartmental_clearance") / 20.0, 1.0, 0.15);
  EXPECT_NEAR(typical.at("peripheral_volume") / 30.0, 1.0, 0.15);
  EXPECT_NEAR(typical.at("second_intercompartmental_clearance") / 4.0, 1.0, 0.15);
  EXPECT_NEAR(typical.at("second_peripheral_volume") / 200.0, 1.0, 0.15);
  EXPECT_NEAR(fit.best.model.error.proportional, 0.05, 0.01);

  options.structure = StructureChoice::two_compartment;
  EXPECT_LT(fit.best.objective, fit_pk({}, trial, options, 1).best.objective - 100.0);
}

}  // namespace titrant::nlme
