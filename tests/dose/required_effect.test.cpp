#include "../../src/dose/required_effect.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

using titrant::dose::highest_behind;
using titrant::dose::lowest_behind;
using titrant::pkpd::ErrorForm;
using titrant::pkpd::ErrorModel;

namespace {

constexpr double limit = 3.0;
constexpr double nowhere = std::numeric_limits<double>::infinity();

const std::vector<ErrorModel> models = {
    {.additive = 0.4, .proportional = 0.2},
    {.additive = 0.4, .proportional = 0.2, .form = ErrorForm::deviations},
    {.additive = 0.0, .proportional = 0.3, .form = ErrorForm::power, .exponent = 0.5},
    {.additive = 0.0, .proportional = 0.3, .form = ErrorForm::power, .exponent = 1.0},
    {.additive = 0.0, .proportional = 0.1, .form = ErrorForm::power, .exponent = 1.4},
    {.additive = 0.0, .proportional = 0.2, .form = ErrorForm::log_normal},
    {.additive = 0.0, .proportional = 0.0}};

}  // namespace

TEST(RequiredEffect, ValuesBehindAMeasurementAreMeasuredAtTheLimit) {
  for (const ErrorModel& model : models) {
    for (const double error : {-2.3, -0.4, 0.0, 0.7, 2.1}) {
      const double value = highest_behind(model, error, limit);
      ASSERT_TRUE(std::isfinite(value));
      EXPECT_NEAR(model.measured(value, error), limit, 1e-12) << static_cast<int>(model.form) << " " << error;
      EXPECT_LT(model.measured(0.999 * value, error), limit);
      EXPECT_EQ(lowest_behind(model, error, limit), value);
    }
  }
}

TEST(RequiredEffect, NoValueOrEveryValueMayBeBehindAMeasurement) {
  // Errors that take more than the whole value away leave every measurement below the limit.
  EXPECT_EQ(highest_behind(models[0], -5.1, limit), nowhere);
  EXPECT_EQ(highest_behind(models[1], -5.1, limit), nowhere);
  EXPECT_EQ(highest_behind(models[3], -3.4, limit), nowhere);
  EXPECT_EQ(highest_behind(models[4], -8.0, limit), nowhere);
  // An additive error of more than the limit leaves every measurement above it.
  for (const std::size_t which : {0U, 1U}) {
    EXPECT_EQ(highest_behind(models[which], 8.0, limit), 0.0);
    EXPECT_EQ(lowest_behind(models[which], 8.0, limit), -nowhere);
  }
  // Below a limit of 0 is nobody whose error grows with the value.
  EXPECT_GT(lowest_behind(models[2], 8.0, limit), 0.0);
}
