#include "titrant/classifier/adam.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "titrant/core/error.hpp"

namespace titrant::classifier {
namespace {

// With bias correction the first step is the learning rate against the sign of the gradient, whatever its size.
TEST(Adam, FirstStepIsTheLearningRate) {
  std::vector<double> x = {1.0, 1.0, 1.0};
  Adam adam(3);
  adam.step(x, std::vector<double>{1e-3, -50.0, 0.0}, 0.1);
  EXPECT_NEAR(x[0], 0.9, 1e-5);  // epsilon = 1e-8 against a gradient of 1e-3
  EXPECT_NEAR(x[1], 1.1, 1e-9);
  EXPECT_EQ(x[2], 1.0);
}

// Two steps by hand: m = 0.1 g1 0.9 + 0.1 g2 and v likewise, divided by 1 - 0.9^2 and 1 - 0.999^2.
TEST(Adam, SecondStepIsTheBookValue) {
  std::vector<double> x = {0.0};
  Adam adam(1);
  adam.step(x, std::vector<double>{2.0}, 0.1);
  adam.step(x, std::vector<double>{-1.0}, 0.1);
  const double mean = (0.9 * 0.2 - 0.1) / 0.19;
  const double square = (0.999 * 0.004 + 0.001) / (1.0 - 0.999 * 0.999);
  EXPECT_NEAR(x[0], -0.1 - 0.1 * mean / std::sqrt(square), 1e-7);  // epsilon = 1e-8
}

TEST(Adam, FindsTheMinimumOfAnIllScaledQuadratic) {
  std::vector<double> x = {3.0, -2.0};
  Adam adam(2);
  for (int step = 0; step < 400; ++step) {
    adam.step(x, std::vector<double>{2.0 * (x[0] - 1.0), 200.0 * (x[1] - 0.5)},
              scheduled_rate("cosine", 0.1, step, 400));
  }
  EXPECT_NEAR(x[0], 1.0, 1e-3);
  EXPECT_NEAR(x[1], 0.5, 1e-3);
}

TEST(Schedule, CosineFallsFromTheInitialRate) {
  EXPECT_EQ(scheduled_rate("cosine", 0.1, 0, 100), 0.1);
  EXPECT_NEAR(scheduled_rate("cosine", 0.1, 50, 100), 0.05, 1e-16);
  EXPECT_LT(scheduled_rate("cosine", 0.1, 99, 100), 1e-4);
  EXPECT_EQ(scheduled_rate("constant", 0.1, 99, 100), 0.1);
  EXPECT_THROW(scheduled_rate("linear", 0.1, 0, 100), ConfigError);
}

}  // namespace
}  // namespace titrant::classifier
