#include "titrant/quantum/noise/density_matrix.hpp"

#include <fmt/format.h>

#include <cmath>

#include "pauli_basis.hpp"
#include "titrant/core/error.hpp"
#include "transfer_kernel.hpp"

namespace titrant::quantum {

namespace {

using Complex = std::complex<double>;

std::size_t checked(std::size_t qubits) {
  if (qubits > DensityMatrix::max_qubits) {
    throw ConfigError(fmt::format("a density matrix of {} qubits; at most {} fit in memory: use trajectories", qubits,
                                  DensityMatrix::max_qubits));
  }
  return qubits;
}

std::size_t qubits_of(std::size_t amplitudes) {
  std::size_t qubits = 0;
  while ((std::size_t{1} << qubits) < amplitudes) ++qubits;
  TITRANT_EXPECTS((std::size_t{1} << qubits) == amplitudes);
  return qubits;
}

}  // namespace

DensityMatrix::DensityMatrix(std::size_t qubits) : qubits_(0), coefficients_{1.0} {
  checked(qubits);
  while (qubits_ < qubits) prepend_qubit();
}

DensityMatrix::DensityMatrix(std::span<const Complex> amplitudes) : qubits_(checked(qubits_of(amplitudes.size()))) {
  const std::size_t states = amplitudes.size();
  const DigitOrder order(qubits_);
  std::vector<Complex> elements(states * states);
  for (std::size_t row = 0; row < states; ++row) {
    for (std::size_t column = 0; column < states; ++column)
      elements[order(row, column)] = amplitudes[row] * std::conj(amplitudes[column]);
  }
  for (std::size_t qubit = 0; qubit < qubits_; ++qubit) elements_to_paulis(elements, stride(qubit), Complex(0.0, 1.0));
  coefficients_.reserve(elements.size());
  for (const Complex element : elements) coefficients_.push_back(element.real());
}

Matrix DensityMatrix::matrix() const {
  std::vector<Complex> elements(coefficients_.begin(), coefficients_.end());
  for (std::size_t qubit = 0; qubit < qubits_; ++qubit) paulis_to_elements(elements, stride(qubit));
  const DigitOrder order(qubits_);
  const Eigen::Index states = Eigen::Index{1} << qubits_;
  Matrix rho(states, states);
  for (Eigen::Index row = 0; row < states; ++row) {
    for (Eigen::Index column = 0; column < states; ++column)
      rho(row, column) = elements[order(static_cast<std::size_t>(row), static_cast<std::size_t>(column))];
  }
  return rho;
}

void DensityMatrix::apply(const Matrix& unitary, std::span<const std::size_t> qubits) {
  apply_transfer(pauli_transfer(unitary), qubits);
}

void DensityMatrix::apply(const Channel& channel, std::span<const std::size_t> qubits) {
  apply_transfer(pauli_transfer(channel), qubits);
}

void DensityMatrix::apply_transfer(const Eigen::MatrixXd& transfer, std::span<const std::size_t> qubits) {
  TITRANT_EXPECTS(transfer.rows() == transfer.cols() &&
                  static_cast<std::size_t>(transfer.rows()) == std::size_t{1} << (2 * qubits.size()));
  std::vector<std::size_t> strides;
  for (const std::size_t qubit : qubits) {
    TITRANT_EXPECTS(qubit < qubits_);
    strides.push_back(stride(qubit));
  }
  const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> by_rows = transfer;
  apply_transfer_matrix({by_rows.data(), static_cast<std::size_t>(by_rows.size())}, strides, coefficients_);
}

double DensityMatrix::probability(std::size_t qubit, bool outcome) const {
  TITRANT_EXPECTS(qubit < qubits_);
  const double z = coefficients_[3 * stride(qubit)];
  return 0.5 * (outcome ? trace() - z : trace() + z);
}

void DensityMatrix::project(std::size_t qubit, bool outcome) {
  measure(qubit, outcome ? 0.0 : 1.0, outcome ? 1.0 : 0.0);
}

void DensityMatrix::measure(std::size_t qubit, double zero, double one) {
  // |m><m| P |m><m| vanishes for X and Y, and is |m><m| or +-|m><m| for I and Z.
  Eigen::MatrixXd transfer = Eigen::MatrixXd::Zero(4, 4);
  transfer(0, 0) = transfer(3, 3) = 0.5 * (zero + one);
  transfer(0, 3) = transfer(3, 0) = 0.5 * (zero - one);
  apply_transfer(transfer, {&qubit, 1});
}

void DensityMatrix::prepend_qubit() {
  // |0><0| = (I + Z) / 2 has the expectations 1, 0, 0, 1.
  checked(qubits_ + 1);
  const std::size_t size = coefficients_.size();
  std::vector<double> longer(4 * size, 0.0);
  for (std::size_t k = 0; k < size; ++k) longer[k] = longer[3 * size + k] = coefficients_[k];
  coefficients_ = std::move(longer);
  ++qubits_;
}

DensityMatrix DensityMatrix::without(std::size_t qubit, double zero, double one) const {
  TITRANT_EXPECTS(qubit < qubits_);
  const double along_i = 0.5 * (zero + one);
  const double along_z = 0.5 * (zero - one);
  const std::size_t step = stride(qubit);
  DensityMatrix rest(std::size_t{0});
  rest.qubits_ = qubits_ - 1;
  rest.coefficients_.clear();
  rest.coefficients_.reserve(coefficients_.size() / 4);
  for (std::size_t high = 0; high < coefficients_.size(); high += 4 * step) {
    for (std::size_t k = high; k < high + step; ++k)
      rest.coefficients_.push_back(along_i * coefficients_[k] + along_z * coefficients_[k + 3 * step]);
  }
  return rest;
}

DensityMatrix& DensityMatrix::operator+=(const DensityMatrix& other) {
  TITRANT_EXPECTS(qubits_ == other.qubits_);
  for (std::size_t k = 0; k < coefficients_.size(); ++k) coefficients_[k] += other.coefficients_[k];
  return *this;
}

}  // namespace titrant::quantum
