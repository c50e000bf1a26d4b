// What is written reads back unchanged.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <sstream>
#include <string>

#include "nonmem_text.hpp"
#include "same_trial.hpp"
#include "titrant/core/stream.hpp"
#include "titrant/trial/regimen.hpp"
#include "titrant/trial/synthetic.hpp"

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using titrant::DataError;
using titrant::core::Purpose;
using titrant::core::Stream;
using titrant::tests::expect_same;
using titrant::tests::plain_format;
using titrant::trial::NonmemFormat;
using titrant::trial::Observation;
using titrant::trial::parse_nonmem;
using titrant::trial::Subject;
using titrant::trial::TimeVarying;
using titrant::trial::Trial;
using titrant::trial::write_nonmem;

namespace {

std::string written(const Trial& trial, const NonmemFormat& format) {
  std::ostringstream out;
  write_nonmem(out, trial, format);
  return out.str();
}

/// A trial of one subject with one concentration.
Trial small_trial() {
  Trial trial;
  Subject& subject = trial.subjects.emplace_back();
  subject.id = std::string("1");
  subject.concentrations.push_back({.time = 1.0, .value = 2.5});
  return trial;
}

/// Below its limit, above its value, or between two, known from either end.
void censor(Observation& value, Stream& stream) {
  const double far = stream.uniform();
  const std::uint64_t kind = stream.below(4);
  if (kind <= 1) value.upper = std::max(value.value, value.limit);
  if (kind == 1) value.lower = -far;
  if (kind >= 2) value.lower = value.value;
  if (kind == 3) value.upper = value.value + far;
}

/// A trial with everything a file can say, and numbers with all their digits.
Trial rich_trial() {
  Stream stream(5, Purpose::test, 0);
  Trial trial;
  for (int i = 0; i < 20; ++i) {
    Subject& subject = trial.subjects.emplace_back();
    subject.id = i == 3 ? "Doe, \"J\"; #3" : i == 4 ? "#4" : i == 5 ? "M\xC3\xBCller" : std::to_string(i);
    subject.covariates = {{"weight", 50.0 + 50.0 * stream.uniform()}, {"comed", i % 2}};
    if (i == 9) subject.covariates.erase("weight");
    double time = 0.0;
    for (int k = 0; k < 6; ++k) {
      time += stream.uniform() * (k % 2);
      const bool dosed = stream.uniform() < 0.5;
      if (dosed) {
        subject.doses.push_back({.time = time,
                                 .amount = stream.uniform() / 3.0,
                                 .interval = 24.0 * stream.uniform(),
                                 .additional = static_cast<int>(stream.below(30)),
                                 .steady_state = stream.uniform() < 0.5,
                                 .superposed = false,
                                 .reset = stream.uniform() < 0.5});
      }
      Observation value{.time = time, .value = stream.normal() * 1e-7, .limit = stream.uniform()};
      value.records_before = subject.doses.size() - (dosed && stream.uniform() < 0.5 ? 1 : 0);
      value.censored = stream.uniform() < 0.5;
      if (value.censored) censor(value, stream);
      subject.concentrations.push_back(value);
      subject.biomarkers.push_back({.time = time, .value = stream.normal() * 1e7});
      subject.biomarkers.back().records_before = subject.doses.size();
    }
    for (std::size_t k = 0; k < subject.doses.size(); k += 2)
      subject.doses[k].superposed = subject.doses[k].steady_state;
    if (i == 7) subject.doses.push_back({.time = time + 1.0, .reset = true});
    if (i == 8) subject.doses.push_back({.time = time + 1.0, .amount = 0.0});
    subject.dose = nominal_regimen(subject, HUGE_VAL).regimen.dose;
  }
  return trial;
}

}  // namespace

TEST(WriteNonmem, ReadsBackUnchanged) {
  const Trial trial = rich_trial();
  expect_same(parse_nonmem(written(trial, {}), "f", {}), trial);
}

TEST(WriteNonmem, ReadsBackUnchangedWithNamesOfTheUser) {
  NonmemFormat format;
  format.id = "Subject no";
  format.time = "t, h";
  format.additional = "more";
  format.rate = "speed";
  format.concentration_dvid = std::string("7");
  format.biomarker_dvid = std::string("-1");
  format.covariates = {{"weight", "weight", {}, {}}, {"comed", "\"co\"", {}, {}}};
  for (const Trial& trial : {rich_trial(), titrant::trial::synthetic_trial(3)}) {
    expect_same(parse_nonmem(written(trial, format), "f", format), trial);
  }
}

