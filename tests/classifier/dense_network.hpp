#pragma once

#include <Eigen/Dense>
#include <array>
#include <cmath>
#include <complex>
#include <functional>
#include <span>
#include <vector>

/// The circuit of preset `exposure` once more, written from its specification with dense matrices and real
/// measurements: no circuit, no deferred measurement, nothing shared with the program.
namespace titrant::classifier::testing {

using Complex = std::complex<double>;
using Matrix = Eigen::MatrixXcd;

inline Matrix pauli(char which) {
  Matrix m(2, 2);
  if (which == 'X') m << 0, 1, 1, 0;
  if (which == 'Y') m << 0, Complex(0, -1), Complex(0, 1), 0;
  if (which == 'Z') m << 1, 0, 0, -1;
  return m;
}

inline Matrix kronecker(const Matrix& a, const Matrix& b) {
  Matrix product(a.rows() * b.rows(), a.cols() * b.cols());
  for (Eigen::Index i = 0; i < a.rows(); ++i) {
    for (Eigen::Index j = 0; j < a.cols(); ++j)
      product.block(i * b.rows(), j * b.cols(), b.rows(), b.cols()) = a(i, j) * b;
  }
  return product;
}

/// exp(-i H / 2) of a Hermitian matrix, by its eigenvectors.
inline Matrix evolution(const Matrix& hermitian) {
  const Eigen::SelfAdjointEigenSolver<Matrix> solver(hermitian);
  const Eigen::VectorXcd phases = (Complex(0, -0.5) * solver.eigenvalues().cast<Complex>()).array().exp();
  return solver.eigenvectors() * phases.asDiagonal() * solver.eigenvectors().adjoint();
}

inline Matrix u3(std::span<const double> p) {
  return evolution(p[2] * pauli('Z')) * evolution(p[1] * pauli('Y')) * evolution(p[0] * pauli('Z'));
}

inline Matrix su4(std::span<const double> p) {
  const Matrix generator = p[6] * kronecker(pauli('X'), pauli('X')) + p[7] * kronecker(pauli('Y'), pauli('Y')) +
                           p[8] * kronecker(pauli('Z'), pauli('Z'));
  return kronecker(u3(p.subspan(9, 3)), u3(p.subspan(12, 3))) * evolution(generator) *
         kronecker(u3(p.subspan(0, 3)), u3(p.subspan(3, 3)));
}

/// A register of qubits, qubit 0 the most significant, that is measured for real: every outcome is followed.
class Register {
 public:
  Register(std::size_t qubits, std::vector<Complex> state) : qubits_(qubits), state_(std::move(state)) {}

  std::size_t mask(std::size_t qubit) const { return std::size_t{1} << (qubits_ - 1 - qubit); }

  void apply(const Matrix& gate, std::size_t a, std::size_t b) {
    const std::vector<Complex> old = state_;
    for (std::size_t i = 0; i < state_.size(); ++i) {
      const std::size_t base = i & ~(mask(a) | mask(b));
      const auto row = static_cast<Eigen::Index>(((i & mask(a)) != 0 ? 2 : 0) + ((i & mask(b)) != 0 ? 1 : 0));
      state_[i] = 0;
      for (Eigen::Index column = 0; column < 4; ++column) {
        state_[i] += gate(row, column) * old[base | (column >= 2 ? mask(a) : 0) | (column % 2 == 1 ? mask(b) : 0)];
      }
    }
  }
  void apply(const Matrix& gate, std::size_t a) { apply(kronecker(gate, Matrix::Identity(2, 2)), a, a == 0 ? 1 : 0); }
  void cz(std::size_t a, std::size_t b) {
    for (std::size_t i = 0; i < state_.size(); ++i) {
      if ((i & mask(a)) != 0 && (i & mask(b)) != 0) state_[i] = -state_[i];
    }
  }
  /// Keeps the part in which a qubit has this value, without renormalising.
  void project(std::size_t qubit, bool value) {
    for (std::size_t i = 0; i < state_.size(); ++i) {
      if (((i & mask(qubit)) != 0) != value) state_[i] = 0;
    }
  }
  double weight() const {
    double sum = 0.0;
    for (const Complex& amplitude : state_) sum += std::norm(amplitude);
    return sum;
  }

