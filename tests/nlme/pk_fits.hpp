#pragma once

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "titrant/nlme/fit.hpp"

namespace titrant::tests {

inline const nlme::Estimate& named(const nlme::PopulationFit& fit, const std::string& name) {
  for (const nlme::Estimate& estimate : fit.estimates) {
    if (estimate.name == name) return estimate;
  }
  throw std::out_of_range(name);
}

// 3.5 standard errors for each of about ten numbers: a true program fails such a test once in 200 seeds.
inline void expect_near_truth(const nlme::PopulationFit& fit, const pkpd::PopulationModel& truth) {
  const auto expect = [&](const std::string& name, double value) {
    const nlme::Estimate& estimate = named(fit, name);
    EXPECT_NEAR(estimate.value, value, 3.5 * estimate.standard_error) << name;
    EXPECT_LT(estimate.standard_error, value) << name;  // and it was learned at all
  };
  for (const auto& parameter : truth.parameters) {
    expect(parameter.name, parameter.typical);
    if (parameter.omega > 0.0) expect("omega." + parameter.name, parameter.omega);
  }
  expect("error.additive", truth.error.additive);
  expect("error.proportional", truth.error.proportional);
}

/// One start of a fit of this structure.
inline nlme::PkOptions options_for(nlme::StructureChoice structure) {
  nlme::PkOptions options;
  options.structure = structure;
  options.starts = 1;
  return options;
}

/// The message of the error of this type that an action ends in.
template <class ErrorType, class Action>
std::string message_of(Action action) {
  try {
    action();
  } catch (const ErrorType& error) {
    return error.what();
  }
  return "no error of that type";
}

}  // namespace titrant::tests
