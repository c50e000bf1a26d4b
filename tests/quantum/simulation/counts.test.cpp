#include "titrant/quantum/simulation/counts.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "titrant/core/error.hpp"

namespace titrant::quantum {
namespace {

core::Stream stream(std::uint64_t unit) { return {5, core::Purpose::test, unit}; }

TEST(Counts, AddUpAndFollowTheProbabilities) {
  const std::vector<Outcome> outcomes = {{0, 0.5}, {3, 0.2}, {5, 1e-12}, {6, 0.3 - 1e-12}};
  constexpr std::uint64_t shots = 1000000;
  core::Stream random = stream(1);
  std::map<std::uint64_t, std::uint64_t> found;
  std::uint64_t total = 0;
  for (const Count& count : sample_counts(outcomes, shots, random)) {
    found[count.bits] = count.count;
    total += count.count;
  }
  EXPECT_EQ(total, shots);
  for (const Outcome& outcome : outcomes) {
    const double expected = outcome.probability * shots;
    EXPECT_NEAR(static_cast<double>(found[outcome.bits]), expected, 5.0 * std::sqrt(expected) + 1.0);
  }
}

// Of a multinomial draw, two counts have covariance -n p q.
TEST(Counts, HaveTheCovarianceOfAMultinomial) {
  const std::vector<Outcome> outcomes = {{0, 0.3}, {1, 0.45}, {2, 0.25}};
  constexpr int repeats = 4000;
  double product = 0.0;
  for (int k = 0; k < repeats; ++k) {
    core::Stream random = stream(100 + static_cast<std::uint64_t>(k));
    double first = 0.0;
    double second = 0.0;
    for (const Count& count : sample_counts(outcomes, 100, random)) {
      if (count.bits == 0) first = static_cast<double>(count.count) - 30.0;
      if (count.bits == 1) second = static_cast<double>(count.count) - 45.0;
    }
    product += first * second / repeats;
  }
  EXPECT_NEAR(product, -100 * 0.3 * 0.45, 5.0 * std::sqrt(21.0 * 24.75 * 1.4 / repeats));
}

TEST(Counts, NothingFromNothing) {
  core::Stream random = stream(2);
  EXPECT_TRUE(sample_counts({}, 10, random).empty());
  EXPECT_TRUE(sample_counts(std::vector<Outcome>{{1, 1.0}}, 0, random).empty());
  EXPECT_THROW(sample_counts(std::vector<Outcome>{{1, 1.0}}, std::uint64_t{1} << 33U, random), ConfigError);
}

}  // namespace
}  // namespace titrant::quantum
