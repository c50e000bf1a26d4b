#include <gtest/gtest.h>

#include <numeric>
#include <string>
#include <vector>

#include "curves.hpp"
#include "random_qcnn.hpp"
#include "titrant/classifier/qcnn.hpp"
#include "titrant/core/error.hpp"

namespace titrant::classifier {
namespace {

using testing::comed_input;
using testing::curve_of;
using testing::random_qcnn;
using testing::weight_input;
using testing::with;

CovariateInput continuous_input(const char* name, double reference) {
  return {.name = name, .kind = CovariateInput::Kind::continuous, .value = reference, .high = 2.0 * reference};
}

std::vector<ClassifierOptions> networks() {
  std::vector<ClassifierOptions> all;
  for (const Preset preset : {Preset::exposure, Preset::homogeneous, Preset::proposal}) {
    for (const bool reuploading : {false, true}) {
      // 128 forms of ten qubits would take a second: the proposal uploads again in the network of depth 1 alone.
      ClassifierOptions options = with(preset);
      options.reuploading = reuploading;
      options.depth = preset == Preset::proposal && reuploading ? 1 : 2;
      all.push_back(options);
    }
    ClassifierOptions options = with(preset);
    options.qubits = 7;
    options.curve = CurveInput::uniform;
    options.gate = Gate::so4;
    all.push_back(options);
    // None, three of which one is continuous, and two of these uploaded again.
    options = with(preset);
    options.covariates = {};
    all.push_back(options);
    options.covariates = {weight_input(), comed_input(), {.name = "sex", .value = 2.0}};
    all.push_back(options);
    options.covariates.pop_back();
    options.reuploading = true;
    options.gate = Gate::so4;
    options.depth = 1;
    all.push_back(options);
    // Three continuous ones: more forms than are worth making, so each example runs its circuit.
    options.covariates = {weight_input(), continuous_input("age", 40.0), continuous_input("clearance", 90.0)};
    all.push_back(options);
    options = with(preset);  // many points, five covariates
    options.covariates = {weight_input(),
                          comed_input(),
                          {.name = "sex", .value = 2.0},
                          {.name = "sex", .value = 3.0},
                          continuous_input("age", 40.0)};
    options.curve_points = 256;
    options.gate = Gate::so4;
    all.push_back(options);
  }
  ClassifierOptions device = with(Preset::device);
  device.curve_points = 256;
  all.push_back(device);
  device.reuploading = true;
  device.gate = Gate::su4;
  device.measurements = Measurements::end;
  all.push_back(device);
  // Five inputs, two of which live on measured qubits.
  device = with(Preset::device);
  device.covariates = {weight_input(),
                       comed_input(),
                       {.name = "sex", .value = 2.0},
                       {.name = "sex", .value = 3.0},
                       continuous_input("age", 40.0)};
  all.push_back(device);
  return all;
}

// P(1) from the circuit of each example, one by one.
std::vector<double> by_circuit(const Qcnn& qcnn, const std::vector<Example>& examples) {
  const LogitModel model = qcnn.logit_model(examples, 1);
  std::vector<std::size_t> places(examples.size());
  std::iota(places.begin(), places.end(), std::size_t{0});
  std::vector<double> p(examples.size());
  std::vector<double> gradient(examples.size() * model.parameters);
  model.evaluate(qcnn.parameters(), places, 0, p, gradient);
  const Readout readout = qcnn.readout();
  for (double& logit : p) {
    logit = readout.kind == ReadoutKind::raw ? sigmoid(logit) : 0.5 * ((logit - readout.offset) / readout.scale + 1.0);
  }
  return p;
}

class Expansion : public ::testing::TestWithParam<std::size_t> {};

// Pulled back effects, interpolation in the angles and sums over components against circuits: indicators and continuous
// covariates, none of them to five, placebo, doses whose proposal angle wraps, curves of all lengths.
TEST_P(Expansion, SaysWhatTheCircuitsSay) {
  const Qcnn qcnn = random_qcnn(networks()[GetParam()], {}, GetParam());
  std::vector<Profile> profiles;
  for (const double interval : {24.0, 168.0}) {
    profiles.push_back(curve_of({.clearance = 12.0, .comed = 0.0}, interval));
    profiles.push_back(curve_of({.body_weight = 93.0, .comed = 1.0}, interval));
    profiles.push_back(curve_of({.volume = 250.0, .body_weight = 55.0}, interval));
  }
  for (std::size_t i = 0; i < profiles.size(); ++i) {
    profiles[i].covariates["sex"] = static_cast<double>(1 + i % 3);
    profiles[i].covariates["age"] = 25.0 + 11.0 * static_cast<double>(i);
    profiles[i].covariates["clearance"] = 130.0 - 17.0 * static_cast<double>(i);
  }
  if (networks()[GetParam()].curve_points == 256) {
    Profile& fine = profiles.back();
    const std::vector<double> coarse = fine.curve;
    fine.curve.clear();
    for (std::size_t i = 0; i < 256; ++i)
      fine.curve.push_back(coarse[i / 2] * (1.0 + 0.01 * static_cast<double>(i % 2)));
  }
  std::vector<Example> examples;
  for (const double dose : {0.0, 0.4, 3.0, 55.0}) {
    for (const Profile& profile : profiles) examples.push_back({&profile, dose, 0});
  }
  const std::vector<double> p = qcnn.exact_p_one(examples);
  const std::vector<double> circuits = by_circuit(qcnn, examples);
  for (std::size_t i = 0; i < examples.size(); ++i) EXPECT_NEAR(p[i], circuits[i], 1e-12) << i;

  // Each example by itself gives the same bits.
  for (std::size_t i = 0; i < examples.size(); ++i) EXPECT_EQ(qcnn.exact_p_one({&examples[i], 1})[0], p[i]) << i;
}

INSTANTIATE_TEST_SUITE_P(Networks, Expansion, ::testing::Range(std::size_t{0}, networks().size()));

// The ablation of the shape: with the uniform state in its place, subjects with one average concentration are alike.
TEST(UniformCurve, ForgetsTheShape) {
  const Profile fast = curve_of({.absorption_rate = 3.0});
  const Profile slow = curve_of({.absorption_rate = 0.15});
  const std::vector<Example> examples = {{&fast, 4.0, 0}, {&slow, 4.0, 0}};
  ClassifierOptions options = with(Preset::exposure);
  const std::vector<double> shaped = random_qcnn(options, {}, 3).exact_p_one(examples);
  EXPECT_GT(std::abs(shaped[0] - shaped[1]), 1e-4);
  options.curve = CurveInput::uniform;
  const std::vector<double> uniform = random_qcnn(options, {}, 3).exact_p_one(examples);
  EXPECT_NEAR(uniform[0], uniform[1], 1e-12);
}

TEST(UniformCurve, KeepsTheMagnitudeOfHomogeneousStates) {
  const Profile profile = curve_of({.absorption_rate = 3.0});
  const Example example{&profile, 4.0, 0};
  const std::vector<double> shaped = amplitudes({.preset = Preset::homogeneous}, example);
  const std::vector<double> uniform =
      amplitudes({.preset = Preset::homogeneous, .curve = CurveInput::uniform}, example);
  double squares = 0.0;
  for (std::size_t i = 0; i < 64; ++i) squares += shaped[i] * shaped[i];
  for (std::size_t i = 0; i < 64; ++i) EXPECT_NEAR(uniform[i], std::sqrt(squares / 64.0), 1e-14);
  EXPECT_NEAR(uniform[64], shaped[64], 1e-14);
}

TEST(Networks, RefuseCurvesOfOtherLengths) {
  Profile profile = curve_of({});
  profile.curve.resize(100);
  const Example example{&profile, 4.0, 0};
  EXPECT_THROW(random_qcnn({}, {}, 3).exact_p_one({&example, 1}), ConfigError);
  ClassifierOptions by_circuit;
  by_circuit.reuploading = true;
  by_circuit.covariates = {weight_input(), continuous_input("age", 40.0), continuous_input("height", 170.0)};
  profile.covariates = {{"body_weight", 70.0}, {"age", 30.0}, {"height", 180.0}};
  EXPECT_THROW(random_qcnn(by_circuit, {}, 3).exact_p_one({&example, 1}), ConfigError);
}

}  // namespace
}  // namespace titrant::classifier
