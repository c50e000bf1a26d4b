// The Phase 1 trial of the proposal: sizes and observed shares of successes as its section 3 gives them.

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <sstream>

#include "endpoints.hpp"
#include "real_data.hpp"
#include "same_trial.hpp"
#include "titrant/trial/nonmem.hpp"
#include "titrant/trial/outcome.hpp"
#include "titrant/trial/summary.hpp"

using titrant::tests::control;
using titrant::trial::NonmemFormat;
using titrant::trial::Trial;

namespace {

class RealTrial : public testing::Test {
 protected:
  void SetUp() override {
    const auto file = titrant::tests::real_data("estdata/EstData.csv");
    if (!std::filesystem::exists(file)) GTEST_SKIP() << file << " is not there";
    trial = titrant::trial::read_nonmem(file, NonmemFormat{});
  }

  Trial trial;
};

}  // namespace

TEST_F(RealTrial, HasItsSizes) {
  const auto summary = titrant::trial::summarise(trial, {});
  EXPECT_EQ(summary.subjects, 48);
  EXPECT_EQ(summary.active, 36);
  EXPECT_EQ(summary.concentrations.count, 864);
  EXPECT_EQ(summary.biomarkers.count, 1200);
  EXPECT_EQ(summary.concentrations.censored + summary.biomarkers.censored, 0);
  EXPECT_EQ(summary.last_time, 1176.0);
  for (const auto& subject : trial.subjects) EXPECT_EQ(subject.doses.size(), subject.active() ? 21U : 0U);
}

TEST_F(RealTrial, HasThePublishedAttainment) {
  const auto by_dose = titrant::trial::attainment_by_dose(trial, control());
  const std::array<std::array<int, 3>, 4> published = {{{0, 0, 12}, {1, 0, 12}, {3, 6, 12}, {10, 11, 12}}};
  ASSERT_EQ(by_dose.size(), published.size());
  for (std::size_t i = 0; i < published.size(); ++i) {
    EXPECT_EQ(by_dose[i].dose, published.at(i)[0]);
    EXPECT_EQ(by_dose[i].successes, published.at(i)[1]);
    EXPECT_EQ(by_dose[i].count, published.at(i)[2]);
  }
}

TEST_F(RealTrial, HasThePublishedAttainmentByComed) {
  const auto strata = titrant::trial::attainment_by_dose_and("comed", trial, control());
  const std::array<std::array<int, 4>, 6> published = {
      {{1, 0, 0, 6}, {1, 1, 0, 6}, {3, 0, 2, 6}, {3, 1, 4, 6}, {10, 0, 6, 7}, {10, 1, 5, 5}}};
  ASSERT_EQ(strata.size(), published.size() + 2);  // and placebo
  for (std::size_t i = 0; i < published.size(); ++i) {
    EXPECT_EQ(strata[i + 2].dose, published.at(i)[0]);
    EXPECT_EQ(strata[i + 2].level, published.at(i)[1]);
    EXPECT_EQ(strata[i + 2].successes, published.at(i)[2]);
    EXPECT_EQ(strata[i + 2].count, published.at(i)[3]);
  }
}

TEST_F(RealTrial, IsWrittenAndReadUnchanged) {
  std::ostringstream out;
  titrant::trial::write_nonmem(out, trial, {});
  titrant::tests::expect_same(titrant::trial::parse_nonmem(out.str(), "f", {}), trial);
}

// The example of Wang (2007): ten subjects, each measured twice; columns ID, Time and Y alone.
TEST(Wang2007, HasItsTenSubjects) {
  const auto file = titrant::tests::real_data("wang2007/Wang2007.csv");
  if (!std::filesystem::exists(file)) GTEST_SKIP() << file << " is not there";
  NonmemFormat format;
  format.value = "Y";
  format.covariates.clear();
  const Trial trial = titrant::trial::read_nonmem(file, format);
  ASSERT_EQ(trial.subjects.size(), 10U);
  for (const auto& subject : trial.subjects) EXPECT_EQ(subject.concentrations.size(), 2U);
  EXPECT_EQ(trial.subjects[1].concentrations[1].value, 6.454);
}
