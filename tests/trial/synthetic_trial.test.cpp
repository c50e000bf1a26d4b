// The embedded trial: the design of the proposal's, and shares of successes from which a dose can be learnt.

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <sstream>
#include <utility>

#include "endpoints.hpp"
#include "same_trial.hpp"
#include "titrant/trial/nonmem.hpp"
#include "titrant/trial/outcome.hpp"
#include "titrant/trial/synthetic.hpp"

using titrant::tests::control;
using titrant::trial::attainment_by_dose;
using titrant::trial::attainment_by_dose_and;
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

TEST(SyntheticTrial, AttainmentRisesFromNoneToNearlyAllWithTheDefaultSeed) {
  const auto strata = attainment_by_dose(synthetic_trial(default_seed), control());
  ASSERT_EQ(strata.size(), 4U);
  for (const auto& one : strata) EXPECT_EQ(one.count, 12);
  EXPECT_EQ(strata[0].successes, 0);
  EXPECT_LE(strata[1].successes, 1);
  EXPECT_GE(strata[2].successes, 5);
  EXPECT_LE(strata[2].successes, 7);
  EXPECT_GE(strata[3].successes, 11);
}

// Pooled over 40 seeds, 240 subjects a stratum, so a share has a standard error of 0.032 at most.
TEST(SyntheticTrial, AttainmentRisesWithDoseAndComedForAllSeeds) {
  std::map<std::pair<double, double>, std::pair<int, int>> pooled;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    for (const auto& one : attainment_by_dose_and("comed", synthetic_trial(seed), control())) {
      auto& [successes, count] = pooled[{one.dose, one.level.value()}];
      successes += one.successes;
      count += one.count;
    }
  }
  const auto attainment = [&pooled](double dose, double comed) {
    const auto& [successes, count] = pooled.at({dose, comed});
    EXPECT_EQ(count, 240);
    return static_cast<double>(successes) / count;
  };
  EXPECT_EQ(attainment(0, 0) + attainment(0, 1), 0.0);
  EXPECT_LT(attainment(1, 0), 0.1);
  EXPECT_LT(attainment(1, 1), 0.15);
  EXPECT_GT(attainment(3, 0), 0.25);
  EXPECT_GT(attainment(3, 1), attainment(3, 0) + 0.1);
  EXPECT_LT(attainment(3, 1), 0.75);
  EXPECT_GT(attainment(10, 0), 0.9);
  EXPECT_GT(attainment(10, 1), 0.95);
}

TEST(SyntheticTrial, IsWrittenAndReadUnchanged) {
  const Trial trial = synthetic_trial(default_seed);
  std::ostringstream out;
  titrant::trial::write_nonmem(out, trial, {});
  titrant::tests::expect_same(titrant::trial::parse_nonmem(out.str(), "f", {}), trial);
}
