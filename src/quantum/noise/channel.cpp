#include "titrant/quantum/noise/channel.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <complex>

#include "kronecker.hpp"
#include "pauli_basis.hpp"
#include "titrant/core/error.hpp"

namespace titrant::quantum {

namespace {

using Complex = std::complex<double>;

constexpr double tolerance = 1e-9;

Eigen::Index rows_of(std::size_t qubits) { return Eigen::Index{1} << qubits; }

void expect_channel(bool holds, const std::string& message) {
  if (!holds) throw ConfigError("noise: " + message);
}

/// The products of Pauli matrices on so many qubits, in the order I, X, Y, Z, the first qubit most significant.
std::vector<Matrix> paulis(std::size_t qubits) {
  Matrix x(2, 2);
  Matrix y(2, 2);
  Matrix z(2, 2);
  x << 0, 1, 1, 0;
  y << 0, Complex(0, -1), Complex(0, 1), 0;
  z << 1, 0, 0, -1;
  const std::vector<Matrix> single = {Matrix::Identity(2, 2), x, y, z};
  std::vector<Matrix> products = {Matrix::Identity(1, 1)};
  for (std::size_t q = 0; q < qubits; ++q) {
    std::vector<Matrix> longer;
    for (const Matrix& product : products)
      for (const Matrix& pauli : single) longer.push_back(kronecker(product, pauli));
    products = std::move(longer);
  }
  return products;
}

/// Without operators that are zero, as channels of probability 0 would have.
Channel without_zeros(Channel channel) {
  std::erase_if(channel.kraus, [](const Matrix& k) { return k.squaredNorm() == 0.0; });
  return channel;
}

}  // namespace

void check_channel(const Channel& channel) {
  const Eigen::Index rows = rows_of(channel.qubits);
  Matrix sum = Matrix::Zero(rows, rows);
  for (const Matrix& k : channel.kraus) {
    expect_channel(
        k.rows() == rows && k.cols() == rows,
        fmt::format("a Kraus operator of {} x {} in a channel on {} qubits", k.rows(), k.cols(), channel.qubits));
    sum += k.adjoint() * k;
  }
  const double defect = (sum - Matrix::Identity(rows, rows)).cwiseAbs().maxCoeff();
  expect_channel(defect <= tolerance, fmt::format("Kraus operators do not preserve the trace (defect {:.2g})", defect));
}

Channel depolarising(double probability, std::size_t qubits) {
  const std::vector<Matrix> all = paulis(qubits);
  const auto count = static_cast<double>(all.size());
  expect_channel(
      probability >= 0.0 && probability <= count / (count - 1.0),
      fmt::format("depolarising probability {} is outside of 0 .. {:.4g}", probability, count / (count - 1.0)));
  // I / 2^k is the mean of rho over all Paulis: each is applied with p / 4^k, the identity besides with 1 - p.
  Channel channel{qubits, {}};
  for (std::size_t k = 0; k < all.size(); ++k) {
    const double share = probability / count + (k == 0 ? 1.0 - probability : 0.0);
    channel.kraus.emplace_back(std::sqrt(std::max(share, 0.0)) * all[k]);
  }
  return without_zeros(std::move(channel));
}

Channel amplitude_damping(double gamma) {
  expect_channel(gamma >= 0.0 && gamma <= 1.0, fmt::format("amplitude damping {} is outside of 0 .. 1", gamma));
  Matrix stay = Matrix::Identity(2, 2);
  Matrix decay = Matrix::Zero(2, 2);
  stay(1, 1) = std::sqrt(1.0 - gamma);
  decay(0, 1) = std::sqrt(gamma);
  return without_zeros({1, {stay, decay}});
}

Channel phase_damping(double lambda) {
  expect_channel(lambda >= 0.0 && lambda <= 1.0, fmt::format("phase damping {} is outside of 0 .. 1", lambda));
  // As a random Z, so that trajectories need not look at the state: 1 - 2 p = sqrt(1 - lambda).
  const double flip = 0.5 * (1.0 - std::sqrt(1.0 - lambda));
  Matrix z = Matrix::Identity(2, 2);
  z(1, 1) = -1.0;
  return without_zeros({1, {std::sqrt(1.0 - flip) * Matrix::Identity(2, 2), std::sqrt(flip) * z}});
}

Channel thermal_relaxation(double t1, double t2, double duration) {
  expect_channel(t1 > 0.0 && t2 > 0.0 && duration >= 0.0 && std::isfinite(duration),
                 fmt::format("relaxation with T1 {}, T2 {} during {}: times must be positive", t1, t2, duration));
  expect_channel(t2 <= 2.0 * t1, fmt::format("T2 {} is longer than 2 T1 = {}, which no qubit can have", t2, 2.0 * t1));
  // Damping shrinks coherences by exp(-duration / (2 T1)) already; the rest is a Z with probability `flip`, which a
  // qubit that has decayed does not notice: three operators do.
  const double flip = std::max(0.0, -0.5 * std::expm1(duration / (2.0 * t1) - duration / t2));
  Matrix stay = Matrix::Identity(2, 2);
  stay(1, 1) = std::exp(-duration / (2.0 * t1));
  Matrix flipped = stay;
  flipped(1, 1) = -stay(1, 1);
  Matrix decay = Matrix::Zero(2, 2);
  decay(0, 1) = std::sqrt(-std::expm1(-duration / t1));
  return without_zeros({1, {std::sqrt(1.0 - flip) * stay, std::sqrt(flip) * flipped, decay}});
}

Channel compose(const Channel& first, const Channel& then) {
  expect_channel(first.qubits == then.qubits, "channels on different numbers of qubits cannot follow each other");
  Channel both{first.qubits, {}};
  for (const Matrix& b : then.kraus)
    for (const Matrix& a : first.kraus) both.kraus.emplace_back(b * a);
  return without_zeros(std::move(both));
}

Channel tensor(const Channel& first_qubits, const Channel& last_qubits) {
  Channel both{first_qubits.qubits + last_qubits.qubits, {}};
  for (const Matrix& a : first_qubits.kraus)
    for (const Matrix& b : last_qubits.kraus) both.kraus.push_back(kronecker(a, b));
  return both;
}

double average_gate_fidelity(const Channel& channel) {
  const auto dimension = static_cast<double>(rows_of(channel.qubits));
  double entanglement = 0.0;  // sum_k |Tr K_k|^2 / d^2
  for (const Matrix& k : channel.kraus) entanglement += std::norm(k.trace());
  entanglement /= dimension * dimension;
  return (dimension * entanglement + 1.0) / (dimension + 1.0);
}

Eigen::MatrixXd pauli_transfer(const Channel& channel) {
  const auto rows = static_cast<std::size_t>(rows_of(channel.qubits));
  const std::size_t size = rows * rows;
  const DigitOrder order(channel.qubits);
  // E as a matrix of elements, [output][input]; then both sides to Paulis, qubit by qubit.
  std::vector<Complex> elements(size * size, 0.0);
  for (const Matrix& k : channel.kraus) {
    for (std::size_t r = 0; r < rows; ++r) {
      for (std::size_t c = 0; c < rows; ++c) {
        Complex* output = elements.data() + order(r, c) * size;
        for (std::size_t a = 0; a < rows; ++a) {
          const Complex left = k(static_cast<Eigen::Index>(r), static_cast<Eigen::Index>(a));
          if (left == 0.0) continue;
          for (std::size_t b = 0; b < rows; ++b)
            output[order(a, b)] += left * std::conj(k(static_cast<Eigen::Index>(c), static_cast<Eigen::Index>(b)));
        }
      }
    }
  }
  for (std::size_t stride = 1; stride < size; stride *= 4) {
    elements_to_paulis(elements, stride, Complex(0.0, -1.0));
    elements_to_paulis(elements, stride * size, Complex(0.0, 1.0));
  }
  Eigen::MatrixXd transfer(static_cast<Eigen::Index>(size), static_cast<Eigen::Index>(size));
  const double scale = 1.0 / static_cast<double>(rows);
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t j = 0; j < size; ++j)
      transfer(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) = scale * elements[i * size + j].real();
  }
  return transfer;
}

Eigen::MatrixXd pauli_transfer(const Matrix& unitary) {
  std::size_t qubits = 0;
  while (rows_of(qubits) < unitary.rows()) ++qubits;
  TITRANT_EXPECTS(rows_of(qubits) == unitary.rows() && unitary.cols() == unitary.rows());
  return pauli_transfer(Channel{qubits, {unitary}});
}

std::optional<UnitaryMixture> as_unitary_mixture(const Channel& channel) {
  const Eigen::Index rows = rows_of(channel.qubits);
  UnitaryMixture mixture;
  for (const Matrix& k : channel.kraus) {
    const Matrix square = k.adjoint() * k;
    const double probability = square.trace().real() / static_cast<double>(rows);
    if ((square - probability * Matrix::Identity(rows, rows)).cwiseAbs().maxCoeff() > 1e-13) return std::nullopt;
    if (probability <= 0.0) continue;
    mixture.probability.push_back(probability);
    mixture.unitary.emplace_back(k / std::sqrt(probability));
  }
  return mixture;
}

}  // namespace titrant::quantum
