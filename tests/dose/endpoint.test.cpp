#include "titrant/dose/criterion.hpp"

#include <gtest/gtest.h>

namespace titrant::dose {

namespace {

std::vector<double> times(std::vector<double> sampling, double to, double interval) {
  Criterion criterion;
  criterion.window = Window::steady_state;
  criterion.from = 0.0;
  criterion.to = to;
  criterion.sampling = std::move(sampling);
  return response_times(criterion, interval);
}

}  // namespace

// t - to + interval, plus whole intervals where that lies before the dose.
TEST(ResponseTimes, AreClockTimesOfTheInterval) {
  EXPECT_EQ(times({480.0, 481.0, 504.0}, 504.0, 24.0), (std::vector<double>{0.0, 1.0, 24.0}));
  EXPECT_EQ(times({480.0, 504.0}, 504.0, 168.0), (std::vector<double>{144.0, 168.0}));
  EXPECT_EQ(times({0.0, 30.0, 479.0}, 504.0, 24.0), (std::vector<double>{0.0, 6.0, 23.0}));
}

// Step by step, this once took 4 x 10^11 additions, and beyond 2^53 h none of them moved the time.
TEST(ResponseTimes, ReachBackFromAnEndFarAway) {
  EXPECT_EQ(times({480.0}, 1e13 * 24.0, 24.0), (std::vector<double>{0.0}));
  const double far = times({480.0}, 1e300, 24.0).front();
  EXPECT_GE(far, 0.0);
  EXPECT_LE(far, 24.0);
}

}  // namespace titrant::dose
