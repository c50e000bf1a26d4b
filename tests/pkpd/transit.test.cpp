#include <gtest/gtest.h>

#include <algorithm>
#include <boost/math/special_functions/factorials.hpp>
#include <boost/numeric/odeint.hpp>
#include <cmath>
#include <vector>

#include "high_precision.hpp"
#include "people.hpp"
#include "titrant/pkpd/concentration.hpp"
#include "titrant/pkpd/disposition.hpp"

/// \file
/// Absorption through transit compartments.

namespace titrant::pkpd {

namespace {

using precise::Number;
using precise::relative_error;

Individual with_transit(Individual individual, int compartments, double mean_transit_time) {
  individual.absorption = {AbsorptionKind::transit, compartments};
  individual.mean_transit_time = mean_transit_time;
  return individual;
}

/// C of a dose by the power series of the matrix exponential: stages, depot, central and two peripheral compartments.
Number by_chain(const precise::Person& p, std::size_t stages, double dose, const Number& time) {
  const Number passage = Number(static_cast<double>(stages)) / p.value[12];
  const Number ka = p.ka();
  const Number leaves = p.k10() + p.k12() + p.k13();
  const std::size_t depot = stages;
  std::vector<Number> x(stages + 4);
  x[0] = dose;
  const int steps = 1 + static_cast<int>(static_cast<double>((passage + ka + leaves + p.k21() + p.k31()) * time));
  const Number h = time / steps;
  for (int step = 0; step < steps; ++step) {
    std::vector<Number> term = x;
    for (int n = 1; n <= 50; ++n) {  // h times the norm is below 2: the last term is below 1e-49
      const std::vector<Number> old = term;
      for (std::size_t j = 0; j < stages; ++j) {
        term[j] = ((j > 0 ? passage * old[j - 1] : Number(0)) - passage * old[j]) * h / n;
      }
      term[depot] = (passage * old[depot - 1] - ka * old[depot]) * h / n;
      term[depot + 1] =
          (ka * old[depot] - leaves * old[depot + 1] + p.k21() * old[depot + 2] + p.k31() * old[depot + 3]) * h / n;
      term[depot + 2] = (p.k12() * old[depot + 1] - p.k21() * old[depot + 2]) * h / n;
      term[depot + 3] = (p.k13() * old[depot + 1] - p.k31() * old[depot + 3]) * h / n;
      for (std::size_t i = 0; i < x.size(); ++i) x[i] += term[i];
    }
  }
  return 1000 * x[depot + 1] / p.volume();
}

/// Ordinary people, and passages that coincide with absorption or elimination, exactly or nearly.
std::vector<Individual> people_with_transit() {
  std::vector<Individual> people;
  const Individual one = one_compartment(0.8, 40.0, 400.0);
  const Individual two = two_compartment(0.6, 38.0, 500.0, 60.0, 1600.0);
  const Individual three = three_compartment(0.6, 38.0, 400.0, 60.0, 1600.0, 12.0, 2600.0);
  for (const int n : {1, 3, 12}) {
    for (const Individual& base : {one, two, three}) {
      people.push_back(with_transit(base, n, 1.7));
      for (const double gap : {0.0, 1e-14, 1e-9, 1e-4, 0.1}) {
        people.push_back(with_transit(base, n, (n + 1.0) / (base.absorption_rate * (1.0 + gap))));
        people.push_back(with_transit(base, n, (n + 1.0) / (disposition(base).mode[0].rate * (1.0 - gap))));
      }
    }
    for (const double gap : {0.0, 1e-12, 1e-6}) {  // all three rates
      people.push_back(with_transit(one_compartment(0.1 * (1.0 + gap), 40.0, 400.0), n, (n + 1.0) / 0.1 * (1.0 - gap)));
    }
    people.push_back(with_transit(one, n, 40.0));
    people.push_back(with_transit(one, n, 0.2));
  }
  return people;
}

double concentration_at(const Individual& person, const std::vector<Dose>& doses, double time) {
  return concentration(person, doses, std::vector<double>{time})[0];
}

}  // namespace

TEST(Transit, AgreesWithThePowerSeries) {
  for (const Individual& person : people_with_transit()) {
    const auto stages = static_cast<std::size_t>(person.absorption.transit_compartments) + 1;
    for (const double time : {0.02, 1.0, 8.0}) {
      const Number truth = by_chain(precise::Person(person), stages, 10.0, time);
      EXPECT_LT(relative_error(concentration_at(person, {{.amount = 10.0}}, time), truth), 1e-12)
          << person.absorption_rate << " " << person.mean_transit_time << " n " << stages - 1 << " at " << time;
    }
  }
}

// Savic et al. (2007), equation 2: what reaches the depot is D ktr (ktr t)^n exp(-ktr t) / n! per hour.
TEST(Transit, IsTheInputOfSavic) {
  namespace odeint = boost::numeric::odeint;
  using Amounts = std::vector<double>;
  for (const int n : {1, 4, 9}) {
    const Individual person = with_transit(one_compartment(0.7, 38.0, 500.0), n, 2.6);
    const double passage = (n + 1) / person.mean_transit_time;
    const double factorial = boost::math::factorial<double>(static_cast<unsigned>(n));
    const auto slope = [&](const Amounts& x, Amounts& dx, double t) {
      const double input = 10.0 * passage * std::pow(passage * t, n) * std::exp(-passage * t) / factorial;
      dx[0] = input - person.absorption_rate * x[0];
      dx[1] = person.absorption_rate * x[0] - person.clearance / person.volume * x[1];
    };
    for (const double time : {0.5, 3.0, 12.0}) {
      Amounts x = {0.0, 0.0};
      odeint::integrate_adaptive(odeint::make_controlled(1e-13, 1e-13, odeint::runge_kutta_fehlberg78<Amounts>()),
                                 slope, x, 0.0, time, 1e-3);
      const double expected = 1000.0 * x[1] / person.volume;
      EXPECT_NEAR(concentration_at(person, {{.amount = 10.0}}, time), expected, 1e-9 * expected + 1e-10)
          << n << " " << time;
    }
  }
}

TEST(Transit, GradientIsTheDerivative) {
  const std::vector<Individual> people = people_with_transit();
  for (std::size_t i = 0; i < people.size(); i += 2) {
    const Individual& person = people[i];
    const auto stages = static_cast<std::size_t>(person.absorption.transit_compartments) + 1;
    for (const double time : {0.4, 6.0}) {
      std::vector<double> value(1);
      std::vector<double> gradient(pk_parameter_count);
      concentration_and_gradient(person, std::vector<Dose>{{.amount = 10.0}}, std::vector<double>{time}, value,
                                 gradient);
      for (const PkParameter which : {PkParameter::mean_transit_time, PkParameter::absorption_rate,
                                      PkParameter::clearance, PkParameter::volume}) {
        const auto p = static_cast<std::size_t>(which);
        const Number slope = precise::derivative(precise::Person(person), p, [&](const precise::Person& moved) {
          return by_chain(moved, stages, 10.0, time);
        });
        const double size = std::abs(static_cast<double>(slope)) + value[0] / parameter(person, which);
        EXPECT_LT(static_cast<double>(abs(slope - gradient[p])), 1e-10 * size)
            << pk_parameter_names.at(p) << " " << person.mean_transit_time << " n " << stages - 1 << " at " << time;
      }
    }
  }
}

TEST(Transit, SteadyStateIsTheLimitOfManyDoses) {
  for (Individual person : people_with_transit()) {
    for (const double lag : {0.0, 0.7, 13.0}) {
      person.lag = lag;
      if (person.mean_transit_time > 100.0 ||
          disposition(person).mode[disposition(person).mode_count - 1].rate < 0.005) {
        continue;  // a limit far away
      }
      const std::vector<Dose> steady = {
          {.time = 600.0, .amount = 12.0, .interval = 12.0, .additional = 2, .steady_state = true}};
      const std::vector<Dose> many = {{.time = -6000.0, .amount = 12.0, .interval = 12.0, .additional = 552}};
      for (const double time : {600.0, 601.0, 606.5, 613.2, 640.0, 700.0}) {
        EXPECT_NEAR(concentration_at(person, steady, time) / concentration_at(person, many, time), 1.0, 1e-10)
            << person.mean_transit_time << " " << time << " lag " << lag;
      }
    }
  }
}

// Of a great many compartments what arrives is the dose itself, one mean transit time late.
TEST(Transit, BecomesALagWithManyCompartments) {
  const Individual plain = one_compartment(0.5, 4.0, 70.0, 2.0);
  const Individual person = with_transit(one_compartment(0.5, 4.0, 70.0), 400, 2.0);
  for (const double time : {4.0, 9.0, 30.0}) {
    EXPECT_NEAR(concentration_at(person, {{.amount = 10.0}}, time) / concentration_at(plain, {{.amount = 10.0}}, time),
                1.0, 2e-3)
        << time;
  }
}

}  // namespace titrant::pkpd
