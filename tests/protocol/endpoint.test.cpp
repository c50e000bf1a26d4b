#include "titrant/protocol/endpoint.hpp"

#include <gtest/gtest.h>

#include "titrant/core/error.hpp"
#include "titrant/protocol/protocol.hpp"

using namespace titrant::protocol;

namespace {

Endpoint endpoint_of(Quantity of, const Limits& limits) {
  Endpoint endpoint;
  endpoint.of = of;
  endpoint.steady_state = true;
  endpoint.limits = limits;
  return endpoint;
}

const Limits below{.below = 3.0, .above = {}, .change_below = {}, .change_above = {}};
const Limits above{.below = {}, .above = 2.0, .change_below = {}, .change_above = {}};
const Limits within{.below = 3.0, .above = 2.0, .change_below = {}, .change_above = {}};
const Limits reduced{.below = {}, .above = {}, .change_below = -0.5, .change_above = {}};
const Limits raised{.below = {}, .above = {}, .change_below = {}, .change_above = 0.5};

}  // namespace

TEST(EndpointDirection, OfConcentrationsIsThatOfTheLimit) {
  for (const bool lowers : {false, true}) {
    EXPECT_EQ(direction(endpoint_of(Quantity::concentration, above), lowers), Direction::rising);
    EXPECT_EQ(direction(endpoint_of(Quantity::concentration, below), lowers), Direction::falling);
    EXPECT_EQ(direction(endpoint_of(Quantity::concentration, within), lowers), Direction::window);
  }
}

TEST(EndpointDirection, OfABiomarkerDependsOnWhatTheDrugDoes) {
  for (const Limits& upper : {below, reduced}) {
    EXPECT_EQ(direction(endpoint_of(Quantity::biomarker, upper), true), Direction::rising);
    EXPECT_EQ(direction(endpoint_of(Quantity::biomarker, upper), false), Direction::falling);
  }
  for (const Limits& lower : {above, raised}) {
    EXPECT_EQ(direction(endpoint_of(Quantity::biomarker, lower), true), Direction::falling);
    EXPECT_EQ(direction(endpoint_of(Quantity::biomarker, lower), false), Direction::rising);
  }
  EXPECT_EQ(direction(endpoint_of(Quantity::biomarker, within), true), Direction::window);
}

TEST(EndpointDirection, OfCombinationsIsThatOfTheirPartsWhereTheyAgree) {
  std::vector<Endpoint> all = {endpoint_of(Quantity::biomarker, below), endpoint_of(Quantity::concentration, above),
                               endpoint_of(Quantity::concentration, below)};
  all[0].name = "low";
  all[1].name = "exposed";
  all[2].name = "safe";
  Endpoint both;
  both.name = "both";
  both.all = {"low", "exposed"};
  EXPECT_EQ(direction(both, all, true), Direction::rising);
  both.all = {"low", "safe"};
  EXPECT_EQ(direction(both, all, true), Direction::window);
  EXPECT_EQ(direction(both, all, false), Direction::falling);
  EXPECT_EQ(direction(all[2], all, true), Direction::falling) << "an endpoint without parts";
  both.all = {"low", "unsafe"};
  EXPECT_THROW(direction(both, all, true), titrant::ConfigError);
  all.push_back(both);
  both.all = {"low", "both"};
  EXPECT_THROW(direction(both, all, true), titrant::ConfigError) << "a combination of a combination";
}

TEST(EndpointDirection, HasAWord) {
  EXPECT_EQ(word(Direction::rising), "rising");
  EXPECT_EQ(word(Direction::falling), "falling");
  EXPECT_EQ(word(Direction::window), "window");
}

TEST(SamplingTimes, OfACourseAreThoseGiven) {
  Endpoint endpoint;
  endpoint.from = 480.0;
  endpoint.to = 504.0;
  endpoint.hours_given = true;
  endpoint.times = {480.0, 490.0, 504.0};
  EXPECT_EQ(sampling_times(endpoint, 12.0), endpoint.times);
}

