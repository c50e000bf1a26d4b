#include "titrant/classifier/split.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "curves.hpp"
#include "titrant/core/error.hpp"

namespace titrant::classifier {
namespace {

using testing::curve_of;

// 36 subjects with 17 successes, as in the trial; `repeats` examples each, the subjects' examples far apart.
LabelledExamples subjects(const Profile& profile, std::size_t count, std::size_t successes, std::size_t repeats = 1) {
  LabelledExamples examples;
  for (std::size_t r = 0; r < repeats; ++r) {
    for (std::size_t subject = 0; subject < count; ++subject) {
      examples.examples.push_back({&profile, 1.0, subject});
      examples.labels.push_back(subject < successes ? 1 : 0);
      examples.group.push_back(1000 - subject);
    }
  }
  return examples;
}

std::set<std::size_t> groups(const LabelledExamples& examples, const std::vector<std::size_t>& places) {
  std::set<std::size_t> found;
  for (const std::size_t place : places) found.insert(examples.group[place]);
  return found;
}

std::ptrdiff_t successes(const LabelledExamples& examples, const std::vector<std::size_t>& places) {
  return std::count_if(places.begin(), places.end(), [&](std::size_t place) { return examples.labels[place] == 1; });
}

class Folds : public ::testing::Test {
 protected:
  Profile profile_ = curve_of({});
};

TEST_F(Folds, HoldEverySubjectOutOnce) {
  const LabelledExamples examples = subjects(profile_, 36, 17, 3);
  const std::vector<Split> splits = stratified_folds(examples, 5, 1, 0);
  ASSERT_EQ(splits.size(), 5U);
  std::vector<int> tested(examples.size(), 0);
  for (const Split& split : splits) {
    EXPECT_EQ(split.train.size() + split.test.size(), examples.size());
    const std::set<std::size_t> train = groups(examples, split.train);
    for (const std::size_t subject : groups(examples, split.test)) EXPECT_FALSE(train.contains(subject));
    for (const std::size_t place : split.test) ++tested[place];
  }
  EXPECT_THAT(tested, ::testing::Each(1));
}

// 17 successes and 19 failures in 5 folds: 3 or 4 of each, 7 or 8 subjects.
TEST_F(Folds, AreStratified) {
  const LabelledExamples examples = subjects(profile_, 36, 17);
  for (const Split& split : stratified_folds(examples, 5, 1, 0)) {
    EXPECT_THAT(successes(examples, split.test), ::testing::AnyOf(3, 4));
    EXPECT_THAT(split.test.size() - static_cast<std::size_t>(successes(examples, split.test)),
                ::testing::AnyOf(3U, 4U));
    EXPECT_THAT(split.test.size(), ::testing::AnyOf(7U, 8U));
  }
}

TEST_F(Folds, DependOnSeedAndReplicateAlone) {
  const LabelledExamples examples = subjects(profile_, 36, 17);
  const auto first_test = [&](std::uint64_t seed, std::uint64_t replicate) {
    return stratified_folds(examples, 5, seed, replicate)[0].test;
  };
  EXPECT_EQ(first_test(1, 0), first_test(1, 0));
  EXPECT_NE(first_test(1, 0), first_test(1, 1));
  EXPECT_NE(first_test(1, 0), first_test(2, 0));
}

TEST_F(Folds, AMixedSubjectCountsWithTheMajority) {
  LabelledExamples examples = subjects(profile_, 10, 5, 3);
  examples.labels[0] = 0;  // one failure beside two successes
  for (const Split& split : stratified_folds(examples, 5, 1, 0)) EXPECT_EQ(groups(examples, split.test).size(), 2U);
}

TEST_F(Folds, SayWhatIsMissing) {
  EXPECT_THROW(stratified_folds(subjects(profile_, 36, 17), 1, 1, 0), ConfigError);
  EXPECT_THROW(stratified_folds(subjects(profile_, 36, 36), 5, 1, 0), DataError);
  EXPECT_THROW(stratified_folds({}, 5, 1, 0), DataError);
  try {
    stratified_folds(subjects(profile_, 36, 3), 5, 1, 0);
    FAIL();
  } catch (const ConfigError& error) {
    EXPECT_THAT(error.what(), ::testing::AllOf(::testing::HasSubstr("only 3"), ::testing::HasSubstr("successes")));
  }
}

// 25 % of 17 and of 19, rounded: 4 and 5.
TEST_F(Folds, SingleSplitKeepsTheShareOfEachOutcome) {
  const LabelledExamples examples = subjects(profile_, 36, 17, 2);
  const Split split = stratified_split(examples, 0.25, 1, 0);
  EXPECT_EQ(successes(examples, split.test), 2 * 4);
  EXPECT_EQ(split.test.size(), 2U * 9U);
  EXPECT_EQ(split.train.size(), 2U * 27U);
  const std::set<std::size_t> train = groups(examples, split.train);
  for (const std::size_t subject : groups(examples, split.test)) EXPECT_FALSE(train.contains(subject));
}

TEST_F(Folds, SingleSplitAlwaysLeavesBothOutcomesOnBothSides) {
  const LabelledExamples examples = subjects(profile_, 12, 2);
  for (const double fraction : {0.01, 0.99}) {
    const Split split = stratified_split(examples, fraction, 1, 0);
    EXPECT_EQ(successes(examples, split.test), 1);
    EXPECT_EQ(successes(examples, split.train), 1);
  }
  EXPECT_THROW(stratified_split(subjects(profile_, 12, 1), 0.25, 1, 0), ConfigError);
  EXPECT_THROW(stratified_split(examples, 0.0, 1, 0), ConfigError);
  EXPECT_THROW(stratified_split(examples, std::nan(""), 1, 0), ConfigError);
}

}  // namespace
}  // namespace titrant::classifier
