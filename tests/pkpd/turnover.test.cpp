#include "titrant/pkpd/turnover.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <stdexcept>
#include <vector>

#include "people.hpp"

namespace titrant::pkpd {

namespace {

constexpr std::array kinds = {TurnoverKind::inhibit_production, TurnoverKind::inhibit_loss,
                              TurnoverKind::stimulate_production, TurnoverKind::stimulate_loss};

Turnover turnover(TurnoverKind kind, double hill = 1.0) {
  return {.kind = kind, .baseline = 8.0, .loss_rate = 0.05, .effect = 0.9, .c50 = 2.0, .hill = hill};
}

const Individual person = two_compartment(0.6, 38.0, 900.0, 60.0, 2600.0);

/// The sides of dR/dt = kin f - kout g R, written down once more.
double right_side(const Turnover& t, double c, double r) {
  const double effect = t.effect * std::pow(c, t.hill) / (std::pow(t.c50, t.hill) + std::pow(c, t.hill));
  const double kin = t.baseline * t.loss_rate;
  switch (t.kind) {
    case TurnoverKind::inhibit_production:
      return kin * (1.0 - effect) - t.loss_rate * r;
    case TurnoverKind::inhibit_loss:
      return kin - t.loss_rate * (1.0 - effect) * r;
    case TurnoverKind::stimulate_production:
      return kin * (1.0 + effect) - t.loss_rate * r;
    case TurnoverKind::stimulate_loss:
      break;
  }
  return kin - t.loss_rate * (1.0 + effect) * r;
}

/// Classical Runge-Kutta with a fixed step from one time to another: slow, simple, and independent of the product's.
double runge_kutta(const Turnover& t, const std::function<double(double)>& c, double r, double from, double to,
                   int steps) {
  const double h = (to - from) / steps;
  for (int i = 0; i < steps; ++i) {
    const double time = from + i * h;
    const double middle = c(time + 0.5 * h);
    const double k1 = right_side(t, c(time), r);
    const double k2 = right_side(t, middle, r + 0.5 * h * k1);
    const double k3 = right_side(t, middle, r + 0.5 * h * k2);
    const double k4 = right_side(t, c(time + h), r + h * k3);
    r += h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4);
  }
  return r;
}

}  // namespace

TEST(Turnover, WithoutDrugStaysAtItsBaseline) {
  for (const TurnoverKind kind : kinds) {
    const std::vector<double> times = {-5.0, 0.0, 17.0, 400.0};
    for (const double r : biomarker(turnover(kind), person, {}, times)) EXPECT_EQ(r, 8.0);
    for (const double r : biomarker(turnover(kind), person, course({0.0, 24.0}, 3), times)) EXPECT_NEAR(r, 8.0, 1e-13);
    for (const double r : steady_state_biomarker(turnover(kind), person, {0.0, 24.0}, std::vector<double>{0.0, 12.0})) {
      EXPECT_NEAR(r, 8.0, 1e-9);
    }
    EXPECT_NEAR(steady_state_maximum(turnover(kind), person, {0.0, 24.0}), 8.0, 1e-9);
  }
}

// A drug that does not leave: C is constant from the start on, and R goes to its new level as one exponential.
TEST(Turnover, ConstantConcentrationHasAClosedForm) {
  const Individual holds = one_compartment(1e7, 1e-9, 100.0);  // 0.4 mg at once into 100 L: 4 ng/mL for ever
  const double effect = 0.9 * 4.0 / (2.0 + 4.0);
  const std::vector<Dose> dose = {{.amount = 0.4}};
  for (const double time : {1.0, 30.0, 300.0}) {
    const auto at = [&](TurnoverKind kind) {
      return biomarker(turnover(kind), holds, dose, std::vector<double>{time})[0];
    };
    const auto towards = [&](double level, double rate) { return level + (8.0 - level) * std::exp(-rate * time); };
    // The 1e-7 h of absorption shift R by less than 1e-8 of itself.
    EXPECT_NEAR(at(TurnoverKind::inhibit_production), towards(8.0 * (1.0 - effect), 0.05), 8e-8);
    EXPECT_NEAR(at(TurnoverKind::stimulate_production), towards(8.0 * (1.0 + effect), 0.05), 8e-8);
    EXPECT_NEAR(at(TurnoverKind::inhibit_loss), towards(8.0 / (1.0 - effect), 0.05 * (1.0 - effect)), 8e-8);
    EXPECT_NEAR(at(TurnoverKind::stimulate_loss), towards(8.0 / (1.0 + effect), 0.05 * (1.0 + effect)), 8e-8);
  }
}

