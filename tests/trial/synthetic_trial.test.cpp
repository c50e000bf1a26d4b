// The embedded trial: the design of the proposal's, and pass rates from which a dose can be learnt.

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <sstream>
#include <utility>

#include "same_trial.hpp"
#include "titrant/trial/nonmem.hpp"
#include "titrant/trial/synthetic.hpp"

using titrant::trial::pass_rates_by_dose;
using titrant::trial::pass_rates_by_dose_and_comed;
using titrant::trial::synthetic_trial;
using titrant::trial::Trial;

namespace {

constexpr std::uint64_t default_seed = 20250929;

}  // namespace

TEST(SyntheticTrial, HasTheSizesOfTheRealOne) {
  const Trial trial = synthetic_trial(default_seed);
  EXPECT_EQ(trial.source, "synthetic");
  std::map<double, int> subjects;
  std::size_t concentrations = 0;
  std::size_t biomarkers = 0;
  for (const auto& subject : trial.subjects) {
    ++subjects[subject.dose];
    concentrations += subject.concentrations.size();
    biomarkers += subject.biomarkers.size();
  }
  EXPECT_EQ(subjects, (std::map<double, int>{{0.0, 12}, {1.0, 12}, {3.0, 12}, {10.0, 12}}));
  EXPECT_EQ(concentrations, 864U);
  EXPECT_EQ(biomarkers, 1200U);
}

TEST(SyntheticTrial, PassRatesRiseFromNoneToNearlyAllWithTheDefaultSeed) {
  const auto rates = pass_rates_by_dose(synthetic_trial(default_seed), {});
  ASSERT_EQ(rates.size(), 4U);
  for (const auto& rate : rates) EXPECT_EQ(rate.count, 12);
  EXPECT_EQ(rates[0].successes, 0);
  EXPECT_LE(rates[1].successes, 1);
  EXPECT_GE(rates[2].successes, 5);
  EXPECT_LE(rates[2].successes, 7);
  EXPECT_GE(rates[3].successes, 11);
}

// Pooled over 40 seeds, 240 subjects a stratum, so a rate has a standard error of 0.032 at most.
TEST(SyntheticTrial, PassRatesRiseWithDoseAndComedForAllSeeds) {
  std::map<std::pair<double, int>, std::pair<int, int>> pooled;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    for (const auto& rate : pass_rates_by_dose_and_comed(synthetic_trial(seed), {})) {
      auto& [successes, count] = pooled[{rate.dose, rate.comed.value()}];
      successes += rate.successes;
      count += rate.count;
    }
  }
  const auto pass_rate = [&pooled](double dose, int comed) {
    const auto& [successes, count] = pooled.at({dose, comed});
    EXPECT_EQ(count, 240);
    return static_cast<double>(successes) / count;
  };
  EXPECT_EQ(pass_rate(0, 0) + pass_rate(0, 1), 0.0);
  EXPECT_LT(pass_rate(1, 0), 0.1);
  EXPECT_LT(pass_rate(1, 1), 0.15);
  EXPECT_GT(pass_rate(3, 0), 0.25);
  EXPECT_GT(pass_rate(3, 1), pass_rate(3, 0) + 0.1);
  EXPECT_LT(pass_rate(3, 1), 0.75);
  EXPECT_GT(pass_rate(10, 0), 0.9);
  EXPECT_GT(pass_rate(10, 1), 0.95);
}

TEST(SyntheticTrial, IsWrittenAndReadUnchanged) {
  const Trial trial = synthetic_trial(default_seed);
  std::ostringstream out;
  titrant::trial::write_nonmem(out, trial, {});
  titrant::tests::expect_same(titrant::trial::parse_nonmem(out.str(), "f", {}), trial);
}
