#include "titrant/pkpd/occasions.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "people.hpp"
#include "titrant/core/stream.hpp"
#include "titrant/pkpd/biomarker_response.hpp"
#include "titrant/pkpd/concentration_response.hpp"

/// \file
/// Parameters that change with every dose, against the equations integrated step by step.

namespace titrant::pkpd {

namespace {

/// Numbers of steps of the reference in an hour; lags and durations are whole numbers of steps.
constexpr int steps_an_hour = 50;

/// C and R, each at the end of every step and, where it jumps, at both sides.
struct SteppedCourse {
  std::vector<double> time;
  std::vector<double> c;
  std::vector<double> r;

  /// The values of a window [from, to], seen from inside.
  static double extreme(const std::vector<double>& values, std::size_t first, std::size_t last, bool largest) {
    const auto begin = values.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end = values.begin() + static_cast<std::ptrdiff_t>(last);
    return largest ? *std::max_element(begin, end) : *std::min_element(begin, end);
  }
};

/// The classical Runge-Kutta method on the equations of one or two compartments and of a biomarker as they stand, on
/// one dose every interval; parameters are those of the interval since the last dose was taken.
/// \param parameters  [dosing interval]
SteppedCourse stepped(const std::vector<Individual>& parameters, const Course& course, double dose,
                      const Biomarker& m) {
  using State = std::array<double, 5>;  // mg in depot, central, peripheral; two of the biomarker
  constexpr double h = 1.0 / steps_an_hour;
  const auto steps = [](double hours) { return static_cast<int>(std::lround(hours * steps_an_hour)); };
  const bool tolerance = m.structure == BiomarkerStructure::tolerance_inhibition ||
                         m.structure == BiomarkerStructure::tolerance_stimulation;
  const bool compartment = m.structure == BiomarkerStructure::effect_compartment_inhibition ||
                           m.structure == BiomarkerStructure::effect_compartment_stimulation;
  const bool direct =
      m.structure == BiomarkerStructure::direct_inhibition || m.structure == BiomarkerStructure::direct_stimulation;
  const bool precursor = rebounds(m.structure);
  const bool loss = m.structure == BiomarkerStructure::turnover_inhibition_of_loss ||
                    m.structure == BiomarkerStructure::turnover_stimulation_of_loss;
  const auto effect = [&](double c) {
    const double u = std::pow(c, m.hill) / (std::pow(m.ic50, m.hill) + std::pow(c, m.hill));
    return inhibits(m.structure) ? 1.0 - m.imax * u : 1.0 + m.imax * u;
  };
  const Individual* now = &parameters.front();
  double input = 0.0;
  const auto concentration = [&](const State& x) { return now->concentration_scale * x[1] / now->volume; };
  const auto slope = [&](const State& x) -> State {
    const double c = concentration(x);
    const double out = now->saturable() ? now->maximum_elimination_rate * c / (now->michaelis_constant + c)
                                        : now->clearance * x[1] / now->volume;
    const bool two = now->structure == Structure::two_compartment;
    const double exchange =
        two ? now->intercompartmental_clearance * (x[1] / now->volume - x[2] / now->peripheral_volume) : 0.0;
    State s{-now->absorption_rate * x[0], now->absorption_rate * x[0] - out - exchange + input, exchange, 0.0, 0.0};
    if (compartment || tolerance) {
      s[3] = (compartment ? m.ke0 : m.ktol) * (c - x[3]);
    } else if (precursor) {
      const double released = m.kp * effect(c) * x[4];
      s[4] = m.kout * m.baseline - released;
      s[3] = released - m.kout * x[3];
    } else if (!direct) {
      s[3] = m.kout * (m.baseline * (loss ? 1.0 : effect(c)) - (loss ? effect(c) : 1.0) * x[3]);
    }
    return s;
  };
  const auto moved = [](const State& x, double by, const State& k) {
    State y = x;
    for (std::size_t i = 0; i < y.size(); ++i) y[i] += by * k[i];
    return y;
  };
  State x{};
  x[3] = compartment || tolerance ? 0.0 : m.baseline;
  x[4] = m.kout * m.baseline / m.kp;
  SteppedCourse seen;
  const auto see = [&](double time) {
    const double c = concentration(x);
    double r = x[3];
    if (direct) r = m.baseline * effect(c);
    if (compartment) r = m.baseline * effect(x[3]);
    if (tolerance) r = m.baseline * effect(c / (1.0 + x[3] / m.tol50));
    seen.time.push_back(time);
    seen.c.push_back(c);
    seen.r.push_back(r);
  };
  const bool central = course.into == DoseInto::central;
  const int of_interval = steps(course.interval);
  const int all = of_interval * static_cast<int>(parameters.size());
  std::vector<double> at_once(static_cast<std::size_t>(all) + 1, 0.0);  // what arrives at each step
  std::vector<double> rates(static_cast<std::size_t>(all) + 1, 0.0);
  for (std::size_t k = 0; k < parameters.size(); ++k) {
    const double amount = dose * course.amount(static_cast<int>(k)) * (central ? 1.0 : parameters[k].bioavailability);
    const int arrives = of_interval * static_cast<int>(k) + (central ? 0 : steps(parameters[k].lag));
    if (course.duration == 0.0) {
      if (arrives < all) at_once[static_cast<std::size_t>(arrives)] += amount;
      continue;
    }
    for (int i = arrives; i < std::min(all, arrives + steps(course.duration)); ++i) {
      rates[static_cast<std::size_t>(i)] += amount / course.duration;
    }
  }
  for (int i = 0; i < all; ++i) {
    now = &parameters[static_cast<std::size_t>(i / of_interval)];
    x[central ? 1 : 0] += at_once[static_cast<std::size_t>(i)];
    input = rates[static_cast<std::size_t>(i)];
    see(i * h);
    const State k1 = slope(x);
    const State k2 = slope(moved(x, 0.5 * h, k1));
    const State k3 = slope(moved(x, 0.5 * h, k2));
    const State k4 = slope(moved(x, h, k3));
    for (std::size_t s = 0; s < x.size(); ++s) x[s] += h / 6.0 * (k1[s] + 2.0 * k2[s] + 2.0 * k3[s] + k4[s]);
    see((i + 1) * h);
  }
  return seen;
}

/// The places of a stepped course in [from, to]: two for each step.
std::size_t place(double hours) { return 2 * static_cast<std::size_t>(std::lround(hours * steps_an_hour)); }

/// A subject on `count` occasions: clearance, volume, absorption, lag and share of the dose differ.
OccasionIndividual on_occasions(const Individual& usual, std::size_t count, std::uint64_t number) {
  OccasionIndividual individual{usual, {}};
  core::Stream stream(71, core::Purpose::test, number);
  const auto around = [&](double value) { return value * std::exp(0.35 * stream.normal()); };
  for (std::size_t i = 0; i < count; ++i) {
    Individual& one = individual.intervals.emplace_back(usual);
    one.clearance = around(usual.clearance);
    one.volume = around(usual.volume);
    one.absorption_rate = around(usual.absorption_rate);
    one.bioavailability = around(usual.bioavailability);
    one.maximum_elimination_rate = around(usual.maximum_elimination_rate);
    if (usual.lag > 0.0) one.lag = std::round(around(usual.lag) * steps_an_hour) / steps_an_hour;
  }
  return individual;
}

Biomarker biomarker_of(BiomarkerStructure structure) {
  Biomarker m{.structure = structure, .baseline = 10.0, .kout = 0.15, .imax = 0.8, .ic50 = 30.0, .hill = 1.4};
  if (!inhibits(structure)) m.imax = 3.0;
  m.ke0 = 0.1;
  m.ktol = 0.12;
  m.tol50 = 40.0;
  m.kp = 0.1;
  return m;
}

struct OccasionCase {
  const char* name;
  Individual usual;
  Course course;
};

std::vector<OccasionCase> occasion_cases() {
  const Individual one = one_compartment(0.9, 30.0, 250.0);
  const Individual two = two_compartment(0.7, 35.0, 200.0, 30.0, 300.0, 1.5);
  return {{"tablets", one, {12.0, {2.0, 2}}},
          {"tablets with a lag, two compartments", two, {24.0, {}}},
          {"boluses", one, {12.0, {}, DoseInto::central}},
          {"infusions, two compartments", two, {24.0, {1.5, 1}, DoseInto::central, 3.0}},
          {"a lag beyond the interval", one_compartment(0.9, 30.0, 250.0, 10.0), {8.0, {}}}};
}

constexpr double occasion_dose = 20.0;
// Extremes of a grid of 0.02 h miss those of a smooth curve by the square of half a step times its bend; Runge-Kutta
// steps of 0.02 h lose their order where C rises from nothing, where the effect has no second derivative.
constexpr double of_extremes = 5e-5;
constexpr double of_values = 1e-6;

}  // namespace

TEST(Occasions, ACourseIsThatOfTheEquations) {
  std::uint64_t number = 0;
  for (const OccasionCase& c : occasion_cases()) {
    for (const ResponseWindow& window :
         {ResponseWindow{false, 2.0, 30.0}, ResponseWindow{false, 48.0, 72.0}, ResponseWindow{false, 50.0, 77.0}}) {
      const std::size_t count = occasion_intervals(c.usual, c.course, window);
      EXPECT_EQ(count, static_cast<std::size_t>(std::ceil(window.to / c.course.interval)));
      const OccasionIndividual individual = on_occasions(c.usual, count, ++number);
      const std::vector<double> times = {window.from + 1.0, window.from + 7.3, window.to - 2.0};
      const ConcentrationResponse concentration(individual, c.course, window, times);
      const BiomarkerResponse response(individual, c.course, window, times);
      for (const BiomarkerStructure structure : all_biomarker_structures) {
        const Biomarker m = biomarker_of(structure);
        const SteppedCourse expected = stepped(individual.intervals, c.course, occasion_dose, m);
        const std::size_t first = place(window.from);
        const std::size_t last = place(window.to);
        EXPECT_NEAR(response.maximum(m, occasion_dose) / SteppedCourse::extreme(expected.r, first, last, true), 1.0,
                    of_extremes)
            << c.name << " " << name(structure) << " " << window.from;
        EXPECT_NEAR(response.minimum(m, occasion_dose) / SteppedCourse::extreme(expected.r, first, last, false), 1.0,
                    of_extremes)
            << c.name << " " << name(structure) << " " << window.from;
        std::vector<double> values(times.size());
        response.at_samples(m, occasion_dose, values);
        for (std::size_t j = 0; j < times.size(); ++j) {
          EXPECT_NEAR(values[j] / expected.r[place(times[j])], 1.0, of_values) << c.name << " " << name(structure);
          EXPECT_NEAR(occasion_dose * concentration.at_samples()[j], expected.c[place(times[j])],
                      of_values * occasion_dose * concentration.maximum())
              << c.name;
        }
        if (structure != BiomarkerStructure::turnover_inhibition) continue;  // C is that of all
        EXPECT_NEAR(occasion_dose * concentration.maximum() / SteppedCourse::extreme(expected.c, first, last, true),
                    1.0, of_extremes)
            << c.name;
        EXPECT_NEAR(occasion_dose * concentration.minimum(), SteppedCourse::extreme(expected.c, first, last, false),
                    of_extremes * occasion_dose * concentration.maximum())
            << c.name;
      }
    }
  }
}

// The reference begins with 30 intervals at the usual parameters, after which nothing is left of its begin.
TEST(Occasions, SteadyStateIsALongCourseWithAPastOfItsOwn) {
  std::uint64_t number = 100;
  for (const OccasionCase& c : occasion_cases()) {
    for (const BiomarkerStructure structure : all_biomarker_structures) {
      const Biomarker m = biomarker_of(structure);
      const std::size_t count = occasion_intervals(c.usual, c.course, {}, &m);
      const OccasionIndividual individual = on_occasions(c.usual, count, ++number);
      Course unloaded = c.course;
      unloaded.loading = {};
      std::vector<Individual> parameters(30, c.usual);
      parameters.insert(parameters.end(), individual.intervals.begin(), individual.intervals.end());
      const SteppedCourse expected = stepped(parameters, unloaded, occasion_dose, m);
      const std::size_t last = place(unloaded.interval * static_cast<double>(parameters.size()));
      const std::size_t first = last - place(unloaded.interval);
      const std::vector<double> times = {0.0, 2.5, unloaded.interval};
      const ConcentrationResponse concentration(individual, c.course, {}, times);
      const BiomarkerResponse response(individual, c.course, {}, times);
      const auto what = [&] { return std::string(c.name) + " " + std::string(name(structure)); };
      EXPECT_NEAR(response.maximum(m, occasion_dose) / SteppedCourse::extreme(expected.r, first, last, true), 1.0,
                  of_extremes)
          << what();
      EXPECT_NEAR(response.minimum(m, occasion_dose) / SteppedCourse::extreme(expected.r, first, last, false), 1.0,
                  of_extremes)
          << what();
      EXPECT_NEAR(occasion_dose * concentration.maximum() / SteppedCourse::extreme(expected.c, first, last, true), 1.0,
                  of_extremes)
          << what();
      EXPECT_NEAR(occasion_dose * concentration.minimum() / SteppedCourse::extreme(expected.c, first, last, false), 1.0,
                  of_extremes)
          << what();
      EXPECT_NEAR(occasion_dose * concentration.trough() / expected.c[last - 1], 1.0, of_values) << what();
      std::vector<double> values(times.size());
      response.at_samples(m, occasion_dose, values);
      const std::array<std::size_t, 3> places = {first, first + place(2.5), last - 1};
      for (std::size_t j = 0; j < times.size(); ++j) {
        EXPECT_NEAR(values[j] / expected.r[places.at(j)], 1.0, of_values) << what() << " " << times[j];
        EXPECT_NEAR(occasion_dose * concentration.at_samples()[j] / expected.c[places.at(j)], 1.0, of_values)
            << what() << " " << times[j];
      }
    }
  }
}

// Saturable elimination on both kinds of windows, C alone and a biomarker.
TEST(Occasions, SaturableEliminationFollowsThem) {
  Individual usual = one_compartment(0.9, 1.0, 250.0);
  usual.elimination = Elimination::michaelis_menten;
  usual.maximum_elimination_rate = 6.0;
  usual.michaelis_constant = 60.0;
  const Biomarker m = biomarker_of(BiomarkerStructure::turnover_inhibition);
  const Course course{12.0, {}};
  for (const ResponseWindow& window : {ResponseWindow{}, ResponseWindow{false, 20.0, 50.0}}) {
    const OccasionIndividual individual = on_occasions(usual, occasion_intervals(usual, course, window, &m), 9);
    std::vector<Individual> parameters(window.steady_state ? 60 : 0, usual);
    parameters.insert(parameters.end(), individual.intervals.begin(), individual.intervals.end());
    const SteppedCourse expected = stepped(parameters, course, occasion_dose, m);
    const std::size_t last = place(window.steady_state ? 12.0 * static_cast<double>(parameters.size()) : window.to);
    const std::size_t first = window.steady_state ? last - place(12.0) : place(window.from);
    const BiomarkerResponse response(individual, course, window);
    const ConcentrationResponse concentration(on_dose(individual, occasion_dose), course, window);
    EXPECT_NEAR(response.maximum(m, occasion_dose) / SteppedCourse::extreme(expected.r, first, last, true), 1.0,
                of_extremes);
    EXPECT_NEAR(occasion_dose * concentration.maximum() / SteppedCourse::extreme(expected.c, first, last, true), 1.0,
                of_extremes);
    EXPECT_NEAR(occasion_dose * concentration.minimum() / SteppedCourse::extreme(expected.c, first, last, false), 1.0,
                of_extremes);
  }
}

// With the same parameters on all occasions both are what they are without: a course exactly as far as its panels
// differ (1e-8), steady states up to what is rounded in their past.
TEST(Occasions, ThatDoNotDifferChangeNothing) {
  for (const OccasionCase& c : occasion_cases()) {
    Individual third = with_third(c.usual, 12.0, 500.0);
    if (c.usual.structure == Structure::one_compartment) third = c.usual;
    for (const Individual& usual : {c.usual, third}) {
      for (const ResponseWindow& window :
           {ResponseWindow{}, ResponseWindow{false, 0.0, 24.0}, ResponseWindow{false, 48.0, 72.0}}) {
        const std::vector<double> times = window.steady_state
                                              ? std::vector<double>{0.0, 3.0, c.course.interval}
                                              : std::vector<double>{window.from, window.from + 3.0, window.to};
        for (const BiomarkerStructure structure : all_biomarker_structures) {
          Biomarker m = biomarker_of(structure);
          if (c.course.interval == 24.0) m.baseline_model = BaselineModel::circadian;
          const OccasionIndividual same{
              usual, std::vector<Individual>(occasion_intervals(usual, c.course, window, &m), usual)};
          const ConcentrationResponse c_with(same, c.course, window, times);
          const ConcentrationResponse c_without(usual, c.course, window, times);
          const double scale = c_without.maximum();
          EXPECT_NEAR(c_with.maximum(), c_without.maximum(), 1e-10 * scale) << c.name;
          EXPECT_NEAR(c_with.minimum(), c_without.minimum(), 1e-10 * scale) << c.name;
          if (window.steady_state) {
            EXPECT_NEAR(c_with.trough(), c_without.trough(), 1e-10 * scale) << c.name;
          }
          for (std::size_t j = 0; j < times.size(); ++j) {
            EXPECT_NEAR(c_with.at_samples()[j], c_without.at_samples()[j], 1e-10 * scale) << c.name << " " << times[j];
          }
          const BiomarkerResponse with(same, c.course, window, times);
          const BiomarkerResponse without(usual, c.course, window, times);
          EXPECT_NEAR(with.maximum(m, occasion_dose) / without.maximum(m, occasion_dose), 1.0, 1e-8)
              << c.name << name(structure);
          EXPECT_NEAR(with.minimum(m, occasion_dose) / without.minimum(m, occasion_dose), 1.0, 1e-8)
              << c.name << name(structure);
          std::vector<double> r_with(times.size());
          std::vector<double> r_without(times.size());
          with.at_samples(m, occasion_dose, r_with);
          without.at_samples(m, occasion_dose, r_without);
          for (std::size_t j = 0; j < times.size(); ++j) {
            EXPECT_NEAR(r_with[j] / r_without[j], 1.0, 1e-8) << c.name << name(structure) << " " << times[j];
          }
        }
      }
    }
  }
}

// A past is long enough to forget, and bounded: e-folds of the slowest rate, the judged interval, the lag.
TEST(Occasions, ThePastIsAsLongAsTheSlowestRateNeeds) {
  const Individual usual = one_compartment(0.9, 25.0, 250.0);  // 0.1 1/h
  const Course course{12.0, {}};
  EXPECT_EQ(occasion_intervals(usual, course, {}), 1 + 6);  // 7 / 1.2
  Biomarker m = biomarker_of(BiomarkerStructure::turnover_inhibition);
  m.kout = 0.02;
  EXPECT_EQ(occasion_intervals(usual, course, {}, &m), 1 + 30);  // 7 / 0.24
  m.kout = 1e-4;
  EXPECT_EQ(occasion_intervals(usual, course, {}, &m), 1 + most_intervals_before);
  m = biomarker_of(BiomarkerStructure::direct_inhibition);
  EXPECT_EQ(occasion_intervals(usual, course, {}, &m), 1 + 6);
  m = biomarker_of(BiomarkerStructure::turnover_inhibition_of_loss);
  m.imax = 1.0;
  EXPECT_EQ(occasion_intervals(usual, course, {}, &m), 1 + most_intervals_before);
  Individual late = usual;
  late.lag = 30.0;
  EXPECT_EQ(occasion_intervals(late, course, {}), 1 + 6 + 2);
  EXPECT_EQ(occasion_intervals(usual, {240.0, {}}, {}), 1 + 1);
}

}  // namespace titrant::pkpd