TEST(SamplingTimes, AtSteadyStateAreHoursAfterADoseOrEndWithTheInterval) {
  Endpoint endpoint;
  endpoint.steady_state = true;
  endpoint.times = {1.0, 6.0};
  EXPECT_EQ(sampling_times(endpoint, 12.0), endpoint.times);
  endpoint.from = 480.0;
  endpoint.to = 504.0;
  endpoint.hours_given = true;
  endpoint.times = {480.0, 490.0, 504.0};
  EXPECT_EQ(sampling_times(endpoint, 24.0), (std::vector<double>{0.0, 10.0, 24.0}));
  EXPECT_EQ(sampling_times(endpoint, 168.0), (std::vector<double>{144.0, 154.0, 168.0}));
  // 480 h is -12 h from the last dose, and so 0 h; 490 h is -2 h, and so 10 h of the interval before.
  EXPECT_EQ(sampling_times(endpoint, 12.0), (std::vector<double>{0.0, 10.0, 12.0}));
  endpoint.times = {480.0, 482.1, 492.0, 494.1, 504.0};
  const std::vector<double> once = sampling_times(endpoint, 12.0);
  ASSERT_EQ(once.size(), 3U) << "480 h and 492 h are one clock time, 482.1 h and 494.1 h another";
  EXPECT_DOUBLE_EQ(once[0], 0.0);
  EXPECT_NEAR(once[1], 2.1, 1e-9);
  EXPECT_DOUBLE_EQ(once[2], 12.0);
}

TEST(DescribeEndpoint, SaysWhatSucceedsAndWhen) {
  Endpoint control = endpoint_of(Quantity::biomarker, below);
  EXPECT_EQ(describe(control, "ng/mL", "ug/L"),
            "biomarker below 3 ng/mL, at every instant, over one interval at steady state");
  control.steady_state = false;
  control.values = Values::measured;
  control.from = 480.0;
  control.to = 504.0;
  EXPECT_EQ(describe(control, "ng/mL", "ug/L"),
            "biomarker below 3 ng/mL, measured values, 480 to 504 h after the first dose");
  Endpoint trough = endpoint_of(Quantity::concentration, within);
  trough.at_trough = true;
  EXPECT_EQ(describe(trough, "ng/mL", "ug/L"),
            "concentration below 3 ug/L and above 2 ug/L, at trough at steady state");
  EXPECT_EQ(describe(endpoint_of(Quantity::biomarker, reduced), "ng/mL", "ug/L"),
            "biomarker change from baseline below -50 %, at every instant, over one interval at steady state");
  Endpoint both;
  both.all = {"a", "b"};
  EXPECT_EQ(describe(both, "", ""), "all of a, b");
}

TEST(LabelsTrial, MeasuredValuesInHoursAgainstLimitsThatNeedNoModel) {
  Endpoint endpoint;
  endpoint.values = Values::measured;
  endpoint.hours_given = true;
  endpoint.to = 24.0;
  endpoint.limits = below;
  EXPECT_TRUE(endpoint.labels_trial());
  for (const auto& change : std::vector<void (*)(Endpoint&)>{
           [](Endpoint& e) { e.values = Values::latent; }, [](Endpoint& e) { e.steady_state = true; },
           [](Endpoint& e) { e.hours_given = false; }, [](Endpoint& e) { e.limits = reduced; },
           [](Endpoint& e) { e.all = {"x"}; }}) {
    Endpoint other = endpoint;
    change(other);
    EXPECT_FALSE(other.labels_trial());
  }
}

TEST(Protocol, AsksEveryQuestionByEndpointPopulationRegimenAndTarget) {
  Protocol protocol;
  protocol.endpoints.resize(2);
  protocol.endpoints[0].name = "e0";
  protocol.endpoints[1].name = "e1";
  protocol.populations.resize(1);
  protocol.populations[0].name = "p";
  protocol.regimens.resize(2);
  protocol.regimens[0].name = "r0";
  protocol.regimens[1].name = "r1";
  const std::vector<Question> all = protocol.questions();
  ASSERT_EQ(all.size(), 8U);
  EXPECT_EQ(all[0], (Question{"p", "r0", "e0", 0.9}));
  EXPECT_EQ(all[1], (Question{"p", "r0", "e0", 0.75}));
  EXPECT_EQ(all[2], (Question{"p", "r1", "e0", 0.9}));
  EXPECT_EQ(all[7], (Question{"p", "r1", "e1", 0.75}));
  EXPECT_EQ(protocol.headline(), all[0]);
  protocol.asked = {all[3]};
  EXPECT_EQ(protocol.questions(), protocol.asked);
  EXPECT_EQ(protocol.headline(), all[3]);
  protocol.asked.clear();
  protocol.first = Question{"", "r1", "", 0.75};  // what is left out is the first of each
  EXPECT_EQ(protocol.headline(), all[3]);
}
