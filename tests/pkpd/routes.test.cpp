#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "high_precision.hpp"
#include "people.hpp"
#include "real_data.hpp"
#include "titrant/pkpd/biomarker_course.hpp"
#include "titrant/pkpd/biomarker_response.hpp"
#include "titrant/pkpd/concentration.hpp"
#include "titrant/pkpd/concentration_course.hpp"
#include "titrant/pkpd/concentration_response.hpp"
#include "titrant/pkpd/disposition.hpp"
#include "titrant/pkpd/exposure.hpp"
#include "titrant/pkpd/varying.hpp"

/// \file
/// Doses into the central compartment, infusions, and both beside oral doses.

namespace titrant::pkpd {

namespace {

using precise::Number;
using precise::relative_error;

double at(const Individual& person, const std::vector<Dose>& doses, double time) {
  return concentration(person, doses, std::vector<double>{time})[0];
}

/// Histories of every kind: at once and by infusion, into either compartment, repeated, overlapping, at steady state.
std::vector<std::vector<Dose>> all_histories() {
  const DoseInto depot = DoseInto::depot;
  const DoseInto central = DoseInto::central;
  return {
      {{.amount = 10.0, .into = central},
       {.time = 7.0, .amount = 4.0, .interval = 12.0, .additional = 3, .into = central}},
      {{.amount = 10.0, .interval = 24.0, .additional = 3, .rate = 2.0, .into = central}},
      {{.amount = 10.0, .interval = 8.0, .additional = 4, .rate = 0.5, .into = depot}},
      {{.amount = 30.0, .interval = 8.0, .additional = 4, .rate = 1.5, .into = central}},  // each lasts 20 h
      {{.amount = 10.0, .interval = 24.0, .steady_state = true, .rate = 2.0, .into = central},
       {.time = 31.0, .amount = 3.0, .rate = 1.0, .into = central}},
      {{.amount = 30.0, .interval = 12.0, .additional = 2, .steady_state = true, .rate = 1.0, .into = central}},
      {{.amount = 30.0, .interval = 12.0, .additional = 2, .steady_state = true, .rate = 1.0, .into = depot}},
      {{.steady_state = true, .rate = 2.0, .into = central}, {.time = 20.0, .amount = 5.0, .into = central}},
      {{.time = 3.0, .steady_state = true, .rate = 2.0, .into = depot}},
      {{.amount = 10.0, .interval = 24.0, .additional = 3},
       {.time = 5.0, .amount = 6.0, .rate = 3.0, .into = central},
       {.time = 30.0, .amount = 4.0, .into = central}},
      {{.amount = 10.0, .interval = 24.0, .additional = 3},
       {.time = 26.0, .amount = 8.0, .interval = 12.0, .steady_state = true, .rate = 2.0, .into = central},
       {.time = 40.0, .amount = 7.0}},
      {{.amount = 10.0, .interval = 24.0, .additional = 3, .rate = 4.0, .into = central},
       {.time = 26.0,
        .amount = 8.0,
        .interval = 12.0,
        .additional = 1,
        .steady_state = true,
        .superposed = true,
        .rate = 0.5,
        .into = central}},
      {{.amount = 100.0, .rate = 1.0, .into = central}, {.time = 30.0, .amount = 7.0, .reset = true, .into = central}},
      // Durations and rates of the subject: an infusion of 4.3 h, 17 h or what the amount takes at 0.9 mg/h.
      {{.amount = 10.0, .interval = 9.0, .additional = 3, .into = central, .infusion = InfusionBy::modelled_duration}},
      {{.amount = 10.0, .interval = 9.0, .additional = 3, .into = depot, .infusion = InfusionBy::modelled_duration}},
      {{.amount = 10.0, .interval = 9.0, .additional = 3, .into = central, .infusion = InfusionBy::modelled_rate}},
      {{.amount = 10.0, .interval = 9.0, .additional = 3, .into = depot, .infusion = InfusionBy::modelled_rate},
       {.time = 30.0, .amount = 3.0, .reset = true, .into = depot, .infusion = InfusionBy::modelled_rate}},
      {{.amount = 10.0, .interval = 12.0, .steady_state = true, .into = central, .infusion = InfusionBy::modelled_rate},
       {.time = 31.0, .amount = 3.0, .into = central, .infusion = InfusionBy::modelled_duration}},
      {{.amount = 9.0,
        .interval = 12.0,
        .additional = 2,
        .steady_state = true,
        .into = depot,
        .infusion = InfusionBy::modelled_duration}},
      // A duration that is given, whatever the bioavailability.
      {{.amount = 10.0, .interval = 8.0, .additional = 4, .rate = 0.5, .into = depot, .infusion = InfusionBy::duration},
       {.time = 5.0, .amount = 6.0, .rate = 3.0, .into = central, .infusion = InfusionBy::duration}},
      {{.amount = 30.0,
        .interval = 12.0,
        .additional = 2,
        .steady_state = true,
        .rate = 1.0,
        .into = depot,
        .infusion = InfusionBy::duration}},
  };
}

/// Histories of absorbed doses at once, beside other routes.
std::vector<std::vector<Dose>> oral_histories() {
  const DoseInto central = DoseInto::central;
  return {
      {{.amount = 10.0}, {.time = 20.0, .amount = 5.0}},
      {{.amount = 10.0, .interval = 9.0, .additional = 5}},
      {{.amount = 10.0, .interval = 12.0, .additional = 2, .steady_state = true},
       {.time = 50.0, .amount = 4.0, .reset = true}},
      {{.amount = 10.0, .interval = 12.0, .additional = 2},
       {.time = 26.0, .amount = 8.0, .interval = 24.0, .steady_state = true, .superposed = true}},
      {{.amount = 10.0, .interval = 24.0, .additional = 3},
       {.time = 5.0, .amount = 6.0, .into = central},
       {.time = 30.0, .amount = 4.0, .rate = 0.7, .into = central}},
  };
}

std::vector<Individual> some_people() {
  std::vector<Individual> people;
  for (const double lag : {0.0, 0.7, 13.0}) {
    people.push_back(one_compartment(0.6, 38.0, 500.0, lag));
    people.push_back(two_compartment(0.6, 38.0, 500.0, 60.0, 1600.0, lag));
    people.push_back(three_compartment(0.6, 38.0, 500.0, 60.0, 1600.0, 15.0, 700.0, lag));
    for (std::size_t back = 1; back <= 3; ++back) people[people.size() - back].central_lag = lag / 2.0;
  }
  for (std::size_t i = 0; i < people.size(); ++i) {
    people[i].bioavailability = i % 2 == 0 ? 1.0 : 0.6;
    people[i].central_bioavailability = i % 3 == 0 ? 0.8 : 1.0;
    people[i].input_rate = 0.9;
    people[i].input_duration = i % 2 == 0 ? 4.3 : 17.0;
  }
  return people;
}

/// The same without a depot, over a time shorter and longer than intervals.
std::vector<Individual> zero_order_people() {
  std::vector<Individual> people = some_people();
  for (std::size_t i = 0; i < people.size(); ++i) {
    people[i].absorption.kind = AbsorptionKind::zero_order;
    people[i].absorption_duration = i % 2 == 0 ? 3.1 : 14.6;
  }
  return people;
}

/// Doses that pass through 3 or 7 transit compartments, within an interval or not.
std::vector<Individual> transit_people() {
  std::vector<Individual> people = some_people();
  for (std::size_t i = 0; i < people.size(); ++i) {
    people[i].absorption = {AbsorptionKind::transit, i % 2 == 0 ? 3 : 7};
    people[i].mean_transit_time = i % 2 == 0 ? 2.4 : 11.0;
  }
  return people;
}

/// Every subject with every history that it can have.
struct Case {
  Individual person;
  std::vector<Dose> doses;
  std::string name;
};

std::vector<Case> all_cases() {
  std::vector<Case> cases;
  const auto add = [&](const auto& histories, const auto& people, const char* what) {
    for (std::size_t h = 0; h < histories.size(); ++h) {
      for (const Individual& person : people) {
        cases.push_back({person, histories[h],
                         fmt::format("{} history {} lag {} F {} over {} h", what, h, person.lag, person.bioavailability,
                                     person.input_duration)});
      }
    }
  };
  add(all_histories(), some_people(), "first-order");
  add(oral_histories(), zero_order_people(), "zero-order");
  add(oral_histories(), transit_people(), "transit");
  return cases;
}

const std::vector<double> observed = {0.31,  2.93,  5.17,  7.53,  12.11, 19.97, 26.21,
                                      29.03, 31.57, 36.13, 41.19, 55.23, 80.29, 130.0};

}  // namespace

TEST(Routes, AgreeWithThePowerSeries) {
  std::vector<Individual> people = awkward_people();
  for (const Individual& person : awkward_people_of_three()) people.push_back(person);
  for (const Individual& person : people) {
    if (person.absorption_rate > 10.0 || person.intercompartmental_clearance > 100.0) continue;  // long series
    if (disposition(person).mode[0].rate > 10.0) continue;
    const precise::Person exact(person);
    for (const double time : {0.01, 3.0, 20.0}) {
      const auto near = [&](const std::vector<Dose>& doses, const Number& truth, const char* what) {
        EXPECT_LT(relative_error(at(person, doses, time), truth), 1e-12)
            << what << " " << person.absorption_rate << " " << person.intercompartmental_clearance << " " << time;
      };
      near({{.amount = 10.0, .into = DoseInto::central}}, precise::by_series(exact, {0, 10, 0, 0}, {0, 0}, time),
           "bolus");
      near({{.amount = 100.0, .rate = 2.0, .into = DoseInto::central}},
           precise::by_series(exact, {0, 0, 0, 0}, {0, 2}, time), "infusion");
      near({{.amount = 100.0, .rate = 2.0}}, precise::by_series(exact, {0, 0, 0, 0}, {2, 0}, time),
           "infusion into the depot");
    }
  }
}

TEST(Routes, AnInfusionEndsWhenItsAmountIsIn) {
  const Individual person = one_compartment(1.0, 40.0, 400.0);
  const double k = 0.1;
  const std::vector<Dose> doses = {{.amount = 12.0, .rate = 4.0, .into = DoseInto::central}};
  const double end = 1000.0 / 400.0 * 4.0 / k * (1.0 - std::exp(-k * 3.0));
  EXPECT_NEAR(at(person, doses, 3.0), end, 1e-12 * end);
  EXPECT_NEAR(at(person, doses, 10.0), end * std::exp(-k * 7.0), 1e-12 * end);
}

// A bolus counts from its own time on; an observation of that time comes before or after it as their records do.
TEST(Routes, ABolusIsThereAtItsTime) {
  const Individual person = one_compartment(1.0, 40.0, 400.0);
  const Dose first{.time = 0.0, .amount = 12.0, .into = DoseInto::central};
  const Dose bolus{.time = 2.0, .amount = 8.0, .interval = 3.0, .additional = 1, .into = DoseInto::central};
  const std::vector<Dose> doses = {first, bolus};
  const double before = 30.0 * std::exp(-0.2);
  EXPECT_NEAR(at(person, doses, 1.9999999999), before, 1e-8);
  EXPECT_NEAR(at(person, doses, 2.0), before + 20.0, 1e-12);
  const std::vector<double> times = {2.0, 2.0, 5.0};
  const std::vector<std::size_t> places = {1, 2, 2};
  const double additional = (before + 20.0) * std::exp(-0.3) + 20.0;  // comes first, whatever the place
  const std::vector<Dose> mixed = {first, bolus, {.time = 2.0, .amount = 4.0, .rate = 4.0, .into = DoseInto::central}};
  Individual other = person;
  other.central_lag = 0.0;
  for (const std::vector<Dose>& records : {doses, mixed}) {
    const VaryingIndividual same{person, {{1.0, other}, {2.0, person}}};
    const double infused = records.size() > 2 ? at(person, {records[2]}, 5.0) : 0.0;
    for (const std::vector<double>& c :
         {concentration(person, records, times, places), concentration(same, records, times, places)}) {
      EXPECT_NEAR(c[0], before, 1e-12);
      EXPECT_NEAR(c[1], before + 20.0, 1e-12);
      EXPECT_NEAR(c[2], additional + infused, 1e-12);
    }
    // A direct effect follows C, the effect compartment's integral does not see the moment.
    const Biomarker direct{
        .structure = BiomarkerStructure::direct_inhibition, .baseline = 8.0, .imax = 1.0, .ic50 = 10.0};
    std::vector<double> r(times.size());
    BiomarkerCourse(person, records, times, places).predict(direct, r);
    EXPECT_NEAR(r[0], 8.0 * 10.0 / (10.0 + before), 1e-12);
    EXPECT_NEAR(r[1], 8.0 * 10.0 / (30.0 + before), 1e-12);
  }
}

// A bolus that stands before a reset or a steady-state record of its time is seen by an observation between the two.
TEST(Routes, ABolusIsThereBeforeARecordThatEndsIt) {
  for (const Individual& person :
       {one_compartment(1.0, 40.0, 400.0), two_compartment(0.6, 38.0, 500.0, 60.0, 1600.0)}) {
    const Dose bolus{.time = 12.0, .amount = 8.0, .into = DoseInto::central};
    Dose reset{.time = 12.0, .reset = true, .into = DoseInto::central};
    const Dose steady{.time = 12.0,
                      .amount = 3.0,
                      .interval = 8.0,
                      .steady_state = true,
                      .superposed = true,
                      .into = DoseInto::central};
    const double c0 = 1000.0 * 8.0 / person.volume;
    for (const bool superposed : {false, true}) {
      const std::vector<Dose> doses = {{.amount = 10.0, .into = DoseInto::central}, bolus, superposed ? steady : reset};
      const std::vector<double> times = {12.0, 12.0, 12.0, 20.0};
      const std::vector<std::size_t> places = {1, 2, 3, 3};
      const VaryingIndividual same{person, {{5.0, person}, {12.0, person}}};
      const double before = at(person, {doses[0]}, 12.0);
      const double after = superposed ? before + c0 + at(person, {steady}, 12.0) : 0.0;
      const double later = superposed ? at(person, {doses[0], bolus}, 20.0) + at(person, {steady}, 20.0) : 0.0;
      for (const std::vector<double>& c :
           {concentration(person, doses, times, places), concentration(same, doses, times, places)}) {
        EXPECT_NEAR(c[0], before, 1e-11);
        EXPECT_NEAR(c[1], before + c0, 1e-11);
        EXPECT_NEAR(c[2], after, 1e-11);
        EXPECT_NEAR(c[3], later, 1e-11);
      }
    }
  }
}

TEST(Routes, SteadyStateIsTheLimitOfManyDoses) {
  for (const Individual& person : some_people()) {
    for (const DoseInto into : {DoseInto::depot, DoseInto::central}) {
      for (const double rate : {0.0, 0.25, 0.9, 1.0, 5.0}) {  // of 12 mg every 12 h: 48 h, 13.3 h, 12 h, 2.4 h
        const double interval = 12.0;
        const std::vector<Dose> steady = {{.time = 600.0,
                                           .amount = 12.0,
                                           .interval = interval,
                                           .additional = 2,
                                           .steady_state = true,
                                           .rate = rate,
                                           .into = into}};
        const std::vector<Dose> many = {
            {.time = -6000.0, .amount = 12.0, .interval = interval, .additional = 552, .rate = rate, .into = into}};
        for (const double time : {600.0, 601.0, 606.5, 613.2, 640.0, 700.0}) {
          EXPECT_NEAR(at(person, steady, time) / at(person, many, time), 1.0, 1e-10)
              << rate << " " << time << " lag " << person.lag;
        }
      }
    }
  }
}

TEST(Routes, AConstantInfusionIsAPlateauThatEnds) {
  for (const Individual& person : some_people()) {
    const std::vector<Dose> doses = {{.time = 50.0, .steady_state = true, .rate = 3.0, .into = DoseInto::central}};
    const double plateau = 1000.0 * 3.0 / person.clearance;
    EXPECT_NEAR(at(person, doses, 50.0), plateau, 1e-12 * plateau);
    const double amount = 9000.0 / person.central_bioavailability;
    const std::vector<Dose> long_one = {{.time = -2950.0, .amount = amount, .rate = 3.0, .into = DoseInto::central}};
    EXPECT_NEAR(at(person, doses, 60.0), at(person, long_one, 60.0), 1e-9 * plateau);
  }
}

TEST(Routes, GradientsAreThoseOfTheConcentration) {
  for (auto& [person, doses, name] : all_cases()) {
    std::vector<double> value(observed.size());
    std::vector<double> gradient(observed.size() * pk_parameter_count);
    concentration_and_gradient(person, doses, observed, value, gradient);
    EXPECT_EQ(value, concentration(person, doses, observed));
    for (std::size_t p = 0; p < pk_parameter_count; ++p) {
      double& moved = parameter(person, static_cast<PkParameter>(p));
      const double before = moved;
      if (before == 0.0) continue;
      moved = before * (1.0 + 1e-5);
      const std::vector<double> above = concentration(person, doses, observed);
      moved = before * (1.0 - 1e-5);
      const std::vector<double> below = concentration(person, doses, observed);
      moved = before;
      for (std::size_t j = 0; j < observed.size(); ++j) {
        EXPECT_NEAR(gradient[j * pk_parameter_count + p] * before, (above[j] - below[j]) / 2e-5, 5e-7 * value[j] + 1e-9)
            << name << " at " << observed[j] << ": " << pk_parameter_names[p];
      }
    }
  }
}

// Two ways through all of it: modes with one lag a route, and amounts in compartments from event to event.
TEST(Routes, AreTheSameWhereParametersChangeToThemselves) {
  std::size_t number = 0;
  for (const auto& [one, doses, name] : all_cases()) {
    if (one.absorption.kind == AbsorptionKind::transit) continue;
    const VaryingIndividual subject{one, {{20.0, one}, {26.0, one}, {47.0, one}}};
    const std::vector<std::size_t> places(observed.size(), number++ % 3 == 0 ? 1 : 9);
    const std::vector<double> expected = concentration(one, doses, observed, places);
    const std::vector<double> found = concentration(subject, doses, observed, places);
    std::vector<double> value(observed.size());
    std::vector<double> whole(observed.size() * pk_parameter_count);
    concentration_and_gradient(one, doses, observed, value, whole, places);
    std::vector<double> parts(observed.size() * 4 * pk_parameter_count);
    concentration_and_gradient(subject, doses, observed, value, parts, places);
    for (std::size_t j = 0; j < observed.size(); ++j) {
      EXPECT_NEAR(found[j], expected[j], 1e-11 * expected[j] + 1e-300) << name << " at " << observed[j];
      for (std::size_t p = 0; p < pk_parameter_count; ++p) {
        double sum = 0.0;
        for (std::size_t s = 0; s < 4; ++s) sum += parts[(j * 4 + s) * pk_parameter_count + p];
        const double base = std::max(parameter(one, static_cast<PkParameter>(p)), 0.1);
        EXPECT_NEAR(sum * base, whole[j * pk_parameter_count + p] * base, 1e-9 * expected[j] + 1e-300)
            << name << " at " << observed[j] << " " << pk_parameter_names[p];
      }
    }
  }
}

// Each dose has the parameters of the time it is taken at, and so has its derivative.
TEST(Routes, DosesOfChangedParametersHaveTheirOwnDerivatives) {
  for (const auto& [first, doses, name] : all_cases()) {
    if (first.absorption.kind == AbsorptionKind::transit) continue;
    Individual later = first;
    later.clearance *= 0.7;
    later.bioavailability *= 0.9;
    later.input_rate *= 1.3;
    later.input_duration *= 0.8;
    later.absorption_duration *= 1.2;
    VaryingIndividual subject{first, {{16.1, later}, {43.0, first}}};
    constexpr std::size_t segments = 3;
    std::vector<double> value(observed.size());
    std::vector<double> gradient(observed.size() * segments * pk_parameter_count);
    concentration_and_gradient(subject, doses, observed, value, gradient);
    for (std::size_t s = 0; s < segments; ++s) {
      for (const PkParameter which : dose_parameters) {
        Individual& one = s == 0 ? subject.first : subject.changes[s - 1].individual;
        double& moved = parameter(one, which);
        const double before = moved;
        if (before == 0.0) continue;
        moved = before * (1.0 + 1e-5);
        const std::vector<double> above = concentration(subject, doses, observed);
        moved = before * (1.0 - 1e-5);
        const std::vector<double> below = concentration(subject, doses, observed);
        moved = before;
        for (std::size_t j = 0; j < observed.size(); ++j) {
          const double found = gradient[(j * segments + s) * pk_parameter_count + static_cast<std::size_t>(which)];
          EXPECT_NEAR(found * before, (above[j] - below[j]) / 2e-5, 5e-7 * value[j] + 1e-9)
              << name << " at " << observed[j] << " segment " << s << ": "
              << pk_parameter_names.at(static_cast<std::size_t>(which));
        }
      }
    }
  }
}

TEST(Routes, CoursesFollowTheConcentration) {
  for (const auto& [one, doses, name] : all_cases()) {
    Individual other = one;
    other.clearance *= 0.6;
    other.volume *= 1.3;
    for (const VaryingIndividual& subject : {VaryingIndividual{one, {}}, VaryingIndividual{one, {{20.0, other}}}}) {
      if (one.absorption.kind == AbsorptionKind::transit && !subject.changes.empty()) continue;
      const ConcentrationCourse course(subject, doses, 4.0, 64.0);
      std::vector<double> times;
      for (int i = 0; i <= 1200; ++i) times.push_back(4.0 + 1e-7 + 0.049999 * i);
      const std::vector<double> expected = concentration(subject, doses, times);
      const std::vector<double> found = course.at(times);
      double largest = 0.0;
      double smallest = 1e300;
      double area = 0.0;
      for (std::size_t j = 0; j < times.size(); ++j) {
        ASSERT_NEAR(found[j], expected[j], 1e-10 * expected[j] + 1e-12) << name << " at " << times[j];
        largest = std::max(largest, expected[j]);
        smallest = std::min(smallest, expected[j]);
        area += expected[j] * (j == 0 || j + 1 == times.size() ? 0.025 : 0.05);
      }
      const ExposureMetrics metrics = course.metrics();
      EXPECT_NEAR(metrics.auc, area, 2e-2 * area);
      EXPECT_GE(metrics.maximum, largest * (1.0 - 1e-12));
      EXPECT_LE(metrics.maximum, largest * 1.05);
      EXPECT_LE(metrics.minimum, smallest * (1.0 + 1e-12));
    }
  }
}

TEST(Routes, BiomarkersFollowByBothMethods) {
  std::size_t number = 0;
  for (const auto& [one, doses, name] : all_cases()) {
    Biomarker marker{.baseline = 10.0, .kout = 0.08, .imax = 0.8, .ic50 = 8.0, .hill = 1.4, .ke0 = 0.2};
    marker.structure = all_biomarker_structures.at(number % all_biomarker_structures.size());
    const std::vector<double> slow = biomarker(marker, one, doses, observed);
    std::vector<double> fast(observed.size());
    BiomarkerCourse(one, doses, observed).predict(marker, fast);
    for (std::size_t j = 0; j < observed.size(); ++j) {
      EXPECT_NEAR(fast[j] / slow[j], 1.0, 1e-7) << name << " at " << observed[j];
    }
    // The derivatives by the PK parameters too.
    constexpr std::size_t width = biomarker_parameter_count + pk_parameter_count;
    std::vector<double> value(observed.size());
    std::vector<double> gradient(observed.size() * width);
    biomarker_and_gradient(marker, one, doses, observed, value, gradient);
    for (const PkParameter which : {PkParameter::clearance, dose_parameters[number % dose_parameters.size()]}) {
      Individual moved = one;
      const double before = parameter(one, which);
      parameter(moved, which) = before * (1.0 + 1e-5);
      std::vector<double> above(observed.size());
      BiomarkerCourse(moved, doses, observed).predict(marker, above);
      parameter(moved, which) = before * (1.0 - 1e-5);
      std::vector<double> below(observed.size());
      BiomarkerCourse(moved, doses, observed).predict(marker, below);
      for (std::size_t j = 0; j < observed.size(); ++j) {
        const std::size_t column = biomarker_parameter_count + static_cast<std::size_t>(which);
        EXPECT_NEAR(gradient[j * width + column] * before, (above[j] - below[j]) / 2e-5, 1e-5)
            << name << " at " << observed[j] << ": " << pk_parameter_names.at(static_cast<std::size_t>(which));
      }
    }
    ++number;
  }
}

// A regimen of infusions or boluses at steady state is the limit of its doses, and a course of them is its records.
TEST(Routes, RegimensAreTheirRecords) {
  std::vector<Individual> people = some_people();
  for (const Individual& person : zero_order_people()) people.push_back(person);
  for (const Individual& person : transit_people()) people.push_back(person);
  for (const Individual& person : people) {
    for (const DoseInto into : {DoseInto::depot, DoseInto::central}) {
      for (const double duration : {0.0, 1.0, 12.0, 30.0}) {
        const bool first_order = person.absorption.kind == AbsorptionKind::first_order;
        if (!first_order && (into == DoseInto::central || duration > 0.0)) continue;
        const Course course{.interval = 12.0, .loading = {2.0, 1}, .into = into, .duration = duration};
        const std::vector<Dose> records = unit_course(course, 3900.0);
        std::vector<double> dense;
        for (int i = 0; i <= 1200; ++i) dense.push_back(3840.0 + 0.009999 * i);  // never at an arrival
        const std::vector<double> c = concentration(person, records, dense);
        const auto [low, high] = std::minmax_element(c.begin(), c.end());

        const ConcentrationResponse steady(person, course, {.steady_state = true});
        const ConcentrationResponse late(person, course, {.steady_state = false, .from = 3840.0, .to = 3852.0});
        for (const ConcentrationResponse* one : {&steady, &late}) {
          EXPECT_NEAR(one->maximum() / *high, 1.0, 0.02);
          EXPECT_GE(one->maximum(), *high * (1.0 - 1e-9));
          EXPECT_NEAR(one->minimum() / *low, 1.0, 0.02);
        }
        EXPECT_NEAR(steady.maximum() / late.maximum(), 1.0, 1e-9);
        const double trough = concentration(person, records, std::vector<double>{std::nextafter(3852.0, 0.0)})[0];
        EXPECT_NEAR(steady.trough() / trough, 1.0, 1e-9) << duration << " lag " << person.lag;

        const Exposure exposure(person, {1.0, 12.0, into, duration});
        double area = 0.0;
        for (std::size_t j = 0; j < dense.size(); ++j) {
          // Just before the next dose at the end: a bolus is there at its own time.
          const double time = dense[j] - 3840.0;
          if (j + 1 < dense.size()) {
            EXPECT_NEAR(exposure.at(time) / c[j], 1.0, 1e-9) << time;
          }
          area += c[j] * (j == 0 || j + 1 == dense.size() ? 0.005 : 0.01);
        }
        EXPECT_NEAR(exposure.metrics().auc / area, 1.0, 5e-3);
        EXPECT_NEAR(exposure.auc(0.0, 12.0) / exposure.metrics().auc, 1.0, 1e-9);

        for (const BiomarkerStructure structure :
             {BiomarkerStructure::turnover_inhibition, BiomarkerStructure::effect_compartment_inhibition}) {
          const Biomarker marker{.structure = structure,
                                 .baseline = 10.0,
                                 .kout = 0.08,
                                 .imax = 0.8,
                                 .ic50 = 4.0,
                                 .hill = 1.2,
                                 .ke0 = 0.2};
          const std::vector<double> times = {3840.0, 3843.0, 3851.0};
          std::vector<Dose> eight = records;
          for (Dose& dose : eight) {
            dose.amount *= 8.0;
            dose.rate *= 8.0;
          }
          std::vector<double> r(times.size());
          BiomarkerCourse(person, eight, times).predict(marker, r);
          const BiomarkerResponse at_steady(person, course, {.steady_state = true},
                                            std::vector<double>{0.0, 3.0, 11.0});
          const BiomarkerResponse in_window(person, course, {.steady_state = false, .from = 3840.0, .to = 3852.0},
                                            times);
          std::vector<double> a(times.size());
          at_steady.at_samples(marker, 8.0, a);
          std::vector<double> b(times.size());
          in_window.at_samples(marker, 8.0, b);
          for (std::size_t j = 0; j < times.size(); ++j) {
            EXPECT_NEAR(a[j] / r[j], 1.0, 1e-7) << duration;
            EXPECT_NEAR(b[j] / r[j], 1.0, 1e-7) << duration;
          }
        }
      }
    }
  }
}

// An infusion that the model is asked for is the plain one of its rate, duration and amount.
TEST(Routes, ParametersOfDosesAreTheirNumbers) {
  const Individual plain = two_compartment(0.6, 38.0, 500.0, 60.0, 1600.0, 0.7);
  Individual person = plain;
  person.bioavailability = 0.4;
  person.input_rate = 1.6;
  person.input_duration = 2.5;
  Individual zero_order = person;
  zero_order.absorption = {AbsorptionKind::zero_order};
  zero_order.absorption_duration = 5.0;
  zero_order.central_lag = 0.3;
  Individual lagged = plain;
  lagged.central_lag = plain.lag;
  struct Pair {
    const Individual* modelled;
    Dose dose;
    const Individual* by_hand;
    double amount;
    double rate;
    DoseInto into;
  };
  const DoseInto depot = DoseInto::depot;
  const DoseInto central = DoseInto::central;
  const Dose dose{.time = 1.0, .amount = 8.0};
  const auto into = [&](DoseInto compartment, InfusionBy infusion, double rate = 0.0) {
    Dose one = dose;
    one.into = compartment;
    one.infusion = infusion;
    one.rate = rate;
    return one;
  };
  for (const Pair& pair : {Pair{&person, dose, &plain, 3.2, 0.0, depot},
                           Pair{&person, into(depot, InfusionBy::rate, 2.0), &plain, 3.2, 2.0, depot},
                           Pair{&person, into(depot, InfusionBy::duration, 2.0), &plain, 3.2, 0.8, depot},
                           Pair{&person, into(depot, InfusionBy::modelled_rate), &plain, 3.2, 1.6, depot},
                           Pair{&person, into(depot, InfusionBy::modelled_duration), &plain, 3.2, 3.2 / 2.5, depot},
                           Pair{&person, into(central, InfusionBy::modelled_rate), &plain, 8.0, 1.6, central},
                           Pair{&person, into(central, InfusionBy::modelled_duration), &plain, 8.0, 3.2, central},
                           Pair{&zero_order, dose, &lagged, 3.2, 0.64, central}}) {
    const std::vector<Dose> by_hand = {{.time = 1.0, .amount = pair.amount, .rate = pair.rate, .into = pair.into}};
    for (const double time : {1.5, 2.2, 4.0, 8.0, 30.0}) {
      const double expected = at(*pair.by_hand, by_hand, time);
      EXPECT_NEAR(at(*pair.modelled, {pair.dose}, time), expected, 1e-13 * expected) << time;
    }
  }
}

namespace {

using Row = std::map<std::string, double>;

std::vector<Row> rows_of(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  std::vector<std::string> names;
  std::stringstream header(line);
  for (std::string name; std::getline(header, name, ',');) names.push_back(name);
  std::vector<Row> rows;
  while (std::getline(in, line)) {
    std::stringstream fields(line);
    Row row;
    std::size_t column = 0;
    for (std::string field; std::getline(fields, field, ',');) row[names.at(column++)] = std::stod(field);
    rows.push_back(row);
  }
  return rows;
}

Dose dose_of(const Row& row) {
  const int event = static_cast<int>(row.at("evid"));
  const double rate = row.at("rate");
  return {.time = row.at("time"),
          .amount = event == 3 ? 0.0 : row.at("amt"),
          .interval = row.at("ii"),
          .additional = static_cast<int>(row.at("addl")),
          .steady_state = row.at("ss") > 0.0,
          .superposed = row.at("ss") == 2.0,
          .reset = event == 3 || event == 4,
          .rate = std::max(rate, 0.0),
          .into = row.at("cmt") == 1.0 ? DoseInto::depot : DoseInto::central,
          .infusion = rate == -1.0   ? InfusionBy::modelled_rate
                      : rate == -2.0 ? InfusionBy::modelled_duration
                                     : InfusionBy::rate};
}

/// The subject of a case: CL 1.1, V 20, ka 1.5; lag, bioavailability, rate and duration of the central compartment.
Individual person_of(const std::vector<Row>& rows) {
  Individual person{.absorption_rate = 1.5, .clearance = 1.1, .volume = 20.0, .central_lag = rows.front().at("lagt")};
  for (const Row& row : rows) {
    if (row.at("evid") == 0.0 || row.at("cmt") != 2.0) continue;
    person.central_bioavailability = row.at("bioav");
    person.input_rate = row.at("rat2");
    person.input_duration = row.at("dur2");
  }
  return person;
}

}  // namespace

// Predictions of NONMEM 7.4.3 (ug/L) for a one-compartment model: CL 1.1, V 20, ka 1.5 (public/README.md of the data).
TEST(Routes, EventRecordsAreReadAsNonmemReadsThem) {
  const std::filesystem::path file = tests::real_data("public/nmtest_part.csv");
  if (!std::filesystem::exists(file)) GTEST_SKIP() << file << " is not there";
  std::map<int, std::vector<Row>> cases;
  for (const Row& row : rows_of(file)) cases[static_cast<int>(row.at("id"))].push_back(row);
  EXPECT_EQ(cases.size(), 27);
  for (const auto& [id, rows] : cases) {
    const Individual person = person_of(rows);
    std::vector<Dose> doses;
    std::vector<double> times;
    std::vector<std::size_t> places;
    std::vector<double> expected;
    for (const Row& row : rows) {
      if (row.at("evid") != 0.0) {
        doses.push_back(dose_of(row));
      } else {
        times.push_back(row.at("time"));
        places.push_back(doses.size());
        expected.push_back(row.at("cp"));
      }
    }
    const std::vector<double> found = concentration(person, doses, times, places);
    double worst = 0.0;
    double where = 0.0;
    for (std::size_t j = 0; j < times.size(); ++j) {
      const double error = std::abs(found[j] - expected[j]) / std::max(std::abs(expected[j]), 1e-3);
      if (error > worst) {
        worst = error;
        where = times[j];
      }
    }
    EXPECT_LT(worst, 1e-4) << "case " << id << " at " << where << " h";
  }
}

}  // namespace titrant::pkpd
