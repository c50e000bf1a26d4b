#include "../../src/run/stages/replicates.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "titrant/trial/synthetic.hpp"

namespace titrant::run {

TEST(Resample, KeepsTheSizeOfEveryDoseGroup) {
  const trial::Trial trial = trial::synthetic_trial(7);
  const trial::Trial sample = resample(trial, 3, 0);
  std::map<double, int> before;
  std::map<double, int> after;
  for (const trial::Subject& subject : trial.subjects) ++before[subject.dose];
  for (const trial::Subject& subject : sample.subjects) ++after[subject.dose];
  EXPECT_EQ(before, after);
  std::set<std::string> ids;
  for (const trial::Subject& subject : sample.subjects) ids.insert(subject.id);
  EXPECT_EQ(ids.size(), sample.subjects.size());  // drawn twice is two subjects
}

TEST(Resample, DependsOnSeedAndReplicateAlone) {
  const trial::Trial trial = trial::synthetic_trial(7);
  const auto ids = [&](std::uint64_t seed, std::size_t replicate) {
    std::vector<std::string> all;
    for (const trial::Subject& subject : resample(trial, seed, replicate).subjects) all.push_back(subject.id);
    return all;
  };
  EXPECT_EQ(ids(3, 1), ids(3, 1));
  EXPECT_NE(ids(3, 1), ids(3, 2));
  EXPECT_NE(ids(3, 1), ids(4, 1));
}

}  // namespace titrant::run
