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

using testing::curve_of;
using testing::random_qcnn;
using testing::with;

std::vector<ClassifierOptions> networks() {
  std::vector<ClassifierOptions> all;
  for (const Preset preset : {Preset::exposure, Preset::homogeneous, Preset::proposal}) {
    for (const bool reuploading : {false, true}) {
      // 512 forms of ten qubits would take seconds: the proposal uploads again in the network of depth 1 alone.
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
  }
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

// Pulled back effects, interpolation in the angles and sums over components against circuits: co-medication in full, in
// part or not at all, placebo, doses whose proposal angle wraps.
TEST_P(Expansion, SaysWhatTheCircuitsSay) {
  const Qcnn qcnn = random_qcnn(networks()[GetParam()], {}, GetParam());
  std::vector<Profile> profiles;
  for (const double interval : {24.0, 168.0}) {
    profiles.push_back(curve_of({.clearance = 12.0, .comed = 0.0}, interval));
    profiles.push_back(curve_of({.body_weight = 93.0, .comed = 1.0}, interval));
    profiles.push_back(curve_of({.volume = 250.0, .body_weight = 55.0, .comed = 0.3}, interval));
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

// The ablation of the shape: with the uniform state in its place, people with one average concentration are alike.
TEST(UniformCurve, ForgetsTheShape) {
  const Profile fast = curve_of({.absorption_rate = 3.0});
  const Profile slow = curve_of({.absorption_rate = 0.15});
  const std::vector<Example> examples = {{&fast, 4.0, 0}, {&slow, 4.0, 0}};
  ClassifierOptions options;
  const std::vector<double> shaped = random_qcnn(options, {}, 3).exact_p_one(examples);
  EXPECT_GT(std::abs(shaped[0] - shaped[1]), 1e-4);
  options.curve = CurveInput::uniform;
  const std::vector<double> uniform = random_qcnn(options, {}, 3).exact_p_one(examples);
  EXPECT_NEAR(uniform[0], uniform[1], 1e-12);
}

TEST(UniformCurve, KeepsTheMagnitudeOfHomogeneousStates) {
  const Profile profile = curve_of({.absorption_rate = 3.0});
  const Example example{&profile, 4.0, 0};
  const std::vector<double> shaped = amplitudes({Preset::homogeneous, 3.0, CurveInput::exposure}, example);
  const std::vector<double> uniform = amplitudes({Preset::homogeneous, 3.0, CurveInput::uniform}, example);
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
}

}  // namespace
}  // namespace titrant::classifier
