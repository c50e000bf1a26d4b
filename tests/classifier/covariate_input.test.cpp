#include "titrant/classifier/covariate_input.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

#include "titrant/core/error.hpp"

namespace titrant::classifier {
namespace {

using Kind = CovariateInput::Kind;

CovariateInput continuous(const char* name, double reference, double low = 0.0, double high = 1.0) {
  return {.name = name, .kind = Kind::continuous, .value = reference, .low = low, .high = high};
}

TEST(CovariateInput, IndicatorsAreZeroOrOne) {
  const CovariateInput second{.name = "genotype", .value = 2.0};
  EXPECT_EQ(second.input(2.0), 1.0);
  for (const double other : {0.0, 1.0, 3.0, 1.999}) EXPECT_EQ(second.input(other), 0.0);
  EXPECT_EQ(CovariateInput{.name = "sex"}.input(1.0), 1.0);
  EXPECT_EQ(CovariateInput{.name = "sex"}.input(0.0), 0.0);
}

// pi x input is 2 atan((x / reference)^2): half way at the reference, rising, below 1 however large.
TEST(CovariateInput, ContinuousOnesAreAnAngle) {
  const CovariateInput weight = continuous("weight", 70.0);
  EXPECT_NEAR(weight.input(70.0), 0.5, 1e-15);
  EXPECT_NEAR(std::numbers::pi * weight.input(49.0), 2.0 * std::atan(0.49), 1e-15);
  double last = -1.0;
  for (double x = 0.0; x < 500.0; x += 7.0) {
    EXPECT_GT(weight.input(x), last);
    last = weight.input(x);
  }
  EXPECT_LT(last, 1.0);
}

TEST(CovariateInput, NamesAreDistinct) {
  EXPECT_THAT(input_names({continuous("weight", 70.0), {.name = "sex", .value = 1.0}, {.name = "sex", .value = 2.0}}),
              ::testing::ElementsAre("weight", "sex_1", "sex_2"));
  EXPECT_THAT(input_names({{.name = "sex", .value = 2.0}}), ::testing::ElementsAre("sex"));
  EXPECT_TRUE(input_names({}).empty());
}

TEST(CovariateInput, RefusesWhatHasNoInput) {
  const auto expect_named = [](const std::vector<CovariateInput>& covariates, const char* name) {
    try {
      check_inputs(covariates);
      ADD_FAILURE() << name;
    } catch (const ConfigError& error) {
      EXPECT_THAT(error.what(), ::testing::HasSubstr(name));
    }
  };
  expect_named({{.name = "sex"}, {.name = "age", .value = 3.0}, {.name = "sex"}}, "sex");
  expect_named({continuous("weight", 0.0)}, "weight");
  expect_named({continuous("weight", std::numeric_limits<double>::quiet_NaN())}, "weight");
  expect_named({continuous("weight", 70.0, 60.0, 60.0)}, "weight");
  EXPECT_NO_THROW(check_inputs({{.name = "sex", .value = 0.0}, continuous("weight", 70.0)}));
}

}  // namespace
}  // namespace titrant::classifier
