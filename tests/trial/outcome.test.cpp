#include "titrant/trial/outcome.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <optional>
#include <vector>

#include "endpoints.hpp"
#include "titrant/core/constants.hpp"

using titrant::protocol::Quantity;
using titrant::tests::control;
using titrant::tests::measured;
using titrant::trial::Observation;
using titrant::trial::outcome;
using titrant::trial::Subject;

namespace {

using titrant::core::infinity;

std::optional<bool> label(std::vector<Observation> biomarkers) {
  Subject subject;
  subject.biomarkers = std::move(biomarkers);
  return outcome(subject, control());
}

/// The same of concentrations that must be above 2.
std::optional<bool> exposed(std::vector<Observation> concentrations) {
  Subject subject;
  subject.concentrations = std::move(concentrations);
  return outcome(
      subject, measured(Quantity::concentration, {.below = {}, .above = 2.0, .change_below = {}, .change_above = {}}));
}

}  // namespace

TEST(Outcome, NeedsAllValuesBelowTheLimit) {
  EXPECT_EQ(label({{.time = 480, .value = 1}, {.time = 492, .value = 3.2}}), true);
  EXPECT_EQ(label({{.time = 480, .value = 1}, {.time = 492, .value = 3.4}}), false);
  EXPECT_EQ(label({{.time = 480, .value = 3.4}, {.time = 492, .value = 1}}), false);
}

TEST(Outcome, TheLimitItselfIsNotBelow) {
  EXPECT_EQ(label({{.time = 490, .value = 3.3}}), false);
  EXPECT_EQ(label({{.time = 490, .value = std::nextafter(3.3, 0.0)}}), true);
}

TEST(Outcome, TheWindowIncludesItsEnds) {
  EXPECT_EQ(label({{.time = 480, .value = 9}, {.time = 490, .value = 1}}), false);
  EXPECT_EQ(label({{.time = 490, .value = 1}, {.time = 504, .value = 9}}), false);
  EXPECT_EQ(label({{.time = 479.9, .value = 9}, {.time = 490, .value = 1}, {.time = 504.1, .value = 9}}), true);
}

TEST(Outcome, WithoutValuesInTheWindowThereIsNone) {
  EXPECT_EQ(label({}), std::nullopt);
  EXPECT_EQ(label({{.time = 479, .value = 1}, {.time = 505, .value = 9}}), std::nullopt);
}

TEST(Outcome, OfTheBiomarkerLooksAtBiomarkersAlone) {
  Subject subject;
  subject.concentrations = {{.time = 490, .value = 9}};
  EXPECT_EQ(outcome(subject, control()), std::nullopt);
}

TEST(Outcome, CensoredValuesPassWhereTheirLimitDoes) {
  EXPECT_EQ(label({{.time = 490, .value = 0.0, .censored = true, .limit = 1.0}}), true);
  EXPECT_EQ(label({{.time = 490, .value = 3.3, .censored = true, .limit = 3.3}}), true);
  EXPECT_EQ(label({{.time = 490, .value = 0.0, .censored = true, .limit = 5.0}}), false);
  EXPECT_EQ(label({{.time = 490, .value = 5.0, .censored = true, .limit = 0.0}}), false);
}

TEST(Outcome, CensoredIntervalsPassWhereTheirUpperEndDoes) {
  Observation one{.time = 490, .value = 1.0, .censored = true};
  one.upper = 3.3;
  EXPECT_EQ(label({one}), true);
  one.lower = 1.0;
  one.upper = 3.4;
  EXPECT_EQ(label({one}), false);
  one.upper = infinity;  // above its value: it may be anything
  EXPECT_EQ(label({one}), false);
}

TEST(Outcome, OfConcentrationsLooksAtThemAlone) {
  EXPECT_EQ(exposed({{.time = 490, .value = 2.1}}), true);
  Subject subject;
  subject.biomarkers = {{.time = 490, .value = 9}};
  EXPECT_EQ(outcome(subject, measured(Quantity::concentration,
                                      {.below = {}, .above = 2.0, .change_below = {}, .change_above = {}})),
            std::nullopt);
}

TEST(Outcome, NeedsAllValuesAboveALimit) {
  EXPECT_EQ(exposed({{.time = 480, .value = 2.1}, {.time = 492, .value = 9}}), true);
  EXPECT_EQ(exposed({{.time = 480, .value = 2.1}, {.time = 492, .value = 1.9}}), false);
  EXPECT_EQ(exposed({{.time = 490, .value = 2.0}}), false) << "the limit itself is not above";
  EXPECT_EQ(exposed({{.time = 490, .value = std::nextafter(2.0, 3.0)}}), true);
}

// What is known of a censored value alone counts: below its limit of quantification it may be anything down to 0.
TEST(Outcome, CensoredValuesAreAboveWhereTheirLowerEndIs) {
  EXPECT_EQ(exposed({{.time = 490, .value = 5.0, .censored = true, .limit = 5.0}}), false) << "below 5";
  Observation one{.time = 490, .value = 2.0, .censored = true};
  one.lower = 2.0;
  one.upper = infinity;  // above 2
  EXPECT_EQ(exposed({one}), true);
  one.lower = 1.9;
  EXPECT_EQ(exposed({one}), false);
  one.lower = -infinity;
  one.upper = 9.0;
  EXPECT_EQ(exposed({one}), false);
}

TEST(Outcome, BothLimitsHold) {
  const auto within = [](std::vector<Observation> biomarkers) {
    Subject subject;
    subject.biomarkers = std::move(biomarkers);
    return outcome(subject,
                   measured(Quantity::biomarker, {.below = 3.0, .above = 2.0, .change_below = {}, .change_above = {}}));
  };
  EXPECT_EQ(within({{.time = 490, .value = 2.5}}), true);
  EXPECT_EQ(within({{.time = 490, .value = 1.5}}), false);
  EXPECT_EQ(within({{.time = 490, .value = 3.5}}), false);
  Observation one{.time = 490, .value = 2.5, .censored = true};
  one.lower = 2.0;
  one.upper = 3.0;
  EXPECT_EQ(within({one}), true) << "between the two";
  one.upper = 3.1;
  EXPECT_EQ(within({one}), false);
}
