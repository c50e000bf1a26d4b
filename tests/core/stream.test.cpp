#include "titrant/core/stream.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <vector>

using titrant::core::Purpose;
using titrant::core::Stream;

TEST(Stream, DependsOnItsFourKeysAlone) {
  Stream first(1, Purpose::test, 7, 3);
  Stream again(1, Purpose::test, 7, 3);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(first(), again());
}

TEST(Stream, DiffersInEachKey) {
  std::set<std::uint32_t> starts;
  starts.insert(Stream(1, Purpose::test, 7, 3)());
  starts.insert(Stream(2, Purpose::test, 7, 3)());
  starts.insert(Stream(1, Purpose::cohort, 7, 3)());
  starts.insert(Stream(1, Purpose::test, 8, 3)());
  starts.insert(Stream(1, Purpose::test, 7 + (1ULL << 32U), 3)());
  starts.insert(Stream(1, Purpose::test, 7, 4)());
  EXPECT_EQ(starts.size(), 6U);
}

// Four standard errors of the moments of 200,000 draws.
TEST(Stream, NormalHasItsMoments) {
  Stream stream(5, Purpose::test, 0);
  const int count = 200000;
  double sum = 0.0;
  double squares = 0.0;
  double fourth = 0.0;
  for (int i = 0; i < count; ++i) {
    const double z = stream.normal();
    sum += z;
    squares += z * z;
    fourth += z * z * z * z;
  }
  EXPECT_NEAR(sum / count, 0.0, 4.0 / std::sqrt(count));
  EXPECT_NEAR(squares / count, 1.0, 4.0 * std::sqrt(2.0 / count));
  EXPECT_NEAR(fourth / count, 3.0, 4.0 * std::sqrt(96.0 / count));
}

// Chi-square with 10 degrees of freedom: 29.6 has probability 0.001.
TEST(Stream, BinomialHasItsDistribution) {
  const std::vector<double> expected = {0.0282, 0.1211, 0.2335, 0.2668, 0.2001, 0.1029,
                                        0.0368, 0.0090, 0.0014, 0.0001, 0.0};
  std::vector<int> counts(11, 0);
  const int repeats = 50000;
  for (int i = 0; i < repeats; ++i)
    ++counts.at(Stream(9, Purpose::test, static_cast<std::uint64_t>(i)).binomial(10, 0.3));
  double chi_square = 0.0;
  for (std::size_t k = 0; k < 9; ++k) {
    const double mean = expected[k] * repeats;
    chi_square += (counts[k] - mean) * (counts[k] - mean) / mean;
  }
  EXPECT_LT(chi_square, 29.6);
}

// Test vectors of draft-eastlake-fnv-17, appendix C: they are part of reproducibility.
TEST(NameKey, IsFnv1a) {
  EXPECT_EQ(titrant::core::name_key(""), 0x811c9dc5U);
  EXPECT_EQ(titrant::core::name_key("a"), 0xe40c292cU);
  EXPECT_EQ(titrant::core::name_key("foobar"), 0xbf9cf968U);
}

TEST(Stream, BinomialOfCertainEvents) {
  Stream stream(1, Purpose::test, 0);
  EXPECT_EQ(stream.binomial(1024, 0.0), 0U);
  EXPECT_EQ(stream.binomial(1024, 1.0), 1024U);
}

TEST(Stream, BelowIsUniform) {
  Stream stream(3, Purpose::test, 0);
  std::vector<int> counts(7, 0);
  for (int i = 0; i < 70000; ++i) ++counts.at(stream.below(7));
  double chi_square = 0.0;
  for (const int count : counts) chi_square += (count - 1e4) * (count - 1e4) / 1e4;
  EXPECT_LT(chi_square, 22.5);  // 6 degrees of freedom, probability 0.001
}
