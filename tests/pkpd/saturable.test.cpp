#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <boost/math/quadrature/gauss.hpp>
#include <boost/math/special_functions/lambert_w.hpp>
#include <cmath>
#include <span>
#include <vector>

#include "people.hpp"
#include "titrant/core/error.hpp"
#include "titrant/pkpd/biomarker.hpp"
#include "titrant/pkpd/biomarker_course.hpp"
#include "titrant/pkpd/biomarker_response.hpp"
#include "titrant/pkpd/concentration.hpp"
#include "titrant/pkpd/concentration_course.hpp"
#include "titrant/pkpd/exposure.hpp"
#include "titrant/pkpd/varying.hpp"

namespace titrant::pkpd {

namespace {

/// Amounts in mg, concentrations in ng/mL: Km 400 ng/mL is reached by 0.4 mg/L.
Individual saturable_subject(Structure structure, Elimination elimination, double lag = 0.0) {
  Individual one = three_compartment(0.9, 6.0, 50.0, 8.0, 70.0, 3.0, 200.0, lag);
  one.structure = structure;
  one.elimination = elimination;
  one.maximum_elimination_rate = 7.0;
  one.michaelis_constant = 400.0;
  return one;
}

constexpr std::array<Structure, 3> structures = {Structure::one_compartment, Structure::two_compartment,
                                                 Structure::three_compartment};
constexpr std::array<Elimination, 2> saturable_kinds = {Elimination::michaelis_menten, Elimination::both};

/// Doses of every route, with an infusion that overlaps others, and a reset.
std::vector<Dose> saturable_doses() {
  return {{.time = 0.0, .amount = 80.0, .interval = 12.0, .additional = 3},
          {.time = 5.0, .amount = 30.0, .into = DoseInto::central},
          {.time = 8.0, .amount = 60.0, .interval = 6.0, .additional = 2, .rate = 7.5, .into = DoseInto::central},
          {.time = 40.0, .amount = 50.0, .reset = true},
          {.time = 41.0, .amount = 20.0, .rate = 10.0, .into = DoseInto::depot}};
}

const std::vector<double> saturable_times = {0.0,  0.2,  1.0,  4.9,  5.0,  7.0,  9.0,  13.0, 17.5,
                                             26.0, 31.0, 39.9, 40.0, 42.0, 45.0, 60.0, 90.0};

/// C by Runge and Kutta's method of order 4 with short steps of fixed length: other numbers, other code.
std::vector<double> by_short_steps(const Individual& one, const std::vector<double>& times) {
  using Real = long double;
  struct Event {
    double time;
    double amount;
    double rate;  // change of it
    std::size_t into;
    bool reset;
  };
  std::vector<Event> events;
  for (const Dose& dose : saturable_doses()) {
    const std::size_t into = dose.into == DoseInto::depot ? 0 : 1;
    const double lag = dose.into == DoseInto::depot ? one.lag : 0.0;
    if (dose.reset) events.push_back({dose.time, 0.0, 0.0, 0, true});
    for (int k = 0; k <= dose.additional; ++k) {
      const double time = dose.time + k * dose.interval + lag;
      if (dose.rate == 0.0) {
        events.push_back({time, dose.amount, 0.0, into, false});
      } else {
        events.push_back({time, 0.0, dose.rate, into, false});
        events.push_back({time + dose.amount / dose.rate, 0.0, -dose.rate, into, false});
      }
    }
  }
  std::stable_sort(events.begin(), events.end(), [](const Event& a, const Event& b) { return a.time < b.time; });
  std::array<Real, 4> x{};
  std::array<Real, 2> input{};
  const auto slope = [&](const std::array<Real, 4>& y) {
    const Real c = one.concentration_scale / one.volume * y[1];
    Real out = one.maximum_elimination_rate * c / (one.michaelis_constant + c);
    if (one.elimination == Elimination::both) out += one.clearance / one.volume * y[1];
    const bool two = one.structure != Structure::one_compartment;
    const bool three = one.structure == Structure::three_compartment;
    const Real to = two ? one.intercompartmental_clearance * (y[1] / one.volume - y[2] / one.peripheral_volume) : 0.0L;
    const Real to_second =
        three ? one.second_intercompartmental_clearance * (y[1] / one.volume - y[3] / one.second_peripheral_volume)
              : 0.0L;
    return std::array<Real, 4>{input[0] - one.absorption_rate * y[0],
                               input[1] + one.absorption_rate * y[0] - out - to - to_second, to, to_second};
  };
  const auto plus = [](std::array<Real, 4> y, const std::array<Real, 4>& d, Real h) {
    for (std::size_t i = 0; i < 4; ++i) y[i] += h * d[i];
    return y;
  };
  const auto advance = [&](Real length) {
    const auto steps = static_cast<int>(std::ceil(static_cast<double>(length) / 0.01));
    const Real h = length / std::max(steps, 1);
    for (int s = 0; s < steps; ++s) {
      const auto k1 = slope(x);
      const auto k2 = slope(plus(x, k1, h / 2));
      const auto k3 = slope(plus(x, k2, h / 2));
      const auto k4 = slope(plus(x, k3, h));
      for (std::size_t i = 0; i < 4; ++i) x[i] += h / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
    }
  };
  std::vector<double> result;
  double now = 0.0;
  std::size_t next = 0;
  for (const double time : times) {
    for (; next < events.size() && events[next].time <= time; ++next) {
      advance(Real(events[next].time) - now);
      now = events[next].time;
      if (events[next].reset) x = {};
      x[events[next].into] += events[next].amount;
      input[events[next].into] += events[next].rate;
    }
    advance(Real(time) - now);
    now = time;
    result.push_back(static_cast<double>(one.concentration_scale / one.volume * x[1]));
  }
  return result;
}

double relative_to_peak(const std::vector<double>& a, const std::vector<double>& b) {
  double worst = 0.0;
  const double peak = *std::max_element(b.begin(), b.end());
  for (std::size_t i = 0; i < a.size(); ++i)
    worst = std::max(worst, std::abs(a[i] - b[i]) / (0.01 * peak + std::abs(b[i])));
  return worst;
}

}  // namespace

/// C(t) = Km W(C0 / Km exp((C0 - Vmax / V t) / Km)) after an intravenous bolus (Schnell and Mendoza, J Theor Biol
/// 187:207, 1997).
TEST(Saturable, BolusIsLambertsFunction) {
  const Individual one = saturable_subject(Structure::one_compartment, Elimination::michaelis_menten);
  const std::vector<Dose> dose = {{.time = 1.0, .amount = 200.0, .into = DoseInto::central}};
  const std::vector<double> times = {1.0, 1.5, 3.0, 10.0, 20.0, 40.0, 60.0, 100.0};
  const std::vector<double> found = concentration(one, dose, times);
  const double first = 1000.0 * 200.0 / one.volume;
  const double km = one.michaelis_constant;
  for (std::size_t j = 0; j < times.size(); ++j) {
    const double lost = 1000.0 * one.maximum_elimination_rate / one.volume * (times[j] - 1.0);
    const double exact = km * boost::math::lambert_w0(first / km * std::exp((first - lost) / km));
    EXPECT_NEAR(found[j], exact, 1e-9 * exact + 1e-15 * first) << times[j];
  }
}

TEST(Saturable, AgreesWithShortStepsOnEveryRoute) {
  for (const Structure structure : structures) {
    for (const Elimination elimination : saturable_kinds) {
      for (const double lag : {0.0, 0.7}) {
        const Individual one = saturable_subject(structure, elimination, lag);
        const std::vector<double> found = concentration(one, saturable_doses(), saturable_times);
        // Steps of 0.01 h have errors of 1e-9.
        EXPECT_LT(relative_to_peak(found, by_short_steps(one, saturable_times)), 1e-8)
            << name(structure) << " " << name(elimination) << " " << lag;
      }
    }
  }
}

namespace {

/// Histories of all that doses can be, by number; parameters of the doses are set in `one`.
constexpr std::size_t history_count = 9;
std::vector<Dose> any_saturable_doses(std::size_t number, Individual& one) {
  one.input_rate = 9.0;
  one.input_duration = 5.0;
  one.absorption_duration = 3.5;
  one.mean_transit_time = 2.0;
  one.bioavailability = 0.8;
  const Dose later{.time = 70.0, .amount = 25.0};
  switch (number) {
    case 0:
      return {{.time = 0.0, .amount = 40.0, .interval = 12.0, .additional = 5}, later};
    case 1:  // a steady state, and what follows it
      return {{.time = 0.0, .amount = 30.0, .interval = 12.0, .additional = 3, .steady_state = true}, later};
    case 2:
      return {{.time = 0.0, .amount = 30.0, .interval = 8.0, .steady_state = true, .into = DoseInto::central}, later};
    case 3:  // infusions longer than their interval
      return {{.time = 0.0,
               .amount = 30.0,
               .interval = 8.0,
               .additional = 2,
               .steady_state = true,
               .rate = 2.5,
               .into = DoseInto::central},
              later};
    case 4:
      return {{.time = 0.0,
               .amount = 20.0,
               .interval = 9.0,
               .steady_state = true,
               .into = DoseInto::depot,
               .infusion = InfusionBy::modelled_duration},
              later};
    case 5:
      return {{.time = 2.0,
               .amount = 50.0,
               .interval = 20.0,
               .additional = 2,
               .into = DoseInto::depot,
               .infusion = InfusionBy::modelled_rate},
              later};
    case 6:
      one.absorption = {AbsorptionKind::zero_order};
      return {{.time = 0.0, .amount = 30.0, .interval = 12.0, .additional = 2, .steady_state = true}, later};
    case 7:
      one.absorption = {AbsorptionKind::transit, 3};
      return {{.time = 0.0, .amount = 30.0, .interval = 12.0, .additional = 2, .steady_state = true}, later};
    default:  // an infusion that was constant for ever
      return {{.time = 4.0, .steady_state = true, .rate = 3.0, .into = DoseInto::central}, later};
  }
}

const std::vector<double> gradient_times = {0.3, 1.1, 3.9, 6.2, 11.0, 14.7, 23.0, 33.3, 50.0, 71.9, 80.0};

}  // namespace

/// Far below Km elimination is linear, with Vmax / Km as its clearance.
TEST(Saturable, FarBelowKmIsTheClosedForm) {
  for (const Structure structure : structures) {
    for (std::size_t number = 0; number < history_count; ++number) {
      for (const double lag : {0.0, 1.3, 10.0}) {
        Individual one = saturable_subject(structure, Elimination::both, lag);
        const std::vector<Dose> doses = any_saturable_doses(number, one);
        one.michaelis_constant = 1e13;
        one.maximum_elimination_rate = 4.0 * one.michaelis_constant / one.concentration_scale;
        Individual linear = one;
        linear.elimination = Elimination::linear;
        linear.clearance += 4.0;
        EXPECT_LT(
            relative_to_peak(concentration(one, doses, gradient_times), concentration(linear, doses, gradient_times)),
            1e-8)
            << name(structure) << ", history " << number << ", lag " << lag;
      }
    }
  }
}

TEST(Saturable, DerivativesAreThoseOfDifferences) {
  for (const Structure structure : structures) {
    for (const Elimination elimination : saturable_kinds) {
      for (std::size_t number = 0; number < history_count; ++number) {
        Individual one = saturable_subject(structure, elimination, number == 8 ? 0.0 : 0.9);
        const std::vector<Dose> doses = any_saturable_doses(number, one);
        const std::size_t count = gradient_times.size();
        std::vector<double> value(count);
        std::vector<double> gradient(count * pk_parameter_count);
        concentration_and_gradient(one, doses, gradient_times, value, gradient);
        EXPECT_EQ(value, concentration(one, doses, gradient_times));  // the same bits
        const double peak = *std::max_element(value.begin(), value.end());
        for (const PkParameter which : all_pk_parameters()) {
          const double here = parameter(one, which);
          const double step = 1e-4 * here;
          if (step == 0.0) continue;
          const auto moved = [&](double by) {
            Individual other = one;
            parameter(other, which) = here + by;
            return concentration(other, doses, gradient_times);
          };
          const auto up = moved(step);
          const auto down = moved(-step);
          const auto up2 = moved(2.0 * step);
          const auto down2 = moved(-2.0 * step);
          for (std::size_t j = 0; j < count; ++j) {
            const double difference = (8.0 * (up[j] - down[j]) - (up2[j] - down2[j])) / (12.0 * step);
            EXPECT_NEAR(gradient[j * pk_parameter_count + static_cast<std::size_t>(which)] * here, difference * here,
                        2e-6 * peak)
                << name(structure) << " " << name(elimination) << ", history " << number << ", "
                << pk_parameter_names[static_cast<std::size_t>(which)] << " at " << gradient_times[j];
          }
        }
      }
    }
  }
}

TEST(Saturable, ParametersThatChangeInTime) {
  const Individual first = saturable_subject(Structure::two_compartment, Elimination::both, 0.5);
  VaryingIndividual subject{first, {{10.0, first}, {47.0, first}}};
  subject.changes[0].individual.volume = 80.0;
  subject.changes[0].individual.maximum_elimination_rate = 4.0;
  subject.changes[1].individual.clearance = 2.0;
  Individual unused = first;
  const std::vector<Dose> doses = any_saturable_doses(0, unused);
  // Without saturation: the closed forms.
  VaryingIndividual linear = subject;
  VaryingIndividual nearly = subject;
  const auto each = [](VaryingIndividual& one, const auto& action) {
    action(one.first);
    for (IndividualChange& change : one.changes) action(change.individual);
  };
  each(linear, [](Individual& one) { one.elimination = Elimination::linear; });
  each(nearly, [](Individual& one) { one.maximum_elimination_rate = 1e-12; });
  EXPECT_LT(
      relative_to_peak(concentration(nearly, doses, gradient_times), concentration(linear, doses, gradient_times)),
      1e-9);
  const std::size_t width = 3 * pk_parameter_count;
  std::vector<double> value(gradient_times.size());
  std::vector<double> gradient(value.size() * width);
  concentration_and_gradient(subject, doses, gradient_times, value, gradient);
  const double peak = *std::max_element(value.begin(), value.end());
  for (std::size_t segment = 0; segment < 3; ++segment) {
    for (const PkParameter which : all_pk_parameters()) {
      const auto moved = [&](double factor) {
        VaryingIndividual other = subject;
        Individual& one = segment == 0 ? other.first : other.changes[segment - 1].individual;
        parameter(one, which) *= factor;
        return concentration(other, doses, gradient_times);
      };
      const double here = parameter(subject.segment(segment), which);
      const auto up = moved(1.0 + 1e-4);
      const auto down = moved(1.0 - 1e-4);
      for (std::size_t j = 0; j < value.size(); ++j) {
        EXPECT_NEAR(gradient[j * width + segment * pk_parameter_count + static_cast<std::size_t>(which)] * here,
                    (up[j] - down[j]) / 2e-4, 1e-5 * peak)
            << segment << " " << pk_parameter_names[static_cast<std::size_t>(which)] << " at " << gradient_times[j];
      }
    }
  }
}

/// A steady state is what many doses lead to.
TEST(Saturable, SteadyStateIsTheLimitOfManyDoses) {
  for (const Structure structure : structures) {
    for (const double lag : {0.0, 1.5, 14.0}) {
      Individual one = saturable_subject(structure, Elimination::michaelis_menten, lag);
      one.second_peripheral_volume = 40.0;
      constexpr int count = 120;
      const double last = count * 12.0;
      const std::vector<Dose> many = {{.time = 0.0, .amount = 50.0, .interval = 12.0, .additional = count}};
      const std::vector<Dose> steady = {{.time = last, .amount = 50.0, .interval = 12.0, .steady_state = true}};
      std::vector<double> times;
      for (const double since : {0.1, 1.0, 2.0, 5.0, 11.0, 16.0, 30.0}) times.push_back(last + since);
      EXPECT_LT(relative_to_peak(concentration(one, steady, times), concentration(one, many, times)), 1e-8)
          << name(structure) << " " << lag;
    }
  }
}

/// At steady state elimination takes in an interval what a dose brings.
TEST(Saturable, SteadyStateIsInBalance) {
  for (const Structure structure : structures) {
    for (const Elimination elimination : saturable_kinds) {
      for (const double duration : {0.0, 4.0, 30.0}) {
        const Individual one = saturable_subject(structure, elimination, 0.4);
        const DoseInto into = duration > 0.0 ? DoseInto::central : DoseInto::depot;
        const Exposure exposure(one, {80.0, 12.0, into, duration});
        double taken = 0.0;
        double area = 0.0;
        double largest = 0.0;
        for (const Exposure::Piece& piece : exposure.pieces()) {
          const auto leaves = [&](double since) {
            const double c = piece.curve.at(since);
            largest = std::max(largest, c);
            const double linear = elimination == Elimination::both ? one.clearance * c / one.concentration_scale : 0.0;
            return linear + one.maximum_elimination_rate * c / (one.michaelis_constant + c);
          };
          const double length = piece.end - piece.begin;
          using Gauss = boost::math::quadrature::gauss<double, 15>;
          taken += Gauss::integrate(leaves, 0.0, length);
          area += Gauss::integrate([&](double since) { return piece.curve.at(since); }, 0.0, length);
        }
        EXPECT_NEAR(taken, 80.0, 80.0 * 1e-8);
        const ExposureMetrics metrics = exposure.metrics();
        EXPECT_NEAR(metrics.auc, area, 1e-10 * area);
        EXPECT_GE(metrics.maximum, largest * (1.0 - 1e-12));
        EXPECT_LE(metrics.maximum, largest * 1.01);
        const std::vector<Dose> record = {{.time = 0.0,
                                           .amount = 80.0,
                                           .interval = 12.0,
                                           .additional = 4,
                                           .steady_state = true,
                                           .rate = duration > 0.0 ? 80.0 / duration : 0.0,
                                           .into = into}};
        const std::vector<double> times = {0.5, 3.0, 7.7, 12.0};
        EXPECT_LT(relative_to_peak(exposure.at(times), concentration(one, record, times)), 1e-8);
        const ExposureMetrics course = ConcentrationCourse(one, record, 12.0, 24.0).metrics();
        EXPECT_NEAR(course.auc, metrics.auc, 1e-8 * metrics.auc);
        EXPECT_NEAR(course.maximum, metrics.maximum, 1e-8 * metrics.maximum);
        EXPECT_NEAR(course.minimum, metrics.minimum, 1e-8 * metrics.maximum);
      }
    }
  }
}

TEST(Saturable, MoreThanEliminationTakesHasNoSteadyState) {
  Individual one = saturable_subject(Structure::two_compartment, Elimination::michaelis_menten);
  const auto at = [&](double dose) { return Exposure(one, {dose, 12.0}).metrics().minimum; };
  const double most = one.maximum_elimination_rate * 12.0;
  EXPECT_THROW(at(most), NumericalError);
  EXPECT_THROW(at(2.0 * most), NumericalError);
  // Near it C grows as (1 - dose / most)^-1.
  EXPECT_NEAR(at(0.999 * most) / at(0.998 * most), 2.0, 0.01);
  const std::vector<Dose> constant = {{.time = 0.0, .steady_state = true, .rate = 7.1, .into = DoseInto::central}};
  EXPECT_THROW(concentration(one, constant, saturable_times), NumericalError);
  one.elimination = Elimination::both;
  EXPECT_GT(at(2.0 * most), 0.0);
}

/// Steps are those of what changes: an absorption at once, or a Km that hardly anything is below.
TEST(Saturable, FastProcessesAreFollowed) {
  Individual one = saturable_subject(Structure::one_compartment, Elimination::michaelis_menten);
  one.absorption_rate = 1e5;
  const std::vector<Dose> oral = {{.time = 0.0, .amount = 50.0, .interval = 24.0, .additional = 20}};
  std::vector<Dose> bolus = oral;
  bolus.front().into = DoseInto::central;
  const std::vector<double> times = {1.0, 100.0, 490.0, 500.0};
  EXPECT_LT(relative_to_peak(concentration(one, oral, times), concentration(one, bolus, times)), 1e-3);
  one.michaelis_constant = 1e-2;  // elimination at a constant rate until nothing is left
  const std::vector<double> straight = {1.0, 4.0, 7.0, 7.2, 8.0, 20.0};
  const std::vector<double> found = concentration(one, bolus, straight);
  for (std::size_t j = 0; j < straight.size(); ++j) {
    const double left = std::max(50.0 - 7.0 * straight[j], 0.0) * 1000.0 / one.volume;
    EXPECT_NEAR(found[j], left, 0.2) << straight[j];
  }
}

/// The biomarker follows C as it does otherwise: by its courses, their derivatives, and step by step.
TEST(Saturable, DrivesBiomarkers) {
  for (const BiomarkerStructure structure :
       {BiomarkerStructure::turnover_inhibition, BiomarkerStructure::turnover_stimulation_of_loss,
        BiomarkerStructure::direct_inhibition, BiomarkerStructure::effect_compartment_stimulation}) {
    const Biomarker marker{structure, 10.0, 0.08, 0.8, 300.0, 1.4, 0.2};
    for (const std::size_t number : {0U, 1U, 3U}) {
      Individual one = saturable_subject(Structure::two_compartment, Elimination::michaelis_menten, 0.9);
      const std::vector<Dose> doses = any_saturable_doses(number, one);
      const std::vector<double> slow = biomarker(marker, one, doses, gradient_times);
      std::vector<double> found(gradient_times.size());
      BiomarkerCourse(one, doses, gradient_times).predict(marker, found);
      constexpr std::size_t width = biomarker_parameter_count + pk_parameter_count;
      std::vector<double> gradient(found.size() * width);
      std::vector<double> same(found.size());
      const std::vector<PkParameter> by = {PkParameter::volume, PkParameter::lag, PkParameter::maximum_elimination_rate,
                                           PkParameter::michaelis_constant};
      biomarker_and_gradient(marker, one, doses, gradient_times, same, gradient, {}, by);
      for (std::size_t j = 0; j < found.size(); ++j) {
        EXPECT_NEAR(found[j], slow[j], 1e-6) << number << " at " << gradient_times[j];
        EXPECT_NEAR(same[j], found[j], 1e-8);
      }
      for (const PkParameter which : by) {
        const double here = parameter(one, which);
        const auto moved = [&](double factor) {
          Individual other = one;
          parameter(other, which) = here * factor;
          std::vector<double> values(found.size());
          BiomarkerCourse(other, doses, gradient_times).predict(marker, values);
          return values;
        };
        const auto up = moved(1.0 + 1e-4);
        const auto down = moved(1.0 - 1e-4);
        for (std::size_t j = 0; j < found.size(); ++j) {
          const double slope = gradient[j * width + biomarker_parameter_count + static_cast<std::size_t>(which)] * here;
          EXPECT_NEAR(slope, (up[j] - down[j]) / 2e-4, 2e-4)
              << number << " " << pk_parameter_names[static_cast<std::size_t>(which)] << " at " << gradient_times[j];
        }
      }
    }
  }
}

/// The largest and smallest R on doses of a regimen are those of its records.
TEST(Saturable, BiomarkerOfADoseIsThatOfItsRecords) {
  const Individual one = saturable_subject(Structure::one_compartment, Elimination::michaelis_menten, 0.5);
  const Biomarker marker{BiomarkerStructure::turnover_inhibition, 10.0, 0.15, 0.9, 300.0, 1.0, 0.2};
  const Course course{.interval = 12.0};
  std::vector<double> times;
  for (int i = 0; i <= 480; ++i) times.push_back(24.0 + 0.05 * i);
  for (const double dose : {20.0, 70.0, 150.0}) {
    const std::vector<Dose> records = {{.time = 0.0, .amount = dose, .interval = 12.0, .additional = 4}};
    std::vector<double> values(times.size());
    BiomarkerCourse(one, records, times).predict(marker, values);
    const BiomarkerResponse response(one, course, {.steady_state = false, .from = 24.0, .to = 48.0}, times);
    std::vector<double> samples(times.size());
    response.at_samples(marker, dose, samples);
    for (std::size_t j = 0; j < times.size(); ++j) EXPECT_NEAR(samples[j], values[j], 1e-7);
    EXPECT_NEAR(response.maximum(marker, dose), *std::max_element(values.begin(), values.end()), 1e-4);
    EXPECT_NEAR(response.minimum(marker, dose), *std::min_element(values.begin(), values.end()), 1e-4);
  }
  const BiomarkerResponse steady(one, course, {.steady_state = true});
  const std::vector<Dose> record = {
      {.time = 0.0, .amount = 60.0, .interval = 12.0, .additional = 1, .steady_state = true}};
  std::vector<double> within;
  for (int i = 0; i <= 480; ++i) within.push_back(12.0 * i / 480.0);
  std::vector<double> values(within.size());
  BiomarkerCourse(one, record, within).predict(marker, values);
  EXPECT_NEAR(steady.maximum(marker, 60.0), *std::max_element(values.begin(), values.end()), 1e-4);
  // The effect is full where there is no steady state, and nearly so just below.
  EXPECT_NEAR(steady.maximum(marker, 12.0 * one.maximum_elimination_rate), 1.0, 1e-12);
  EXPECT_NEAR(steady.maximum(marker, 11.99 * one.maximum_elimination_rate), 1.0, 0.02);
  EXPECT_EQ(steady.maximum(marker, 0.0), 10.0);
}

}  // namespace titrant::pkpd
