#include "titrant/classifier/ansatz.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numbers>
#include <set>

#include "curves.hpp"
#include "dense_network.hpp"
#include "random_qcnn.hpp"
#include "titrant/classifier/networks.hpp"
#include "titrant/core/error.hpp"
#include "titrant/quantum/evaluator.hpp"
#include "titrant/quantum/gates.hpp"

namespace titrant::classifier {
namespace {

using testing::curve_of;
using testing::exposure_p_one;
using testing::random_angles;
using testing::with;

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
    const Network network = build_network(ansatz_of(with(preset), points), points);
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
  const Network network = build_network(ansatz_of({}, 64), 64);
  EXPECT_EQ(network.parameter_names[0], "convolution_1.entry.first.rz_1");
  EXPECT_EQ(network.parameter_names[22], "convolution_2.yy");
  EXPECT_EQ(network.parameter_names[44], "dense.exit.second.rz_2");
}

class AgainstDense : public ::testing::TestWithParam<int> {};

// Two programs that share nothing but the specification; 1e-12 is rounding over some 10^3 operations.
TEST_P(AgainstDense, ExposureGivesTheSameProbability) {
  const std::vector<double> p = random_angles(45, static_cast<std::uint64_t>(GetParam()));
  Qcnn qcnn("qcnn", {}, {});
  qcnn.set_parameters(p);
  for (const double interval : {24.0, 168.0}) {
    const Profile profile =
        curve_of({.clearance = 15.0 + GetParam(), .comed = GetParam() % 2 == 0 ? 1.0 : 0.4}, interval);
    const Example example{&profile, 2.0, 0};
    const double exposure_angle = 2.0 * std::atan(2.0 * profile.per_mg.average / 3.0);
    const double comed_angle = pi * profile.covariates.at("comed");
    const double expected = exposure_p_one(profile.curve, exposure_angle, comed_angle, p);
    EXPECT_NEAR(qcnn.exact_p_one({&example, 1})[0], expected, 1e-12);
    // A network with two data qubits exchanged is another network.
    EXPECT_GT(std::abs(exposure_p_one(profile.curve, exposure_angle, comed_angle, p, {0, 1, 3, 2, 4, 5}) - expected),
              1e-4);
  }
}

INSTANTIATE_TEST_SUITE_P(Angles, AgainstDense, ::testing::Range(0, 4));

TEST(Ansatz, SidesThatOnlyControlAreClassical) {
  for (const Preset preset : {Preset::exposure, Preset::homogeneous, Preset::proposal}) {
    ClassifierOptions options = with(preset);
    const Ansatz once = ansatz_of(options, 64);
    options.reuploading = true;
    const Ansatz again = ansatz_of(options, 64);
    for (std::size_t side = 0; side < once.sides.size(); ++side) {
      const bool rotated = once.sides[side] == Side::rotation;
      EXPECT_TRUE(once.is_classical(side));
      EXPECT_EQ(once.uploads(side), rotated ? 1U : 0U);
      EXPECT_EQ(again.is_classical(side), !rotated);
      EXPECT_EQ(again.uploads(side), rotated ? 3U : 0U);
    }
  }
}

// Uploading again before every block makes the sides quantum: no mixture, but the circuit itself is evaluated.
TEST(Ansatz, UploadingAgainRotatesBeforeEveryBlock) {
  ClassifierOptions options;
  options.reuploading = true;
  Qcnn qcnn("qcnn", options, {});
  const std::vector<double> p = random_angles(45, 9);
  qcnn.set_parameters(p);
  const Profile profile = curve_of({.comed = 0.3});
  const Example example{&profile, 2.0, 0};
  const double exposure_angle = 2.0 * std::atan(2.0 * profile.per_mg.average / 3.0);
  const double expected =
      exposure_p_one(profile.curve, exposure_angle, 0.3 * pi, p, {0, 1, 2, 3, 4, 5}, {exposure_angle, 0.3 * pi});
  EXPECT_NEAR(qcnn.exact_p_one({&example, 1})[0], expected, 1e-12);
}

struct Variant {
  const char* name;
  ClassifierOptions options;
  std::size_t points;
  std::size_t parameters;
  std::size_t occurrences;  // of parameters in rotations
  std::size_t measurements;
};

std::vector<Variant> variants() {
  const auto options = [](Gate gate, int depth, int qubits) {
    ClassifierOptions chosen;
    chosen.gate = gate;
    chosen.depth = depth;
    chosen.qubits = qubits;
    return chosen;
  };
  // Two-qubit gates: a ring of 6 (7), one of 3 (4), and the dense one; 15 or 6 angles each.
  return {{"shallow", options(Gate::su4, 1, 6), 64, 30, 105, 5},
          {"real", options(Gate::so4, 2, 6), 64, 18, 60, 5},
          {"real and shallow", options(Gate::so4, 1, 6), 64, 12, 42, 5},
          {"daily, seven qubits", options(Gate::su4, 2, 7), 64, 45, 150, 5},
          {"weekly, seven qubits", options(Gate::su4, 2, 7), 128, 45, 180, 6},
          {"weekly, seven qubits, shallow", options(Gate::su4, 1, 7), 128, 30, 120, 6}};
}

TEST(Ansatz, VariantsHaveTheSizesOfTheReadme) {
  for (const auto& [name, options, points, parameters, occurrences, measurements] : variants()) {
    const Network network = build_network(ansatz_of(options, points), points);
    EXPECT_EQ(network.parameter_names.size(), parameters) << name;
    EXPECT_EQ(network.circuit.parameters(), parameters) << name;
    EXPECT_EQ(quantum::Evaluator(network.circuit, network.result_bit).occurrences(), occurrences) << name;
    EXPECT_EQ(count(network.circuit, quantum::Operation::Kind::measure), measurements) << name;
    EXPECT_EQ(count(network.circuit, quantum::Operation::Kind::discard), 0U) << name;
  }
}

// A gate of six rotations about Y and two CZ reaches every real gate with determinant 1: at a random point its six
// derivatives span the tangent space of SO(4), which has six dimensions, and the gate is real.
TEST(Ansatz, RealGateReachesAllOfSo4) {
  const std::vector<double> angles = random_angles(6, 12);
  const auto gate = [](const std::vector<double>& p) {
    const auto both = [&](std::size_t k) {
      return testing::kronecker(testing::evolution(p[k] * testing::pauli('Y')),
                                testing::evolution(p[k + 1] * testing::pauli('Y')));
    };
    const Eigen::Vector4cd signs(1, 1, 1, -1);
    return testing::Matrix(both(4) * signs.asDiagonal() * both(2) * signs.asDiagonal() * both(0));
  };
  const testing::Matrix here = gate(angles);
  EXPECT_LT(here.imag().norm(), 1e-14);
  EXPECT_NEAR(here.real().determinant(), 1.0, 1e-14);
  Eigen::MatrixXd tangents(16, 6);
  for (std::size_t k = 0; k < 6; ++k) {
    std::vector<double> shifted = angles;
    shifted[k] += 1e-5;
    const Eigen::MatrixXd change = (gate(shifted) - here).real() / 1e-5;
    tangents.col(static_cast<Eigen::Index>(k)) = change.reshaped();
  }
  Eigen::JacobiSVD<Eigen::MatrixXd> svd(tangents);
  EXPECT_GT(svd.singularValues()[5], 0.05);  // far above the error of the differences

  // And this is the gate that the network applies: a register of |00> alone cannot tell, so all columns are compared.
  ClassifierOptions options;
  options.gate = Gate::so4;
  const Network network = build_network(ansatz_of(options, 64), 64);
  std::vector<quantum::Operation> first;
  for (const quantum::Operation& operation : network.circuit.operations()) {
    const bool entangling_side = operation.gate == quantum::GateKind::cz && operation.qubits[0] > 5;
    const bool upload = !operation.angles.empty() && operation.angles[0].source == quantum::Angle::Source::feature;
    if (!entangling_side && !upload && first.size() < 8) first.push_back(operation);
  }
  testing::Matrix applied = testing::Matrix::Identity(4, 4);
  for (const quantum::Operation& operation : first) {
    const bool one = operation.qubits.size() == 1;
    const std::vector<double> angle = one ? std::vector{angles[operation.angles[0].index]} : std::vector<double>{};
    const testing::Matrix matrix = quantum::gate_matrix(operation.gate, angle);
    const testing::Matrix identity = testing::Matrix::Identity(2, 2);
    if (!one) {
      applied = matrix * applied;
    } else {
      applied =
          (operation.qubits[0] == 0 ? testing::kronecker(matrix, identity) : testing::kronecker(identity, matrix)) *
          applied;
    }
  }
  EXPECT_LT((applied - here).norm(), 1e-13);
}

TEST(Ansatz, RefusesWhatIsNotThere) {
  Ansatz ansatz = ansatz_of({}, 64);
  ansatz.layers.emplace_back(Convolution{"more", {{0, 9}}});
  EXPECT_THROW(build_network(ansatz, 64), ConfigError);
  EXPECT_THROW(build_network(ansatz_of({}, 32), 32), std::logic_error);
  EXPECT_THROW(Networks(ClassifierOptions{}, QuantumOptions{}).network(256), ConfigError);
  ClassifierOptions options;
  options.depth = 3;
  EXPECT_THROW(ansatz_of(options, 64), ConfigError);
  options = {};
  options.qubits = 8;
  EXPECT_THROW(ansatz_of(options, 64), ConfigError);
}

}  // namespace
}  // namespace titrant::classifier
