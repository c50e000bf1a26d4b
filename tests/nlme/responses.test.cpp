#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "expect_gradient.hpp"
#include "titrant/nlme/objective.hpp"
#include "toy_trials.hpp"

namespace {

using titrant::nlme::Objective;
using titrant::nlme::Population;
using titrant::parallel::Communicator;

/// Every second observation is of a second kind.
class TwoKinds : public titrant::tests::Saturation {
 public:
  std::span<const unsigned char> responses(std::size_t /*subject*/) const override { return kinds_; }

 private:
  std::vector<unsigned char> kinds_ = {0, 1, 0, 1, 0, 1};
};

Population two_errors() {
  Population population = titrant::tests::saturation_population();
  population.errors.push_back(population.errors.front());
  population.errors.back().name = "second";
  population.errors.back().units = "mg";
  return population;
}

const std::vector<double> response_times = {0.5, 1.0, 2.0, 4.0, 7.0, 12.0};

}  // namespace

TEST(Responses, EachHasItsOwnErrorAndItsGradient) {
  TwoKinds model;
  Population population = two_errors();
  titrant::tests::simulate(model, population, 8, response_times, 51);
  population.errors.back().model = {.additive = 0.4, .proportional = 0.05};
  Objective objective(Communicator{}, model, population);
  std::vector<std::string> names;
  for (const auto& coordinate : objective.layout().coordinates()) names.push_back(coordinate.name);
  ASSERT_EQ(names.size(), 11U);
  EXPECT_EQ(names[9], "error.second.additive");
  EXPECT_EQ(names[10], "error.second.proportional");
  EXPECT_EQ(objective.layout().coordinates()[9].units, "mg");
  std::vector<double> x = objective.layout().encode(population);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] += i % 2 == 0 ? 0.1 : -0.1;
  titrant::tests::expect_gradient_by_differences(objective, x, 1e-6);
}

// Two kinds with the same error are one: the value is the same, and the slope by the common error is the sum of both.
TEST(Responses, OfTheSameErrorAreOneResponse) {
  TwoKinds two;
  titrant::tests::Saturation one;
  const Population population = titrant::tests::saturation_population();
  titrant::tests::simulate(two, two_errors(), 8, response_times, 52);
  one.data = two.data;
  Objective both(Communicator{}, two, two_errors());
  Objective single(Communicator{}, one, population);
  const auto of_both = both.evaluate(both.layout().encode(two_errors()));
  const auto of_single = single.evaluate(single.layout().encode(population));
  EXPECT_EQ(of_both.value, of_single.value);
  for (std::size_t term = 0; term < 2; ++term) {
    EXPECT_NEAR(of_both.gradient[7 + term] + of_both.gradient[9 + term], of_single.gradient[7 + term], 1e-10);
  }
}
