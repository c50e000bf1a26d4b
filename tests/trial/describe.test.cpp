#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>

#include "endpoints.hpp"
#include "titrant/trial/summary.hpp"
#include "titrant/trial/synthetic.hpp"

using testing::HasSubstr;
using titrant::tests::control;
using titrant::trial::describe;
using titrant::trial::Subject;
using titrant::trial::summarise;
using titrant::trial::Trial;

namespace {

Trial two_subjects() {
  Trial trial;
  trial.source = "two.csv";
  Subject placebo;
  placebo.covariates = {{"weight", 50.5}, {"comed", 1.0}};
  placebo.concentrations = {{.time = 1, .value = 0.25}};
  Subject active;
  active.dose = 3.0;
  active.doses = {{.time = 0, .amount = 3, .interval = 24, .additional = 20}};
  active.covariates = {{"weight", 70.0}, {"comed", 0.0}};
  active.biomarkers = {{.time = 490, .value = 1.0}};
  trial.subjects = {placebo, active};
  return trial;
}

}  // namespace

TEST(Describe, IsATableWithUnits) {
  EXPECT_EQ(describe(summarise(two_subjects(), {control()})),
            R"(two.csv: 2 subjects, 1 on active treatment and 1 on placebo, 0 to 490 h

  dose (mg)    subjects  doses each  interval (h)  concentrations  biomarker values
  0 (placebo)         1           0             -               1                 0
  3                   1          21            24               0                 1

  observations           count  censored  subjects  time (h)  minimum  median  maximum
  concentration (ng/mL)      1         0         1         1     0.25    0.25     0.25
  biomarker (ng/mL)          1         0         1       490        1       1        1

  covariate    subjects  minimum   mean  maximum  subjects per value
  comed               2        0    0.5        1          0: 1, 1: 1
  weight (kg)         2     50.5  60.25       70      50.5: 1, 70: 1

Success in control: biomarker below 3.3 ng/mL, measured values, 480 to 504 h after the first dose.

  dose (mg)  covariate  value  successes  share (%)
  0                all               0/0          -
                 comed      1        0/0          -
                weight   50.5        0/0          -
  3                all               1/1      100.0
                 comed      0        1/1      100.0
                weight     70        1/1      100.0

1 subject without a value in that time: neither success nor failure.
)");
}

TEST(Describe, NamesTheUnitsOfTheTrial) {
  Trial trial = two_subjects();
  trial.units = {.amount = "ug", .concentration = "mg/L", .biomarker = "% activity"};
  const std::string text = describe(summarise(trial, {control()}));
  EXPECT_THAT(text, HasSubstr("  dose (ug)    subjects"));
  EXPECT_THAT(text, HasSubstr("  concentration (mg/L)"));
  EXPECT_THAT(text, HasSubstr("  biomarker (% activity)"));
  EXPECT_THAT(text, HasSubstr("biomarker below 3.3 % activity, measured values"));
  EXPECT_THAT(text, HasSubstr("  dose (ug)  covariate  value  successes"));
  EXPECT_THAT(text, testing::Not(HasSubstr("ng/mL")));
}

TEST(Describe, NamesLevelsAndEveryEndpointThatLabelsSubjects) {
  Trial trial = two_subjects();
  trial.covariates = {{"comed", "COMED", {{"0", "alone"}, {"1", "with comedication"}}, {}}};
  titrant::protocol::Endpoint high = control();
  high.name = "high";
  high.limits.below.reset();
  high.limits.above = 8.0;
  const std::string text = describe(summarise(trial, {control(), high}));
  EXPECT_THAT(text, HasSubstr("alone: 1, with comedication: 1\n"));
  EXPECT_THAT(text, HasSubstr("comed              alone        1/1      100.0\n"));
  EXPECT_THAT(text, HasSubstr("neither success nor failure.\n\n"
                              "Success in high: biomarker above 8 ng/mL, measured values, 480 to 504 h"));
}

TEST(Describe, EndsWithTheRemarksOfReading) {
  Trial trial = two_subjects();
  trial.remarks = {"Short.",
                   "A longer one that does not fit on a line of a screen of one hundred columns, and so it is "
                   "broken between words."};
  EXPECT_THAT(
      describe(summarise(trial, {control()})),
      HasSubstr("\nReading the data:\n"
                "  - Short.\n"
                "  - A longer one that does not fit on a line of a screen of one hundred columns, and so it is\n"
                "    broken between words.\n"));
}

TEST(Describe, StaysWithinAScreen) {
  std::istringstream text(describe(summarise(titrant::trial::synthetic_trial(1), {control()})));
  for (std::string line; std::getline(text, line);) {
    EXPECT_LE(line.size(), 100U) << line;
    EXPECT_FALSE(line.ends_with(' ')) << line;
  }
}

TEST(Describe, AnEmptyTrialIsDescribedToo) {
  EXPECT_THAT(describe(summarise(Trial{}, {control()})), HasSubstr("0 subjects"));
}
