#include "titrant/pkpd/biomarker_response.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <utility>
#include <vector>

#include "people.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"
#include "titrant/pkpd/exposure.hpp"

namespace titrant::pkpd {

namespace {

Biomarker of(BiomarkerStructure structure, double rate, double hill) {
  return {.structure = structure, .baseline = 8.0, .kout = rate, .imax = 0.9, .ic50 = 2.0, .hill = hill, .ke0 = rate};
}

Individual subject_with_lag(double lag) {
  Individual one = two_compartment(0.6, 38.0, 900.0, 60.0, 2600.0);
  one.lag = lag;
  return one;
}

/// The doses of a course on 10 mg, written out as records until a time.
std::vector<Dose> doses_of(const Course& course, double until) {
  std::vector<Dose> doses;
  for (int k = 0; k * course.interval <= until; ++k) {
    doses.push_back(
        {.time = k * course.interval, .amount = k < course.loading.doses ? 10.0 * course.loading.factor : 10.0});
  }
  return doses;
}

}  // namespace

TEST(BiomarkerResponse, SteadyStateSamplesAreTheLimitOfALongCourse) {
  const std::vector<double> sampling = {0.0, 1.0, 7.0, 23.0, 24.0};
  for (const double lag : {0.0, 5.0, 29.0}) {
    const BiomarkerResponse response(subject_with_lag(lag), {24.0}, {.steady_state = true}, sampling);
    const std::vector<Dose> doses = course({10.0, 24.0}, 250);
    for (const BiomarkerStructure structure : all_biomarker_structures) {
      const Biomarker model = of(structure, 0.05, 1.5);
      std::vector<double> found(sampling.size());
      response.at_samples(model, 10.0, found);
      for (std::size_t i = 0; i + 1 < sampling.size(); ++i) {
        const double time = doses.back().time + sampling[i];
        const double waited = biomarker(model, subject_with_lag(lag), doses, std::vector<double>{time})[0];
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
      const BiomarkerResponse response(subject_with_lag(lag), {interval},
                                       {.steady_state = false, .from = 480.0, .to = 504.0}, sampling);
      const std::vector<Dose> doses = course({10.0, interval}, interval < 100.0 ? 22 : 4);
      for (const BiomarkerStructure structure : all_biomarker_structures) {
        const Biomarker model = of(structure, 0.05, 1.0);
        std::vector<double> found(sampling.size());
        response.at_samples(model, 10.0, found);
        const std::vector<double> expected = biomarker(model, subject_with_lag(lag), doses, sampling);
        for (std::size_t i = 0; i < sampling.size(); ++i) {
          EXPECT_NEAR(found[i] / expected[i], 1.0, 2e-8) << name(structure) << " at " << sampling[i];
        }
      }
    }
  }
}

// Larger and smaller first doses, one and several, judged early and after intervals that share their panels; twice a
// day.
TEST(BiomarkerResponse, LoadedCoursesAreThoseOfTheirRecords) {
  const std::vector<Course> courses = {
      {24.0, {3.0, 1}}, {24.0, {0.01, 2}}, {12.0, {2.0, 5}}, {12.0, {}}, {96.0, {20.0, 2}}};
  for (const Course& course : courses) {
    for (const ResponseWindow& window :
         {ResponseWindow{false, 0.0, 30.0}, ResponseWindow{false, 100.0, 130.0}, ResponseWindow{false, 480.0, 504.0}}) {
      const std::vector<double> sampling = {window.from, window.from + 1.0, window.from + 13.0, window.to};
      for (const double lag : {0.0, 1.5}) {
        const BiomarkerResponse response(subject_with_lag(lag), course, window, sampling);
        for (const BiomarkerStructure structure : all_biomarker_structures) {
          const Biomarker model = of(structure, 0.05, 1.5);
          std::vector<double> found(sampling.size());
          response.at_samples(model, 10.0, found);
          const std::vector<double> expected =
              biomarker(model, subject_with_lag(lag), doses_of(course, window.to), sampling);
          for (std::size_t i = 0; i < sampling.size(); ++i) {
            EXPECT_NEAR(found[i] / expected[i], 1.0, 2e-8) << name(structure) << " at " << sampling[i];
          }
        }
      }
    }
  }
}

// After a large loading dose the next one meets much of it; later ones meet nearly nothing, so that C passes the ic50
// within minutes. Intervals that share their panels must have those of the latter.
TEST(BiomarkerResponse, SharedPanelsSuitTheLastOfTheIntervals) {
  const Individual fast = one_compartment(0.5, 120.0, 300.0);
  const Course course{24.0, {1e5, 1}};
  const std::vector<double> sampling = {480.0};
  for (const double ic50 : {0.03, 0.3, 3.0}) {
    Biomarker model = of(BiomarkerStructure::turnover_inhibition, 0.02, 6.0);
    model.ic50 = ic50;
    std::vector<double> found(1);
    BiomarkerResponse(fast, course, {false, 480.0, 504.0}, sampling).at_samples(model, 10.0, found);
    const double expected = biomarker(model, fast, doses_of(course, 480.0), sampling)[0];
    EXPECT_NEAR(found[0] / expected, 1.0, 2e-8) << ic50;
  }
}

TEST(BiomarkerResponse, SteadyStateForgetsLoadingDoses) {
  const Biomarker model = of(BiomarkerStructure::turnover_inhibition, 0.05, 1.0);
  const ResponseWindow steady{.steady_state = true};
  EXPECT_EQ(BiomarkerResponse(subject_with_lag(1.0), {24.0, {3.0, 2}}, steady).maximum(model, 10.0),
            BiomarkerResponse(subject_with_lag(1.0), {24.0}, steady).maximum(model, 10.0));
}

// The maximum is above every value of a fine sampling, and by no more than can hide between two of its times: 1e-4
// where it is at the arrival of a dose, a kink. The minimum likewise.
TEST(BiomarkerResponse, ExtremesBoundTheCurveClosely) {
  const std::vector<std::pair<Course, ResponseWindow>> cases = {{{24.0}, {}},
                                                                {{168.0}, {}},
                                                                {{24.0}, {false, 480.0, 504.0}},
                                                                {{168.0}, {false, 480.0, 504.0}},
                                                                {{24.0, {5.0, 1}}, {false, 24.0, 48.0}},
                                                                {{24.0, {5.0, 2}}, {false, 60.0, 84.0}}};
  for (const BiomarkerStructure structure : all_biomarker_structures) {
    for (const double rate : {0.02, 0.5, 5.0, 50.0}) {
      for (const auto& [course, window] : cases) {
        const Biomarker model = of(structure, rate, 2.0);
        const double from = window.steady_state ? 0.0 : window.from;
        const double length = window.steady_state ? course.interval : window.to - window.from;
        std::vector<double> fine(4001);
        for (std::size_t i = 0; i < fine.size(); ++i) fine[i] = from + length * static_cast<double>(i) / 4000.0;
        std::vector<double> values(fine.size());
        BiomarkerResponse(subject_with_lag(3.0), course, window, fine).at_samples(model, 10.0, values);
        const auto [lowest, highest] = std::minmax_element(values.begin(), values.end());
        const BiomarkerResponse response(subject_with_lag(3.0), course, window);
        const double maximum = response.maximum(model, 10.0);
        const double minimum = response.minimum(model, 10.0);
        EXPECT_GE(maximum, *highest * (1.0 - 1e-9)) << name(structure) << " " << rate;
        // What a precursor gives off at once peaks within minutes of an arrival where kout is 50 1/h.
        const double hidden = rebounds(structure) ? 5e-4 : 1e-4;
        EXPECT_NEAR(maximum / *highest, 1.0, hidden) << name(structure) << " " << rate;
        EXPECT_LE(minimum, *lowest * (1.0 + 1e-9)) << name(structure) << " " << rate;
        EXPECT_NEAR(minimum / *lowest, 1.0, hidden) << name(structure) << " " << rate;
      }
    }
  }
}

// Over wide ranges, with lags beyond the interval and concentrations that hardly move: 300 samples find no value above
// the maximum or below the minimum, and cutting the panels at them does not change these.
TEST(BiomarkerResponse, ExtremesAreMissedInNobody) {
  for (std::size_t number = 0; number < 400; ++number) {
    core::Stream stream(13, core::Purpose::test, number);
    const auto log_uniform = [&](double low, double high) { return low * std::pow(high / low, stream.uniform()); };
    Individual one = two_compartment(log_uniform(0.003, 20.0), log_uniform(0.5, 200.0), log_uniform(20.0, 8000.0),
                                     log_uniform(2.0, 600.0), log_uniform(30.0, 9000.0), stream.uniform(0.0, 30.0));
    if (number % 4 == 0) one.structure = Structure::one_compartment;
    if (number % 4 == 1) one = with_third(one, 0.3 * one.intercompartmental_clearance, 5.0 * one.volume);
    Biomarker model = of(all_biomarker_structures.at(number % 8), log_uniform(0.001, 20.0), 1.0);
    model.imax = number % 7 == 0 ? 1.0 : stream.uniform(0.3, 1.0);
    model.ic50 = log_uniform(0.001, 500.0);
    if (number % 2 == 1) model.hill = log_uniform(0.5, 6.0);
    const double interval = number % 5 == 0 ? 168.0 : 24.0;
    const Loading loading{log_uniform(0.1, 20.0), static_cast<int>(number % 3) + 1};
    const std::vector<std::pair<Course, ResponseWindow>> cases = {
        {{interval}, {}},
        {{interval}, {false, 480.0, 504.0}},
        {{interval, loading}, {false, interval, 2.0 * interval}}};
    for (const auto& [course, window] : cases) {
      const double from = window.steady_state ? 0.0 : window.from;
      const double to = window.steady_state ? interval : window.to;
      std::vector<double> times(301);
      for (std::size_t i = 0; i < times.size(); ++i) times[i] = from + (to - from) * static_cast<double>(i) / 300.0;
      std::vector<double> values(times.size());
      const BiomarkerResponse sampled(one, course, window, times);
      sampled.at_samples(model, 10.0, values);
      const auto [lowest, highest] = std::minmax_element(values.begin(), values.end());
      const BiomarkerResponse response(one, course, window);
      const double maximum = response.maximum(model, 10.0);
      const double minimum = response.minimum(model, 10.0);
      EXPECT_GE(maximum, *highest * (1.0 - 1e-8)) << number;
      EXPECT_NEAR(sampled.maximum(model, 10.0) / maximum, 1.0, 1e-8) << number << " " << name(model.structure);
      EXPECT_LE(minimum, *lowest * (1.0 + 1e-8)) << number;
      EXPECT_NEAR(sampled.minimum(model, 10.0) / minimum, 1.0, 1e-8) << number << " " << name(model.structure);
    }
  }
}

// With Imax = 1 and C far above ic50 the loss is kout ic50 / C, so slow that R is the same all the time:
// R = R0 interval / (ic50 integral of 1 / C). The relative error of that is about kout ic50 / C x interval, 1e-8.
TEST(BiomarkerResponse, NearlyFullInhibitionOfLossKeepsItsDigits) {
  Biomarker model = of(BiomarkerStructure::turnover_inhibition_of_loss, 0.05, 1.0);
  model.imax = 1.0;
  model.ic50 = 1e-8;
  const Exposure exposure(subject_with_lag(0.0), {10.0, 24.0});
  constexpr int steps = 20000;
  double integral = 0.0;  // Simpson
  for (int i = 0; i <= steps; ++i) {
    const double weight = i == 0 || i == steps ? 1.0 : (i % 2 == 1 ? 4.0 : 2.0);
    integral += weight / exposure.at(24.0 * i / steps);
  }
  integral *= 24.0 / steps / 3.0;
  const BiomarkerResponse response(subject_with_lag(0.0), {24.0}, {});
  EXPECT_NEAR(response.maximum(model, 10.0) / (8.0 * 24.0 / (1e-8 * integral)), 1.0, 1e-7);
}

// A drug that lowers the biomarker lowers its extremes with every increment of the dose, and the other way round, but
// where it rebounds.
TEST(BiomarkerResponse, MovesOneWayWithTheDose) {
  for (const BiomarkerStructure structure : all_biomarker_structures) {
    if (rebounds(structure)) continue;
    const BiomarkerResponse response(subject_with_lag(0.0), {24.0}, {});
    const Biomarker model = of(structure, 0.1, 1.0);
    EXPECT_EQ(response.maximum(model, 0.0), 8.0);
    EXPECT_EQ(response.minimum(model, 0.0), 8.0);
    double before = 8.0;
    double lowest_before = 8.0;
    for (int i = 0; i < 14; ++i) {
      const double dose = 0.5 * std::pow(1.5, i);
      const double now = response.maximum(model, dose);
      EXPECT_TRUE(lowers(structure) ? now < before : now > before) << name(structure) << " " << dose;
      before = now;
      const double lowest = response.minimum(model, dose);
      EXPECT_TRUE(lowers(structure) ? lowest < lowest_before : lowest > lowest_before)
          << name(structure) << " " << dose;
      EXPECT_LE(lowest, now);
      lowest_before = lowest;
    }
  }
}

TEST(BiomarkerResponse, WantsUsableParameters) {
  const BiomarkerResponse response(subject_with_lag(0.0), {24.0}, {});
  Biomarker model = of(BiomarkerStructure::turnover_inhibition, 0.1, 1.0);
  model.imax = 1.5;
  EXPECT_THROW(response.maximum(model, 1.0), NumericalError);
  model.imax = std::nan("");
  EXPECT_THROW(response.maximum(model, 1.0), NumericalError);
}

}  // namespace titrant::pkpd
