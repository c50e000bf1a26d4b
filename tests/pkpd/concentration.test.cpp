#include "titrant/pkpd/concentration.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <stdexcept>
#include <vector>

#include "high_precision.hpp"
#include "people.hpp"
#include "titrant/pkpd/disposition.hpp"

namespace titrant::pkpd {

namespace {

using precise::relative_error;

std::vector<Dose> once(double amount) { return {{.amount = amount}}; }

double at(const Individual& person, const std::vector<Dose>& doses, double time) {
  return concentration(person, doses, std::vector<double>{time})[0];
}

/// Compares all derivatives with those of `truth`, relative to the size of C per size of the parameter, within which
/// derivatives with respect to ka and to volumes cancel by nature.
void expect_gradient(const Individual& person, const std::vector<Dose>& doses, double time,
                     const std::function<precise::Number(const precise::Person&)>& truth, double tolerance) {
  std::array<double, 1> value{};
  std::array<double, pk_parameter_count> gradient{};
  concentration_and_gradient(person, doses, std::array{time}, value, gradient);
  EXPECT_EQ(value[0], at(person, doses, time));
  const std::span<const PkParameter> used = parameters_of(person.structure);
  for (std::size_t p = 0; p < pk_parameter_count; ++p) {
    if (static_cast<PkParameter>(p) == PkParameter::bioavailability) {
      EXPECT_NEAR(gradient[p], value[0], 1e-14 * value[0]) << "all of it enters, and C is linear in it";
      continue;
    }
    if (std::find(used.begin(), used.end(), static_cast<PkParameter>(p)) == used.end()) {
      EXPECT_EQ(gradient[p], 0.0);
      continue;
    }
    const precise::Number slope = precise::derivative(precise::Person(person), p, truth);
    const double base = parameter(person, static_cast<PkParameter>(p));
    const double size = std::abs(static_cast<double>(slope)) + value[0] / (base == 0.0 ? 1.0 : base);
    EXPECT_LT(static_cast<double>(abs(slope - gradient[p])), tolerance * size)
        << pk_parameter_names[p] << " at " << time << ": ka " << person.absorption_rate << " CL " << person.clearance
        << " Q " << person.intercompartmental_clearance << " Vp " << person.peripheral_volume << " Q3 "
        << person.second_intercompartmental_clearance << " V3 " << person.second_peripheral_volume;
  }
}

}  // namespace

// From the first milliseconds to hundreds of half-lives. Time is exact and rates carry a few 1e-16, which exp magnifies
// by the number of half-lives: 1e-12 where that is 700, above subnormal numbers.
TEST(Concentration, AgreesWithTheTextbookFormulaInHighPrecision) {
  for (const Individual& person : awkward_people()) {
    for (const double time : {1e-6, 1e-3, 0.1, 1.0, 5.0, 24.0, 168.0, 500.0, 4000.0}) {
      const precise::Number truth = precise::single_dose(precise::Person(person), 10.0, time);
      if (truth < 1e-290) continue;
      EXPECT_LT(relative_error(at(person, once(10.0), time), truth), 1e-12)
          << person.absorption_rate << " " << person.intercompartmental_clearance << " " << time;
    }
  }
}

TEST(Concentration, AgreesWithThePowerSeriesOfTheMatrixExponential) {
  for (const Individual& person : awkward_people()) {
    if (person.absorption_rate > 10.0 || person.intercompartmental_clearance > 100.0) continue;  // long series
    for (const double time : {0.01, 3.0, 20.0}) {
      const precise::Number truth = precise::single_dose_by_series(precise::Person(person), 10.0, time);
      EXPECT_LT(relative_error(at(person, once(10.0), time), truth), 1e-13)
          << person.absorption_rate << " " << person.intercompartmental_clearance << " " << time;
    }
  }
}

// The same of three compartments.
TEST(Concentration, OfThreeCompartmentsAgreesWithBoth) {
  for (const Individual& person : awkward_people_of_three()) {
    const precise::Person exact(person);
    const double fastest =
        person.absorption_rate + disposition(person).mode[0].rate + person.intercompartmental_clearance / person.volume;
    for (const double time : {1e-6, 1e-3, 0.1, 3.0, 24.0, 500.0, 4000.0}) {
      const precise::Number truth = precise::single_dose(exact, 10.0, time);
      if (truth < 1e-290) continue;
      const double value = at(person, once(10.0), time);
      const auto where = [&] {
        return testing::Message() << person.absorption_rate << " Q " << person.intercompartmental_clearance << " "
                                  << person.second_intercompartmental_clearance << " V3 "
                                  << person.second_peripheral_volume << " at " << time;
      };
      EXPECT_LT(relative_error(value, truth), 1e-12) << where();
      if (fastest * time > 60.0) continue;  // long series
      EXPECT_LT(relative_error(value, precise::single_dose_by_series(exact, 10.0, time)), 1e-13) << where();
    }
  }
}

TEST(Concentration, KnowsItsUnits) {
  // An instant dose of 10 mg into 100 L is 0.1 mg/L = 100 ng/mL; absorption at 1e6/h is instant after 0.01 h.
  EXPECT_NEAR(at(one_compartment(1e6, 1e-6, 100.0), once(10.0), 0.01), 100.0, 1e-3);
}

TEST(Concentration, IsZeroBeforeTheDoseArrives) {
  const Individual person = one_compartment(1.0, 40.0, 400.0, 2.0);
  EXPECT_EQ(at(person, once(10.0), -5.0), 0.0);
  EXPECT_EQ(at(person, once(10.0), 1.999), 0.0);
  EXPECT_EQ(at(person, once(10.0), 2.0), 0.0);
  EXPECT_GT(at(person, once(10.0), 2.001), 0.0);
}

TEST(Concentration, AddsUpDoses) {
  const Individual person = two_compartment(0.6, 38.0, 900.0, 60.0, 2600.0, 0.5);
  const std::vector<Dose> doses = course({3.0, 24.0}, 21);
  for (const double time : {0.3, 30.0, 480.0, 504.25, 1000.0}) {
    precise::Number truth = 0;
    for (const Dose& dose : doses) {
      truth += precise::single_dose(precise::Person(person), 3.0, precise::Number(time) - dose.time);
    }
    EXPECT_LT(relative_error(at(person, doses, time), truth), 1e-13) << time;
  }
}

TEST(Concentration, DoesNotDependOnTheOtherTimesAsked) {
  const Individual person = two_compartment(0.6, 38.0, 900.0, 60.0, 2600.0);
  const std::vector<Dose> doses = course({3.0, 24.0}, 5);
  const std::vector<double> times = {100.0, 3.0, 24.0, 50.0, 3.0};
  const std::vector<double> together = concentration(person, doses, times);
  for (std::size_t i = 0; i < times.size(); ++i) EXPECT_EQ(together[i], at(person, doses, times[i]));
}

TEST(Concentration, IsLinearInTheDose) {
  const Individual person = two_compartment(0.6, 38.0, 900.0, 60.0, 2600.0);
  EXPECT_NEAR(at(person, course({7.0, 24.0}, 9), 200.0) / at(person, course({1.0, 24.0}, 9), 200.0), 7.0, 1e-14);
  EXPECT_EQ(at(person, once(0.0), 5.0), 0.0);
}

// A peripheral compartment that nothing reaches, or that holds nothing, is not there.
TEST(Concentration, TwoCompartmentsBecomeOne) {
  const double one = at(one_compartment(0.8, 40.0, 400.0), once(10.0), 7.0);
  EXPECT_NEAR(at(two_compartment(0.8, 40.0, 400.0, 1e-12, 100.0), once(10.0), 7.0) / one, 1.0, 1e-12);
  EXPECT_NEAR(at(two_compartment(0.8, 40.0, 400.0, 100.0, 1e-11), once(10.0), 7.0) / one, 1.0, 1e-12);
}

// So is a second one. The smaller rate is one that the drug's course does not show.
TEST(Concentration, ThreeCompartmentsBecomeTwo) {
  const Individual two = two_compartment(0.8, 40.0, 400.0, 30.0, 900.0);
  for (const double time : {0.2, 7.0, 90.0}) {
    const double expected = at(two, once(10.0), time);
    EXPECT_NEAR(at(three_compartment(0.8, 40.0, 400.0, 30.0, 900.0, 1e-12, 100.0), once(10.0), time) / expected, 1.0,
                1e-12);
    EXPECT_NEAR(at(three_compartment(0.8, 40.0, 400.0, 30.0, 900.0, 100.0, 1e-11), once(10.0), time) / expected, 1.0,
                1e-12);
    EXPECT_NEAR(at(three_compartment(0.8, 40.0, 400.0, 1e-12, 100.0, 30.0, 900.0), once(10.0), time) / expected, 1.0,
                1e-12);
    // One peripheral compartment in two parts, a third and two thirds of it.
    EXPECT_NEAR(at(three_compartment(0.8, 40.0, 400.0, 10.0, 300.0, 20.0, 600.0), once(10.0), time) / expected, 1.0,
                1e-14);
  }
}

TEST(Concentration, PeripheralCompartmentsHaveNoOrder) {
  for (const Individual& person : awkward_people_of_three()) {
    Individual swapped = person;
    std::swap(swapped.intercompartmental_clearance, swapped.second_intercompartmental_clearance);
    std::swap(swapped.peripheral_volume, swapped.second_peripheral_volume);
    EXPECT_NEAR(at(swapped, once(10.0), 3.0) / at(person, once(10.0), 3.0), 1.0, 1e-14);
  }
}

// AUC to infinity is dose / clearance whatever else the kinetics (mass balance), here by Simpson's rule.
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

// Rounding in modes that nearly coincide, which takes Vp much smaller than V, is magnified by about V / Vp; everywhere
// else it stays near 1e-14.
TEST(Concentration, GradientIsTheDerivative) {
  for (const Individual& person : awkward_people()) {
    const bool close = person.structure == Structure::two_compartment &&
                       person.peripheral_volume < 1e-3 * person.volume && person.intercompartmental_clearance < 1.0;
    for (const double time : {0.1, 5.0, 48.0}) {
      const auto truth = [&](const precise::Person& p) { return precise::single_dose(p, 10.0, time); };
      expect_gradient(person, once(10.0), time, truth,
                      close ? 1e-15 * person.volume / person.peripheral_volume : 1e-12);
    }
  }
}

TEST(Concentration, GradientOfThreeCompartmentsIsTheDerivative) {
  for (const Individual& person : awkward_people_of_three()) {
    // Of rates that nearly coincide; see disposition_gradient.
    const double smallest =
        std::min({1.0, person.peripheral_volume / person.volume, person.second_peripheral_volume / person.volume});
    for (const double time : {0.1, 5.0, 48.0}) {
      const auto truth = [&](const precise::Person& p) { return precise::single_dose(p, 10.0, time); };
      expect_gradient(person, once(10.0), time, truth, std::max(1e-12, 1e-15 / std::sqrt(smallest)));
    }
  }
}

TEST(Concentration, GradientHoldsOverACourseWithLag) {
  const Individual person = two_compartment(0.6, 38.0, 900.0, 60.0, 2600.0, 0.5);
  for (const double time : {0.75, 24.25, 50.0, 200.0}) {
    expect_gradient(
        person, course({3.0, 24.0}, 6), time,
        [&](const precise::Person& p) {
          precise::Number sum = 0;
          for (int i = 0; i < 6; ++i) sum += precise::single_dose(p, 3.0, precise::Number(time) - 24 * i);
          return sum;
        },
        1e-13);
  }
}

TEST(Concentration, GradientHoldsAtSteadyState) {
  for (const Individual& kinetics : {one_compartment(0.1, 40.0, 400.0), two_compartment(4.0, 200.0, 100.0, 100.0, 50.0),
                                     three_compartment(2.0, 200.0, 100.0, 100.0, 50.0, 60.0, 30.0)}) {
    for (const double lag : {0.5, 30.0}) {
      Individual person = kinetics;
      person.lag = lag;
      const std::vector<Dose> doses = {{.time = 100.0, .amount = 3.0, .interval = 24.0, .steady_state = true}};
      expect_gradient(
          person, doses, 110.0,
          [&](const precise::Person& p) {
            return precise::steady_state(p, 3.0, 24.0, precise::Number(10) - p.lag() + (lag > 10.0 ? 24 : 0));
          },
          1e-12);
    }
  }
}

TEST(Concentration, WantsUsableParametersAndDoses) {
  EXPECT_THROW(at(one_compartment(0.0, 40.0, 400.0), once(1.0), 1.0), std::logic_error);
  EXPECT_THROW(at(one_compartment(1.0, 40.0, 400.0, -1.0), once(1.0), 1.0), std::logic_error);
  EXPECT_THROW(at(two_compartment(1.0, 40.0, 400.0, 0.0, 10.0), once(1.0), 1.0), std::logic_error);
  EXPECT_THROW(at(three_compartment(1.0, 40.0, 400.0, 1.0, 10.0, 1.0, 0.0), once(1.0), 1.0), std::logic_error);
  EXPECT_THROW(at(one_compartment(1.0, 40.0, 400.0), {{.amount = 1.0, .additional = 2}}, 1.0), std::logic_error);
  EXPECT_THROW(at(one_compartment(1.0, 40.0, 400.0), once(1.0), std::nan("")), std::logic_error);
}

}  // namespace titrant::pkpd
