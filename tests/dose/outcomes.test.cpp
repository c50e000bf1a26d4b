#include "titrant/dose/critical_dose.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"

namespace titrant::dose {

namespace {

using pkpd::BiomarkerStructure;

constexpr double infinity = std::numeric_limits<double>::infinity();

Criterion criterion_of(Label label, Window window, double threshold = 3.3) {
  Criterion criterion;
  criterion.label = label;
  criterion.window = window;
  criterion.threshold = threshold;
  if (label == Label::measured) criterion.sampling = {480.0, 482.0, 488.0, 496.0, 504.0};
  return criterion;
}

std::vector<Criterion> all_criteria(double threshold) {
  return {criterion_of(Label::latent, Window::steady_state, threshold),
          criterion_of(Label::measured, Window::steady_state, threshold),
          criterion_of(Label::latent, Window::day_21, threshold),
          criterion_of(Label::measured, Window::day_21, threshold)};
}

/// A person of widely varying kinetics and response.
VirtualSubject random_person(BiomarkerStructure structure, core::Stream& stream) {
  const auto about = [&](double typical, double spread) { return typical * std::exp(spread * stream.normal()); };
  VirtualSubject person;
  person.individual.structure = pkpd::Structure::two_compartment;
  person.individual.absorption_rate = about(0.8, 0.5);
  person.individual.clearance = about(40.0, 0.5);
  person.individual.volume = about(800.0, 0.5);
  person.individual.intercompartmental_clearance = about(50.0, 0.5);
  person.individual.peripheral_volume = about(2500.0, 0.5);
  const bool inhibits = pkpd::inhibits(structure);
  person.biomarker = {structure,         about(10.0, 0.3),
                      about(0.015, 0.5), inhibits ? stream.uniform(0.7, 1.0) : about(6.0, 0.5),
                      about(1.0, 0.7),   stream.uniform() < 0.5 ? 1.0 : stream.uniform(0.5, 4.0),
                      about(0.05, 0.7)};
  person.error = {0.3, 0.15};
  for (int j = 0; j < 5; ++j) person.errors.push_back(stream.normal());
  return person;
}

/// A threshold that divides the doses of most people.
double threshold_for(BiomarkerStructure structure) { return pkpd::lowers(structure) ? 3.3 : 25.0; }

}  // namespace

class CriticalDose : public testing::TestWithParam<BiomarkerStructure> {};

// `passes` evaluates the definition at each dose. On a dense grid of 300 doses over 10 decades its answers must be
// those of the critical dose, and must change within 2e-8 of it.
TEST_P(CriticalDose, IsWhereTheOutcomeChanges) {
  core::Stream stream(3, core::Purpose::test, 1);
  const std::vector<Criterion> criteria = all_criteria(threshold_for(GetParam()));
  std::size_t inside = 0;
  for (int n = 0; n < 24; ++n) {
    const VirtualSubject person = random_person(GetParam(), stream);
    const Questions questions(n % 2 == 0 ? 24.0 : 168.0, criteria);
    const Outcomes outcomes(person, questions);
    for (std::size_t k = 0; k < criteria.size(); ++k) {
      const double critical = outcomes.critical_dose(k);
      for (int i = 0; i < 300; ++i) {
        const double dose = 1e-4 * std::pow(10.0, i / 30.0);
        EXPECT_EQ(outcomes.passes(k, dose), succeeds(person, critical, dose)) << criteria[k].name() << " " << dose;
      }
      EXPECT_EQ(outcomes.passes(k, 0.0), succeeds(person, critical, 0.0));
      if (critical == 0.0 || critical == infinity) continue;
      ++inside;
      EXPECT_NE(outcomes.passes(k, critical * (1.0 - 2e-8)), outcomes.passes(k, critical * (1.0 + 2e-8)));
    }
  }
  EXPECT_GT(inside, 20U);  // of 96: most people have a critical dose
}

INSTANTIATE_TEST_SUITE_P(Structures, CriticalDose, testing::ValuesIn(pkpd::all_biomarker_structures),
                         [](const auto& structure) { return std::string(pkpd::name(structure.param)); });

// A direct effect at the lowest C of the interval: R(t) < threshold everywhere means C(t) > c50 (u / (1 - u))^(1 /
// hill) everywhere, u = (1 - threshold / baseline) / effect, and C is proportional to the dose.
TEST(CriticalDoseOf, DirectEffectHasAClosedForm) {
  VirtualSubject person;
  person.individual = {.absorption_rate = 0.8, .clearance = 40.0, .volume = 400.0};
  person.biomarker = {BiomarkerStructure::direct_inhibition, 10.0, 1.0, 0.9, 1.3, 1.7, 1.0};
  const Questions questions(24.0, {criterion_of(Label::latent, Window::steady_state)});
  const double share = (1.0 - 3.3 / 10.0) / 0.9;
  const double needed = 1.3 * std::pow(share / (1.0 - share), 1.0 / 1.7);
  const double lowest_per_mg = pkpd::exposure(person.individual, {1.0, 24.0}).metrics().minimum;
  EXPECT_NEAR(Outcomes(person, questions).critical_dose(0) / (needed / lowest_per_mg), 1.0, 1e-7);
}

TEST(CriticalDoseOf, TellsPlaceboAndNever) {
  core::Stream stream(5, core::Purpose::test, 2);
  VirtualSubject person = random_person(BiomarkerStructure::turnover_inhibition, stream);
  person.errors.assign(5, 0.0);
  const Questions questions(24.0, all_criteria(3.3));
  person.biomarker.baseline = 3.2;
  EXPECT_EQ(Outcomes(person, questions).critical_dose(0), 0.0);
  EXPECT_EQ(Outcomes(person, questions).critical_dose(3), 0.0);
  person.biomarker.baseline = 10.0;
  person.biomarker.effect = 0.66;  // leaves 3.4 at best
  for (std::size_t k = 0; k < 4; ++k) EXPECT_EQ(Outcomes(person, questions).critical_dose(k), infinity);
  person.biomarker.effect = 0.68;  // leaves 3.2 at steady state; exp(-480 kout) of the rest on day 21
  person.biomarker.loss_rate = 0.001;
  EXPECT_LT(Outcomes(person, questions).critical_dose(0), infinity);
  EXPECT_EQ(Outcomes(person, questions).critical_dose(2), infinity);
  person.biomarker.hill = 6.0;  // the response saturates sharply: doses differ no more
  EXPECT_EQ(Outcomes(person, questions).critical_dose(2), infinity);
}

// A biomarker that rises starts below the threshold or never succeeds; a higher dose only harms.
TEST(CriticalDoseOf, RisingBiomarkersSucceedBelowIt) {
  core::Stream stream(6, core::Purpose::test, 3);
  VirtualSubject person = random_person(BiomarkerStructure::turnover_stimulation, stream);
  person.biomarker.baseline = 3.0;
  person.biomarker.effect = 2.0;
  const Questions questions(24.0, {criterion_of(Label::latent, Window::steady_state)});
  const double critical = Outcomes(person, questions).critical_dose(0);
  EXPECT_GT(critical, 0.0);
  EXPECT_LT(critical, infinity);
  EXPECT_TRUE(succeeds(person, critical, 0.0));
  EXPECT_FALSE(succeeds(person, critical, 2.0 * critical));
  person.biomarker.baseline = 3.4;
  EXPECT_EQ(Outcomes(person, questions).critical_dose(0), 0.0);
  person.biomarker.baseline = 1.0;
  EXPECT_EQ(Outcomes(person, questions).critical_dose(0), infinity);  // never above 3
}

// Without residual error, the values at sampling times are some of those over the whole interval, so that measuring
// needs no more; the last of a day's values at 504 h is the trough, where R of a daily regimen is near its largest.
TEST(CriticalDoseOf, MeasuringWithoutErrorNeedsNoMore) {
  core::Stream stream(7, core::Purpose::test, 4);
  for (int n = 0; n < 50; ++n) {
    VirtualSubject person = random_person(BiomarkerStructure::turnover_inhibition, stream);
    person.errors.assign(5, 0.0);
    for (const double interval : {24.0, 168.0}) {
      const Questions questions(interval, all_criteria(3.3));
      const Outcomes outcomes(person, questions);
      EXPECT_LE(outcomes.critical_dose(1), outcomes.critical_dose(0) * (1.0 + 2e-8));
      EXPECT_LE(outcomes.critical_dose(3), outcomes.critical_dose(2) * (1.0 + 2e-8));
      // A course approaches its steady state from above, so day 21 needs at least as much daily.
      if (interval == 24.0) {
        EXPECT_GE(outcomes.critical_dose(2) * (1.0 + 2e-8), outcomes.critical_dose(0));
      }
    }
  }
}

// Day 21 is steady state for a person whose kinetics and biomarker are fast.
TEST(CriticalDoseOf, FastPeopleAreAtSteadyStateOnDay21) {
  core::Stream stream(8, core::Purpose::test, 5);
  VirtualSubject person = random_person(BiomarkerStructure::turnover_inhibition, stream);
  person.individual = {.absorption_rate = 1.5, .clearance = 60.0, .volume = 300.0};  // half-life 3.5 h
  person.biomarker.effect = 1.0;
  person.biomarker.loss_rate = 0.1;
  const Questions questions(24.0, all_criteria(3.3));
  const Outcomes outcomes(person, questions);
  EXPECT_NEAR(outcomes.critical_dose(0) / outcomes.critical_dose(2), 1.0, 1e-6);
  EXPECT_NEAR(outcomes.critical_dose(1) / outcomes.critical_dose(3), 1.0, 1e-6);
}

TEST(Questions, ShareTheViewOfEqualWindows) {
  const Questions four(24.0, all_criteria(3.3));
  EXPECT_EQ(four.views().size(), 2U);
  EXPECT_EQ(four.view_of(0), four.view_of(1));
  EXPECT_NE(four.view_of(0), four.view_of(2));
  std::vector<Criterion> other_day = {all_criteria(3.3)[2], all_criteria(3.3)[2]};
  other_day[1].from = 456.0;
  EXPECT_EQ(Questions(24.0, other_day).views().size(), 2U);
}

TEST(Criterion, SamplesTheLastDayOfTheWeekAtSteadyState) {
  const Criterion criterion = criterion_of(Label::measured, Window::steady_state);
  EXPECT_EQ(criterion.name(), "measured_steady_state");
  EXPECT_EQ(response_times(criterion, 24.0), (std::vector{0.0, 2.0, 8.0, 16.0, 24.0}));
  EXPECT_EQ(response_times(criterion, 168.0), (std::vector{144.0, 146.0, 152.0, 160.0, 168.0}));
  EXPECT_EQ(response_times(criterion, 12.0), (std::vector{0.0, 2.0, 4.0, 8.0, 12.0}));
  EXPECT_EQ(response_times(criterion_of(Label::measured, Window::day_21), 24.0), criterion.sampling);
}

TEST(Outcomes, NameTooFewMeasurementErrors) {
  core::Stream stream(9, core::Purpose::test, 6);
  VirtualSubject person = random_person(BiomarkerStructure::turnover_inhibition, stream);
  person.errors.resize(4);
  const Questions questions(24.0, all_criteria(3.3));
  EXPECT_THROW(Outcomes(person, questions), DataError);
}

}  // namespace titrant::dose
