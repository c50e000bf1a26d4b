#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "analytic_models.hpp"
#include "real_data.hpp"
#include "titrant/nlme/approximation.hpp"
#include "titrant/nlme/objective.hpp"

namespace {

using titrant::nlme::Objective;
using titrant::nlme::Population;

// y = 10 exp(-k t), k = 0.5 exp(eta), var(eta) = 0.04, proportional error variance 0.1; nothing is estimated.
Population wang_population() {
  return {.parameters = {{.name = "k",
                          .units = "1",
                          .scale = {},
                          .typical = 0.5,
                          .typical_fixed = true,
                          .omega = 0.2,
                          .omega_fixed = true,
                          .effects = {}}},
          .errors = {{.model = {.additive = 0.0, .proportional = std::sqrt(0.1)}, .proportional_fixed = true}}};
}

class Wang2007 : public ::testing::Test {
 protected:
  void SetUp() override {
    std::ifstream file(titrant::tests::real_data("wang2007/Wang2007.csv"));
    if (!file) GTEST_SKIP() << "the data of Wang (2007) are not here";
    std::string line;
    std::getline(file, line);
    while (std::getline(file, line)) {
      std::istringstream fields(line);
      std::string id;
      std::string time;
      std::string value;
      std::getline(fields, id, ',');
      std::getline(fields, time, ',');
      std::getline(fields, value, ',');
      const std::size_t subject = std::stoul(id) - 1;
      if (subject >= model.data.size()) model.data.resize(subject + 1);
      model.data[subject].times.push_back(std::stod(time));
      model.data[subject].values.push_back(std::stod(value));
    }
  }

  titrant::tests::MonoExponential model{10.0};
};

// The values that NONMEM prints (Wang 2007, as distributed with nlmixr2data), to their last digit.
constexpr double last_digit = 5.01e-4;

TEST_F(Wang2007, FirstOrder) {
  EXPECT_NEAR(titrant::nlme::first_order_objective(model, wang_population()), 39.213, last_digit);
}

TEST_F(Wang2007, ConditionalWithoutInteraction) {
  EXPECT_NEAR(titrant::nlme::conditional_objective_without_interaction(model, wang_population()), 39.207, last_digit);
}

TEST_F(Wang2007, ConditionalWithInteraction) {
  Objective objective(titrant::parallel::Communicator{}, model, wang_population());
  EXPECT_NEAR(objective.evaluate({}).value, 39.458, last_digit);
}

TEST_F(Wang2007, AsTheObjectivesOfFits) {
  using titrant::nlme::MethodKind;
  for (const auto& [method, value] : {std::pair{MethodKind::fo, 39.213}, std::pair{MethodKind::foce, 39.207}}) {
    Objective objective(titrant::parallel::Communicator{}, model, wang_population(), method);
    EXPECT_NEAR(objective.evaluate({}).value, value, last_digit);
  }
}

}  // namespace