// At C far above c50 the inhibition is complete: R falls as exp(-kout t), however small it gets.
TEST(Turnover, CompleteInhibitionLeavesLossAlone) {
  Turnover complete = turnover(TurnoverKind::inhibit_production);
  complete.effect = 1.0;
  complete.c50 = 1e-12;
  const Individual holds = one_compartment(1e7, 1e-9, 100.0);
  const std::vector<Dose> dose = {{.amount = 400.0}};
  for (const double time : {10.0, 100.0, 200.0}) {
    const double r = biomarker(complete, holds, dose, std::vector<double>{time})[0];
    EXPECT_NEAR(r / (8.0 * std::exp(-0.05 * time)), 1.0, 1e-7);
  }
}

TEST(Turnover, AgreesWithRungeKuttaOverACourse) {
  Individual late = person;
  late.lag = 1.5;
  const std::vector<Dose> doses = course({10.0, 24.0}, 4);
  for (const TurnoverKind kind : kinds) {
    for (const double hill : {0.7, 1.0, 3.0}) {
      const Turnover model = turnover(kind, hill);
      const auto c = [&](double time) { return concentration(late, doses, std::vector<double>{time})[0]; };
      double r = 8.0;
      for (int day = 0; day < 4; ++day) {
        // The first moments after an arrival are steep where hill < 1: fine steps there.
        const double arrival = 24.0 * day + 1.5;
        r = runge_kutta(model, c, r, arrival, arrival + 1e-3, 400);
        r = runge_kutta(model, c, r, arrival + 1e-3, arrival + 0.5, 1000);
        r = runge_kutta(model, c, r, arrival + 0.5, arrival + 24.0, 1000);
      }
      EXPECT_NEAR(biomarker(model, late, doses, std::vector<double>{97.5})[0] / r, 1.0, 1e-8);
    }
  }
}

TEST(Turnover, DoesNotDependOnTheOtherTimesAsked) {
  const std::vector<Dose> doses = course({10.0, 24.0}, 4);
  const std::vector<double> many = {0.0, 0.1, 5.0, 24.0, 24.5, 47.0, 48.0, 90.0, 130.0};
  const std::vector<double> together = biomarker(turnover(TurnoverKind::inhibit_loss), person, doses, many);
  for (std::size_t i = 0; i < many.size(); ++i) {
    const double alone =
        biomarker(turnover(TurnoverKind::inhibit_loss), person, doses, std::vector<double>{many[i]})[0];
    EXPECT_NEAR(together[i] / alone, 1.0, 2e-9);  // both within the tolerance of the integration
  }
}

TEST(Turnover, ResetReturnsToTheBaseline) {
  const Turnover model = turnover(TurnoverKind::stimulate_production);
  const std::vector<Dose> doses = {{.amount = 10.0}, {.time = 30.0, .amount = 5.0, .reset = true}};
  const std::vector<Dose> alone = {{.amount = 5.0}};
  const std::vector<double> r = biomarker(model, person, doses, std::vector<double>{30.0, 50.0});
  EXPECT_EQ(r[0], 8.0);
  EXPECT_NEAR(r[1], biomarker(model, person, alone, std::vector<double>{20.0})[0], 1e-10);
}

