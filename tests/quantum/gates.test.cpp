#include "titrant/quantum/gates.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <set>

#include "dense.hpp"
#include "titrant/core/error.hpp"
#include "titrant/quantum/statevector.hpp"

using titrant::quantum::gate_angles;
using titrant::quantum::gate_matrix;
using titrant::quantum::gate_name;
using titrant::quantum::gate_qubits;
using titrant::quantum::GateKind;
using titrant::quantum::StateVector;

namespace {

constexpr double gate_rounding = 1e-14;
constexpr std::size_t gate_count = 27;

std::vector<double> some_angles(GateKind gate) {
  const std::vector<double> all = {0.7, -1.9, 2.3};
  return {all.begin(), all.begin() + static_cast<std::ptrdiff_t>(gate_angles(gate))};
}

}  // namespace

// With as many qubits as the gate has, in order, the operator on the register is the gate's own matrix.
TEST(Gates, MatricesAreTheTextbookOnes) {
  for (std::size_t k = 0; k < gate_count; ++k) {
    const auto gate = static_cast<GateKind>(k);
    std::vector<std::size_t> qubits(gate_qubits(gate));
    std::iota(qubits.begin(), qubits.end(), std::size_t{0});
    const Eigen::MatrixXcd expected = dense::whole(qubits.size(), gate, qubits, some_angles(gate));
    EXPECT_LT((gate_matrix(gate, some_angles(gate)) - expected).norm(), gate_rounding) << gate_name(gate);
  }
}

// Written out by hand: the entries whose place or sign depends on a convention.
TEST(Gates, ConventionsOfOpenQasm) {
  using C = std::complex<double>;
  const C i{0.0, 1.0};
  const Eigen::MatrixXcd cx = gate_matrix(GateKind::cx, {});
  EXPECT_EQ(cx(2, 3), C(1.0));  // |11> -> |10>: the first qubit is the control and the most significant
  EXPECT_EQ(cx(1, 1), C(1.0));
  const std::vector<double> angle = {0.6};
  EXPECT_LT(std::abs(gate_matrix(GateKind::ry, angle)(1, 0) - std::sin(0.3)), gate_rounding);
  EXPECT_LT(std::abs(gate_matrix(GateKind::rx, angle)(1, 0) + i * std::sin(0.3)), gate_rounding);
  EXPECT_LT(std::abs(gate_matrix(GateKind::rz, angle)(1, 1) - std::exp(0.3 * i)), gate_rounding);
  EXPECT_LT(std::abs(gate_matrix(GateKind::p, angle)(1, 1) - std::exp(0.6 * i)), gate_rounding);
  EXPECT_LT(std::abs(gate_matrix(GateKind::ryy, angle)(0, 3) - i * std::sin(0.3)), gate_rounding);
  EXPECT_LT((gate_matrix(GateKind::sx, {}) * gate_matrix(GateKind::sx, {}) - gate_matrix(GateKind::x, {})).norm(),
            gate_rounding);
  // Qiskit prints ECR little-endian: (row, column) = (1, 0) there is |q1 q0> = |00> -> |01>, here |q0 q1> = |10>.
  EXPECT_LT(std::abs(gate_matrix(GateKind::ecr, {})(2, 0) - std::sqrt(0.5)), gate_rounding);
  EXPECT_LT(std::abs(gate_matrix(GateKind::ecr, {})(3, 0) + i * std::sqrt(0.5)), gate_rounding);
}

TEST(Gates, NamesAreDistinctAndKnownToOpenQasm) {
  std::set<std::string_view> names;
  for (std::size_t k = 0; k < gate_count; ++k) names.insert(gate_name(static_cast<GateKind>(k)));
  EXPECT_EQ(names.size(), gate_count);
  EXPECT_EQ(gate_name(GateKind::ccx), "ccx");
  EXPECT_EQ(gate_name(GateKind::sdg), "sdg");
  EXPECT_EQ(gate_name(GateKind::rzz), "rzz");
}

TEST(StateVector, AppliesGatesToAnyQubitsInAnyOrder) {
  const std::size_t n = 4;
  const std::vector<std::vector<std::size_t>> places = {{2}, {3, 1}, {3, 0, 2}};
  StateVector state(n);
  Eigen::VectorXcd expected = Eigen::VectorXcd::Zero(1 << n);
  expected(0) = 1.0;
  for (std::size_t k = 0; k < gate_count; ++k) {
    const auto gate = static_cast<GateKind>(k);
    const std::vector<std::size_t>& qubits = places[gate_qubits(gate) - 1];
    state.apply(gate_matrix(gate, some_angles(gate)), qubits);
    expected = dense::whole(n, gate, qubits, some_angles(gate)) * expected;
    const std::vector<std::size_t> mix = {k % n};
    const std::vector<double> angle = {0.4 + 0.1 * static_cast<double>(k)};
    state.apply(gate_matrix(GateKind::ry, angle), mix);
    expected = dense::whole(n, GateKind::ry, mix, angle) * expected;
  }
  for (std::size_t k = 0; k < state.amplitudes().size(); ++k)
    EXPECT_LT(std::abs(state.amplitudes()[k] - expected(static_cast<Eigen::Index>(k))), 1e-13);
}

TEST(StateVector, CollapsesAndNormalises) {
  StateVector state(2);
  const std::vector<std::size_t> both = {1, 0};
  state.prepare(both, std::vector<double>{0.0, 0.6, 0.8, 0.0});  // qubit 1 first: 0.6 |q1 q0> = |01> + 0.8 |10>
  EXPECT_NEAR(state.probability(0, true), 0.36, gate_rounding);
  EXPECT_NEAR(state.probability(1, true), 0.64, gate_rounding);
  state.collapse(1, true);
  EXPECT_NEAR(state.probability(0, false), 1.0, gate_rounding);
  EXPECT_NEAR(std::abs(state.amplitudes()[1]), 1.0, gate_rounding);  // |q0 q1> = |01>
  EXPECT_THROW(state.collapse(0, true), titrant::NumericalError);
}

TEST(StateVector, RefusesWhatDoesNotFitInMemory) { EXPECT_THROW(StateVector(27), titrant::ConfigError); }
