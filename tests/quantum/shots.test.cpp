#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "titrant/quantum/evaluator.hpp"

using titrant::quantum::sample_ones;
using titrant::quantum::Shots;

// Chi-square of the counts of 8 shots over 20,000 units; 26.1 has probability 0.001 with 8 degrees of freedom.
TEST(Shots, CountsAreBinomial) {
  Shots shots;
  shots.count = 8;
  shots.seed = 3;
  const double p = 0.4;
  const int repeats = 20000;
  std::vector<double> counts(9, 0.0);
  for (int unit = 0; unit < repeats; ++unit) counts.at(sample_ones(p, shots, static_cast<std::uint64_t>(unit))) += 1.0;
  double chi_square = 0.0;
  double choose = 1.0;
  for (int k = 0; k <= 8; ++k) {
    const double expected = repeats * choose * std::pow(p, k) * std::pow(1.0 - p, 8 - k);
    const double difference = counts[static_cast<std::size_t>(k)] - expected;
    chi_square += difference * difference / expected;
    choose = choose * (8 - k) / (k + 1);
  }
  EXPECT_LT(chi_square, 26.1);
}

TEST(Shots, DependOnSeedUnitAndCircuit) {
  Shots shots;
  shots.count = 1000000;
  Shots other = shots;
  other.seed = 1;
  EXPECT_EQ(sample_ones(0.5, shots, 4, 2), sample_ones(0.5, shots, 4, 2));
  EXPECT_NE(sample_ones(0.5, shots, 4, 2), sample_ones(0.5, shots, 4, 3));
  EXPECT_NE(sample_ones(0.5, shots, 4, 2), sample_ones(0.5, shots, 5, 2));
  EXPECT_NE(sample_ones(0.5, shots, 4, 2), sample_ones(0.5, other, 4, 2));
}

TEST(Shots, CertainOutcomesAreCertain) {
  const Shots shots;
  EXPECT_EQ(sample_ones(0.0, shots, 0), 0U);
  EXPECT_EQ(sample_ones(1.0 + 1e-16, shots, 0), shots.count);
  EXPECT_EQ(sample_ones(-1e-17, shots, 0), 0U);
}
