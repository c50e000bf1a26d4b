#include "../../src/run/stages/examples.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <type_traits>
#include <utility>

#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"
#include "titrant/trial/synthetic.hpp"

namespace titrant::run {

namespace {

/// Six subjects on 1 mg daily who fail and six on 10 mg who succeed; the last has no value in the window.
trial::Trial small_trial() {
  trial::Trial trial;
  for (int i = 0; i < 12; ++i) {
    trial::Subject subject;
    subject.id = std::to_string(i + 1);
    subject.covariates = {{"weight", 60.0 + i}, {"comed", i % 2}};
    subject.dose = i < 6 ? 1.0 : 10.0;
    subject.doses = pkpd::course({subject.dose, 24.0}, 21);
    if (i < 11) subject.biomarkers = {{490.0, i < 6 ? 5.0 : 2.0, false, 0.0}};
    trial.subjects.push_back(subject);
  }
  return trial;
}

nlme::PopulationFit simple_fit() {
  nlme::PopulationFit fit;
  fit.model.structure = pkpd::Structure::one_compartment;
  fit.model.parameters = {{"absorption_rate", 1.0, 0.0, {}}, {"clearance", 40.0, 0.3, {}}, {"volume", 400.0, 0.0, {}}};
  fit.subjects = {1};
  fit.etas = {{std::log(2.0)}};
  return fit;
}

/// Values in the last day below 3.3.
protocol::Endpoint control() { return trial::default_protocol().endpoints.front(); }

TrialExamples examples_of(const trial::Trial& trial) {
  return trial_examples({}, trial, simple_fit(), control(), {{.name = "comed"}});
}

}  // namespace

TEST(TrialExamples, UseEachSubjectsOwnParameters) {
  const TrialExamples examples = examples_of(small_trial());
  ASSERT_EQ(examples.labelled.size(), 11U);
  EXPECT_EQ(examples.without_label, 1U);
  EXPECT_EQ(examples.labelled.labels, (std::vector<int>{0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1}));
  // Cavg per mg = 1000 / (CL x 24), reached in three weeks; the second subject clears twice as fast as the others.
  EXPECT_NEAR(examples.profiles[0].per_mg.average, 1000.0 / (40.0 * 24.0), 1e-9);
  EXPECT_NEAR(examples.profiles[1].per_mg.average, 1000.0 / (80.0 * 24.0), 1e-9);
  EXPECT_EQ(examples.labelled.examples[6].dose, 10.0);
  EXPECT_EQ(examples.labelled.group[6], 6U);
}

// What a subject was given after, or not at all, or by another way of writing it down, is no part of its exposure; what
// it was given otherwise is.
TEST(TrialExamples, ShowTheExposureOfTheSubjectsOwnRecords) {
  const TrialExamples plain = examples_of(small_trial());
  const auto expect_same = [&](const trial::Trial& trial) {
    const TrialExamples examples = examples_of(trial);
    for (const std::size_t k : {2U, 7U}) {
      EXPECT_EQ(examples.labelled.examples[k].dose, plain.labelled.examples[k].dose);
      EXPECT_EQ(examples.profiles[k].course.interval, 24.0);
      EXPECT_EQ(examples.profiles[k].curve.size(), 64U);
      for (std::size_t i = 0; i < 64; ++i) {
        EXPECT_NEAR(examples.profiles[k].curve[i] / plain.profiles[k].curve[i], 1.0, 1e-12);
      }
      EXPECT_NEAR(examples.profiles[k].per_mg.average / plain.profiles[k].per_mg.average, 1.0, 1e-12);
      EXPECT_NEAR(examples.profiles[k].per_mg.maximum / plain.profiles[k].per_mg.maximum, 1.0, 1e-12);
    }
  };
  trial::Trial trial = small_trial();
  for (trial::Subject& subject : trial.subjects) {
    subject.doses.insert(subject.doses.begin(), {.time = -1.0, .reset = true});
    for (int day = 0; day < 20; ++day) subject.doses.push_back({.time = 24.0 * day + 12.0});  // amount 0
    subject.doses.push_back({.time = 505.0, .amount = 77.0});
  }
  expect_same(trial);
  trial = small_trial();
  for (trial::Subject& subject : trial.subjects) {
    subject.doses = {{.amount = subject.dose, .interval = 24.0, .additional = 20}};
  }
  expect_same(trial);

  // The last dose ten hours late: the window sees it late, and nothing else changes.
  trial = small_trial();
  trial.subjects[7].doses.back().time += 10.0;
  const TrialExamples late = examples_of(trial);
  EXPECT_EQ(late.labelled.examples[7].dose, 10.0);
  EXPECT_EQ(late.profiles[7].course.interval, 24.0);
  EXPECT_LT(late.profiles[7].per_mg.average, 0.9 * plain.profiles[7].per_mg.average);
  EXPECT_LT(late.profiles[7].curve[20], 0.5 * plain.profiles[7].curve[20]);
  // Twice the dose on the last day: the exposure of the window in full, over the nominal dose.
  trial = small_trial();
  trial.subjects[7].doses.back().amount = 20.0;
  const TrialExamples doubled = examples_of(trial);
  EXPECT_EQ(doubled.labelled.examples[7].dose, 10.0);
  EXPECT_GT(doubled.profiles[7].per_mg.average, 1.6 * plain.profiles[7].per_mg.average);
}

TEST(TrialExamples, ClockTimesMoveTheExposureALittle) {
  const TrialExamples plain = examples_of(small_trial());
  trial::Trial trial = small_trial();
  for (trial::Subject& subject : trial.subjects) {
    for (std::size_t i = 1; i < subject.doses.size(); ++i) subject.doses[i].time += i % 2 == 0 ? 1.5 : -1.5;
  }
  const TrialExamples clock = examples_of(trial);
  for (std::size_t k = 0; k < plain.profiles.size(); ++k) {
    EXPECT_NEAR(clock.profiles[k].per_mg.average / plain.profiles[k].per_mg.average, 1.0, 0.12);
    EXPECT_EQ(clock.labelled.examples[k].dose, plain.labelled.examples[k].dose);
  }
}

TEST(TrialExamples, SayWhyATrialTeachesNothing) {
  trial::Trial failures = small_trial();
  for (auto& subject : failures.subjects) {
    for (auto& value : subject.biomarkers) value.value = 9.0;
  }
  const TrialExamples all_fail = examples_of(failures);
  EXPECT_NE(all_fail.fault.find("all 11 subjects with an outcome fail in endpoint control; see its limits"),
            std::string::npos)
      << all_fail.fault;
  EXPECT_THROW(require_outcomes(all_fail), DataError);
  trial::Trial unrecorded = small_trial();
  unrecorded.subjects[3].covariates.erase("comed");
  EXPECT_NE(examples_of(unrecorded).fault.find("has no value of the covariate comed"), std::string::npos);
  EXPECT_EQ(examples_of(small_trial()).fault, "");
  trial::Trial placebo = small_trial();
  for (auto& subject : placebo.subjects) subject.dose = 0.0;
  EXPECT_NE(examples_of(placebo).fault.find("no active subject"), std::string::npos);
}

TEST(BootstrapSample, KeepsTheDoseGroupsAndBothOutcomes) {
  const TrialExamples examples = examples_of(small_trial());
  std::map<std::size_t, int> drawn;
  for (std::size_t replicate = 0; replicate < 200; ++replicate) {
    const auto sample = bootstrap_sample(examples.labelled, 5, replicate);
    ASSERT_EQ(sample.size(), 11U);
    int low = 0;
    for (const std::size_t i : sample) {
      low += examples.labelled.examples[i].dose == 1.0 ? 1 : 0;
      ++drawn[i];
    }
    EXPECT_EQ(low, 6);
  }
  EXPECT_EQ(drawn.size(), 11U);
  EXPECT_NE(bootstrap_sample(examples.labelled, 5, 0), bootstrap_sample(examples.labelled, 5, 1));
}

// Drawn for ever once.
TEST(BootstrapSample, OfOneOutcomeIsRefused) {
  classifier::LabelledExamples examples = trial_labels({}, small_trial(), control());
  for (int& label : examples.labels) label = 1;
  EXPECT_THROW(bootstrap_sample(examples, 5, 0), DataError);
}

// A sample with one outcome only is drawn again from another stream, and not from that of the metrics' intervals.
TEST(BootstrapSample, IsDrawnAgainFromStreamsOfItsOwn) {
  classifier::LabelledExamples examples;
  for (std::size_t i = 0; i < 2; ++i) {
    examples.examples.push_back({nullptr, 1.0, i});
    examples.labels.push_back(static_cast<int>(i));
    examples.group.push_back(i);
  }
  const auto drawn = [&](std::size_t replicate, std::uint32_t sub_unit) {
    core::Stream stream(5, core::Purpose::bootstrap, replicate, sub_unit);
    const std::size_t first = stream.below(2);
    return std::vector<std::size_t>{first, stream.below(2)};
  };
  std::size_t again = 0;
  for (std::size_t replicate = 0; replicate < 50; ++replicate) {
    std::uint32_t attempt = 0;
    std::vector<std::size_t> expected = drawn(replicate, 0);
    while (expected[0] == expected[1] && attempt < 100) expected = drawn(replicate, ++attempt + 1);
    if (attempt > 0) ++again;
    EXPECT_EQ(bootstrap_sample(examples, 5, replicate), expected);
  }
  EXPECT_GT(again, 10U);
}

TEST(TrialLabels, AreThoseOfTheExamples) {
  const classifier::LabelledExamples labels = trial_labels({}, small_trial(), control());
  const TrialExamples examples = examples_of(small_trial());
  EXPECT_EQ(labels.labels, examples.labelled.labels);
  EXPECT_EQ(labels.group, examples.labelled.group);
}

// The examples point into the profiles: a copy would point into the original.
TEST(TrialExamples, AreMovedAndNeverCopied) {
  static_assert(!std::is_copy_constructible_v<TrialExamples> && !std::is_copy_assignable_v<TrialExamples>);
  TrialExamples examples = examples_of(small_trial());
  const TrialExamples moved = std::move(examples);
  for (const classifier::Example& one : moved.labelled.examples) {
    EXPECT_GE(one.profile, moved.profiles.data());
    EXPECT_LT(one.profile, moved.profiles.data() + moved.profiles.size());
  }
}

}  // namespace titrant::run
