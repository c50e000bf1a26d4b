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

double cut_bonds(std::span<double> amplitudes) {
  using Columns = Eigen::Map<RowMajor>;
  const auto size = static_cast<Eigen::Index>(amplitudes.size());
  std::vector<double> rest(amplitudes.begin(), amplitudes.end());
  std::vector<Real> kept;  // [bond]: orthonormal columns over (bond to the left, value)
  Eigen::Index left = 1;
  for (Eigen::Index right = size / 2; right >= 2; right /= 2) {
    const Columns matrix(rest.data(), 2 * left, right);
    // Of two rows at most two columns are kept: nothing is cut.
    const Eigen::JacobiSVD<Real> svd(matrix, Eigen::ComputeThinU);
    const Eigen::Index bond = std::min({widest, matrix.rows(), right});
    kept.emplace_back(svd.matrixU().leftCols(bond));
    const RowMajor next = kept.back().transpose() * matrix;
    std::copy(next.data(), next.data() + next.size(), rest.begin());
    left = bond;
  }
  Eigen::Map<Eigen::VectorXd> last(rest.data(), 2 * left);
  last.normalize();
  for (std::size_t k = kept.size(); k-- > 0;) {  // back again
    const Eigen::Index bond = kept[k].cols();
    const Eigen::Index right = Eigen::Index{1} << (kept.size() - k);
    const RowMajor wider = kept[k] * Columns(rest.data(), bond, right);
    std::copy(wider.data(), wider.data() + wider.size(), rest.begin());
  }
  double overlap = 0.0;
  double squares = 0.0;
  for (std::size_t i = 0; i < amplitudes.size(); ++i) {
    overlap += rest[i] * amplitudes[i];
    squares += amplitudes[i] * amplitudes[i];
    amplitudes[i] = rest[i];
  }
  return overlap * overlap / squares;
}

namespace {

/// The isometry [2^sites][bond] as tensors, the bond standing at its last site.
std::vector<Real> tensors_of(const Real& isometry) {
  std::vector<Real> tensors;
  const Eigen::Index columns = isometry.cols();
  Real rest = reshaped(isometry, 1);
  Eigen::Index bond = 1;
  while (rest.size() > bond * 2 * columns) {
    const Eigen::JacobiSVD<Real> svd(reshaped(rest, bond * 2), Eigen::ComputeThinU | Eigen::ComputeThinV);
    const Eigen::VectorXd& singular = svd.singularValues();
    const Eigen::Index kept =
        std::clamp<Eigen::Index>((singular.array() > 1e-13).count(), 1, std::min(widest, singular.size()));
    tensors.emplace_back(svd.matrixU().leftCols(kept));
    rest = singular.head(kept).asDiagonal() * svd.matrixV().leftCols(kept).transpose();
    bond = kept;
  }
  tensors.push_back(reshaped(rest, bond * 2));
  return tensors;
}

/// sum_k s_k |k>|k> on two qubits at |0>: one cx, or nothing where there is one term alone.
void entangle(const Eigen::VectorXd& singular, std::size_t first, std::size_t second, std::vector<Operation>& out) {
  if (singular.size() == 1) return;
  const double theta = 2.0 * std::atan2(singular[1], singular[0]);
  out.push_back({Operation::Kind::gate,
                 GateKind::u,
                 {first},
                 {Angle::constant(theta), Angle::constant(0.0), Angle::constant(0.0)},
                 0,
                 {}});
  out.push_back({Operation::Kind::gate, GateKind::cx, {first, second}, {}, 0, {}});
}

/// Carries the bond that stands on the last of these qubits outwards: at each site a gate writes the value there and
/// the bond to the left on the qubit before it, which is |0>.
void unfold(const std::vector<Real>& tensors, const std::vector<std::size_t>& qubits, std::vector<Operation>& out) {
  const auto append = [&out](std::vector<Operation> operations) {
    for (Operation& operation : operations) out.push_back(std::move(operation));
  };
  for (std::size_t site = tensors.size(); site-- > 0;) {
    const Real& tensor = tensors[site];
    if (tensor.rows() == 2) {  // no bond to the left
      append(synthesise(completed(tensor).cast<std::complex<double>>(), qubits[site]));
    } else if (tensor.cols() == 1) {  // one state of two qubits
      const Eigen::JacobiSVD<Real> svd(reshaped(tensor, 2), Eigen::ComputeFullU | Eigen::ComputeFullV);
      entangle(svd.singularValues(), qubits[site - 1], qubits[site], out);
      append(synthesise(svd.matrixU().cast<std::complex<double>>(), qubits[site - 1]));
      append(synthesise(svd.matrixV().cast<std::complex<double>>(), qubits[site]));
    } else {
      append(synthesise(completed(tensor).cast<std::complex<double>>(), qubits[site - 1], qubits[site]));
    }
  }
}

/// Rows in the order of their reversed bits.
Real reversed(const Real& rows) {
  Real result(rows.rows(), rows.cols());
  for (Eigen::Index row = 0; row < rows.rows(); ++row) {
    Eigen::Index other = 0;
    for (Eigen::Index bit = 1; bit < rows.rows(); bit *= 2) other = 2 * other + ((row & bit) != 0 ? 1 : 0);
    result.row(other) = rows.row(row);
  }
  return result;
}

}  // namespace

MatrixProductPreparation prepare_matrix_product_state(std::span<const double> amplitudes,
                                                      std::span<const std::size_t> qubits) {
  const std::size_t n = qubits.size();
  TITRANT_EXPECTS(n >= 1 && amplitudes.size() == std::size_t{1} << n);
  const auto size = static_cast<Eigen::Index>(amplitudes.size());
  const double squares = Eigen::Map<const Eigen::VectorXd>(amplitudes.data(), size).squaredNorm();
  if (!(std::abs(squares - 1.0) <= 1e-9))
    throw ConfigError(fmt::format("state preparation: the squared norm is {}", squares));
  std::vector<double> held(amplitudes.begin(), amplitudes.end());
  MatrixProductPreparation result;
  result.fidelity = cut_bonds(held);
  Real state = Eigen::Map<const Eigen::VectorXd>(held.data(), size);
  if (n == 1) {
    unfold({state}, {qubits[0]}, result.operations);
    return result;
  }
  // From the middle outwards, both halves at the same time.
  const std::size_t middle = n / 2;
  const Eigen::JacobiSVD<Real> svd(reshaped(state, Eigen::Index{1} << middle),
                                   Eigen::ComputeThinU | Eigen::ComputeThinV);
  const Eigen::Index rank = std::clamp<Eigen::Index>((svd.singularValues().array() > 1e-13).count(), 1, widest);
  entangle(svd.singularValues().head(rank), qubits[middle - 1], qubits[middle], result.operations);
  unfold(tensors_of(svd.matrixU().leftCols(rank)),
         {qubits.begin(), qubits.begin() + static_cast<std::ptrdiff_t>(middle)}, result.operations);
  unfold(tensors_of(reversed(svd.matrixV().leftCols(rank))),
         {qubits.rbegin(), qubits.rbegin() + static_cast<std::ptrdiff_t>(n - middle)}, result.operations);
  return result;
}

}  // namespace titrant::quantum
