#include "titrant/quantum/noise/channel.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <limits>

#include "dense_noise.hpp"
#include "titrant/core/error.hpp"

namespace titrant::quantum {
namespace {

using Complex = std::complex<double>;

constexpr double infinite = std::numeric_limits<double>::infinity();
// Sums of a few products of numbers up to 1.
constexpr double channel_rounding = 1e-14;

Matrix image(const Channel& channel, const Matrix& rho) {
  Matrix sum = Matrix::Zero(rho.rows(), rho.cols());
  for (const Matrix& k : channel.kraus) sum += k * rho * k.adjoint();
  return sum;
}

double trace_defect(const Channel& channel) {
  Matrix sum = Matrix::Zero(channel.kraus[0].rows(), channel.kraus[0].rows());
  for (const Matrix& k : channel.kraus) sum += k.adjoint() * k;
  return (sum - Matrix::Identity(sum.rows(), sum.rows())).cwiseAbs().maxCoeff();
}

/// The mean of <psi|E(psi)|psi> over the six eigenstates of X, Y, Z: the mean over all states, as they are a 2-design.
double mean_fidelity(const Channel& channel) {
  double sum = 0.0;
  for (const Matrix& pauli : {dense::x(), dense::y(), dense::z()}) {
    for (const double sign : {-1.0, 1.0}) {
      const Matrix psi = 0.5 * (dense::identity() + sign * pauli);
      sum += (psi * image(channel, psi)).trace().real();
    }
  }
  return sum / 6.0;
}

Matrix pauli(std::size_t number, std::size_t qubits) {
  const std::vector<Matrix> single = {dense::identity(), dense::x(), dense::y(), dense::z()};
  Matrix product = Matrix::Identity(1, 1);
  for (std::size_t q = 0; q < qubits; ++q)
    product = dense::kron(product, single[(number >> (2 * (qubits - 1 - q))) % 4]);
  return product;
}

double distance_to_brute_force(const Channel& channel) {
  const Eigen::MatrixXd transfer = pauli_transfer(channel);
  const std::size_t count = std::size_t{1} << (2 * channel.qubits);
  double worst = 0.0;
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = 0; j < count; ++j) {
      const Complex expected = (pauli(i, channel.qubits) * image(channel, pauli(j, channel.qubits))).trace() /
                               std::ldexp(1.0, static_cast<int>(channel.qubits));
      const double found = transfer(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j));
      worst = std::max(worst, std::abs(found - expected));
    }
  }
  return worst;
}

TEST(Channel, PreservesTheTrace) {
  const std::vector<Channel> channels = {depolarising(0.3, 1),
                                         depolarising(4.0 / 3.0, 1),
                                         depolarising(0.02, 2),
                                         amplitude_damping(0.2),
                                         amplitude_damping(1.0),
                                         phase_damping(0.4),
                                         thermal_relaxation(100.0, 70.0, 3.0),
                                         thermal_relaxation(100.0, 190.0, 30.0),
                                         tensor(amplitude_damping(0.2), phase_damping(0.1)),
                                         compose(amplitude_damping(0.2), depolarising(0.1, 1)),
                                         dense_noise::random_channel(2, 3, 1)};
  for (const Channel& channel : channels) {
    EXPECT_LT(trace_defect(channel), channel_rounding);
    EXPECT_NO_THROW(check_channel(channel));
  }
}

TEST(Channel, DepolarisingMixesWithTheIdentity) {
  for (const std::size_t qubits : {1U, 2U}) {
    const Eigen::Index rows = Eigen::Index{1} << qubits;
    const Matrix u = dense_noise::random_unitary(rows, 3);
    const Matrix rho = u.col(0) * u.col(0).adjoint();
    const Matrix expected = 0.7 * rho + 0.3 / static_cast<double>(rows) * Matrix::Identity(rows, rows);
    EXPECT_LT((image(depolarising(0.3, qubits), rho) - expected).cwiseAbs().maxCoeff(), channel_rounding);
  }
}

TEST(Channel, RelaxationDecaysWithT1AndT2) {
  Matrix rho(2, 2);
  rho << 0.3, Complex(0.2, -0.3), Complex(0.2, 0.3), 0.7;
  for (const auto& [t1, t2] : {std::pair{90.0, 60.0},
                               {90.0, 90.0},
                               {90.0, 170.0},
                               {90.0, 180.0},
                               {infinite, 40.0},
                               {infinite, infinite},
                               {0.01, 0.02}}) {
    const Matrix after = image(thermal_relaxation(t1, t2, 25.0), rho);
    EXPECT_NEAR(after(1, 1).real(), 0.7 * std::exp(-25.0 / t1), channel_rounding) << t1 << " " << t2;
    EXPECT_NEAR(after.trace().real(), 1.0, channel_rounding);
    EXPECT_LT(std::abs(after(0, 1) - rho(0, 1) * std::exp(-25.0 / t2)), channel_rounding) << t1 << " " << t2;
  }
}

TEST(Channel, RelaxationTwiceIsRelaxationForTwiceAsLong) {
  const Channel once = thermal_relaxation(120.0, 150.0, 7.0);
  const Eigen::MatrixXd twice = pauli_transfer(compose(once, once));
  EXPECT_LT((twice - pauli_transfer(thermal_relaxation(120.0, 150.0, 14.0))).cwiseAbs().maxCoeff(), channel_rounding);
}

