#include "titrant/quantum/synthesis/state_preparation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"
#include "titrant/quantum/statevector.hpp"
#include "titrant/quantum/synthesis/matrix_product_state.hpp"

namespace titrant::quantum {
namespace {

std::vector<double> normalised(std::vector<double> vector) {
  double norm = 0.0;
  for (const double a : vector) norm += a * a;
  for (double& a : vector) a /= std::sqrt(norm);
  return vector;
}

std::vector<double> random_vector(std::size_t size, std::uint64_t unit) {
  core::Stream stream(9, core::Purpose::test, unit);
  std::vector<double> vector(size);
  for (double& a : vector) a = stream.normal();
  return normalised(vector);
}

std::vector<std::size_t> backwards(std::size_t count) {
  std::vector<std::size_t> qubits;
  for (std::size_t k = count; k-- > 0;) qubits.push_back(k);
  return qubits;
}

/// |<prepared | wanted>|^2, the qubits in the order given.
double fidelity(const std::vector<Operation>& operations, const std::vector<double>& wanted,
                const std::vector<std::size_t>& qubits) {
  StateVector state(qubits.size());
  for (const Operation& operation : operations) {
    std::vector<double> angles;
    for (const Angle& angle : operation.angles) angles.push_back(angle.value);
    state.apply(gate_matrix(operation.gate, angles), operation.qubits);
  }
  StateVector target(qubits.size());
  target.prepare(qubits, wanted);
  std::complex<double> overlap = 0.0;
  for (std::size_t k = 0; k < wanted.size(); ++k) overlap += std::conj(target.amplitudes()[k]) * state.amplitudes()[k];
  return std::norm(overlap);
}

std::size_t two_qubit_gates(const std::vector<Operation>& operations) {
  std::size_t count = 0;
  for (const Operation& operation : operations) count += operation.qubits.size() == 2 ? 1 : 0;
  return count;
}

TEST(StatePreparation, AnyRealVector) {
  for (std::size_t n = 1; n <= 7; ++n) {
    const std::vector<double> wanted = random_vector(std::size_t{1} << n, n);
    const std::vector<Operation> operations = prepare_state(wanted, backwards(n));
    EXPECT_GT(fidelity(operations, wanted, backwards(n)), 1.0 - 1e-12) << n;
    EXPECT_EQ(two_qubit_gates(operations), (std::size_t{1} << n) - 2) << n;
  }
}

TEST(StatePreparation, ZerosAndProductsCostLess) {
  const std::vector<double> basis = {0.0, 0.0, 0.0, 0.0, 0.0, -1.0, 0.0, 0.0};
  EXPECT_GT(fidelity(prepare_state(basis, backwards(3)), basis, backwards(3)), 1.0 - 1e-12);
  const std::vector<double> uniform(64, 0.125);
  EXPECT_GT(fidelity(prepare_state(uniform, backwards(6)), uniform, backwards(6)), 1.0 - 1e-12);
  EXPECT_EQ(two_qubit_gates(prepare_state(uniform, backwards(6))), 0U);
  std::vector<double> half = random_vector(32, 3);
  half.resize(64, 0.0);
  EXPECT_GT(fidelity(prepare_state(half, backwards(6)), half, backwards(6)), 1.0 - 1e-12);
}

std::vector<double> exponentials(const std::vector<double>& weights, const std::vector<double>& rates) {
  std::vector<double> vector;
  for (int k = 0; k < 64; ++k) {
    double sum = 0.0;
    for (std::size_t j = 0; j < rates.size(); ++j) sum += weights[j] * std::exp(-rates[j] * (k + 0.5) * 24.0 / 64.0);
    vector.push_back(sum);
  }
  return normalised(vector);
}

// Steady state of one compartment: a difference of two exponentials has bond dimension 2, exactly.
TEST(MatrixProductState, TwoExponentialsNeedTwoCxForEachQubit) {
  const std::vector<double> curve = exponentials({1.3, -1.1}, {0.04, 0.9});
  EXPECT_EQ(bond_dimension(curve), 2U);
  const MatrixProductPreparation prepared = prepare_matrix_product_state(curve, backwards(6));
  EXPECT_NEAR(prepared.fidelity, 1.0, 1e-12);
  EXPECT_GT(fidelity(prepared.operations, curve, backwards(6)), 1.0 - 1e-12);
  EXPECT_EQ(two_qubit_gates(prepared.operations), 9U);  // one for the two in the middle, two for each qubit more
}

/// Gates on two qubits in the longest chain.
std::size_t two_qubit_depth(const std::vector<Operation>& operations, std::size_t qubits) {
  std::vector<std::size_t> depth(qubits, 0);
  for (const Operation& operation : operations) {
    if (operation.qubits.size() != 2) continue;
    std::size_t& first = depth[operation.qubits[0]];
    std::size_t& second = depth[operation.qubits[1]];
    first = second = std::max(first, second) + 1;
  }
  return *std::max_element(depth.begin(), depth.end());
}

// Both halves grow from the middle at the same time.
TEST(MatrixProductState, GrowsFromTheMiddle) {
  for (const std::size_t n : {2U, 3U, 5U, 6U}) {
    std::vector<double> curve;
    for (std::size_t k = 0; k < std::size_t{1} << n; ++k)
      curve.push_back(1.3 * std::exp(-0.1 * static_cast<double>(k)) - 1.1 * std::exp(-0.7 * static_cast<double>(k)));
    curve = normalised(curve);
    const MatrixProductPreparation prepared = prepare_matrix_product_state(curve, backwards(n));
    EXPECT_GT(fidelity(prepared.operations, curve, backwards(n)), 1.0 - 1e-12) << n;
    EXPECT_EQ(two_qubit_gates(prepared.operations), 2 * n - 3) << n;
    EXPECT_EQ(two_qubit_depth(prepared.operations, n), 1 + 2 * ((n - 1) / 2)) << n;
  }
}

TEST(MatrixProductState, CutIsWhatIsPrepared) {
  const std::vector<double> wanted = random_vector(64, 11);
  std::vector<double> cut = wanted;
  const double kept = cut_bonds(cut);
  const MatrixProductPreparation prepared = prepare_matrix_product_state(wanted, backwards(6));
  EXPECT_EQ(prepared.fidelity, kept);
  EXPECT_GT(fidelity(prepared.operations, cut, backwards(6)), 1.0 - 1e-12);
  EXPECT_EQ(bond_dimension(cut), 2U);
  EXPECT_NEAR(cut_bonds(cut), 1.0, 1e-14);
}

TEST(MatrixProductState, ProductsAndTwoQubits) {
  for (const std::vector<double>& wanted : {exponentials({1.0}, {0.2}), normalised(std::vector<double>(64, 1.0)),
                                            random_vector(4, 6), random_vector(2, 7)}) {
    const std::size_t n = wanted.size() == 64 ? 6 : wanted.size() / 2;
    const MatrixProductPreparation prepared = prepare_matrix_product_state(wanted, backwards(n));
    EXPECT_GT(fidelity(prepared.operations, wanted, backwards(n)), 1.0 - 1e-12);
    EXPECT_EQ(two_qubit_gates(prepared.operations), n == 2 ? 1U : 0U);
  }
  EXPECT_EQ(bond_dimension(exponentials({1.0}, {0.2})), 1U);
}

TEST(MatrixProductState, SaysWhatWiderBondsCost) {
  const std::vector<double> curve = exponentials({1.0, 0.6, -1.4}, {0.02, 0.3, 1.5});
  EXPECT_EQ(bond_dimension(curve), 3U);
  const MatrixProductPreparation prepared = prepare_matrix_product_state(curve, backwards(6));
  EXPECT_LT(prepared.fidelity, 1.0 - 1e-12);
  EXPECT_NEAR(fidelity(prepared.operations, curve, backwards(6)), prepared.fidelity, 1e-12);
  const std::vector<double> noise = random_vector(64, 8);
  const MatrixProductPreparation bad = prepare_matrix_product_state(noise, backwards(6));
  EXPECT_NEAR(fidelity(bad.operations, noise, backwards(6)), bad.fidelity, 1e-12);
}

TEST(StatePreparation, RefusesVectorsThatAreNotNormalised) {
  const std::vector<double> wrong = {1.0, 1.0};
  EXPECT_THROW(prepare_state(wrong, backwards(1)), ConfigError);
  EXPECT_THROW(prepare_matrix_product_state(wrong, backwards(1)), ConfigError);
}

}  // namespace
}  // namespace titrant::quantum
