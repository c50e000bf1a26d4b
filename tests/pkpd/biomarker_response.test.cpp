#include "titrant/pkpd/biomarker_response.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "people.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"

namespace titrant::pkpd {

namespace {

Biomarker of(BiomarkerStructure structure, double rate, double hill) {
  return {.structure = structure,
          .baseline = 8.0,
          .loss_rate = rate,
          .effect = 0.9,
          .c50 = 2.0,
          .hill = hill,
          .equilibration_rate = rate};
}

Individual person(double lag) {
  Individual one = two_compartment(0.6, 38.0, 900.0, 60.0, 2600.0);
  one.lag = lag;
  return one;
}

}  // namespace

TEST(BiomarkerResponse, SteadyStateSamplesAreTheLimitOfALongCourse) {
  const std::vector<double> sampling = {0.0, 1.0, 7.0, 23.0, 24.0};
  for (const double lag : {0.0, 5.0, 29.0}) {
    const BiomarkerResponse response(person(lag), 24.0, {.steady_state = true}, sampling);
    const std::vector<Dose> doses = course({10.0, 24.0}, 250);
    for (const BiomarkerStructure structure : all_biomarker_structures) {
      const Biomarker model = of(structure, 0.05, 1.5);
      std::vector<double> found(sampling.size());
      response.at_samples(model, 10.0, found);
      for (std::size_t i = 0; i + 1 < sampling.size(); ++i) {
        const double time = doses.back().time + sampling[i];
        const double waited = biomarker(model, person(lag), doses, std::vector<double>{time})[0];
        EXPECT_NEAR(found[i] / waited, 1.0, 2e-8) << name(structure) << " lag " << lag << " at " << sampling[i];
      }
      EXPECT_NEAR(found.back() / found.front(), 1.0, 1e-12);  // the interval leads back to its start
    }
  }
}

TEST(BiomarkerResponse, CourseSamplesAreThoseOfTheCourse) {
  const std::vector<double> sampling = {480.0, 481.0, 490.0, 504.0};
  for (const double interval : {24.0, 168.0}) {
    for (const double lag : {0.0, 1.5}) {
      const BiomarkerResponse response(person(lag), interval, {.steady_state = false, .from = 480.0, .to = 504.0},
                                       sampling);
      const std::vector<Dose> doses = course({10.0, interval}, interval < 100.0 ? 22 : 4);
      for (const BiomarkerStructure structure : all_biomarker_structures) {
        const Biomarker model = of(structure, 0.05, 1.0);
        std::vector<double> found(sampling.size());
        response.at_samples(model, 10.0, found);
        const std::vector<double> expected = biomarker(model, person(lag), doses, sampling);
        for (std::size_t i = 0; i < sampling.size(); ++i) {
          EXPECT_NEAR(found[i] / expected[i], 1.0, 2e-8) << name(structure) << " at " << sampling[i];
        }
      }
    }
  }
}

// The maximum is above every value of a fine sampling, and by no more than can hide between two of its times: 1e-4
// where it is at the arrival of a dose, a kink.
TEST(BiomarkerResponse, MaximumBoundsTheCurveClosely) {
  for (const BiomarkerStructure structure : all_biomarker_structures) {
    for (const double rate : {0.02, 0.5, 5.0, 50.0}) {
      for (const double interval : {24.0, 168.0}) {
        const Biomarker model = of(structure, rate, 2.0);
        std::vector<double> fine(4001);
        for (std::size_t i = 0; i < fine.size(); ++i) fine[i] = interval * static_cast<double>(i) / 4000.0;
        const ResponseWindow steady{.steady_state = true};
        std::vector<double> values(fine.size());
        BiomarkerResponse(person(3.0), interval, steady, fine).at_samples(model, 10.0, values);
        const double highest = *std::max_element(values.begin(), values.end());
        const double maximum = BiomarkerResponse(person(3.0), interval, steady).maximum(model, 10.0);
        EXPECT_GE(maximum, highest * (1.0 - 1e-9)) << name(structure) << " " << rate;
        EXPECT_NEAR(maximum / highest, 1.0, 1e-4) << name(structure) << " " << rate;

        const ResponseWindow day_21{.steady_state = false, .from = 480.0, .to = 504.0};
        for (std::size_t i = 0; i < fine.size(); ++i) fine[i] = 480.0 + 24.0 * static_cast<double>(i) / 4000.0;
        BiomarkerResponse(person(3.0), interval, day_21, fine).at_samples(model, 10.0, values);
        const double highest_then = *std::max_element(values.begin(), values.end());
        const double maximum_then = BiomarkerResponse(person(3.0), interval, day_21).maximum(model, 10.0);
        EXPECT_GE(maximum_then, highest_then * (1.0 - 1e-9)) << name(structure) << " " << rate;
        EXPECT_NEAR(maximum_then / highest_then, 1.0, 1e-4) << name(structure) << " " << rate;
      }
    }
  }
}

// Over wide ranges, with lags beyond the interval and concentrations that hardly move: 300 samples find no value above
// the maximum, and cutting the panels at them does not change it.
TEST(BiomarkerResponse, MaximumIsMissedByNobody) {
  for (std::size_t number = 0; number < 400; ++number) {
    core::Stream stream(13, core::Purpose::test, number);
    const auto log_uniform = [&](double low, double high) { return low * std::pow(high / low, stream.uniform()); };
    Individual one = two_compartment(log_uniform(0.003, 20.0), log_uniform(0.5, 200.0), log_uniform(20.0, 8000.0),
                                     log_uniform(2.0, 600.0), log_uniform(30.0, 9000.0), stream.uniform(0.0, 30.0));
    if (number % 4 == 0) one.structure = Structure::one_compartment;
    Biomarker model = of(all_biomarker_structures.at(number % 8), log_uniform(0.001, 20.0), 1.0);
    model.effect = number % 7 == 0 ? 1.0 : stream.uniform(0.3, 1.0);
    model.c50 = log_uniform(0.001, 500.0);
    if (number % 2 == 1) model.hill = log_uniform(0.5, 6.0);
    const double interval = number % 5 == 0 ? 168.0 : 24.0;
    for (const bool steady_state : {true, false}) {
      const ResponseWindow window{.steady_state = steady_state, .from = 480.0, .to = 504.0};
      const double from = steady_state ? 0.0 : 480.0;
      const double to = steady_state ? interval : 504.0;
      std::vector<double> times(301);
      for (std::size_t i = 0; i < times.size(); ++i) times[i] = from + (to - from) * static_cast<double>(i) / 300.0;
      std::vector<double> values(times.size());
      const BiomarkerResponse sampled(one, interval, window, times);
      sampled.at_samples(model, 10.0, values);
      const double maximum = BiomarkerResponse(one, interval, window).maximum(model, 10.0);
      EXPECT_GE(maximum, *std::max_element(values.begin(), values.end()) * (1.0 - 1e-8)) << number;
      EXPECT_NEAR(sampled.maximum(model, 10.0) / maximum, 1.0, 1e-8) << number << " " << name(model.structure);
    }
  }
}

// With Imax = 1 and C far above c50 the loss is kout c50 / C, so slow that R is the same all the time:
// R = R0 interval / (c50 integral of 1 / C). The relative error of that is about kout c50 / C x interval, 1e-8.
TEST(BiomarkerResponse, NearlyFullInhibitionOfLossKeepsItsDigits) {
  Biomarker model = of(BiomarkerStructure::turnover_inhibition_of_loss, 0.05, 1.0);
  model.effect = 1.0;
  model.c50 = 1e-8;
  const Exposure exposure(person(0.0), {10.0, 24.0});
  constexpr int steps = 20000;
  double integral = 0.0;  // Simpson
  for (int i = 0; i <= steps; ++i) {
    const double weight = i == 0 || i == steps ? 1.0 : (i % 2 == 1 ? 4.0 : 2.0);
    integral += weight / exposure.at(24.0 * i / steps);
  }
  integral *= 24.0 / steps / 3.0;
  const BiomarkerResponse response(person(0.0), 24.0, {});
  EXPECT_NEAR(response.maximum(model, 10.0) / (8.0 * 24.0 / (1e-8 * integral)), 1.0, 1e-7);
}

// A drug that lowers the biomarker lowers its maximum with every increment of the dose, and the other way round.
TEST(BiomarkerResponse, MovesOneWayWithTheDose) {
  for (const BiomarkerStructure structure : all_biomarker_structures) {
    const BiomarkerResponse response(person(0.0), 24.0, {});
    const Biomarker model = of(structure, 0.1, 1.0);
    EXPECT_EQ(response.maximum(model, 0.0), 8.0);
    double before = 8.0;
    for (int i = 0; i < 14; ++i) {
      const double dose = 0.5 * std::pow(1.5, i);
      const double now = response.maximum(model, dose);
      EXPECT_TRUE(lowers(structure) ? now < before : now > before) << name(structure) << " " << dose;
      before = now;
    }
  }
}

TEST(BiomarkerResponse, WantsUsableParameters) {
  const BiomarkerResponse response(person(0.0), 24.0, {});
  Biomarker model = of(BiomarkerStructure::turnover_inhibition, 0.1, 1.0);
  model.effect = 1.5;
  EXPECT_THROW(response.maximum(model, 1.0), NumericalError);
  model.effect = std::nan("");
  EXPECT_THROW(response.maximum(model, 1.0), NumericalError);
}

}  // namespace titrant::pkpd