 private:
  std::size_t qubits_;
  std::vector<Complex> state_;
};

/// Measures qubits one after the other; where 1, X on the partner; then goes on. Sums `rest` over all outcomes.
inline double pooled(const Register& state, std::span<const std::array<std::size_t, 2>> pairs,
                     const std::function<double(Register)>& rest) {
  if (pairs.empty()) return rest(state);
  double sum = 0.0;
  for (const bool outcome : {false, true}) {
    Register branch = state;
    branch.project(pairs[0][0], outcome);
    if (outcome) branch.apply(pauli('X'), pairs[0][1]);
    sum += pooled(branch, pairs.subspan(1), rest);
  }
  return sum;
}

/// P(1) of preset `exposure` for curve points (64 or 128), exposure angle and co-medication angle. `data` says which
/// qubit plays q0, q1, ...: anything but 0, 1, 2, ... is a wrong network. `again`: angles of a further R_y on F0 and F1
/// before steps 3 and 5.
inline double exposure_p_one(std::span<const double> curve, double theta_exposure, double theta_comed,
                             std::span<const double> p, const std::array<std::size_t, 6>& data = {0, 1, 2, 3, 4, 5},
                             std::array<double, 2> again = {0.0, 0.0}) {
  const std::size_t data_qubits = curve.size() == 64 ? 6 : 7;
  const std::size_t f0 = data_qubits;
  const std::size_t f1 = data_qubits + 1;
  double norm = 0.0;
  for (const double c : curve) norm += c * c;
  std::vector<Complex> amplitudes(4 * curve.size());
  for (std::size_t i = 0; i < curve.size(); ++i) amplitudes[4 * i] = curve[i] / std::sqrt(norm);
  Register state(data_qubits + 2, amplitudes);
  const auto q = [&](std::size_t i) { return data.at(i); };

  const auto network = [&](Register r) {
    r.apply(evolution(theta_exposure * pauli('Y')), f0);
    r.apply(evolution(theta_comed * pauli('Y')), f1);
    r.cz(f0, q(0));
    r.cz(f1, q(2));
    const std::array<std::array<std::size_t, 2>, 6> ring = {{{0, 1}, {2, 3}, {4, 5}, {1, 2}, {3, 4}, {5, 0}}};
    for (const auto& pair : ring) r.apply(su4(p.subspan(0, 15)), q(pair[0]), q(pair[1]));
    const std::array<std::array<std::size_t, 2>, 3> pool = {{{q(1), q(0)}, {q(3), q(2)}, {q(5), q(4)}}};
    return pooled(r, pool, [&](Register second) {
      second.apply(evolution(again[0] * pauli('Y')), f0);
      second.apply(evolution(again[1] * pauli('Y')), f1);
      second.cz(f0, q(0));
      second.cz(f1, q(4));
      const std::array<std::array<std::size_t, 2>, 3> triangle = {{{0, 2}, {2, 4}, {4, 0}}};
      for (const auto& pair : triangle) second.apply(su4(p.subspan(15, 15)), q(pair[0]), q(pair[1]));
      const std::array<std::array<std::size_t, 2>, 1> last = {{{q(2), q(0)}}};
      return pooled(second, last, [&](Register dense) {
        dense.apply(evolution(again[0] * pauli('Y')), f0);
        dense.apply(evolution(again[1] * pauli('Y')), f1);
        dense.cz(f0, q(0));
        dense.cz(f1, q(4));
        dense.apply(su4(p.subspan(30, 15)), q(0), q(4));
        dense.project(q(0), true);
        return dense.weight();
      });
    });
  };
  if (data_qubits == 6) return network(state);
  const Matrix hadamard = (pauli('X') + pauli('Z')) / std::sqrt(2.0);
  state.apply(hadamard, 6);
  double sum = 0.0;
  for (const bool outcome : {false, true}) {
    Register branch = state;
    branch.project(6, outcome);
    sum += network(branch);
  }
  return sum;
}

}  // namespace titrant::classifier::testing
