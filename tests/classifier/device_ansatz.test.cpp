#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <set>
#include <utility>

#include "curves.hpp"
#include "dense_network.hpp"
#include "random_qcnn.hpp"
#include "titrant/classifier/ansatz.hpp"
#include "titrant/classifier/networks.hpp"
#include "titrant/core/error.hpp"
#include "titrant/quantum/evaluator.hpp"

namespace titrant::classifier {
namespace {

using testing::curve_of;
using testing::random_angles;
using testing::random_qcnn;

ClassifierOptions device_options(std::size_t covariates, int depth = 2,
                                 Measurements measurements = Measurements::middle, bool reuploading = false) {
  ClassifierOptions options;
  options.preset = Preset::device;
  options.depth = depth;
  options.measurements = measurements;
  options.reuploading = reuploading;
  for (std::size_t k = 0; k < covariates; ++k) {
    options.covariates.push_back(
        {.name = fmt::format("covariate_{}", k), .kind = CovariateInput::Kind::continuous, .value = 1.0, .high = 2.0});
  }
  return options;
}

/// Every variant that there is: covariates, depth, measurements, uploading.
std::vector<ClassifierOptions> device_variants() {
  std::vector<ClassifierOptions> all;
  for (const int depth : {1, 2})
    for (const bool reuploading : {false, true})
      for (const Measurements measurements : {Measurements::middle, Measurements::end})
        for (std::size_t covariates = 0; covariates <= (measurements == Measurements::end ? 3U : 5U); ++covariates)
          all.push_back(device_options(covariates, depth, measurements, reuploading));
  return all;
}

struct Gates {
  std::size_t pairs = 0;
  std::size_t measured = 0;
  std::size_t reset = 0;
};

Gates gates_of(const quantum::Circuit& circuit) {
  Gates gates;
  for (const quantum::Operation& operation : circuit.operations()) {
    gates.pairs += operation.kind == quantum::Operation::Kind::gate && operation.qubits.size() == 2 ? 1 : 0;
    gates.measured += operation.kind == quantum::Operation::Kind::measure ? 1 : 0;
    gates.reset += operation.kind == quantum::Operation::Kind::reset ? 1 : 0;
  }
  return gates;
}

// Pairs 5 + 3 + 1 of six angles of their own and two CZ each; links 3 of the exposure, then 2, 1, 1, 1, 1 of the
// inputs; four pooled qubits and the answer.
TEST(DeviceAnsatz, HasTheSizesOfTheReadme) {
  const std::array<std::size_t, 6> deep_links = {3, 5, 6, 7, 8, 9};
  const std::array<std::size_t, 6> shallow_links = {2, 3, 4, 5, 6, 7};
  for (const ClassifierOptions& options : device_variants()) {
    const bool deep = options.depth == 2;
    const bool end = options.measurements == Measurements::end;
    const std::size_t inputs = options.covariates.size();
    const Network network = build_network(ansatz_of(options, 64), 64);
    const std::size_t gates = deep ? 9 : 6;
    EXPECT_EQ(std::set(network.parameter_names.begin(), network.parameter_names.end()).size(), 6 * gates);
    EXPECT_EQ(network.circuit.parameters(), 6 * gates);
    EXPECT_EQ(quantum::Evaluator(network.circuit, network.result_bit).occurrences(), 6 * gates);
    const auto [pairs, measured, reset] = gates_of(network.circuit);
    EXPECT_EQ(pairs, 2 * gates + (deep ? deep_links : shallow_links).at(inputs) + (end ? 4 : 0)) << inputs;
    EXPECT_EQ(measured, end ? 1U : 5U);
    EXPECT_EQ(reset, inputs > 3 ? inputs - 3 : 0U);
    EXPECT_EQ(network.circuit.qubits(), 7 + std::min<std::size_t>(inputs, 3));
    EXPECT_EQ(network.circuit.features(), inputs + 1);
    EXPECT_EQ(network.circuit.bits(), network.result_bit + 1);
  }
}

// The line q0 .. q5, and F0 beside q2, F1 beside q4, F2 beside q0, F3 beside q5. Degrees above two stand two places
// apart, as in a lattice of heavy hexagons.
TEST(DeviceAnsatz, ActsAlongTheEdgesOfOneTree) {
  const std::set<std::pair<std::size_t, std::size_t>> tree = {{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 5},
                                                              {2, 6}, {4, 7}, {0, 8}, {5, 9}};
  for (const ClassifierOptions& options : device_variants()) {
    const Network network = build_network(ansatz_of(options, 64), 64);
    std::set<std::size_t> measured;
    for (const quantum::Operation& operation : network.circuit.operations()) {
      if (operation.kind == quantum::Operation::Kind::measure) measured.insert(operation.qubits[0]);
      if (operation.kind == quantum::Operation::Kind::reset) {
        EXPECT_EQ(measured.erase(operation.qubits[0]), 1U);
      }
      if (operation.kind != quantum::Operation::Kind::gate) continue;
      for (const std::size_t qubit : operation.qubits)
        EXPECT_EQ(measured.count(qubit), 0U) << "used after it was measured";
      if (operation.qubits.size() != 2) continue;
      const auto [low, high] = std::minmax(operation.qubits[0], operation.qubits[1]);
      EXPECT_TRUE(tree.contains({low, high})) << low << " " << high;
    }
  }
}

TEST(DeviceAnsatz, AuxiliariesAreClassicalBitsUnlessUploadedAgain) {
  for (const ClassifierOptions& options : device_variants()) {
    const Ansatz ansatz = ansatz_of(options, 64);
    for (std::size_t auxiliary = 0; auxiliary < ansatz.auxiliaries.size(); ++auxiliary)
      EXPECT_EQ(ansatz.is_classical(auxiliary), ansatz.uploads(auxiliary) == 1);
    EXPECT_EQ(ansatz.uploads(0), options.reuploading ? (options.depth == 2 ? 3U : 2U) : 1U);
  }
}

// Every input matters, wherever its auxiliary qubit is, and so does the exposure.
TEST(DeviceAnsatz, AnswerDependsOnEveryInput) {
  for (const ClassifierOptions& options : device_variants()) {
    if (options.reuploading) continue;
    const Qcnn qcnn = random_qcnn(options, {}, 3);
    Profile profile = curve_of({});
    for (const CovariateInput& input : options.covariates) profile.covariates[input.name] = 0.7;
    const auto p = [&](double dose) {
      const Example example{&profile, dose, 0};
      return qcnn.exact_p_one({&example, 1})[0];
    };
    const double usual = p(2.0);
    EXPECT_GT(std::abs(p(3.0) - usual), 1e-4);
    for (const CovariateInput& input : options.covariates) {
      profile.covariates[input.name] = 1.4;
      EXPECT_GT(std::abs(p(2.0) - usual), 1e-5)
          << input.name << " of " << options.covariates.size() << ", depth " << options.depth;
      profile.covariates[input.name] = 0.7;
    }
  }
}

using testing::evolution;
using testing::kronecker;
using testing::pauli;
using testing::pooled;
using testing::Register;

testing::Matrix so4(std::span<const double> p) {
  const auto both = [&](std::size_t k) {
    return kronecker(evolution(p[k] * pauli('Y')), evolution(p[k + 1] * pauli('Y')));
  };
  const Eigen::Vector4cd signs(1, 1, 1, -1);
  return both(4) * signs.asDiagonal() * both(2) * signs.asDiagonal() * both(0);
}

// Written down once more from the README, with dense matrices and real measurements. 1e-12: rounding of 10^3
// operations.
TEST(DeviceAnsatz, IsTheNetworkOfTheReadme) {
  const std::vector<double> p = random_angles(54, 5);
  ClassifierOptions options = device_options(0);
  options.covariates = {testing::comed_input()};
  Qcnn qcnn("qcnn", options, {});
  qcnn.set_parameters(p);
  const Profile profile = curve_of({.clearance = 13.0, .comed = 1.0});
  const Example example{&profile, 2.0, 0};
  std::vector<testing::Complex> amplitudes(256);
  double squares = 0.0;
  for (const double c : profile.curve) squares += c * c;
  for (std::size_t i = 0; i < 64; ++i) amplitudes[4 * i] = profile.curve[i] / std::sqrt(squares);  // bond dimension 2
  Register state(8, amplitudes);
  const std::span<const double> angles = p;
  state.apply(evolution(2.0 * std::atan(2.0 * profile.per_mg.average / 3.0) * pauli('Y')), 6);
  state.apply(evolution(std::numbers::pi * pauli('Y')), 7);
  state.cz(6, 2);
  state.cz(7, 4);
  const auto line = [&](Register& r, std::size_t first, std::initializer_list<std::size_t> starts) {
    for (const std::size_t q : starts) {
      r.apply(so4(angles.subspan(first, 6)), q, q + 1);
      first += 6;
    }
  };
  line(state, 0, {0, 2, 4, 1, 3});
  const std::array<std::array<std::size_t, 2>, 2> outer = {{{0, 1}, {5, 4}}};
  const std::array<std::array<std::size_t, 2>, 2> inner = {{{1, 2}, {4, 3}}};
  const double expected = pooled(state, outer, [&](Register four) {
    four.cz(6, 2);
    four.cz(7, 4);
    line(four, 30, {1, 3, 2});
    return pooled(four, inner, [&](Register two) {
      two.cz(6, 2);
      line(two, 48, {2});
      two.project(2, true);
      return two.weight();
    });
  });
  EXPECT_NEAR(qcnn.exact_p_one({&example, 1})[0], expected, 1e-12);
}

// A CX in place of each measurement with its conditional X: the principle of deferred measurement, in all presets.
TEST(Measurements, AtTheEndGiveTheSameProbability) {
  std::vector<ClassifierOptions> networks;
  for (const Preset preset : {Preset::exposure, Preset::homogeneous, Preset::proposal, Preset::device})
    networks.push_back(testing::with(preset));
  networks.push_back(networks[0]);
  networks.back().qubits = 7;
  networks.back().depth = 1;
  networks.push_back(networks[3]);
  networks.back().depth = 1;
  networks.push_back(networks[3]);
  networks.back().reuploading = true;
  const Profile daily = curve_of({.comed = 1.0});
  const Profile weekly = curve_of({.clearance = 14.0}, 168.0);
  const std::vector<Example> examples = {{&daily, 2.0, 0}, {&weekly, 30.0, 1}, {&daily, 0.0, 2}};
  for (ClassifierOptions& options : networks) {
    const std::vector<double> middle = random_qcnn(options, {}, 6).exact_p_one(examples);
    options.measurements = Measurements::end;
    const Qcnn qcnn = random_qcnn(options, {}, 6);
    const std::vector<double> end = qcnn.exact_p_one(examples);
    for (std::size_t i = 0; i < examples.size(); ++i) EXPECT_NEAR(end[i], middle[i], 1e-12);
    for (const std::size_t points : {64U, 128U}) {
      EXPECT_EQ(gates_of(qcnn.network(points).circuit).measured, 1U);
      EXPECT_EQ(qcnn.network(points).circuit.operations().back().kind, quantum::Operation::Kind::measure);
    }
  }
}

// Trained parameters keep their places, so a store of one serves the other.
TEST(Measurements, AtTheEndKeepParameters) {
  ClassifierOptions options = device_options(1);
  const Network middle = build_network(ansatz_of(options, 64), 64);
  options.measurements = Measurements::end;
  EXPECT_EQ(build_network(ansatz_of(options, 64), 64).parameter_names, middle.parameter_names);
  EXPECT_EQ(middle.parameter_names.front(), "convolution_1.q0_q1.entry.first.ry");
  EXPECT_EQ(middle.parameter_names.back(), "dense.exit.second.ry");
}

TEST(DeviceAnsatz, RefusesWhatThereIsNot) {
  const auto refused = [](const ClassifierOptions& options, const std::string& why) {
    EXPECT_THAT([&] { ansatz_of(options, 64); }, ::testing::ThrowsMessage<ConfigError>(::testing::HasSubstr(why)));
  };
  ClassifierOptions seven = device_options(1);
  seven.qubits = 7;
  refused(seven, "classifier.qubits");
  refused(device_options(4, 2, Measurements::end), "reads 3 inputs of covariates at most, not 4: covariate_0");
  refused(device_options(6), "covariate_5");
}

}  // namespace
}  // namespace titrant::classifier