TEST(Channel, DampingShrinksWhatItSays) {
  const Matrix plus = 0.5 * (dense::identity() + dense::x());
  EXPECT_NEAR(image(amplitude_damping(0.2), dense::one_projector())(1, 1).real(), 0.8, channel_rounding);
  EXPECT_NEAR(image(amplitude_damping(0.2), plus)(0, 1).real(), 0.5 * std::sqrt(0.8), channel_rounding);
  EXPECT_NEAR(image(phase_damping(0.2), plus)(0, 1).real(), 0.5 * std::sqrt(0.8), channel_rounding);
  EXPECT_NEAR(image(phase_damping(0.2), dense::one_projector())(1, 1).real(), 1.0, channel_rounding);
}

TEST(Channel, AverageFidelityIsTheMeanOverStates) {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const Channel channel = dense_noise::random_channel(1, 1 + seed, seed);
    EXPECT_NEAR(average_gate_fidelity(channel), mean_fidelity(channel), channel_rounding) << seed;
  }
  // Depolarised: the state with 1 - p, else any with equal chance.
  EXPECT_NEAR(average_gate_fidelity(depolarising(0.2, 1)), 1.0 - 0.2 / 2.0, channel_rounding);
  EXPECT_NEAR(average_gate_fidelity(depolarising(0.2, 2)), 1.0 - 0.2 * 3.0 / 4.0, channel_rounding);
  EXPECT_NEAR(average_gate_fidelity(Channel{2, {dense::kron(dense::x(), dense::z())}}), 1.0 / 5.0, channel_rounding);
}

TEST(Channel, PauliTransferAgreesWithTraces) {
  EXPECT_LT(distance_to_brute_force(dense_noise::random_channel(1, 3, 1)), channel_rounding);
  EXPECT_LT(distance_to_brute_force(dense_noise::random_channel(2, 2, 2)), channel_rounding);
  const Matrix unitary = dense_noise::random_unitary(8, 3);
  EXPECT_LT(distance_to_brute_force(Channel{3, {unitary}}), channel_rounding);
  EXPECT_EQ((pauli_transfer(unitary) - pauli_transfer(Channel{3, {unitary}})).cwiseAbs().maxCoeff(), 0.0);
}

TEST(Channel, TransfersMultiplyAsChannelsFollow) {
  const Channel a = dense_noise::random_channel(2, 2, 4);
  const Channel b = dense_noise::random_channel(2, 3, 5);
  const Eigen::MatrixXd product = pauli_transfer(b) * pauli_transfer(a);
  EXPECT_LT((pauli_transfer(compose(a, b)) - product).cwiseAbs().maxCoeff(), channel_rounding);
  const Channel left = dense_noise::random_channel(1, 2, 6);
  const Channel right = dense_noise::random_channel(1, 3, 7);
  const Matrix rho = dense::kron(0.5 * (dense::identity() + 0.6 * dense::x()), dense::one_projector());
  const Matrix expected =
      dense::kron(image(left, 0.5 * (dense::identity() + 0.6 * dense::x())), image(right, dense::one_projector()));
  EXPECT_LT((image(tensor(left, right), rho) - expected).cwiseAbs().maxCoeff(), channel_rounding);
}

TEST(Channel, MixturesOfUnitariesAreFound) {
  const auto mixture = as_unitary_mixture(depolarising(0.1, 2));
  ASSERT_TRUE(mixture);
  EXPECT_EQ(mixture->unitary.size(), 16U);
  double total = 0.0;
  Channel again{2, {}};
  for (std::size_t k = 0; k < mixture->unitary.size(); ++k) {
    const Matrix& u = mixture->unitary[k];
    EXPECT_LT((u * u.adjoint() - Matrix::Identity(4, 4)).cwiseAbs().maxCoeff(), channel_rounding);
    total += mixture->probability[k];
    again.kraus.emplace_back(std::sqrt(mixture->probability[k]) * u);
  }
  EXPECT_NEAR(total, 1.0, channel_rounding);
  EXPECT_LT((pauli_transfer(again) - pauli_transfer(depolarising(0.1, 2))).cwiseAbs().maxCoeff(), channel_rounding);

  EXPECT_TRUE(as_unitary_mixture(phase_damping(0.3)));
  EXPECT_TRUE(as_unitary_mixture(thermal_relaxation(infinite, 40.0, 1.0)));
  EXPECT_FALSE(as_unitary_mixture(amplitude_damping(0.3)));
  EXPECT_FALSE(as_unitary_mixture(thermal_relaxation(100.0, 40.0, 1.0)));
}

TEST(Channel, RefusesWhatNoQubitDoes) {
  EXPECT_THROW(depolarising(-0.1, 1), ConfigError);
  EXPECT_THROW(depolarising(1.34, 1), ConfigError);
  EXPECT_THROW(depolarising(1.07, 2), ConfigError);
  EXPECT_THROW(amplitude_damping(1.1), ConfigError);
  EXPECT_THROW(phase_damping(std::nan("")), ConfigError);
  EXPECT_THROW(thermal_relaxation(10.0, 20.1, 1.0), ConfigError);
  EXPECT_THROW(thermal_relaxation(0.0, 0.0, 1.0), ConfigError);
  EXPECT_THROW(thermal_relaxation(10.0, 10.0, -1.0), ConfigError);
  EXPECT_THROW(thermal_relaxation(infinite, infinite, infinite), ConfigError);
  EXPECT_THROW(compose(depolarising(0.1, 1), depolarising(0.1, 2)), ConfigError);
  EXPECT_THROW(check_channel({1, {0.9 * dense::identity()}}), ConfigError);
  EXPECT_THROW(check_channel({2, {dense::identity()}}), ConfigError);
}

}  // namespace
}  // namespace titrant::quantum
