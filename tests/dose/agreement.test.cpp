#include "titrant/dose/agreement.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace titrant::dose {

namespace {

PassRates rates_of(const std::vector<double>& mean) { return {mean, mean}; }

const std::vector<Panel> two_panels = {{"base", {}, daily, {1, 2, 3, 4}}, {"base", {}, weekly, {10, 20, 30, 40}}};

}  // namespace

// Cells: daily 0.9: 3 mg against 4 mg, one step; daily 0.5: 2 and 2; weekly 0.9: none against 40 mg, one step; weekly
// 0.5: 30 against 10 mg, two steps.
TEST(Agreement, CountsGridStepsAndDifferencesOfRates) {
  const Agreement found = agreement(two_panels, {rates_of({0.1, 0.6, 0.9, 1.0}), rates_of({0.1, 0.2, 0.5, 0.8})},
                                    {rates_of({0.1, 0.5, 0.8, 0.9}), rates_of({0.5, 0.6, 0.7, 0.9})}, {0.9, 0.5});
  EXPECT_EQ(found.cells, 4U);
  EXPECT_EQ(found.unanswered, 1U);
  EXPECT_DOUBLE_EQ(found.grid_steps, 1.0);
  EXPECT_NEAR(found.pass_rate, (0.0 + 0.1 + 0.1 + 0.1 + 0.4 + 0.4 + 0.2 + 0.1) / 8.0, 1e-15);
}

TEST(Agreement, LeavesOutDosesThatWereNotEvaluated) {
  const double unknown = std::numeric_limits<double>::quiet_NaN();
  const std::vector<Panel> one = {two_panels[0]};
  const Agreement found =
      agreement(one, {rates_of({unknown, 0.5, 0.9, unknown})}, {rates_of({0.1, 0.4, 0.9, 1.0})}, {0.9});
  EXPECT_EQ(found.grid_steps, 0.0);
  EXPECT_NEAR(found.pass_rate, 0.05, 1e-15);
}

}  // namespace titrant::dose
