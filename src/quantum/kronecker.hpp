#pragma once

#include <Eigen/Core>

namespace titrant::quantum {

/// The Kronecker product of two dense matrices: the factor `a` belongs to the most significant digits of an index.
template <class Matrix>
Matrix kronecker(const Matrix& a, const Matrix& b) {
  Matrix product(a.rows() * b.rows(), a.cols() * b.cols());
  for (Eigen::Index i = 0; i < a.rows(); ++i) {
    for (Eigen::Index j = 0; j < a.cols(); ++j) {
      product.block(i * b.rows(), j * b.cols(), b.rows(), b.cols()) = a(i, j) * b;
    }
  }
  return product;
}

}  // namespace titrant::quantum
