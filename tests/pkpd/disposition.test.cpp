#include "titrant/pkpd/disposition.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "high_precision.hpp"
#include "people.hpp"

namespace titrant::pkpd {

TEST(Disposition, OneCompartmentHasOneMode) {
  const Disposition d = disposition(one_compartment(0.8, 40.0, 400.0, 0.5));
  ASSERT_EQ(d.modes().size(), 1U);
  EXPECT_EQ(d.modes()[0].weight, 1.0);
  EXPECT_DOUBLE_EQ(d.modes()[0].rate, 0.1);
  EXPECT_DOUBLE_EQ(d.scale, 2.5);
  EXPECT_EQ(d.lag, 0.5);
}

// k10 = 2, k12 = 1, k21 = 2: the roots of s^2 - 5 s + 4 are 4 and 1, the weights (4 - 2) / 3 and (2 - 1) / 3.
TEST(Disposition, TwoCompartmentsHaveTwo) {
  const Disposition d = disposition(two_compartment(1.0, 200.0, 100.0, 100.0, 50.0));
  ASSERT_EQ(d.modes().size(), 2U);
  EXPECT_DOUBLE_EQ(d.modes()[0].rate, 4.0);
  EXPECT_DOUBLE_EQ(d.modes()[1].rate, 1.0);
  EXPECT_DOUBLE_EQ(d.modes()[0].weight, 2.0 / 3.0);
  EXPECT_DOUBLE_EQ(d.modes()[1].weight, 1.0 / 3.0);
}

// k10 = 1, k12 = 1, k13 = 2, k21 = k31 = 2: the rates of two compartments with k12 = 3, the roots of s^2 - 6 s + 2, and
// between them a rate of 2 that the central compartment does not show.
TEST(Disposition, ThreeCompartmentsHaveThree) {
  const Disposition d = disposition(three_compartment(1.0, 100.0, 100.0, 100.0, 50.0, 200.0, 100.0));
  ASSERT_EQ(d.modes().size(), 3U);
  EXPECT_DOUBLE_EQ(d.modes()[0].rate, 3.0 + std::sqrt(7.0));
  EXPECT_DOUBLE_EQ(d.modes()[1].rate, 2.0);
  EXPECT_DOUBLE_EQ(d.modes()[2].rate, 3.0 - std::sqrt(7.0));
  EXPECT_DOUBLE_EQ(d.modes()[0].weight, (1.0 + std::sqrt(7.0)) / (2.0 * std::sqrt(7.0)));
  EXPECT_EQ(d.modes()[1].weight, 0.0);
}

// Rates and weights in 100 digits. A weight is as exact as the distance of its rate from the others allows.
TEST(Disposition, RatesOfThreeCompartmentsAreThoseInHighPrecision) {
  for (const Individual& person : awkward_people_of_three()) {
    const Disposition d = disposition(person);
    const auto truth = precise::modes(precise::Person(person));
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_LT(precise::relative_error(d.mode[i].rate, truth[i].second), 1e-15)
          << i << ": " << person.absorption_rate << " " << person.intercompartmental_clearance << " "
          << person.second_intercompartmental_clearance;
      double apart = d.mode[i].rate;
      for (std::size_t j = 0; j < 3; ++j) {
        if (j != i) apart = std::min(apart, std::abs(d.mode[i].rate - d.mode[j].rate));
      }
      EXPECT_NEAR(d.mode[i].weight, static_cast<double>(truth[i].first), 4e-15 * d.mode[i].rate / apart);
    }
  }
}

