#include "titrant/dose/agreement.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "examples.hpp"

namespace titrant::dose {

namespace {

using protocol::Direction;

Attainment attainment_of(const std::vector<double>& mean) { return {mean, mean}; }

const std::vector<Panel> two_panels = {{weights("base", 50.0, 100.0), regimen_of("daily", 24.0, {1, 2, 3, 4})},
                                       {weights("base", 50.0, 100.0), regimen_of("weekly", 168.0, {10, 20, 30, 40})}};

ResolvedEndpoint endpoint_of(Direction direction) {
  ResolvedEndpoint endpoint = resolve(steady_below(3.3), {}, true);
  endpoint.direction = direction;
  return endpoint;
}

std::vector<protocol::Question> questions(const std::vector<double>& targets) {
  std::vector<protocol::Question> all = all_questions(two_panels, {endpoint_of(Direction::rising)}, targets);
  all.push_back({"base", "daily", "another endpoint", 0.9});
  return all;
}

}  // namespace

// Daily 0.9: 3 mg against 4 mg, one step; daily 0.5: 2 and 2; weekly 0.9: none against 40 mg, one step; weekly 0.5: 30
// against 10 mg, two steps.
TEST(Agreement, CountsGridStepsAndDifferences) {
  const Agreement found =
      agreement(two_panels, {attainment_of({0.1, 0.6, 0.9, 1.0}), attainment_of({0.1, 0.2, 0.5, 0.8})},
                {attainment_of({0.1, 0.5, 0.8, 0.9}), attainment_of({0.5, 0.6, 0.7, 0.9})},
                endpoint_of(Direction::rising), questions({0.9, 0.5}));
  EXPECT_EQ(found.questions, 4U);
  EXPECT_EQ(found.unanswered, 1U);
  EXPECT_DOUBLE_EQ(found.grid_steps, 1.0);
  EXPECT_NEAR(found.attainment, (0.0 + 0.1 + 0.1 + 0.1 + 0.4 + 0.4 + 0.2 + 0.1) / 8.0, 1e-15);
}

// Falling: 3 against 2 mg, one step; none against 20 mg (place 1), which is two steps from before the first dose.
TEST(Agreement, ComparesHighestDosesWhereSuccessFalls) {
  const Agreement found =
      agreement(two_panels, {attainment_of({1.0, 0.95, 0.9, 0.1}), attainment_of({0.8, 0.5, 0.2, 0.1})},
                {attainment_of({1.0, 0.9, 0.8, 0.1}), attainment_of({0.95, 0.9, 0.7, 0.5})},
                endpoint_of(Direction::falling), questions({0.9}));
  EXPECT_EQ(found.unanswered, 1U);
  EXPECT_DOUBLE_EQ(found.grid_steps, (1.0 + 2.0) / 2.0);
}

// Windows: [2, 3] against [1, 3] mg, half a step; none against [20, 30]: from 4 to 1 and from -1 to 2, three steps.
TEST(Agreement, ComparesBothEndsOfWindows) {
  const Agreement found =
      agreement(two_panels, {attainment_of({0.1, 0.95, 0.9, 0.1}), attainment_of({0.1, 0.5, 0.2, 0.1})},
                {attainment_of({0.9, 0.9, 0.9, 0.1}), attainment_of({0.5, 0.9, 0.9, 0.5})},
                endpoint_of(Direction::window), questions({0.9}));
  EXPECT_DOUBLE_EQ(found.grid_steps, (0.5 + 3.0) / 2.0);
}

TEST(Agreement, LeavesOutDosesThatWereNotEvaluated) {
  const double unknown = std::numeric_limits<double>::quiet_NaN();
  const std::vector<Panel> one = {two_panels[0]};
  const Agreement found =
      agreement(one, {attainment_of({unknown, 0.5, 0.9, unknown})}, {attainment_of({0.1, 0.4, 0.9, 1.0})},
                endpoint_of(Direction::rising), questions({0.9}));
  EXPECT_EQ(found.questions, 1U);
  EXPECT_EQ(found.grid_steps, 0.0);
  EXPECT_NEAR(found.attainment, 0.05, 1e-15);
}

}  // namespace titrant::dose
