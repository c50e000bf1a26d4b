#include "titrant/classifier/encoding.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <Eigen/SVD>
#include <cmath>
#include <numbers>

#include "curves.hpp"
#include "random_qcnn.hpp"
#include "titrant/core/error.hpp"
#include "titrant/pkpd/exposure.hpp"
#include "titrant/quantum/synthesis/matrix_product_state.hpp"

namespace titrant::classifier {
namespace {

using testing::curve_of;

using std::numbers::pi;
constexpr double rounding = 1e-14;

Encoding usual(Preset preset) { return encoding_of(testing::with(preset)); }

double norm(const std::vector<double>& values) {
  double squares = 0.0;
  for (const double value : values) squares += value * value;
  return std::sqrt(squares);
}

TEST(Encoding, AmplitudesHaveUnitNorm) {
  for (const double interval : {24.0, 168.0}) {
    const Profile profile = curve_of({}, interval);
    for (const Preset preset : {Preset::exposure, Preset::homogeneous, Preset::proposal, Preset::device}) {
      for (const double dose : {0.0, 0.5, 300.0}) {
        EXPECT_NEAR(norm(amplitudes(usual(preset), {&profile, dose, 0})), 1.0, rounding);
      }
    }
  }
}

TEST(Encoding, PlaceboIsUniformAndWithoutExposure) {
  const Profile profile = curve_of({.comed = 1.0});
  const Example placebo{&profile, 0.0, 0};
  EXPECT_THAT(amplitudes(usual(Preset::exposure), placebo), ::testing::Each(::testing::DoubleEq(0.125)));
  EXPECT_EQ(feature_angles(usual(Preset::exposure), placebo), (std::vector<double>{0.0, pi}));
  const std::vector<double> homogeneous = amplitudes(usual(Preset::homogeneous), placebo);
  for (std::size_t i = 0; i < 64; ++i) {
    EXPECT_EQ(homogeneous[i], 0.0);
    EXPECT_DOUBLE_EQ(homogeneous[64 + i], 0.125);
  }
}

/// Cut to bond dimension 2 by projections onto the two largest singular vectors of each cut in turn, with whole
/// matrices: the same state without tensors.
Eigen::VectorXd projected(Eigen::VectorXd state) {
  for (Eigen::Index rows = 2; rows < state.size(); rows *= 2) {
    Eigen::Map<Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>> matrix(state.data(), rows,
                                                                                              state.size() / rows);
    const Eigen::BDCSVD<Eigen::MatrixXd> svd(matrix, Eigen::ComputeThinU);
    const Eigen::MatrixXd kept = svd.matrixU().leftCols(2);
    matrix = (kept * (kept.transpose() * matrix)).eval();
  }
  return state.normalized();
}

// A steady state of two compartments has bond dimension 3: what preset device loses is what a plain SVD says, and
// small. The sums have 64 terms, so 1e-13.
TEST(Encoding, DeviceHoldsTheCurveCutToBondDimensionTwo) {
  Profile profile = curve_of({});
  for (std::size_t i = 0; i < 64; ++i) {
    const double t = (static_cast<double>(i) + 0.5) * 24.0 / 64.0;
    profile.curve[i] = 5.0 * std::exp(-0.02 * t) + 4.0 * std::exp(-0.4 * t) - 8.0 * std::exp(-1.5 * t);
  }
  const Example example{&profile, 2.0, 0};
  const Encoding device = usual(Preset::device);
  const std::vector<double> whole = amplitudes(usual(Preset::exposure), example);
  const std::vector<double> held = amplitudes(device, example);
  const Eigen::VectorXd wanted = Eigen::Map<const Eigen::VectorXd>(whole.data(), 64);
  const Eigen::VectorXd expected = projected(wanted);
  for (std::size_t i = 0; i < 64; ++i) EXPECT_NEAR(held[i], expected[static_cast<Eigen::Index>(i)], 1e-13);
  EXPECT_EQ(quantum::bond_dimension(whole), 3U);
  EXPECT_EQ(quantum::bond_dimension(held), 2U);
  const double fidelity = encoding_fidelity(device, example);
  EXPECT_NEAR(fidelity, std::pow(expected.dot(wanted), 2), 1e-13);
  EXPECT_LT(fidelity, 1.0 - 1e-6);
  EXPECT_GT(fidelity, 0.999);
  EXPECT_EQ(encoding_fidelity(usual(Preset::exposure), example), 1.0);
}

// All curves have 64 amplitudes: means over pairs of 128 points. One compartment is held exactly.
TEST(Encoding, DeviceHoldsMeansOfFineCurves) {
  const Profile weekly = curve_of({}, 168.0);
  const Example example{&weekly, 30.0, 0};
  std::vector<double> means;
  for (std::size_t i = 0; i < 64; ++i) means.push_back(weekly.curve[2 * i] + weekly.curve[2 * i + 1]);
  const std::vector<double> held = amplitudes(usual(Preset::device), example);
  ASSERT_EQ(held.size(), 64U);
  for (std::size_t i = 0; i < 64; ++i) EXPECT_NEAR(held[i], means[i] / norm(means), 1e-13);
  EXPECT_NEAR(encoding_fidelity(usual(Preset::device), example), 1.0, 1e-13);
  EXPECT_THAT(amplitudes(usual(Preset::device), {&weekly, 0.0, 0}), ::testing::Each(::testing::DoubleEq(0.125)));
}

// 2 atan(Cavg / c_ref) rises with the dose and stays inside (0, pi): no wrap, whatever the dose.
TEST(Encoding, ExposureAngleIsMonotoneAndNeverWraps) {
  const Profile profile = curve_of({});
  double last = 0.0;
  for (int i = 0; i < 50; ++i) {
    const double dose = 1e-3 * std::pow(1.5, i);  // up to 4e5 mg
    const double angle = feature_angles(usual(Preset::exposure), {&profile, dose, 0})[0];
    EXPECT_GT(angle, last);
    EXPECT_LT(angle, pi);
    last = angle;
  }
  const double dose = 3.0 / profile.per_mg.average;  // Cavg = c_ref: half way
  EXPECT_NEAR(feature_angles(usual(Preset::exposure), {&profile, dose, 0})[0], pi / 2, rounding);
}

TEST(Encoding, ProposalAnglesAreLinear) {
  const Profile profile = curve_of({.body_weight = 75.0, .comed = 1.0});
  EXPECT_THAT(
      feature_angles(usual(Preset::proposal), {&profile, 15.0, 0}),
      ::testing::ElementsAre(::testing::DoubleEq(pi / 2), ::testing::DoubleEq(1.5 * pi), ::testing::DoubleEq(pi)));
}

// The two blocks of the homogeneous state stand in the ratio C(t) / c_ref : 1 at every point.
TEST(Encoding, HomogeneousAmplitudesKeepTheMagnitude) {
  const Profile profile = curve_of({});
  const std::vector<double> state = amplitudes(usual(Preset::homogeneous), {&profile, 7.0, 0});
  ASSERT_EQ(state.size(), 128U);
  for (std::size_t i = 0; i < 64; ++i) EXPECT_NEAR(state[i] / state[64 + i], 7.0 * profile.curve[i] / 3.0, 1e-12);
}

TEST(Encoding, DosesOfASubjectShareTheirAmplitudes) {
  const Profile daily = curve_of({});
  const Profile weekly = curve_of({}, 168.0);
  const std::vector<Example> examples = {{&daily, 1.0, 0}, {&weekly, 5.0, 1}, {&daily, 9.0, 2}, {&daily, 0.0, 3}};
  const EncodedExamples encoded(usual(Preset::exposure), examples);
  EXPECT_EQ(encoded.input(0).amplitudes.data(), encoded.input(2).amplitudes.data());
  EXPECT_EQ(encoded.points(1), 128U);
  for (std::size_t i = 0; i < examples.size(); ++i) {
    EXPECT_THAT(encoded.input(i).amplitudes,
                ::testing::ElementsAreArray(amplitudes(usual(Preset::exposure), examples[i])));
    EXPECT_THAT(encoded.input(i).features,
                ::testing::ElementsAreArray(feature_angles(usual(Preset::exposure), examples[i])));
  }
}

// A feature that is named after a quantity turns with it, and with no other.
TEST(Encoding, NamesWhatAFeatureTells) {
  const Profile subject = curve_of({});
  const Profile heavier = [&] {
    Profile other = subject;
    other.covariates.at("body_weight") += 7.0;
    return other;
  }();
  const Profile with_comed = [&] {
    Profile other = subject;
    other.covariates.at("comed") = 1.0 - other.covariates.at("comed");
    return other;
  }();
  const Profile slower = [&] {
    Profile other = subject;
    other.per_mg.average *= 1.3;
    return other;
  }();
  for (const Preset preset : {Preset::exposure, Preset::homogeneous, Preset::proposal}) {
    const Encoding encoding = usual(preset);
    const std::vector<std::string> names = feature_names(encoding);
    const std::vector<double> angles = feature_angles(encoding, {&subject, 2.0, 0});
    ASSERT_EQ(names.size(), angles.size());
    for (std::size_t k = 0; k < names.size(); ++k) {
      const auto turns = [&](const Example& other) { return feature_angles(encoding, other)[k] != angles[k]; };
      EXPECT_EQ(turns({&heavier, 2.0, 0}), names[k] == "body_weight") << names[k];
      EXPECT_EQ(turns({&with_comed, 2.0, 0}), names[k] == "comed") << names[k];
      EXPECT_EQ(turns({&slower, 2.0, 0}), names[k] == "average_concentration") << names[k];
      EXPECT_EQ(turns({&subject, 3.0, 0}), names[k] == "dose" || names[k] == "average_concentration") << names[k];
    }
  }
}

TEST(Encoding, NamesAMissingCovariate) {
  Profile profile = curve_of({});
  profile.covariates.erase("body_weight");
  try {
    feature_angles(usual(Preset::proposal), {&profile, 1.0, 0});
    FAIL();
  } catch (const DataError& error) {
    EXPECT_THAT(error.what(), ::testing::AllOf(::testing::HasSubstr("comed"), ::testing::HasSubstr("body_weight")));
  }
}

TEST(Encoding, AnglesOfCovariatesFollowTheirKind) {
  Profile profile = curve_of({.body_weight = 84.0});
  profile.covariates["genotype"] = 2.0;
  Encoding encoding = usual(Preset::exposure);
  encoding.covariates = {
      {.name = "genotype", .value = 1.0}, testing::weight_input(), {.name = "genotype", .value = 2.0}};
  const Example example{&profile, 3.0, 0};
  EXPECT_THAT(feature_names(encoding),
              ::testing::ElementsAre("average_concentration", "genotype_1", "body_weight", "genotype_2"));
  const double weight_angle = 2.0 * std::atan(1.2 * 1.2);  // 84 of 70 kg
  EXPECT_THAT(feature_angles(encoding, example),
              ::testing::ElementsAre(::testing::_, 0.0, ::testing::DoubleNear(weight_angle, rounding), pi));
  encoding.preset = Preset::homogeneous;
  EXPECT_THAT(feature_angles(encoding, example),
              ::testing::ElementsAre(0.0, ::testing::DoubleNear(weight_angle, rounding), pi));
  encoding.preset = Preset::proposal;  // the dose follows the first covariate; continuous angles are linear
  encoding.highest_dose = 30.0;
  EXPECT_THAT(feature_names(encoding), ::testing::ElementsAre("genotype_1", "dose", "body_weight", "genotype_2"));
  EXPECT_THAT(feature_angles(encoding, example),
              ::testing::ElementsAre(0.0, ::testing::DoubleNear(0.1 * pi, rounding),
                                     ::testing::DoubleNear(0.68 * pi, rounding), pi));
  encoding.covariates.clear();
  EXPECT_THAT(feature_names(encoding), ::testing::ElementsAre("dose"));
  EXPECT_EQ(dose_auxiliary(encoding), 0U);
}

}  // namespace
}  // namespace titrant::classifier
