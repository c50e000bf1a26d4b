#include "titrant/pkpd/concentration.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "high_precision.hpp"
#include "people.hpp"

namespace titrant::pkpd {

namespace {

std::vector<Dose> once(double amount) {
  Dose dose;
  dose.amount = amount;
  return {dose};
}

double at(const Individual& person, const std::vector<Dose>& doses, double time) {
  return concentration(person, doses, std::vector<double>{time})[0];
}

/// Relative difference of a double from a 100-digit value; both zero counts as equal.
double relative_error(double value, const precise::Number& truth) {
  if (truth == 0) return std::abs(value);
  return static_cast<double>(abs((precise::Number(value) - truth) / truth));
}

}  // namespace

// The requirement: relative error below 1e-10 everywhere, from the first second to 40 half-lives.
TEST(Concentration, AgreesWithTheTextbookFormulaInHighPrecision) {
  double worst = 0.0;
  for (const Individual& person : awkward_people()) {
    for (const double time : {1e-6, 1e-3, 0.1, 1.0, 5.0, 24.0, 168.0, 500.0}) {
      const precise::Number truth = precise::single_dose(person, 10.0, time);
      if (truth < 1e-250) continue;  // close to underflow doubles have few digits left
      const double error = relative_error(at(person, once(10.0), time), truth);
      worst = std::max(worst, error);
      EXPECT_LT(error, 1e-10) << person.absorption_rate << " " << person.intercompartmental_clearance << " " << time;
    }
  }
  EXPECT_LT(worst, 1e-11);
}

TEST(Concentration, KnowsItsUnits) {
  // An instant dose of 10 mg into 100 L is 0.1 mg/L = 100 ng/mL; absorption at 1e6/h is instant after 0.01 h.
  EXPECT_NEAR(at(one_compartment(1e6, 1e-6, 100.0), once(10.0), 0.01), 100.0, 1e-3);
}

TEST(Concentration, IsZeroBeforeTheDoseArrives) {
  const Individual person = one_compartment(1.0, 40.0, 400.0, 2.0);
  EXPECT_EQ(at(person, once(10.0), 1.999), 0.0);
  EXPECT_GT(at(person, once(10.0), 2.001), 0.0);
}

TEST(Concentration, AddsUpDoses) {
  const Individual person = two_compartment(0.6, 38.0, 900.0, 60.0, 2600.0, 0.5);
  const std::vector<Dose> doses = course({3.0, 24.0}, 21);
  for (const double time : {0.3, 30.0, 480.0, 504.25, 1000.0}) {
    precise::Number truth = 0;
    for (const Dose& dose : doses) {
      if (time > dose.time) truth += precise::single_dose(person, 3.0, time - dose.time);
    }
    EXPECT_LT(relative_error(at(person, doses, time), truth), 1e-12) << time;
  }
}

TEST(Concentration, DoesNotDependOnTheOtherTimesAsked) {
  const Individual person = two_compartment(0.6, 38.0, 900.0, 60.0, 2600.0);
  const std::vector<Dose> doses = course({3.0, 24.0}, 5);
  const std::vector<double> times = {100.0, 3.0, 24.0, 50.0, 3.0};
  const std::vector<double> together = concentration(person, doses, times);
  for (std::size_t i = 0; i < times.size(); ++i) EXPECT_EQ(together[i], at(person, doses, times[i]));
}

TEST(Concentration, AdditionalDosesAreDosesWrittenShort) {
  const Individual person = one_compartment(0.8, 40.0, 400.0, 0.25);
  Dose dose;
  dose.amount = 5.0;
  dose.interval = 12.0;
  dose.additional = 9;
  EXPECT_NEAR(at(person, {dose}, 130.0) / at(person, course({5.0, 12.0}, 10), 130.0), 1.0, 1e-14);
}

// A steady-state record is what very many doses before it would have led to.
TEST(Concentration, SteadyStateRecordIsTheLimitOfManyDoses) {
  for (const double lag : {0.0, 0.7, 30.0}) {
    const Individual person = two_compartment(0.6, 38.0, 900.0, 60.0, 2600.0, lag);
    Dose record;
    record.amount = 3.0;
    record.interval = 24.0;
    record.steady_state = true;
    std::vector<Dose> many = course({3.0, 24.0}, 400);
    const double start = many.back().time;
    for (const double time : {0.0, 0.3, 1.0, 23.0, 60.0}) {
      EXPECT_NEAR(at(person, {record}, time) / at(person, many, start + time), 1.0, 1e-9) << lag << " " << time;
    }
  }
}

TEST(Concentration, ResetEmptiesTheBody) {
  const Individual person = one_compartment(0.8, 40.0, 400.0);
  std::vector<Dose> doses = once(10.0);
  Dose reset;
  reset.time = 5.0;
  reset.amount = 2.0;
  reset.reset = true;
  doses.push_back(reset);
  EXPECT_NEAR(at(person, doses, 8.0) / at(person, once(2.0), 3.0), 1.0, 1e-14);
}

// A peripheral compartment that nothing reaches is not there.
TEST(Concentration, TwoCompartmentsWithoutExchangeAreOne) {
  const double one = at(one_compartment(0.8, 40.0, 400.0), once(10.0), 7.0);
  EXPECT_NEAR(at(two_compartment(0.8, 40.0, 400.0, 1e-12, 100.0), once(10.0), 7.0) / one, 1.0, 1e-12);
}

// AUC to infinity is dose / clearance whatever else the kinetics (mass balance).
TEST(Concentration, AreaIsDoseOverClearance) {
  const Individual person = two_compartment(0.6, 38.0, 900.0, 60.0, 2600.0);
  std::vector<double> times;
  const double step = 0.02;
  for (int i = 0; i <= 100000; ++i) times.push_back(i * step);
  const std::vector<double> c = concentration(person, once(10.0), times);
  double area = 0.0;
  for (std::size_t i = 0; i + 2 < c.size(); i += 2) area += step / 3.0 * (c[i] + 4.0 * c[i + 1] + c[i + 2]);
  EXPECT_NEAR(area / (1000.0 * 10.0 / 38.0), 1.0, 1e-6);  // the tail beyond 2,000 h is below 1e-7
}

// Central differences of the 100-digit formula, where a step of 1e-25 leaves 50 digits right.
TEST(Concentration, GradientIsTheDerivative) {
  for (const Individual& person : awkward_people()) {
    for (const double time : {0.1, 5.0, 48.0}) {
      std::vector<double> value(1);
      std::vector<double> gradient(pk_parameter_count);
      concentration_and_gradient(person, once(10.0), std::vector<double>{time}, value, gradient);
      EXPECT_NEAR(value[0], at(person, once(10.0), time), 1e-13 * value[0]);
      const bool one = person.structure == Structure::one_compartment;
      for (std::size_t k = 0; k < (one ? 3U : 5U); ++k) {
        // Doubles cannot take so small a step; a relative one of 1e-4 with Richardson extrapolation leaves an error of
        // 1e-12.
        const auto shifted = [&](double h) {
          Individual up = person;
          Individual down = person;
          const auto which = static_cast<PkParameter>(k);
          const double base = parameter(person, which);
          parameter(up, which) = base * (1.0 + h);
          parameter(down, which) = base * (1.0 - h);
          return (precise::single_dose(up, 10.0, time) - precise::single_dose(down, 10.0, time)) /
                 (precise::Number(parameter(up, which)) - parameter(down, which));
        };
        const precise::Number truth = (4 * shifted(5e-4) - shifted(1e-3)) / 3;
        const double size = value[0] / parameter(person, static_cast<PkParameter>(k));
        EXPECT_NEAR(gradient[k] / size, static_cast<double>(truth / size), 1e-7)
            << k << " ka " << person.absorption_rate << " Q " << person.intercompartmental_clearance << " t " << time;
      }
    }
  }
}

TEST(Concentration, GradientKnowsTheLag) {
  const Individual person = two_compartment(0.6, 38.0, 900.0, 60.0, 2600.0, 0.5);
  const std::vector<Dose> doses = course({3.0, 24.0}, 3);
  std::vector<double> value(1);
  std::vector<double> gradient(pk_parameter_count);
  concentration_and_gradient(person, doses, std::vector<double>{50.0}, value, gradient);
  Individual later = person;
  Individual earlier = person;
  later.lag += 1e-5;
  earlier.lag -= 1e-5;
  EXPECT_NEAR(gradient[5], (at(later, doses, 50.0) - at(earlier, doses, 50.0)) / 2e-5, 1e-7);
}

}  // namespace titrant::pkpd