TEST(WriteNonmem, WritesTheTextThatItReads) {
  Trial trial = small_trial();
  trial.subjects[0].doses.push_back({.time = 0.0, .amount = 10.0});
  trial.subjects[0].biomarkers.push_back({.time = 1.0, .value = 0.1});
  EXPECT_EQ(written(trial, plain_format()),
            "ID,TIME,DV,AMT,EVID,MDV,CMT,DVID\n"
            "1,0,0,10,1,1,1,0\n"
            "1,1,2.5,0,0,0,2,1\n"
            "1,1,0.1,0,0,0,3,2\n");
}

TEST(WriteNonmem, WritesOptionalColumnsOnlyWhereTheyAreUsed) {
  EXPECT_THAT(written(small_trial(), plain_format()), StartsWith("ID,TIME,DV,AMT,EVID,MDV,CMT,DVID\n"));
  Trial trial = small_trial();
  trial.subjects[0].concentrations[0].censored = true;
  trial.subjects[0].concentrations[0].upper = 2.5;
  EXPECT_THAT(written(trial, plain_format()), StartsWith("ID,TIME,DV,AMT,EVID,MDV,CMT,DVID,CENS\n"));
  trial = small_trial();
  trial.subjects[0].doses.push_back({.time = 0.0, .amount = 1.0, .interval = 24.0, .additional = 2});
  EXPECT_THAT(written(trial, plain_format()), StartsWith("ID,TIME,DV,AMT,EVID,MDV,CMT,DVID,ADDL,II\n"));
  EXPECT_THAT(written(trial, plain_format()), Not(HasSubstr("SS")));
}

TEST(WriteNonmem, EqualDosesAtOneTimeStayTwo) {
  Trial trial = small_trial();
  trial.subjects[0].doses = {{.time = 0.0, .amount = 12.0}, {.time = 0.0, .amount = 4.0}, {.time = 0.0, .amount = 4.0}};
  trial.subjects[0].dose = 20.0;  // what is given at one time counts together
  expect_same(parse_nonmem(written(trial, plain_format()), "f", plain_format()), trial);
}

TEST(WriteNonmem, KeepsCovariatesThatChange) {
  for (const TimeVarying varying : {TimeVarying::forward, TimeVarying::backward}) {
    NonmemFormat format;
    format.time_varying = varying;
    const Trial trial = parse_nonmem(
        "ID,TIME,DV,AMT,EVID,BW,COMED\n"
        "a,0,.,5,1,70,0\na,0,1,.,0,70,0\na,4,.,.,2,71,0\na,4,.,.,2,72,0\na,5,1,.,0,72,1\na,9,1,.,0,73,1\na,12,.,.,2,80,"
        "0\n"
        "b,0,1,.,0,.,1\nb,5,1,.,0,60,1\nb,6,1,.,0,.,0\nb,7,1,.,0,61,0\n",
        "f", format);
    EXPECT_GE(trial.subjects[0].changes.size(), 4U);
    expect_same(parse_nonmem(written(trial, format), "f", format), trial);
  }
}

TEST(WriteNonmem, ReadsBackUnchangedInOtherUnits) {
  NonmemFormat format;
  format.units = {.amount = "ug", .concentration = "mg/L", .biomarker = "%"};
  format.time_unit = titrant::trial::TimeUnit::day;
  format.weight_unit = titrant::trial::WeightUnit::pound;
  const Trial trial = parse_nonmem(
      "ID,TIME,DV,AMT,ADDL,II,BW\na,0,.,5,3,0.7,150.1\na,0.1,1,.,.,.,150.1\na,1.3,1,.,.,.,150.1\na,7.7,1,.,.,.,161.3\n",
      "f", format);
  EXPECT_EQ(trial.units.concentration, "mg/L");
  EXPECT_NEAR(trial.subjects[0].covariates.at("weight"), 68.084214737, 1e-9);
  expect_same(parse_nonmem(written(trial, format), "f", format), trial);
}

TEST(WriteNonmem, ReadsBackUnchangedWithOtherCodes) {
  NonmemFormat format;
  format.depot = std::string("3");
  format.central = std::string("1");
  format.concentration_dvid = std::string("cp");
  format.biomarker_dvid = "pca, %";
  expect_same(parse_nonmem(written(rich_trial(), format), "f", format), rich_trial());
  format.dvid = "";
  format.concentration_cmt = std::string("4");
  format.biomarker_cmt = "effect";
  expect_same(parse_nonmem(written(rich_trial(), format), "f", format), rich_trial());
}

TEST(WriteNonmem, NamesThatLookLikeCommentsAreQuoted) {
  Trial trial = small_trial();
  trial.subjects.push_back(trial.subjects[0]);
  trial.subjects[1].id = "C2";
  expect_same(parse_nonmem(written(trial, plain_format()), "f", plain_format()), trial);
}

