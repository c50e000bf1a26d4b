#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include "titrant/trial/trial.hpp"

using titrant::trial::Observation;
using titrant::trial::responder;
using titrant::trial::ResponseRule;
using titrant::trial::Subject;

namespace {

const ResponseRule rule{3.3, 480.0, 504.0};

std::optional<bool> label(std::vector<Observation> biomarkers) {
  Subject subject;
  subject.biomarkers = std::move(biomarkers);
  return responder(subject, rule);
}

}  // namespace

TEST(Responder, NeedsAllValuesBelowTheThreshold) {
  EXPECT_EQ(label({{.time = 480, .value = 1}, {.time = 492, .value = 3.2}}), true);
  EXPECT_EQ(label({{.time = 480, .value = 1}, {.time = 492, .value = 3.4}}), false);
  EXPECT_EQ(label({{.time = 480, .value = 3.4}, {.time = 492, .value = 1}}), false);
}

TEST(Responder, TheThresholdItselfIsNotBelow) {
  EXPECT_EQ(label({{.time = 490, .value = 3.3}}), false);
  EXPECT_EQ(label({{.time = 490, .value = std::nextafter(3.3, 0.0)}}), true);
}

TEST(Responder, TheWindowIncludesItsEnds) {
  EXPECT_EQ(label({{.time = 480, .value = 9}, {.time = 490, .value = 1}}), false);
  EXPECT_EQ(label({{.time = 490, .value = 1}, {.time = 504, .value = 9}}), false);
  EXPECT_EQ(label({{.time = 479.9, .value = 9}, {.time = 490, .value = 1}, {.time = 504.1, .value = 9}}), true);
}

TEST(Responder, WithoutValuesInTheWindowThereIsNoLabel) {
  EXPECT_EQ(label({}), std::nullopt);
  EXPECT_EQ(label({{.time = 479, .value = 1}, {.time = 505, .value = 9}}), std::nullopt);
}

TEST(Responder, LooksAtBiomarkersAlone) {
  Subject subject;
  subject.concentrations = {{.time = 490, .value = 9}};
  EXPECT_EQ(responder(subject, rule), std::nullopt);
}

TEST(Responder, CensoredValuesPassWhereTheirLimitDoes) {
  EXPECT_EQ(label({{.time = 490, .value = 0.0, .censored = true, .limit = 1.0}}), true);
  EXPECT_EQ(label({{.time = 490, .value = 3.3, .censored = true, .limit = 3.3}}), true);
  EXPECT_EQ(label({{.time = 490, .value = 0.0, .censored = true, .limit = 5.0}}), false);
  EXPECT_EQ(label({{.time = 490, .value = 5.0, .censored = true, .limit = 0.0}}), false);
}

TEST(Responder, CensoredIntervalsPassWhereTheirUpperEndDoes) {
  const double infinity = std::numeric_limits<double>::infinity();
  Observation one{.time = 490, .value = 1.0, .censored = true};
  one.upper = 3.3;
  EXPECT_EQ(label({one}), true);
  one.lower = 1.0;
  one.upper = 3.4;
  EXPECT_EQ(label({one}), false);
  one.upper = infinity;  // above its value: it may be anything
  EXPECT_EQ(label({one}), false);
}
