#include "titrant/quantum/noise/density_matrix.hpp"

#include <gtest/gtest.h>

#include <Eigen/Eigenvalues>
#include <cmath>

#include "dense_noise.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"
#include "titrant/quantum/isa.hpp"

namespace titrant::quantum {
namespace {

// Rounding of some tens of operations, each a sum of up to 64 products.
constexpr double density_rounding = 1e-13;

double largest_difference(const Matrix& a, const Matrix& b) { return (a - b).cwiseAbs().maxCoeff(); }

std::vector<std::size_t> some_qubits(core::Stream& stream, std::size_t n, std::size_t count) {
  std::vector<std::size_t> qubits;
  while (qubits.size() < count) {
    const std::size_t q = stream.below(n);
    if (std::find(qubits.begin(), qubits.end(), q) == qubits.end()) qubits.push_back(q);
  }
  return qubits;
}

/// Random unitaries and channels on one to three of five qubits.
DensityMatrix random_state(std::uint64_t seed, Matrix* expected) {
  constexpr std::size_t n = 5;
  core::Stream stream(seed, core::Purpose::test, 8);
  DensityMatrix rho(n);
  if (expected != nullptr) *expected = rho.matrix();
  for (std::uint64_t k = 0; k < 12; ++k) {
    const std::size_t count = 1 + stream.below(3);
    const std::vector<std::size_t> qubits = some_qubits(stream, n, count);
    Channel channel = dense_noise::random_channel(count, 2, 100 * seed + k);
    if (k % 2 == 0) {
      channel.kraus = {dense_noise::random_unitary(Eigen::Index{1} << count, 100 * seed + k)};
      rho.apply(channel.kraus[0], qubits);
    } else {
      rho.apply(channel, qubits);
    }
    if (expected != nullptr) *expected = dense_noise::apply(n, channel, qubits, *expected);
  }
  return rho;
}

TEST(DensityMatrix, StartsInTheGroundStateOrInAmplitudes) {
  Matrix ground = Matrix::Zero(8, 8);
  ground(0, 0) = 1.0;
  EXPECT_EQ(largest_difference(DensityMatrix(3).matrix(), ground), 0.0);
  const Matrix u = dense_noise::random_unitary(16, 2);
  const DensityMatrix pure(std::span<const std::complex<double>>(u.data(), 16));
  EXPECT_LT(largest_difference(pure.matrix(), u.col(0) * u.col(0).adjoint()), 1e-15);
  EXPECT_NEAR(pure.trace(), 1.0, 1e-15);
}

TEST(DensityMatrix, AgreesWithSumsOverKrausOperators) {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    Matrix expected;
    const DensityMatrix rho = random_state(seed, &expected);
    EXPECT_LT(largest_difference(rho.matrix(), expected), density_rounding) << "seed " << seed;
    EXPECT_NEAR(rho.trace(), 1.0, density_rounding);
    const Eigen::SelfAdjointEigenSolver<Matrix> spectrum(rho.matrix());
    EXPECT_GT(spectrum.eigenvalues().minCoeff(), -density_rounding);
  }
}

TEST(DensityMatrix, CoefficientsAreExpectations) {
  Matrix dense_rho;
  const DensityMatrix rho = random_state(40, &dense_rho);
  const Matrix xyz = dense::on(5, 1, dense::x()) * dense::on(5, 2, dense::y()) * dense::on(5, 4, dense::z());
  EXPECT_NEAR(rho.coefficients()[1 * 64 + 2 * 16 + 3], (xyz * dense_rho).trace().real(), density_rounding);
}

TEST(DensityMatrix, ProjectsMeasuresAndTracesOut) {
  Matrix dense_rho;
  const DensityMatrix rho = random_state(41, &dense_rho);
  for (const std::size_t qubit : {0U, 2U, 4U}) {
    const Matrix zero = dense::on(5, qubit, dense::zero_projector());
    const Matrix one = dense::on(5, qubit, dense::one_projector());
    EXPECT_NEAR(rho.probability(qubit, true), (one * dense_rho).trace().real(), density_rounding);
    DensityMatrix projected = rho;
    projected.project(qubit, false);
    EXPECT_LT(largest_difference(projected.matrix(), zero * dense_rho * zero), density_rounding);
    EXPECT_NEAR(projected.trace(), rho.probability(qubit, false), density_rounding);
    DensityMatrix measured = rho;
    measured.measure(qubit, 0.1, 0.7);
    EXPECT_LT(largest_difference(measured.matrix(), 0.1 * zero * dense_rho * zero + 0.7 * one * dense_rho * one),
              density_rounding);

    // <0| . |0> and <1| . |1> of this qubit, as maps from 32 to 16 states.
    Matrix rest = Matrix::Zero(16, 16);
    for (const bool value : {false, true}) {
      Matrix bra = Matrix::Identity(1, 1);
      for (std::size_t q = 0; q < 5; ++q) {
        Matrix outcome(1, 2);
        outcome << (value ? 0.0 : 1.0), (value ? 1.0 : 0.0);
        const Matrix factor = q == qubit ? outcome : dense::identity();
        bra = dense::kron(bra, factor);
      }
      rest += (value ? 0.7 : 0.1) * bra * dense_rho * bra.adjoint();
    }
    EXPECT_LT(largest_difference(rho.without(qubit, 0.1, 0.7).matrix(), rest), density_rounding);
    EXPECT_NEAR(rho.without(qubit).trace(), 1.0, density_rounding);
    EXPECT_EQ(rho.without(qubit).qubits(), 4U);
  }
}

TEST(DensityMatrix, NewQubitsComeFirst) {
  DensityMatrix rho = random_state(42, nullptr);
  const Matrix before = rho.matrix();
  rho.prepend_qubit();
  EXPECT_LT(largest_difference(rho.matrix(), dense::kron(dense::zero_projector(), before)), density_rounding);
}

TEST(DensityMatrix, RamseyFringesDecayWithT2) {
  DensityMatrix rho(1);
  const std::vector<std::size_t> qubit = {0};
  const std::vector<double> angle = {0.7};
  rho.apply(gate_matrix(GateKind::h, {}), qubit);
  for (int k = 0; k < 20; ++k) {
    rho.apply(gate_matrix(GateKind::rz, angle), qubit);
    rho.apply(thermal_relaxation(80.0, 110.0, 3.0), qubit);
  }
  rho.apply(gate_matrix(GateKind::h, {}), qubit);
  EXPECT_NEAR(rho.probability(0, true), 0.5 - 0.5 * std::exp(-60.0 / 110.0) * std::cos(14.0), 1e-14);
}

TEST(DensityMatrix, HasTheSameBitsOnEveryInstructionSet) {
  const InstructionSet before = selected_instruction_set();
  std::vector<double> first;
  for (const InstructionSet set : available_instruction_sets()) {
    select_instruction_set(set);
    const DensityMatrix rho = random_state(43, nullptr);
    if (first.empty()) first = rho.coefficients();
    EXPECT_EQ(first, rho.coefficients()) << instruction_set_name(set);
  }
  select_instruction_set(before);
}

TEST(DensityMatrix, RefusesMoreThanFits) {
  EXPECT_EQ(DensityMatrix(DensityMatrix::max_qubits).trace(), 1.0);
  EXPECT_THROW(DensityMatrix(DensityMatrix::max_qubits + 1), ConfigError);
}

}  // namespace
}  // namespace titrant::quantum
