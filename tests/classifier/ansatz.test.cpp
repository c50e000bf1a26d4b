#include "titrant/classifier/ansatz.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numbers>
#include <set>

#include "curves.hpp"
#include "dense_network.hpp"
#include "titrant/classifier/networks.hpp"
#include "titrant/core/error.hpp"
#include "titrant/quantum/evaluator.hpp"

namespace titrant::classifier {
namespace {

using testing::curve_of;
using testing::exposure_p_one;
using testing::random_angles;

constexpr double pi = std::numbers::pi;

std::size_t count(const quantum::Circuit& circuit, quantum::Operation::Kind kind) {
  return static_cast<std::size_t>(std::count_if(circuit.operations().begin(), circuit.operations().end(),
                                                [&](const quantum::Operation& o) { return o.kind == kind; }));
}

// Counts of the proposal (about 45 parameters, two pooling layers) and of qcnn.md: 15 x (6 + 3 + 1) rotations.
TEST(Ansatz, HasTheSizeOfTheProposal) {
  struct Expected {
    Preset preset;
    std::size_t points, qubits, features, measurements;
  };
  for (const auto& [preset, points, qubits, features, measurements] : {Expected{Preset::exposure, 64, 8, 2, 5},
                                                                       {Preset::exposure, 128, 9, 2, 6},
                                                                       {Preset::homogeneous, 64, 8, 1, 5},
                                                                       {Preset::homogeneous, 128, 9, 1, 6},
                                                                       {Preset::proposal, 64, 9, 3, 5},
                                                                       {Preset::proposal, 128, 10, 3, 6}}) {
    const Network network = build_network(preset_ansatz(preset), points);
    EXPECT_EQ(network.circuit.qubits(), qubits);
    EXPECT_EQ(network.circuit.features(), features);
    EXPECT_EQ(network.circuit.parameters(), 45U);
    EXPECT_EQ(count(network.circuit, quantum::Operation::Kind::measure), measurements);
    EXPECT_EQ(count(network.circuit, quantum::Operation::Kind::discard), points == 128 ? 1U : 0U);
    EXPECT_EQ(network.circuit.amplitude_qubits().size(),
              preset == Preset::homogeneous ? qubits - 1 : qubits - features);
    EXPECT_EQ(std::set<std::string>(network.parameter_names.begin(), network.parameter_names.end()).size(), 45U);
    EXPECT_EQ(quantum::Evaluator(network.circuit, network.result_bit).occurrences(), 150U);
  }
}

TEST(Ansatz, ParametersAreNamedInTheOrderOfTime) {
  const Network network = build_network(preset_ansatz(Preset::exposure), 64);
  EXPECT_EQ(network.parameter_names[0], "convolution_1.entry.first.rz_1");
  EXPECT_EQ(network.parameter_names[22], "convolution_2.yy");
  EXPECT_EQ(network.parameter_names[44], "dense.exit.second.rz_2");
}

class AgainstDense : public ::testing::TestWithParam<int> {};

// Two programs that share nothing but the specification; 1e-12 is rounding over some 10^3 operations.
TEST_P(AgainstDense, ExposureGivesTheSameProbability) {
  const std::vector<double> p = random_angles(45, static_cast<std::uint64_t>(GetParam()));
  const Networks networks(preset_ansatz(Preset::exposure));
  for (const double interval : {24.0, 168.0}) {
    const Profile profile =
        curve_of({.clearance = 15.0 + GetParam(), .comed = GetParam() % 2 == 0 ? 1.0 : 0.4}, interval);
    const Example example{&profile, 2.0, 0};
    const double exposure_angle = 2.0 * std::atan(2.0 * profile.per_mg.average / 3.0);
    const double comed_angle = pi * profile.covariates.at("comed");
    const double expected = exposure_p_one(profile.curve, exposure_angle, comed_angle, p);
    EXPECT_NEAR(networks.p_one(p, {Preset::exposure, 3.0}, {&example, 1})[0], expected, 1e-12);
    // A network with two data qubits exchanged is another network.
    EXPECT_GT(std::abs(exposure_p_one(profile.curve, exposure_angle, comed_angle, p, {0, 1, 3, 2, 4, 5}) - expected),
              1e-4);
  }
}

INSTANTIATE_TEST_SUITE_P(Angles, AgainstDense, ::testing::Range(0, 4));

TEST(Ansatz, SidesThatOnlyControlAreClassical) {
  for (const Preset preset : {Preset::exposure, Preset::homogeneous, Preset::proposal}) {
    EXPECT_TRUE(preset_ansatz(preset).sides_are_classical());
  }
}

// A second upload before the last links makes the sides quantum: no mixture, but the circuit itself is evaluated.
TEST(Ansatz, UploadingAgainIsAnotherListOfLayers) {
  Ansatz ansatz = preset_ansatz(Preset::exposure);
  ansatz.layers.insert(ansatz.layers.end() - 2, Upload{{0, 1}});
  EXPECT_FALSE(ansatz.sides_are_classical());
  const Networks networks(ansatz);
  const std::vector<double> p = random_angles(45, 9);
  const Profile profile = curve_of({.comed = 0.3});
  const Example example{&profile, 2.0, 0};
  const double exposure_angle = 2.0 * std::atan(2.0 * profile.per_mg.average / 3.0);
  const double expected =
      exposure_p_one(profile.curve, exposure_angle, 0.3 * pi, p, {0, 1, 2, 3, 4, 5}, {exposure_angle, 0.3 * pi});
  EXPECT_NEAR(networks.p_one(p, {Preset::exposure, 3.0}, {&example, 1})[0], expected, 1e-12);
}

TEST(Ansatz, RefusesQubitsThatAreNotThere) {
  Ansatz ansatz = preset_ansatz(Preset::exposure);
  ansatz.layers.emplace_back(Convolution{"more", {{0, 9}}});
  EXPECT_THROW(build_network(ansatz, 64), ConfigError);
  EXPECT_THROW(build_network(preset_ansatz(Preset::exposure), 32), std::logic_error);
  EXPECT_THROW(Networks(preset_ansatz(Preset::exposure)).network(256), ConfigError);
}

}  // namespace
}  // namespace titrant::classifier