TEST(Turnover, SteadyStateIsTheLimitOfALongCourse) {
  for (const double lag : {0.0, 5.0, 29.0}) {
    Individual late = person;
    late.lag = lag;
    const std::vector<Dose> doses = course({10.0, 24.0}, 200);
    const std::vector<double> times = {0.0, 3.0, 7.0, 23.0, 24.0};
    std::vector<double> at_the_end = times;
    for (double& time : at_the_end) time += doses.back().time;
    for (const TurnoverKind kind : kinds) {
      const std::vector<double> steady = steady_state_biomarker(turnover(kind), late, {10.0, 24.0}, times);
      const std::vector<double> course_end = biomarker(turnover(kind), late, doses, at_the_end);
      for (std::size_t i = 0; i + 1 < times.size(); ++i) EXPECT_NEAR(steady[i] / course_end[i], 1.0, 2e-8);
      EXPECT_NEAR(steady.back() / steady.front(), 1.0, 1e-8);  // the interval leads back to its start
    }
  }
}

TEST(Turnover, SteadyStateRecordStartsAtTheSteadyState) {
  Individual late = person;
  late.lag = 5.0;
  const std::vector<Dose> record = {{.time = 100.0, .amount = 10.0, .interval = 24.0, .steady_state = true}};
  const Turnover model = turnover(TurnoverKind::inhibit_loss, 2.0);
  const std::vector<double> times = {0.0, 3.0, 6.0, 20.0};
  std::vector<double> later = times;
  for (double& time : later) time += 100.0;
  const std::vector<double> expected = steady_state_biomarker(model, late, {10.0, 24.0}, times);
  const std::vector<double> found = biomarker(model, late, record, later);
  for (std::size_t i = 0; i < times.size(); ++i) EXPECT_NEAR(found[i] / expected[i], 1.0, 1e-8);
}

// Balance over an interval at steady state: production and loss are equal. For the production models <R> = baseline
// <f>.
TEST(Turnover, ProductionAndLossBalanceOverTheInterval) {
  const Turnover model = turnover(TurnoverKind::inhibit_production, 1.5);
  const std::vector<double> times = midpoint_grid(24.0, 4000);
  const std::vector<double> r = steady_state_biomarker(model, person, {10.0, 24.0}, times);
  const std::vector<double> c = exposure(person, {10.0, 24.0}).at(times);
  double balance = 0.0;
  double turned = 0.0;
  for (std::size_t i = 0; i < times.size(); ++i) {
    balance += right_side(model, c[i], r[i]);
    turned += model.loss_rate * r[i];
  }
  EXPECT_NEAR(balance / turned, 0.0, 1e-6);  // of the midpoint rule
}

TEST(Turnover, MaximumBoundsTheCurveClosely) {
  for (const TurnoverKind kind : kinds) {
    for (const double loss_rate : {0.02, 0.5, 5.0}) {
      for (const double interval : {24.0, 168.0}) {
        Turnover model = turnover(kind, 2.0);
        model.loss_rate = loss_rate;
        Individual late = person;
        late.lag = 3.0;
        const Regimen regimen{10.0, interval};
        const double maximum = steady_state_maximum(model, late, regimen);
        double highest = 0.0;
        for (const double r : steady_state_biomarker(model, late, regimen, midpoint_grid(interval, 3000))) {
          highest = std::max(highest, r);
        }
        EXPECT_GE(maximum, highest * (1.0 - 1e-8));
        EXPECT_NEAR(maximum / highest, 1.0, 1e-5);  // half a grid step beside a smooth maximum
      }
    }
  }
}

TEST(Turnover, WantsUsableParameters) {
  Turnover model = turnover(TurnoverKind::inhibit_loss);
  model.effect = 1.1;
  EXPECT_THROW(biomarker(model, person, {}, std::vector<double>{1.0}), std::logic_error);
  model = turnover(TurnoverKind::stimulate_loss);
  model.c50 = 0.0;
  EXPECT_THROW(biomarker(model, person, {}, std::vector<double>{1.0}), std::logic_error);
  const std::vector<double> descending = {2.0, 1.0};
  EXPECT_THROW(biomarker(turnover(TurnoverKind::stimulate_loss), person, {}, descending), std::logic_error);
}

}  // namespace titrant::pkpd
