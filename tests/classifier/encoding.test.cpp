#include "titrant/classifier/encoding.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "curves.hpp"
#include "titrant/core/error.hpp"
#include "titrant/pkpd/exposure.hpp"

namespace titrant::classifier {
namespace {

using testing::curve_of;

constexpr double pi = std::numbers::pi;
constexpr double rounding = 1e-14;

double norm(const std::vector<double>& values) {
  double squares = 0.0;
  for (const double value : values) squares += value * value;
  return std::sqrt(squares);
}

TEST(Encoding, AmplitudesHaveUnitNorm) {
  for (const double interval : {24.0, 168.0}) {
    const Profile profile = curve_of({}, interval);
    for (const Preset preset : {Preset::exposure, Preset::homogeneous, Preset::proposal}) {
      for (const double dose : {0.0, 0.5, 300.0}) {
        EXPECT_NEAR(norm(amplitudes({preset, 3.0}, {&profile, dose, 0})), 1.0, rounding);
      }
    }
  }
}

TEST(Encoding, PlaceboIsUniformAndWithoutExposure) {
  const Profile profile = curve_of({.comed = 1.0});
  const Example placebo{&profile, 0.0, 0};
  EXPECT_THAT(amplitudes({Preset::exposure, 3.0}, placebo), ::testing::Each(::testing::DoubleEq(0.125)));
  EXPECT_EQ(feature_angles({Preset::exposure, 3.0}, placebo), (std::vector<double>{0.0, pi}));
  const std::vector<double> homogeneous = amplitudes({Preset::homogeneous, 3.0}, placebo);
  for (std::size_t i = 0; i < 64; ++i) {
    EXPECT_EQ(homogeneous[i], 0.0);
    EXPECT_DOUBLE_EQ(homogeneous[64 + i], 0.125);
  }
}

// 2 atan(Cavg / c_ref) rises with the dose and stays inside (0, pi): no wrap, whatever the dose.
TEST(Encoding, ExposureAngleIsMonotoneAndNeverWraps) {
  const Profile profile = curve_of({});
  double last = 0.0;
  for (int i = 0; i < 50; ++i) {
    const double dose = 1e-3 * std::pow(1.5, i);  // up to 4e5 mg
    const double angle = feature_angles({Preset::exposure, 3.0}, {&profile, dose, 0})[0];
    EXPECT_GT(angle, last);
    EXPECT_LT(angle, pi);
    last = angle;
  }
  const double dose = 3.0 / profile.per_mg.average;  // Cavg = c_ref: half way
  EXPECT_NEAR(feature_angles({Preset::exposure, 3.0}, {&profile, dose, 0})[0], pi / 2, rounding);
}

TEST(Encoding, ProposalAnglesAreLinear) {
  const Profile profile = curve_of({.body_weight = 75.0, .comed = 1.0});
  EXPECT_THAT(
      feature_angles({Preset::proposal, 3.0}, {&profile, 15.0, 0}),
      ::testing::ElementsAre(::testing::DoubleEq(pi / 2), ::testing::DoubleEq(1.5 * pi), ::testing::DoubleEq(pi)));
}

// The two blocks of the homogeneous state stand in the ratio C(t) / c_ref : 1 at every point.
TEST(Encoding, HomogeneousAmplitudesKeepTheMagnitude) {
  const Profile profile = curve_of({});
  const std::vector<double> state = amplitudes({Preset::homogeneous, 3.0}, {&profile, 7.0, 0});
  ASSERT_EQ(state.size(), 128U);
  for (std::size_t i = 0; i < 64; ++i) EXPECT_NEAR(state[i] / state[64 + i], 7.0 * profile.curve[i] / 3.0, 1e-12);
}

TEST(Encoding, DosesOfAPersonShareTheirAmplitudes) {
  const Profile daily = curve_of({});
  const Profile weekly = curve_of({}, 168.0);
  const std::vector<Example> examples = {{&daily, 1.0, 0}, {&weekly, 5.0, 1}, {&daily, 9.0, 2}, {&daily, 0.0, 3}};
  const EncodedExamples encoded({Preset::exposure, 3.0}, examples);
  EXPECT_EQ(encoded.input(0).amplitudes.data(), encoded.input(2).amplitudes.data());
  EXPECT_EQ(encoded.points(1), 128U);
  for (std::size_t i = 0; i < examples.size(); ++i) {
    EXPECT_THAT(encoded.input(i).amplitudes,
                ::testing::ElementsAreArray(amplitudes({Preset::exposure, 3.0}, examples[i])));
    EXPECT_THAT(encoded.input(i).features,
                ::testing::ElementsAreArray(feature_angles({Preset::exposure, 3.0}, examples[i])));
  }
}

// A feature that is named after a quantity turns with it, and with no other.
TEST(Encoding, NamesWhatAFeatureTells) {
  const Profile person = curve_of({});
  const Profile heavier = [&] {
    Profile other = person;
    other.covariates.at("body_weight") += 7.0;
    return other;
  }();
  const Profile with_comed = [&] {
    Profile other = person;
    other.covariates.at("comed") = 1.0 - other.covariates.at("comed");
    return other;
  }();
  const Profile slower = [&] {
    Profile other = person;
    other.per_mg.average *= 1.3;
    return other;
  }();
  for (const Preset preset : {Preset::exposure, Preset::homogeneous, Preset::proposal}) {
    const Encoding encoding{preset, 3.0};
    const std::vector<std::string> names = feature_names(preset);
    const std::vector<double> angles = feature_angles(encoding, {&person, 2.0, 0});
    ASSERT_EQ(names.size(), angles.size());
    for (std::size_t k = 0; k < names.size(); ++k) {
      const auto turns = [&](const Example& other) { return feature_angles(encoding, other)[k] != angles[k]; };
      EXPECT_EQ(turns({&heavier, 2.0, 0}), names[k] == "body_weight") << names[k];
      EXPECT_EQ(turns({&with_comed, 2.0, 0}), names[k] == "comed") << names[k];
      EXPECT_EQ(turns({&slower, 2.0, 0}), names[k] == "average_concentration") << names[k];
      EXPECT_EQ(turns({&person, 3.0, 0}), names[k] == "dose" || names[k] == "average_concentration") << names[k];
    }
  }
}

TEST(Encoding, NamesAMissingCovariate) {
  Profile profile = curve_of({});
  profile.covariates.erase("body_weight");
  try {
    feature_angles({Preset::proposal, 3.0}, {&profile, 1.0, 0});
    FAIL();
  } catch (const DataError& error) {
    EXPECT_THAT(error.what(), ::testing::AllOf(::testing::HasSubstr("comed"), ::testing::HasSubstr("body_weight")));
  }
}

// A trial that records no co-medication has it nowhere.
TEST(Encoding, TakesNoRecordOfComedicationForNone) {
  Profile profile = curve_of({});
  profile.covariates["comed"] = 0.0;
  const std::vector<double> none = feature_angles({Preset::exposure, 3.0}, {&profile, 1.0, 0});
  profile.covariates.erase("comed");
  EXPECT_EQ(feature_angles({Preset::exposure, 3.0}, {&profile, 1.0, 0}), none);
}

// The profile of a one-compartment person is equation 2 of the proposal, at the midpoints; here written a second time.
TEST(Profile, IsTheSteadyStateCurvePerMilligram) {
  const pkpd::Individual person{.absorption_rate = 1.0, .clearance = 20.0, .volume = 300.0};
  for (const double interval : {24.0, 168.0}) {
    const Profile expected = curve_of({}, interval);
    const Profile made = profile(person, expected.covariates, interval);
    ASSERT_EQ(made.curve.size(), curve_points(interval));
    for (std::size_t i = 0; i < made.curve.size(); ++i) EXPECT_NEAR(made.curve[i], expected.curve[i], 1e-9);
    EXPECT_NEAR(made.per_mg.average, expected.per_mg.average, 1e-9);
    EXPECT_NEAR(made.per_mg.maximum, expected.per_mg.maximum, 1e-6);
    EXPECT_NEAR(made.per_mg.minimum, expected.per_mg.minimum, 1e-9);
    EXPECT_EQ(made.covariates, expected.covariates);
  }
}

}  // namespace
}  // namespace titrant::classifier