// The fraction left starts at 1 with the slope -(k10 + k12), and its area is the mean residence time in the centre, V /
// CL.
TEST(Disposition, ModesFulfilTheirIdentities) {
  std::vector<Individual> people = awkward_people();
  for (const Individual& person : awkward_people_of_three()) people.push_back(person);
  for (const Individual& person : people) {
    if (person.structure == Structure::one_compartment) continue;
    const Disposition d = disposition(person);
    double weight = 0.0;
    double slope = 0.0;
    double area = 0.0;
    for (const Mode& mode : d.modes()) {
      EXPECT_GE(mode.weight, 0.0);
      EXPECT_GT(mode.rate, 0.0);
      weight += mode.weight;
      slope += mode.weight * mode.rate;
      area += mode.weight / mode.rate;
    }
    EXPECT_NEAR(weight, 1.0, 4e-16);
    const double leaves =
        person.clearance + person.intercompartmental_clearance + person.second_intercompartmental_clearance;
    EXPECT_NEAR(slope / (leaves / person.volume), 1.0, 2e-15);
    EXPECT_NEAR(area / (person.volume / person.clearance), 1.0, 2e-15);
  }
}

// dC/dp is tested against 100 digits in concentration.test.cpp; here the identities above, differentiated.
TEST(Disposition, GradientFulfilsTheIdentitiesDifferentiated) {
  const Individual person = two_compartment(0.6, 38.0, 900.0, 60.0, 2600.0);
  const Disposition d = disposition(person);
  const DispositionGradient slope = disposition_gradient(person);
  const double v = person.volume;
  const std::array<double, pk_parameter_count> initial_slope = {
      0.0, 1.0 / v, -(person.clearance + person.intercompartmental_clearance) / (v * v), 1.0 / v, 0.0, 0.0, 0.0, 0.0};
  const std::array<double, pk_parameter_count> area = {
      0.0, -v / (person.clearance * person.clearance), 1.0 / person.clearance, 0.0, 0.0, 0.0, 0.0, 0.0};
  for (std::size_t p = 0; p < pk_parameter_count; ++p) {
    double by_slope = 0.0;
    double by_area = 0.0;
    for (std::size_t i = 0; i < 2; ++i) {
      const Mode& mode = d.mode[i];
      by_slope += slope.weight[i][p] * mode.rate + mode.weight * slope.rate[i][p];
      by_area += slope.weight[i][p] / mode.rate - mode.weight * slope.rate[i][p] / (mode.rate * mode.rate);
    }
    EXPECT_EQ(slope.weight[0][p], -slope.weight[1][p]);
    EXPECT_NEAR(by_slope, initial_slope[p], 1e-17) << p;
    EXPECT_NEAR(by_area, area[p], 1e-14) << p;
  }
}

// Relative to the sizes that a parameter and a mode have by themselves.
TEST(Disposition, GradientOfThreeCompartmentsFulfilsThemToo) {
  const Individual person = three_compartment(0.6, 38.0, 400.0, 60.0, 1600.0, 12.0, 2600.0);
  const Disposition d = disposition(person);
  const DispositionGradient slope = disposition_gradient(person);
  const double leaves = (38.0 + 60.0 + 12.0) / 400.0;
  const std::array<double, pk_parameter_count> initial_slope = {0.0, 38.0 / 400.0, -leaves, 60.0 / 400.0,
                                                                0.0, 12.0 / 400.0, 0.0,     0.0};
  const double stays = person.volume / person.clearance;
  const std::array<double, pk_parameter_count> area = {0.0, -stays, stays, 0.0, 0.0, 0.0, 0.0, 0.0};
  for (std::size_t p = 0; p < pk_parameter_count; ++p) {
    const double base = parameter(person, static_cast<PkParameter>(p));
    double by_weight = 0.0;
    double by_slope = 0.0;
    double by_area = 0.0;
    for (std::size_t i = 0; i < 3; ++i) {
      const Mode& mode = d.mode[i];
      by_weight += slope.weight[i][p];
      by_slope += slope.weight[i][p] * mode.rate + mode.weight * slope.rate[i][p];
      by_area += slope.weight[i][p] / mode.rate - mode.weight * slope.rate[i][p] / (mode.rate * mode.rate);
    }
    EXPECT_NEAR(by_weight * base, 0.0, 1e-15) << p;
    EXPECT_NEAR(by_slope * base, initial_slope[p], 1e-15) << p;
    EXPECT_NEAR(by_area * base, area[p], 1e-13) << p;
  }
}

}  // namespace titrant::pkpd