TEST(WriteNonmem, LeavesOutColumnsWithoutName) {
  NonmemFormat format = plain_format();
  format.missing = "";
  format.compartment = "";
  format.event = "";
  Trial trial = small_trial();
  trial.subjects[0].doses.push_back({.time = 0.0, .amount = 4.0});
  trial.subjects[0].dose = 4.0;
  EXPECT_THAT(written(trial, format), StartsWith("ID,TIME,DV,AMT,DVID\n"));
  expect_same(parse_nonmem(written(trial, format), "f", format), trial);
}

TEST(WriteNonmem, RefusesWhatTheFormatCannotSay) {
  std::ostringstream out;
  Trial twice = small_trial();
  twice.subjects.push_back(twice.subjects[0]);
  twice.subjects[1].id = "1.0";
  EXPECT_THROW(write_nonmem(out, twice, plain_format()), DataError);
  NonmemFormat format = plain_format();
  format.event = "";
  format.dvid = "";
  Trial reset = small_trial();
  reset.subjects[0].doses.push_back({.time = 0.0, .reset = true});
  EXPECT_THROW(write_nonmem(out, reset, format), DataError);
  Trial biomarker = small_trial();
  biomarker.subjects[0].biomarkers.push_back({.time = 0.0, .value = 1.0});
  EXPECT_THROW(write_nonmem(out, biomarker, format), DataError);
  for (const std::string id : {"", ".", "NA", "a\nb", "\xFF"}) {
    Trial unnamed = small_trial();
    unnamed.subjects[0].id = id;
    EXPECT_THROW(write_nonmem(out, unnamed, plain_format()), DataError);
  }
  EXPECT_EQ(out.str(), "");
}

namespace {

/// Columns for the trial with everything in it: a mark of each subject, and two numbers of each observation.
titrant::trial::FurtherColumns columns_of(const Trial& trial) {
  titrant::trial::FurtherColumns further;
  further.of_subjects = {"GROUP"};
  further.of_observations = {"PRED", "IPRED"};
  for (std::size_t i = 0; i < trial.subjects.size(); ++i) {
    further.subjects.push_back({fmt::format("g{}", i % 2)});
    const auto numbers = [&](const std::vector<Observation>& observations, double first) {
      std::vector<double> values;
      for (std::size_t j = 0; j < observations.size(); ++j) {
        values.push_back(first + static_cast<double>(100 * i + j));
        values.push_back(-values.back());
      }
      return values;
    };
    further.concentrations.push_back(numbers(trial.subjects[i].concentrations, 0.25));
    further.biomarkers.push_back(numbers(trial.subjects[i].biomarkers, 1e6));
  }
  return further;
}

}  // namespace

// Further columns change nothing of what is read; the same file with one of them as the value reads that back.
TEST(WriteNonmem, FurtherColumnsStandBesideTheirObservations) {
  const Trial trial = rich_trial();
  const titrant::trial::FurtherColumns further = columns_of(trial);
  std::ostringstream out;
  write_nonmem(out, trial, NonmemFormat{}, further);
  Trial back = parse_nonmem(out.str(), "f", NonmemFormat{});
  expect_same(back, trial);
  EXPECT_THAT(back.remarks, testing::Contains("Not read: GROUP, PRED, IPRED."));

  NonmemFormat of_column;
  of_column.value = "IPRED";
  of_column.censored = of_column.interval_limit = of_column.limit = "";
  back = parse_nonmem(out.str(), "f", of_column);
  ASSERT_EQ(back.subjects.size(), trial.subjects.size());
  for (std::size_t i = 0; i < back.subjects.size(); ++i) {
    ASSERT_EQ(back.subjects[i].concentrations.size(), trial.subjects[i].concentrations.size());
    for (std::size_t j = 0; j < back.subjects[i].concentrations.size(); ++j) {
      EXPECT_EQ(back.subjects[i].concentrations[j].value, further.concentrations[i][2 * j + 1]);
    }
    for (std::size_t j = 0; j < back.subjects[i].biomarkers.size(); ++j) {
      EXPECT_EQ(back.subjects[i].biomarkers[j].value, further.biomarkers[i][2 * j + 1]);
    }
  }
  NonmemFormat by_group;
  by_group.where = {"GROUP == g1"};
  EXPECT_EQ(parse_nonmem(out.str(), "f", by_group).subjects.size(), trial.subjects.size() / 2);
}

TEST(WriteNonmem, RefusesAFurtherColumnOfAnotherName) {
  titrant::trial::FurtherColumns further;
  further.of_subjects = {"dv"};
  further.subjects = {{"x"}};
  std::ostringstream out;
  EXPECT_THROW(write_nonmem(out, small_trial(), plain_format(), further), DataError);
  further.of_subjects = {"REP"};
  further.of_observations = {"REP"};
  further.concentrations = {{1.0}};
  further.biomarkers = {{}};
  EXPECT_THROW(write_nonmem(out, small_trial(), plain_format(), further), DataError);
  EXPECT_EQ(out.str(), "");
}
