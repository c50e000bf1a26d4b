#include "titrant/classifier/example.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "curves.hpp"
#include "random_qcnn.hpp"
#include "titrant/classifier/cnn.hpp"
#include "titrant/classifier/logistic.hpp"
#include "titrant/core/error.hpp"

namespace titrant::classifier {
namespace {

using testing::curve_of;

constexpr pkpd::Individual usual_subject{.absorption_rate = 1.0, .clearance = 20.0, .volume = 300.0};
constexpr pkpd::ResponseWindow at_steady_state{.steady_state = true};
constexpr double windows[] = {24.0, 48.0, 49.0, 168.0, 336.0, 700.0};

// C(t) of a course on 1 mg by superposition: one compartment, every dose by itself.
double superposed(const pkpd::Course& course, double time) {
  const double ka = 1.0;
  const double ke = 20.0 / 300.0;
  double sum = 0.0;
  for (int number = 0; number * course.interval <= time; ++number) {
    const double since = time - number * course.interval;
    const double amount = number < course.loading.doses ? course.loading.factor : 1.0;
    sum += amount * 1000.0 * ka / (300.0 * (ka - ke)) * (std::exp(-ke * since) - std::exp(-ka * since));
  }
  return sum;
}

TEST(CurvePoints, FollowTheLengthOfTheWindow) {
  const std::size_t expected[] = {64, 64, 128, 128, 128, 128};
  for (std::size_t i = 0; i < std::size(windows); ++i) {
    EXPECT_EQ(curve_points(windows[i]), expected[i]) << windows[i];
    EXPECT_EQ(curve_points(windows[i], at_steady_state), expected[i]);
    EXPECT_EQ(curve_points(24.0, {false, 100.0, 100.0 + windows[i]}), expected[i]);
    for (const std::size_t chosen : {64U, 128U, 256U, 512U}) EXPECT_EQ(curve_points(windows[i], chosen), chosen);
  }
  for (const std::size_t chosen : {1U, 32U, 96U, 1024U}) EXPECT_THROW(curve_points(24.0, chosen), ConfigError);
}

// The profile of a one-compartment subject is equation 2 of the proposal, at the midpoints; here written a second time.
// Loading doses are forgotten at steady state.
TEST(Profile, IsTheSteadyStateCurvePerUnitOfDose) {
  for (const double interval : windows) {
    for (const pkpd::Loading& loading : {pkpd::Loading{}, pkpd::Loading{3.0, 2}}) {
      const Profile expected = curve_of({}, interval);
      const Profile made = profile(usual_subject, expected.covariates, {interval, loading}, at_steady_state);
      ASSERT_EQ(made.curve.size(), curve_points(interval));
      for (std::size_t i = 0; i < made.curve.size(); ++i) EXPECT_NEAR(made.curve[i], expected.curve[i], 1e-9);
      EXPECT_NEAR(made.per_mg.average, expected.per_mg.average, 1e-9);
      EXPECT_NEAR(made.per_mg.maximum, expected.per_mg.maximum, 1e-6);
      EXPECT_NEAR(made.per_mg.minimum, expected.per_mg.minimum, 1e-9);
      EXPECT_EQ(made.covariates, expected.covariates);
      EXPECT_EQ(made.course, (pkpd::Course{interval, loading}));
    }
  }
}

// Windows of a course, loading doses included, against every dose by itself. The area by the midpoint rule with 2 x
// 10^5 points is exact to 1e-6 (the slope jumps at doses).
TEST(Profile, IsTheCourseOverItsWindow) {
  for (const pkpd::Course& course :
       {pkpd::Course{24.0, {}}, {12.0, {}}, {24.0, {3.0, 1}}, {168.0, {2.5, 2}}, {100.0, {0.5, 3}}}) {
    for (const double length : windows) {
      const pkpd::ResponseWindow window{false, 60.0, 60.0 + length};
      for (const std::size_t points : {0U, 256U, 512U}) {
        const Profile made = profile(usual_subject, {}, course, window, points);
        ASSERT_EQ(made.curve.size(), curve_points(length, points));
        const double step = length / static_cast<double>(made.curve.size());
        for (std::size_t i = 0; i < made.curve.size(); ++i) {
          const double time = 60.0 + (static_cast<double>(i) + 0.5) * step;
          EXPECT_NEAR(made.curve[i], superposed(course, time), 1e-10);
        }
        EXPECT_EQ(made.course, course);
      }
      const Profile made = profile(usual_subject, {}, course, window);
      double sum = 0.0;
      for (int i = 0; i < 20000; ++i) sum += superposed(course, 60.0 + (i + 0.5) * length / 20000.0) / 20000.0;
      EXPECT_NEAR(made.per_mg.average, sum, 1e-4 * sum);
    }
  }
}

TEST(Profile, OfTakenDosesHasThePointsAskedFor) {
  const std::vector<pkpd::Dose> records = {{.time = 0.0, .amount = 6.0}, {.time = 24.0, .amount = 2.0}};
  const Profile made =
      profile(pkpd::VaryingIndividual{usual_subject, {}}, {{"sex", 1.0}}, {records, {2.0, 24.0}}, 0.0, 48.0, 256);
  ASSERT_EQ(made.curve.size(), 256U);
  const pkpd::Course course{24.0, {3.0, 1}};
  for (std::size_t i = 0; i < 256; ++i)
    EXPECT_NEAR(made.curve[i], superposed(course, (static_cast<double>(i) + 0.5) * 48.0 / 256.0), 1e-10);
  EXPECT_EQ(made.course, (pkpd::Course{24.0, {}}));
  EXPECT_EQ(profile(pkpd::VaryingIndividual{usual_subject, {}}, {}, {records, {2.0, 24.0}}, 0.0, 48.0).curve.size(),
            64U);
}

// Whatever the window, all classifiers read its curve, and agree on it however finely it is sampled: the network's
// finer qubits are nearly |+>, and the convolutional network averages.
TEST(Profile, OfAnyWindowIsReadByAllClassifiers) {
  ClassifierOptions options = testing::with(Preset::exposure);
  options.covariates = {};
  options.curve_points = 512;
  const Qcnn qcnn = testing::random_qcnn(options, {}, 5);
  Cnn cnn(3.0);
  std::vector<double> parameters = testing::random_angles(44, 6);
  parameters.insert(parameters.end(), {0.0, 1.0});
  cnn.set_parameters(parameters);
  for (const double length : windows) {
    const pkpd::ResponseWindow window{false, 480.0, 480.0 + length};
    // A dose every third of the window: no sharper peaks than a network of 64 points resolves.
    const pkpd::Course course{length / 3.0, {2.0, 1}};
    const pkpd::Individual slow{.absorption_rate = 6.0 / length, .clearance = 20.0, .volume = 5.0 * length};
    const Profile coarse = profile(slow, {}, course, window);
    const Profile fine = profile(slow, {}, course, window, 512);
    const std::vector<Example> examples = {{&coarse, 4.0, 0}, {&fine, 4.0, 0}};
    const std::vector<double> p = qcnn.exact_p_one(examples);
    EXPECT_NEAR(p[0], p[1], 2e-3) << length;
    EXPECT_NE(p[0], p[1]);
    const std::vector<double> q = cnn.probabilities(examples, 1);
    EXPECT_NEAR(q[0], q[1], 2e-3) << length;
    const LogisticRegression logistic(3.0);
    const std::vector<double> r = logistic.probabilities(examples, 1);
    EXPECT_EQ(r[0], r[1]);
  }
}

}  // namespace
}  // namespace titrant::classifier
