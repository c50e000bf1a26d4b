#include "titrant/quantum/synthesis/matrix_product_state.hpp"

#include <fmt/format.h>

#include <Eigen/LU>
#include <Eigen/SVD>
#include <algorithm>
#include <cmath>

#include "titrant/core/error.hpp"
#include "titrant/quantum/synthesis/kak.hpp"

namespace titrant::quantum {

namespace {

using Real = Eigen::MatrixXd;
using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr Eigen::Index widest = 2;

Real reshaped(const Real& values, Eigen::Index rows) {
  const RowMajor flat = values;
  return Eigen::Map<const RowMajor>(flat.data(), rows, flat.size() / rows);
}

/// Orthogonal, with these orthonormal columns first.
Real completed(const Real& columns) {
  const Eigen::Index rows = columns.rows();
  Real full(rows, rows);
  full.leftCols(columns.cols()) = columns;
  Eigen::Index have = columns.cols();
  for (Eigen::Index k = 0; k < rows && have < rows; ++k) {
    Eigen::VectorXd candidate = Eigen::VectorXd::Unit(rows, k);
    for (int twice = 0; twice < 2; ++twice)
      candidate -= full.leftCols(have) * (full.leftCols(have).transpose() * candidate);
    if (candidate.norm() < 0.4) continue;  // some unit vector is always further away than 1 / 2 for rows <= 4
    full.col(have++) = candidate.normalized();
  }
  TITRANT_EXPECTS(have == rows);
  if (full.determinant() < 0.0 && columns.cols() < rows) full.col(rows - 1) *= -1.0;
  return full;
}

}  // namespace

std::size_t bond_dimension(std::span<const double> amplitudes, double tolerance) {
  const Real vector =
      Eigen::Map<const Eigen::VectorXd>(amplitudes.data(), static_cast<Eigen::Index>(amplitudes.size()));
  std::size_t largest = 1;
  for (Eigen::Index rows = 2; rows < vector.size(); rows *= 2) {
    const Eigen::VectorXd singular = Eigen::JacobiSVD<Real>(reshaped(vector.transpose(), rows)).singularValues();
    largest = std::max(largest, static_cast<std::size_t>((singular.array() > tolerance).count()));
  }
  return largest;
}

MatrixProductPreparation prepare_matrix_product_state(std::span<const double> amplitudes,
                                                      std::span<const std::size_t> qubits) {
  const std::size_t n = qubits.size();
  TITRANT_EXPECTS(n >= 1 && amplitudes.size() == std::size_t{1} << n);
  const Eigen::VectorXd wanted =
      Eigen::Map<const Eigen::VectorXd>(amplitudes.data(), static_cast<Eigen::Index>(amplitudes.size()));
  if (!(std::abs(wanted.squaredNorm() - 1.0) <= 1e-9))
    throw ConfigError(fmt::format("state preparation: the squared norm is {}", wanted.squaredNorm()));

  // Left-canonical tensors [bond to the left x value][bond to the right], cut to two columns at each bond.
  std::vector<Real> tensors;
  Real rest = wanted.transpose();
  Eigen::Index bond = 1;
  for (std::size_t site = 0; site + 1 < n; ++site) {
    const Real matrix = reshaped(rest, bond * 2);
    const Eigen::JacobiSVD<Real> svd(matrix, Eigen::ComputeThinU | Eigen::ComputeThinV);
    const Eigen::VectorXd& singular = svd.singularValues();
    const Eigen::Index kept =
        std::clamp<Eigen::Index>((singular.array() > 1e-13).count(), 1, std::min(widest, singular.size()));
    tensors.emplace_back(svd.matrixU().leftCols(kept));
    rest = singular.head(kept).asDiagonal() * svd.matrixV().leftCols(kept).transpose();
    bond = kept;
  }
  Real last = reshaped(rest, bond * 2);
  last /= last.norm();
  tensors.push_back(last);

  MatrixProductPreparation result;
  // What was cut: contract the tensors again.
  Real state = Real::Ones(1, 1);
  for (const Real& tensor : tensors) {
    const Eigen::Index left = tensor.rows() / 2;
    Real longer(state.rows() * 2, tensor.cols());
    for (Eigen::Index row = 0; row < state.rows(); ++row)
      for (Eigen::Index value = 0; value < 2; ++value) {
        longer.row(2 * row + value).setZero();
        for (Eigen::Index b = 0; b < left; ++b)
          longer.row(2 * row + value) += state(row, b) * tensor.row(2 * b + value);
      }
    state = std::move(longer);
  }
  result.fidelity = std::pow(state.col(0).dot(wanted), 2);

  const auto append = [&result](std::vector<Operation> operations) {
    for (Operation& operation : operations) result.operations.push_back(std::move(operation));
  };
  if (n == 1) {
    append(synthesise(completed(tensors[0]).cast<std::complex<double>>(), qubits[0]));
    return result;
  }
  // From the last qubit upwards: the bond to the right stands on the right qubit of each pair, and the gate writes the
  // value there and the bond to the left on the left one.
  for (std::size_t site = n - 1; site >= 1; --site) {
    const Real& tensor = tensors[site];
    Real columns = Real::Zero(4, tensor.cols());
    columns.topRows(tensor.rows()) = tensor;  // a bond of one takes the value 0 alone
    Real gate = completed(columns);
    if (site == 1) {  // the first tensor acts on the bond's qubit alone
      Real first = Real::Zero(4, 4);
      const Real single = completed(tensors[0]);
      for (Eigen::Index r = 0; r < 2; ++r)
        for (Eigen::Index c = 0; c < 2; ++c)
          for (Eigen::Index other = 0; other < 2; ++other) first(2 * r + other, 2 * c + other) = single(r, c);
      gate = first * gate;
    }
    append(synthesise(gate.cast<std::complex<double>>(), qubits[site - 1], qubits[site]));
  }
  return result;
}

}  // namespace titrant::quantum
