// Clock times and dates, and how they become hours.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "nonmem_text.hpp"

using titrant::tests::faults_of;
using titrant::tests::plain_format;
using titrant::trial::DateFormat;
using titrant::trial::NonmemFormat;
using titrant::trial::parse_nonmem;
using titrant::trial::TimeUnit;

namespace {

std::vector<double> times_of(const std::string& text, const NonmemFormat& format = plain_format()) {
  std::vector<double> times;
  const auto trial = parse_nonmem(text, "f", format);
  for (const auto& subject : trial.subjects) {
    for (const auto& one : subject.concentrations) times.push_back(one.time);
  }
  return times;
}

}  // namespace

TEST(Clock, ReadsHoursMinutesAndSeconds) {
  EXPECT_EQ(times_of("ID,TIME,DV\n1,0:00,1\n1,08:00:36,1\n1,8:30,1\n1,30:15,1\n"),
            (std::vector<double>{0.0, 8.01, 8.5, 30.25}));
  for (const std::string wrong : {"8:60", "8:5:60", "a:b", "8:", ":5", "8:-5", "8:5:6:7", "-1:00", "24 h"}) {
    EXPECT_NE(faults_of("ID,TIME,DV\n1,0:00,1\n1," + wrong + ",1\n"), "") << wrong;
  }
}

TEST(Clock, ReadsDatesInEveryOrder) {
  // Days from the 1st of January 2024, a leap year.
  const auto days = [](const std::string& date, DateFormat order) {
    NonmemFormat format = plain_format();
    format.date_format = order;
    return times_of("ID,DATE,TIME,DV\n1,2024-1-1,0,1\n1," + date + ",0,1\n", format).at(1) / 24.0;
  };
  EXPECT_EQ(days("2024-03-01", DateFormat::month_day_year), 60.0);
  EXPECT_EQ(days("3/1/2024", DateFormat::month_day_year), 60.0);
  EXPECT_EQ(days("1-3-24", DateFormat::day_month_year), 60.0);
  EXPECT_EQ(days("29.2.2024", DateFormat::day_month_year), 59.0);
  EXPECT_EQ(days("1/1/50", DateFormat::month_day_year), 9497.0) << "2050";
  EXPECT_EQ(times_of("ID,DAT2,TIME,DV\n1,51.12.31,0,1\n1,52/01/01,0,1\n").at(1), 24.0) << "1951";
  EXPECT_EQ(times_of("ID,DAT3,TIME,DV\n1,2024/1/3,0,1\n1,2024/2/3,0,1\n").at(1), 24.0);
  for (const std::string wrong : {"2/30/2024", "13/1/2024", "3/1", "1.5", "yesterday", "", "1/2/3/4", "12345/1/1"}) {
    EXPECT_NE(faults_of("ID,DATE,TIME,DV\n1,1-1-2024,0,1\n1," + wrong + ",0,1\n"), "") << wrong;
  }
}

// NONMEM's help, TIME data item: any clock time makes all times relative to the first record of the subject.
TEST(Clock, ClockTimesAreFromTheFirstRecord) {
  EXPECT_EQ(times_of("ID,TIME,DV\n1,8:00,1\n1,14:45,1\n1,14.75,1\n2,9:30,1\n2,10:00,1\n"),
            (std::vector<double>{0.0, 6.75, 6.75, 0.0, 0.5}));
  EXPECT_EQ(faults_of("ID,TIME,DV\n1,5,1\n2,9:30,1\n2,10:00,1\n"),
            "f:2:1: TIME: this subject begins with 5 where others have clock times or dates; expected these for all");
  EXPECT_EQ(faults_of("ID,TIME,DV\n1,20:00,1\n1,8:00,1\n"),
            "f:3:3: TIME: time goes backwards within subject '1', from 0 to -12 h; expected a date with clock times of "
            "several days (data.columns.date)");
}

// NONMEM's help, DATE data item: 10-1-86 9:15, 10-1-86 14:40 and 10-2-86 8:30 are 0, 5.42 and 23.25 h.
TEST(Clock, DatesCountDays) {
  const std::vector<double> expected = {0.0, 14.0 + 40.0 / 60.0 - 9.25, 23.25};
  const auto compare = [&expected](const std::string& text) {
    const std::vector<double> times = times_of(text);
    ASSERT_EQ(times.size(), expected.size());
    for (std::size_t i = 0; i < times.size(); ++i) EXPECT_NEAR(times[i], expected[i], 1e-12);
  };
  compare("ID,DATE,TIME,DV\n1,10-1-86,9:15,1\n1,10-1-86,14:40,1\n1,10-2-86,8:30,1\n");
  compare("ID,DAT1,TIME,DV\n1,1-10-86,9:15,1\n1,1-10-86,14:40,1\n1,2-10-86,8:30,1\n");
  compare("ID,DAT2,TIME,DV\n1,86-10-1,9:15,1\n1,86-10-1,14:40,1\n1,86-10-2,8:30,1\n");
  compare("ID,DATE,TIME,DV\n1,1986-10-31,9:15,1\n1,1986-10-31,14:40,1\n1,1986-11-01,8:30,1\n");
  compare("ID,TIME,DV\n1,1986-10-31 9:15,1\n1,1986-10-31T14:40:00Z,1\n1,1986-11-01 8:30,1\n");
  EXPECT_EQ(times_of("ID,DATE,TIME,DV\n2,12,8,1\n2,14,10,1\n"), (std::vector<double>{0.0, 50.0}));
}

TEST(Clock, FaultsOfDatesHaveTheirPlace) {
  EXPECT_EQ(
      faults_of("ID,DATE,TIME,DV\n1,31/12/2024,9:15,1\n1,.,9:15,1\n"),
      "f:2:3: DATE: expected a date as month/day/year or year-month-day (see data.date_format), or the number of a "
      "day, found '31/12/2024'\n"
      "f:3:3: DATE: expected a date as month/day/year or year-month-day (see data.date_format), or the number of a "
      "day, found '.'");
  NonmemFormat format = plain_format();
  format.date_format = DateFormat::day_month_year;
  EXPECT_EQ(faults_of("ID,DATE,TIME,DV\n1,31/12/2024,9:15,1\n", format), "");
}

TEST(Clock, DaysBecomeHours) {
  NonmemFormat format = plain_format();
  format.time_unit = TimeUnit::day;
  const auto trial = parse_nonmem("ID,TIME,DV,AMT,ADDL,II\n1,0,.,5,3,1\n1,1.5,2,.,.,.\n", "f", format);
  EXPECT_EQ(trial.subjects.at(0).concentrations.at(0).time, 36.0);
  EXPECT_EQ(trial.subjects.at(0).doses.at(0).interval, 24.0);
  EXPECT_EQ(faults_of("ID,TIME,DV\n1,8:00,2\n", format),
            "f:2:3: TIME: a clock time, '8:00', where data.units.time is day");
  EXPECT_EQ(faults_of("ID,DATE,TIME,DV\n1,3,8,2\n", format),
            "f:2:3: DATE: a date needs times in hours; expected data.units.time: h");
}

TEST(Clock, IntervalsMayBeHoursAndMinutes) {
  const auto trial = parse_nonmem("ID,TIME,DV,AMT,ADDL,II\n1,0,.,5,3,12:30\n1,1,2,.,.,.\n", "f", plain_format());
  EXPECT_EQ(trial.subjects.at(0).doses.at(0).interval, 12.5);
  EXPECT_TRUE(trial.remarks.size() == 1 && trial.remarks[0].starts_with("Oral")) << "times are not clock times";
}
