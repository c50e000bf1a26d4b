#include "titrant/classifier/ansatz.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
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

using std::numbers::pi;

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
  const Network network = build_network(ansatz_of(with(Preset::exposure), 64), 64);
  EXPECT_EQ(network.parameter_names[0], "convolution_1.entry.first.rz_1");
  EXPECT_EQ(network.parameter_names[22], "convolution_2.yy");
  EXPECT_EQ(network.parameter_names[44], "dense.exit.second.rz_2");
}

class AgainstDense : public ::testing::TestWithParam<int> {};

// A continuous covariate of weight: 2 atan((x / 70)^2).
double weight_angle(double x) { return 2.0 * std::atan(x * x / 4900.0); }

// Two programs that share nothing but the specification; 1e-12 is rounding over some 10^3 operations.
TEST_P(AgainstDense, ExposureGivesTheSameProbability) {
  const std::vector<double> p = random_angles(45, static_cast<std::uint64_t>(GetParam()));
  const bool continuous = GetParam() % 2 == 1;
  ClassifierOptions options = with(Preset::exposure);
  if (continuous) options.covariates = {testing::weight_input()};
  Qcnn qcnn("qcnn", options, {});
  qcnn.set_parameters(p);
  for (const double interval : {24.0, 168.0}) {
    const Profile profile = curve_of(
        {.clearance = 15.0 + GetParam(), .body_weight = 40.0 + 10.0 * GetParam(), .comed = GetParam() == 0 ? 1.0 : 0.0},
        interval);
    const Example example{&profile, 2.0, 0};
    const double exposure_angle = 2.0 * std::atan(2.0 * profile.per_mg.average / 3.0);
    const double covariate_angle =
        continuous ? weight_angle(profile.covariates.at("body_weight")) : pi * profile.covariates.at("comed");
    const double expected = exposure_p_one(profile.curve, exposure_angle, covariate_angle, p);
    EXPECT_NEAR(qcnn.exact_p_one({&example, 1})[0], expected, 1e-12);
    // A network with two data qubits exchanged is another network.
    EXPECT_GT(
        std::abs(exposure_p_one(profile.curve, exposure_angle, covariate_angle, p, {0, 1, 3, 2, 4, 5}) - expected),
        1e-4);
  }
}

INSTANTIATE_TEST_SUITE_P(Angles, AgainstDense, ::testing::Range(0, 4));

TEST(Ansatz, AuxiliariesThatOnlyControlAreClassical) {
  for (const Preset preset : {Preset::exposure, Preset::homogeneous, Preset::proposal}) {
    ClassifierOptions options = with(preset);
    const Ansatz once = ansatz_of(options, 64);
    options.reuploading = true;
    const Ansatz again = ansatz_of(options, 64);
    for (std::size_t auxiliary = 0; auxiliary < once.auxiliaries.size(); ++auxiliary) {
      const bool rotated = once.auxiliaries[auxiliary] == Auxiliary::rotation;
      EXPECT_TRUE(once.is_classical(auxiliary));
      EXPECT_EQ(once.uploads(auxiliary), rotated ? 1U : 0U);
      EXPECT_EQ(again.is_classical(auxiliary), !rotated);
      EXPECT_EQ(again.uploads(auxiliary), rotated ? 3U : 0U);
    }
  }
}

