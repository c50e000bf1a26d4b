#include "titrant/pkpd/biomarker.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <functional>
#include <stdexcept>
#include <vector>

#include "people.hpp"
#include "titrant/core/error.hpp"
#include "titrant/pkpd/concentration.hpp"

namespace titrant::pkpd {

namespace {

constexpr std::array kinds = {BiomarkerStructure::turnover_inhibition, BiomarkerStructure::turnover_inhibition_of_loss,
                              BiomarkerStructure::turnover_stimulation,
                              BiomarkerStructure::turnover_stimulation_of_loss};

Biomarker turnover(BiomarkerStructure kind, double hill = 1.0) {
  return {.structure = kind, .baseline = 8.0, .kout = 0.05, .imax = 0.9, .ic50 = 2.0, .hill = hill};
}

const Individual usual_subject = two_compartment(0.6, 38.0, 900.0, 60.0, 2600.0);

/// The sides of dR/dt = kin f - kout g R, written down once more.
double right_side(const Biomarker& t, double c, double r) {
  const double effect = t.imax * std::pow(c, t.hill) / (std::pow(t.ic50, t.hill) + std::pow(c, t.hill));
  const double kin = t.baseline * t.kout;
  switch (t.structure) {
    case BiomarkerStructure::turnover_inhibition:
      return kin * (1.0 - effect) - t.kout * r;
    case BiomarkerStructure::turnover_inhibition_of_loss:
      return kin - t.kout * (1.0 - effect) * r;
    case BiomarkerStructure::turnover_stimulation:
      return kin * (1.0 + effect) - t.kout * r;
    default:
      break;
  }
  return kin - t.kout * (1.0 + effect) * r;
}

/// Classical Runge-Kutta with a fixed step from one time to another: slow, simple, and independent of the product's.
double runge_kutta(const Biomarker& t, const std::function<double(double)>& c, double r, double from, double to,
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

TEST(Biomarker, WithoutDrugStaysAtItsBaseline) {
  for (const BiomarkerStructure kind : kinds) {
    const std::vector<double> times = {-5.0, 0.0, 17.0, 400.0};
    for (const double r : biomarker(turnover(kind), usual_subject, {}, times)) EXPECT_EQ(r, 8.0);
    for (const double r : biomarker(turnover(kind), usual_subject, course({0.0, 24.0}, 3), times))
      EXPECT_NEAR(r, 8.0, 1e-13);
  }
}

// A drug that does not leave: C is constant from the start on, and R goes to its new level as one exponential.
TEST(Biomarker, ConstantConcentrationHasAClosedForm) {
  const Individual holds = one_compartment(1e7, 1e-9, 100.0);  // 0.4 mg at once into 100 L: 4 ng/mL for ever
  const double effect = 0.9 * 4.0 / (2.0 + 4.0);
  const std::vector<Dose> dose = {{.amount = 0.4}};
  for (const double time : {1.0, 30.0, 300.0}) {
    const auto at = [&](BiomarkerStructure kind) {
      return biomarker(turnover(kind), holds, dose, std::vector<double>{time})[0];
    };
    const auto towards = [&](double level, double rate) { return level + (8.0 - level) * std::exp(-rate * time); };
    // The 1e-7 h of absorption shift R by less than 1e-8 of itself.
    EXPECT_NEAR(at(BiomarkerStructure::turnover_inhibition), towards(8.0 * (1.0 - effect), 0.05), 8e-8);
    EXPECT_NEAR(at(BiomarkerStructure::turnover_stimulation), towards(8.0 * (1.0 + effect), 0.05), 8e-8);
    EXPECT_NEAR(at(BiomarkerStructure::turnover_inhibition_of_loss),
                towards(8.0 / (1.0 - effect), 0.05 * (1.0 - effect)), 8e-8);
    EXPECT_NEAR(at(BiomarkerStructure::turnover_stimulation_of_loss),
                towards(8.0 / (1.0 + effect), 0.05 * (1.0 + effect)), 8e-8);
  }
}

// At C far above ic50 the inhibition is complete: R falls as exp(-kout t), however small it gets.
TEST(Biomarker, CompleteInhibitionLeavesLossAlone) {
  Biomarker complete = turnover(BiomarkerStructure::turnover_inhibition);
  complete.imax = 1.0;
  complete.ic50 = 1e-12;
  const Individual holds = one_compartment(1e7, 1e-9, 100.0);
  const std::vector<Dose> dose = {{.amount = 400.0}};
  for (const double time : {10.0, 100.0, 200.0}) {
    const double r = biomarker(complete, holds, dose, std::vector<double>{time})[0];
    EXPECT_NEAR(r / (8.0 * std::exp(-0.05 * time)), 1.0, 1e-7);
  }
}

TEST(Biomarker, AgreesWithRungeKuttaOverACourse) {
  Individual late = usual_subject;
  late.lag = 1.5;
  const std::vector<Dose> doses = course({10.0, 24.0}, 4);
  for (const BiomarkerStructure kind : kinds) {
    for (const double hill : {0.7, 1.0, 3.0}) {
      const Biomarker model = turnover(kind, hill);
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

TEST(Biomarker, DoesNotDependOnTheOtherTimesAsked) {
  const std::vector<Dose> doses = course({10.0, 24.0}, 4);
  const std::vector<double> many = {0.0, 0.1, 5.0, 24.0, 24.5, 47.0, 48.0, 90.0, 130.0};
  const std::vector<double> together =
      biomarker(turnover(BiomarkerStructure::turnover_inhibition_of_loss), usual_subject, doses, many);
  for (std::size_t i = 0; i < many.size(); ++i) {
    const double alone = biomarker(turnover(BiomarkerStructure::turnover_inhibition_of_loss), usual_subject, doses,
                                   std::vector<double>{many[i]})[0];
    EXPECT_NEAR(together[i] / alone, 1.0, 2e-9);  // both within the tolerance of the integration
  }
}

TEST(Biomarker, ResetReturnsToTheBaseline) {
  const Biomarker model = turnover(BiomarkerStructure::turnover_stimulation);
  const std::vector<Dose> doses = {{.amount = 10.0}, {.time = 30.0, .amount = 5.0, .reset = true}};
  const std::vector<Dose> alone = {{.amount = 5.0}};
  const std::vector<double> r = biomarker(model, usual_subject, doses, std::vector<double>{30.0, 50.0});
  EXPECT_EQ(r[0], 8.0);
  EXPECT_NEAR(r[1], biomarker(model, usual_subject, alone, std::vector<double>{20.0})[0], 1e-10);
}

TEST(Biomarker, SteadyStateRecordIsTheLimitOfALongCourse) {
  for (const double lag : {0.0, 5.0, 29.0}) {
    Individual late = usual_subject;
    late.lag = lag;
    const std::vector<Dose> long_course = course({10.0, 24.0}, 200);
    const std::vector<Dose> record = {{.time = 100.0, .amount = 10.0, .interval = 24.0, .steady_state = true}};
    for (const BiomarkerStructure kind : kinds) {
      for (const double time : {0.0, 3.0, 7.0, 23.0}) {
        const double waited =
            biomarker(turnover(kind), late, long_course, std::vector<double>{long_course.back().time + time})[0];
        const double found = biomarker(turnover(kind), late, record, std::vector<double>{100.0 + time})[0];
        EXPECT_NEAR(found / waited, 1.0, 2e-8);
      }
    }
  }
}

// With a fast effect compartment the biomarker follows C at once; with a slow one it follows the mean of C.
TEST(Biomarker, EffectCompartmentLiesBetweenDirectEffectAndItsMean) {
  Biomarker fast = turnover(BiomarkerStructure::effect_compartment_inhibition, 2.0);
  fast.ke0 = 1e4;
  Biomarker at_once = fast;
  at_once.structure = BiomarkerStructure::direct_inhibition;
  const std::vector<Dose> doses = course({10.0, 24.0}, 3);
  const std::vector<double> times = {5.0, 30.0, 60.0};
  const std::vector<double> followed = biomarker(fast, usual_subject, doses, times);
  const std::vector<double> direct = biomarker(at_once, usual_subject, doses, times);
  for (std::size_t i = 0; i < times.size(); ++i) EXPECT_NEAR(followed[i] / direct[i], 1.0, 1e-3);
  const double c = concentration(usual_subject, doses, std::vector<double>{60.0})[0];
  EXPECT_NEAR(direct[2], 8.0 * (1.0 - 0.9 * c * c / (c * c + 4.0)), 1e-12);
}

TEST(Biomarker, WantsUsableParameters) {
  Biomarker model = turnover(BiomarkerStructure::turnover_inhibition_of_loss);
  model.imax = 1.1;
  EXPECT_THROW(biomarker(model, usual_subject, {}, std::vector<double>{1.0}), NumericalError);
  model = turnover(BiomarkerStructure::turnover_stimulation_of_loss);
  model.ic50 = 0.0;
  EXPECT_THROW(biomarker(model, usual_subject, {}, std::vector<double>{1.0}), NumericalError);
  const std::vector<double> descending = {2.0, 1.0};
  EXPECT_THROW(biomarker(turnover(BiomarkerStructure::turnover_stimulation_of_loss), usual_subject, {}, descending),
               std::logic_error);
}

}  // namespace titrant::pkpd
