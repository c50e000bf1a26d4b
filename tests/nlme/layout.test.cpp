#include "titrant/nlme/layout.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "toy_trials.hpp"

using titrant::nlme::Layout;
using titrant::nlme::Population;
using titrant::nlme::Scale;

TEST(Layout, ListsWhatIsEstimatedInItsOrder) {
  Population population = titrant::tests::saturation_population();
  population.parameters[2].typical_fixed = true;
  std::vector<std::string> names;
  const Layout layout(population);
  for (const auto& coordinate : layout.coordinates()) names.push_back(coordinate.name);
  const std::vector<std::string> expected = {"top",       "top.comed",  "half",           "half.weight",
                                             "omega.top", "omega.half", "error.additive", "error.proportional"};
  EXPECT_EQ(names, expected);
}

TEST(Layout, DecodesWhatItEncoded) {
  const Population population = titrant::tests::saturation_population();
  const Layout layout(population);
  const Population back = layout.decode(layout.encode(population));
  for (std::size_t p = 0; p < 3; ++p) {
    EXPECT_NEAR(back.parameters[p].typical, population.parameters[p].typical, 1e-14 * back.parameters[p].typical);
    EXPECT_NEAR(back.parameters[p].omega, population.parameters[p].omega, 1e-15);
  }
  EXPECT_NEAR(back.parameters[0].effects[0].effect.coefficient, -0.3, 1e-15);
  EXPECT_NEAR(back.parameters[1].effects[0].effect.coefficient, 0.01, 1e-17);
  EXPECT_NEAR(back.errors[0].model.additive, 0.2, 1e-15);
  EXPECT_NEAR(back.errors[0].model.proportional, 0.1, 1e-15);
}

TEST(Layout, NaturalDerivativesAreDifferences) {
  const Population population = titrant::tests::saturation_population();
  const Layout layout(population);
  const std::vector<double> x = layout.encode(population);
  for (std::size_t i = 0; i < layout.size(); ++i) {
    const double difference = (layout.natural(i, x[i] + 1e-5) - layout.natural(i, x[i] - 1e-5)) / 2e-5;
    EXPECT_NEAR(layout.natural_derivative(i, x[i]), difference, 1e-8) << layout.coordinates()[i].name;
  }
}

TEST(Scale, ALogitStaysInItsRange) {
  const Scale scale{.kind = Scale::Kind::logit, .lower = 2.0, .upper = 5.0};
  EXPECT_NEAR(scale.natural(scale.transform(2.3)), 2.3, 1e-14);
  EXPECT_GE(scale.natural(-100.0), 2.0);
  EXPECT_LE(scale.natural(100.0), 5.0);
}

// On the log scale, slope x regressor is the logarithm of the factor that the simulation applies.
TEST(Effect, SlopeTimesRegressorIsTheLogOfTheFactor) {
  using titrant::pkpd::EffectKind;
  const titrant::pkpd::CovariateEffect power{"weight", EffectKind::power, 0.75, 70.0};
  EXPECT_NEAR(titrant::nlme::effect_slope(power) * titrant::nlme::effect_regressor(power, 84.0),
              std::log(std::pow(84.0 / 70.0, 0.75)), 1e-15);
  const titrant::pkpd::CovariateEffect exponential{"age", EffectKind::exponential, 0.02, 40.0};
  EXPECT_NEAR(titrant::nlme::effect_slope(exponential) * titrant::nlme::effect_regressor(exponential, 55.0), 0.3,
              1e-15);
  const titrant::pkpd::CovariateEffect category{"comed", EffectKind::categorical, -0.4, 0.0};
  EXPECT_NEAR(std::exp(titrant::nlme::effect_slope(category) * titrant::nlme::effect_regressor(category, 1.0)), 0.6,
              1e-15);
  EXPECT_EQ(titrant::nlme::effect_regressor(category, 0.0), 0.0);
}
