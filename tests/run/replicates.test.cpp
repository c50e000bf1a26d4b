#include "../../src/run/stages/replicates.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "titrant/trial/synthetic.hpp"

namespace titrant::run {

// A sample without any absorbed dose would have another model than the trial.
TEST(Resample, HasDosesByAllRoutes) {
  trial::Trial trial;
  for (int i = 0; i < 20; ++i) {
    trial::Subject& subject = trial.subjects.emplace_back();
    subject.id = std::to_string(i);
    subject.dose = 10.0;
    subject.doses = {{.amount = 10.0, .into = i == 0 ? pkpd::DoseInto::depot : pkpd::DoseInto::central}};
  }
  for (std::uint64_t replicate = 0; replicate < 20; ++replicate) {
    const trial::Trial sample = resample(trial, 1, replicate);
    int absorbed = 0;
    for (const trial::Subject& subject : sample.subjects) {
      absorbed += subject.doses.front().into == pkpd::DoseInto::depot ? 1 : 0;
    }
    EXPECT_EQ(absorbed, 1);
  }
}

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