// Uploading again before every block makes the auxiliaries quantum: no mixture, but the circuit itself is evaluated.
TEST(Ansatz, UploadingAgainRotatesBeforeEveryBlock) {
  ClassifierOptions options;
  options.reuploading = true;
  options.covariates = {testing::weight_input()};
  Qcnn qcnn("qcnn", options, {});
  const std::vector<double> p = random_angles(45, 9);
  qcnn.set_parameters(p);
  const Profile profile = curve_of({.body_weight = 52.0});
  const Example example{&profile, 2.0, 0};
  const double exposure_angle = 2.0 * std::atan(2.0 * profile.per_mg.average / 3.0);
  const double angle = weight_angle(52.0);
  const double expected =
      exposure_p_one(profile.curve, exposure_angle, angle, p, {0, 1, 2, 3, 4, 5}, {exposure_angle, angle});
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
    ClassifierOptions chosen = with(Preset::exposure);
    chosen.gate = gate;
    chosen.depth = depth;
    chosen.qubits = qubits;
    return chosen;
  };
  // Two-qubit gates: a ring of 6 (7), one of 3 (4), and the dense one; 15 or 6 angles each.
  return {{"shallow", options(Gate::su4, 1, 6), 64, 30, 105, 5},
          {"real", options(Gate::so4, 2, 6), 64, 18, 60, 5},
          {"real and shallow", options(Gate::so4, 1, 6), 64, 12, 42, 5},
          {"64 points, seven qubits", options(Gate::su4, 2, 7), 64, 45, 150, 5},
          {"128 points, seven qubits", options(Gate::su4, 2, 7), 128, 45, 180, 6},
          {"128 points, seven qubits, shallow", options(Gate::su4, 1, 7), 128, 30, 120, 6}};
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
  ClassifierOptions options = with(Preset::exposure);
  options.gate = Gate::so4;
  const Network network = build_network(ansatz_of(options, 64), 64);
  std::vector<quantum::Operation> first;
  for (const quantum::Operation& operation : network.circuit.operations()) {
    const bool entangling_auxiliary = operation.gate == quantum::GateKind::cz && operation.qubits[0] > 5;
    const bool upload = !operation.angles.empty() && operation.angles[0].source == quantum::Angle::Source::feature;
    if (!entangling_auxiliary && !upload && first.size() < 8) first.push_back(operation);
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

/// A circuit as text, one operation after the other. Rotations of parameters are written by their number; the fifteen
/// of one general two-qubit gate, where they follow each other as they must, as U<first parameter>(first,second).
std::string text(const Network& network) {
  const std::vector<quantum::Operation>& all = network.circuit.operations();
  const auto one = [](const quantum::Operation& o) {
    std::string words = o.kind == quantum::Operation::Kind::measure   ? "measure"
                        : o.kind == quantum::Operation::Kind::discard ? "discard"
                                                                      : std::string(quantum::gate_name(o.gate));
    for (const quantum::Operation::Condition& condition : o.conditions)
      words = fmt::format("if({}{}) {}", condition.value ? "" : "!", condition.bit, words);
    for (const quantum::Angle& angle : o.angles)
      words += fmt::format(" {}{}", angle.source == quantum::Angle::Source::feature ? "f" : "p", angle.index);
    for (const std::size_t qubit : o.qubits) words += fmt::format(" {}", qubit);
    if (o.kind == quantum::Operation::Kind::measure) words += fmt::format(" -> {}", o.bit);
    return words;
  };
  const auto general_gate = [](std::size_t p, std::size_t a, std::size_t b) {
    std::vector<std::string> words;
    const auto euler = [&](std::size_t first, std::size_t qubit) {
      for (const char* const gate : {"rz", "ry", "rz"}) words.push_back(fmt::format("{} p{} {}", gate, first++, qubit));
    };
    euler(p, a);
    euler(p + 3, b);
    for (const char* const gate : {"rxx", "ryy", "rzz"})
      words.push_back(fmt::format("{} p{} {} {}", gate, p + words.size(), a, b));
    euler(p + 9, a);
    euler(p + 12, b);
    return words;
  };
  std::vector<std::string> words;
  for (const quantum::Operation& operation : all) {
    words.push_back(one(operation));
    if (words.size() < 15 || operation.angles.empty()) continue;
    const quantum::Operation& middle = all[static_cast<std::size_t>(&operation - all.data()) - 7];
    if (middle.gate != quantum::GateKind::ryy) continue;
    const std::size_t first = middle.angles[0].index - 7;
    if (std::vector(words.end() - 15, words.end()) != general_gate(first, middle.qubits[0], middle.qubits[1])) continue;
    words.resize(words.size() - 15);
    words.push_back(fmt::format("U{}({},{})", first, middle.qubits[0], middle.qubits[1]));
  }
  return fmt::format("{}", fmt::join(words, "; "));
}

// The circuits of one covariate (proposal: two) as they were before covariates could be chosen, gate for gate.
TEST(Ansatz, CircuitsOfTheUsualCovariatesAreThose) {
  const std::string ring = "U0(0,1); U0(2,3); U0(4,5); U0(1,2); U0(3,4); U0(5,0); ";
  const std::string triangle = "U15(0,2); U15(2,4); U15(4,0); ";
  const auto pool = [](std::size_t from, std::size_t into, std::size_t bit) {
    return fmt::format("measure {} -> {}; if({}) x {}; ", from, bit, bit, into);
  };
  const auto network = [&](const std::array<std::string, 3>& links, std::size_t bit) {
    return links[0] + ring + pool(1, 0, bit) + pool(3, 2, bit + 1) + pool(5, 4, bit + 2) + links[1] + triangle +
           pool(2, 0, bit + 3) + links[2] + "U30(0,4); " + fmt::format("measure 0 -> {}", bit + 4);
  };
  const auto two = [](std::size_t f0, std::size_t data) {
    return fmt::format("cz {} 0; cz {} {}; ", f0, f0 + 1, data);
  };
  const auto three = [](std::size_t f0, std::size_t weight, std::size_t comed) {
    return fmt::format("cz {} {}; cz {} 0; cz {} {}; ", f0, weight, f0 + 1, f0 + 2, comed);
  };
  for (const std::size_t points : {64U, 128U}) {
    const std::size_t f0 = points == 64 ? 6 : 7;
    const std::size_t bit = points == 64 ? 0 : 1;
    const std::string averaged = points == 64 ? "" : "h 6; measure 6 -> 0; discard 6; ";
    const auto expect = [&](Preset preset, const std::string& uploads, std::array<std::string, 3> links) {
      const Network made = build_network(ansatz_of(with(preset), points), points);
      links[0] = uploads + links[0];
      EXPECT_EQ(text(made), averaged + network(links, bit));
      EXPECT_EQ(made.result_bit, bit + 4);
      std::vector<std::size_t> amplitude_qubits;
      if (preset == Preset::homogeneous) amplitude_qubits.push_back(f0);
      for (std::size_t q = 0; q < f0; ++q) amplitude_qubits.push_back(q);
      EXPECT_EQ(made.circuit.amplitude_qubits(), amplitude_qubits);
    };
    expect(Preset::exposure, fmt::format("ry f0 {}; ry f1 {}; ", f0, f0 + 1), {two(f0, 2), two(f0, 4), two(f0, 4)});
    expect(Preset::homogeneous, fmt::format("ry f0 {}; ", f0 + 1), {two(f0, 2), two(f0, 4), two(f0, 4)});
    expect(Preset::proposal, fmt::format("ry f0 {}; ry f1 {}; ry f2 {}; ", f0, f0 + 1, f0 + 2),
           {three(f0, 4, 2), three(f0, 2, 4), three(f0, 0, 4)});
  }
}

// Links before each block, [block][auxiliary]: the data qubit.
std::vector<std::vector<std::size_t>> links_of(const Ansatz& ansatz) {
  std::vector<std::vector<std::size_t>> links;
  for (const Layer& layer : ansatz.layers) {
    const auto* entangle = std::get_if<Entangle>(&layer);
    if (entangle == nullptr) continue;
    links.emplace_back();
    for (const Link& link : entangle->links) {
      EXPECT_EQ(link.auxiliary, links.back().size());
      links.back().push_back(link.data);
    }
  }
  return links;
}

ClassifierOptions with_covariates(Preset preset, std::size_t count) {
  ClassifierOptions options = with(preset);
  options.covariates.clear();
  for (std::size_t k = 0; k < count; ++k) options.covariates.push_back({.name = fmt::format("covariate_{}", k)});
  return options;
}

TEST(Ansatz, CovariatesAreSpreadOverTheDataQubits) {
  using Links = std::vector<std::vector<std::size_t>>;
  const Links five = {{0, 2, 4, 1, 3, 5}, {0, 4, 2, 0, 4, 2}, {0, 4, 0, 4, 0, 4}};
  const Links proposal = {{4, 0, 2, 1, 3, 5}, {2, 0, 4, 0, 4, 2}, {0, 0, 4, 4, 0, 4}};
  for (const std::size_t points : {64U, 128U, 512U}) {
    EXPECT_EQ(links_of(ansatz_of(with_covariates(Preset::exposure, 5), points)), five);
    EXPECT_EQ(links_of(ansatz_of(with_covariates(Preset::homogeneous, 5), points)), five);
    EXPECT_EQ(links_of(ansatz_of(with_covariates(Preset::proposal, 5), points)), proposal);
    EXPECT_EQ(links_of(ansatz_of(with_covariates(Preset::proposal, 1), points)), (Links{{4, 0}, {2, 0}, {0, 0}}));
  }
}

TEST(Ansatz, WithoutCovariatesThereIsNoQubitForThem) {
  for (const Preset preset : {Preset::exposure, Preset::homogeneous, Preset::proposal}) {
    ClassifierOptions options = with_covariates(preset, 0);
    for (const bool reuploading : {false, true}) {
      options.reuploading = reuploading;
      const Ansatz ansatz = ansatz_of(options, 64);
      EXPECT_EQ(ansatz.auxiliaries.size(), 1U);
      EXPECT_EQ(links_of(ansatz), (std::vector<std::vector<std::size_t>>{{0}, {0}, {0}}));
      const Network network = build_network(ansatz, 64);
      EXPECT_EQ(network.circuit.qubits(), 7U);
      EXPECT_EQ(network.circuit.features(), preset == Preset::homogeneous ? 0U : 1U);
    }
  }
}

TEST(Ansatz, RefusesMoreCovariatesThanQubits) {
  for (const Preset preset : {Preset::exposure, Preset::homogeneous, Preset::proposal}) {
    EXPECT_NO_THROW(Networks(with_covariates(preset, 5), {}));
    try {
      ansatz_of(with_covariates(preset, 6), 64);
      FAIL();
    } catch (const ConfigError& error) {
      EXPECT_THAT(error.what(),
                  ::testing::AllOf(::testing::HasSubstr("covariate_0, covariate_1"),
                                   ::testing::HasSubstr("covariate_5"), ::testing::HasSubstr("classifier.covariates")));
    }
  }
}

// Finer qubits than the ring has are averaged away, whatever their number.
TEST(Ansatz, PointsByTheKeyHaveANetwork) {
  ClassifierOptions options = with(Preset::exposure);
  for (const std::size_t points : {64U, 128U, 256U, 512U}) {
    options.curve_points = points;
    const Networks networks(options, {});
    EXPECT_EQ(networks.members().size(), points > 128 ? 3U : 2U);
    const quantum::Circuit& circuit = networks.network(points).circuit;
    const std::size_t finest = points == 64 ? 0U : points == 128 ? 1U : points == 256 ? 2U : 3U;
    EXPECT_EQ(circuit.qubits(), 8U + finest);
    EXPECT_EQ(count(circuit, quantum::Operation::Kind::discard), finest);
    EXPECT_EQ(circuit.parameters(), 45U);
  }
  for (const std::size_t points : {1U, 32U, 100U, 1024U}) {
    options.curve_points = points;
    EXPECT_THROW(Networks(options, {}), ConfigError) << points;
  }
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
