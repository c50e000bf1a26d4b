#include "titrant/nlme/covariate_steps.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace titrant;
using nlme::Effects;
using nlme::FittedEffects;
using pkpd::EffectKind;
using testing::HasSubstr;

const Effects base = {{"clearance", {{"weight", 0.75}}}};

Effects with(Effects effects, const std::string& parameter, const std::string& covariate) {
  effects[parameter][covariate] = EffectKind::power;
  return effects;
}

}  // namespace

// 3.84 is the 95 % quantile of chi-square with one degree of freedom, 6.63 the 99 % quantile.
TEST(CovariateSteps, GoForwardToTheLowestObjective) {
  const FittedEffects now{base, 100.0};
  const std::vector<FittedEffects> round = {{with(base, "clearance", "age"), 96.5},
                                            {with(base, "volume", "weight"), 92.0},
                                            {with(base, "volume", "age"), 99.9}};
  const auto step = nlme::forward_step(now, round, 0.05);
  ASSERT_TRUE(step.has_value());
  EXPECT_EQ(step->place, 1U);
  EXPECT_THAT(step->note,
              HasSubstr("weight on volume lowers -2 log L by 8.0 (p 0.0047), where age on clearance 3.5, age "
                        "on volume 0.1 would"));
  EXPECT_FALSE(nlme::forward_step(now, round, 0.004).has_value());
  EXPECT_FALSE(nlme::forward_step(now, {round[0]}, 0.05).has_value());  // 3.5 < 3.84
  EXPECT_FALSE(nlme::forward_step(now, {}, 0.05).has_value());
}

TEST(CovariateSteps, GoBackwardWhereLittleIsLost) {
  const FittedEffects now{with(with(base, "volume", "age"), "volume", "weight"), 90.0};
  const std::vector<FittedEffects> round = {{with(base, "volume", "age"), 99.0},
                                            {with(base, "volume", "weight"), 96.5}};
  const auto step = nlme::backward_step(now, round, 0.01);  // 6.5 < 6.63
  ASSERT_TRUE(step.has_value());
  EXPECT_EQ(step->place, 1U);
  EXPECT_THAT(step->note, HasSubstr("age on volume left again: -2 log L up 6.5"));
  EXPECT_FALSE(nlme::backward_step(now, round, 0.05).has_value());
  EXPECT_FALSE(nlme::backward_step(now, {}, 0.01).has_value());
}

TEST(CovariateSteps, HaveNeighboursThatDifferInOneEffect) {
  const std::vector<Effects> more = nlme::with_one_more(
      base, {"clearance", "volume"}, {{"weight", EffectKind::power}, {"sex", EffectKind::categorical}});
  ASSERT_EQ(more.size(), 3U);  // weight acts on clearance already
  for (const Effects& one : more) EXPECT_FALSE(nlme::effect_added(base, one).empty());
  EXPECT_EQ(nlme::effect_added(base, more[0]), "sex on clearance");
  EXPECT_EQ(nlme::effect_added(base, more[1]), "weight on volume");
  EXPECT_EQ(nlme::effect_added(base, base), "");
  EXPECT_TRUE(nlme::with_one_less(base, base).empty());  // what was there at the start stays
  const Effects three = with(more[0], "volume", "age");
  const std::vector<Effects> less = nlme::with_one_less(three, base);
  EXPECT_EQ(less, (std::vector<Effects>{with(base, "volume", "age"), more[0]}));
  EXPECT_EQ(nlme::describe_effects(three), "; sex on clearance; weight on clearance (0.75); age on volume");
}

TEST(CovariateSteps, KnowTheEffectsOfAPopulation) {
  nlme::Population population;
  nlme::Parameter& clearance = population.parameters.emplace_back();
  clearance.name = "clearance";
  clearance.effects.push_back({{.covariate = "weight", .kind = EffectKind::power, .coefficient = 0.75}, true});
  clearance.effects.push_back({{.covariate = "age", .kind = EffectKind::exponential, .coefficient = 0.1}, false});
  population.parameters.emplace_back().name = "volume";
  EXPECT_EQ(nlme::effects_of(population),
            (Effects{{"clearance", {{"weight", 0.75}, {"age", EffectKind::exponential}}}}));
}
