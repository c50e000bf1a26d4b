#include <gtest/gtest.h>

#include "titrant/quantum/gates.hpp"
#include "unitary.hpp"

using qasm_test::Complex;
using qasm_test::controlled;
using qasm_test::distance;
using qasm_test::i;
using qasm_test::Matrix;
using qasm_test::u3;
using qasm_test::unitary_of;

namespace {

constexpr double tolerance = 1e-14;  // a few dozen roundings of elements of at most 1
using std::numbers::pi;

Matrix half_x() { return 0.5 * dense::make({1.0 + i, 1.0 - i, 1.0 - i, 1.0 + i}); }
Matrix hadamard() { return dense::make({1, 1, 1, -1}) / std::numbers::sqrt2; }
Matrix swap() { return dense::whole(2, titrant::quantum::GateKind::swap, {0, 1}, {}); }

}  // namespace

// The definitions of the libraries, written out as matrices. Where a gate is controlled its phase counts.
TEST(QasmLibrary, GatesAreTheMatricesOfTheirDefinitions) {
  const struct {
    std::size_t qubits;
    std::string call;
    Matrix expected;
  } cases[] = {
      {1, "id q[0];", dense::identity()},
      {1, "u0(3) q[0];", dense::identity()},
      {1, "u1(0.7) q[0];", dense::phase_gate(0.7)},
      {1, "phase(0.7) q[0];", dense::phase_gate(0.7)},
      {1, "u2(0.3, 0.8) q[0];", u3(pi / 2, 0.3, 0.8)},
      {1, "u3(0.2, 0.3, 0.8) q[0];", u3(0.2, 0.3, 0.8)},
      {1, "u(0.2, 0.3, 0.8) q[0];", u3(0.2, 0.3, 0.8)},
      {1, "U(0.2, 0.3, 0.8) q[0];", u3(0.2, 0.3, 0.8)},
      {1, "sxdg q[0];", half_x().adjoint()},
      {2, "CX q[0], q[1];", controlled(1, dense::x())},
      {2, "ch q[0], q[1];", controlled(1, hadamard())},
      {2, "csx q[0], q[1];", controlled(1, half_x())},
      {2, "cu1(0.7) q[0], q[1];", controlled(1, dense::phase_gate(0.7))},
      {2, "cphase(0.7) q[0], q[1];", controlled(1, dense::phase_gate(0.7))},
      {2, "cu3(0.2, 0.3, 0.8) q[0], q[1];", controlled(1, u3(0.2, 0.3, 0.8))},
      {2, "cu(0.2, 0.3, 0.8, 0.5) q[0], q[1];", controlled(1, std::exp(0.5 * i) * u3(0.2, 0.3, 0.8))},
      {3, "cswap q[0], q[1], q[2];", controlled(1, swap())},
      {4, "c3x q[0], q[1], q[2], q[3];", controlled(3, dense::x())},
      {4, "c3sqrtx q[0], q[1], q[2], q[3];", controlled(3, half_x())},
      {5, "c4x q[0], q[1], q[2], q[3], q[4];", controlled(4, dense::x())},
  };
  for (const auto& one : cases) {
    EXPECT_LT(distance(unitary_of(one.qubits, one.call), one.expected), tolerance) << one.call;
    EXPECT_LT(distance(unitary_of(one.qubits, one.call, "2.0"), one.expected), tolerance) << one.call;
  }
}

// What a control makes of the phases of U, u2 and u3: the language's U is exp(i theta / 2) u ("Built-in gates" of the
// specification of version 3), and stdgates.inc gives u2 and u3 determinant 1.
TEST(QasmLibrary, PhasesCountUnderControl) {
  const double theta = 0.9;
  const double phi = 0.4;
  const double lambda = -1.3;
  Matrix builtin(2, 2);
  builtin << 1.0 + std::exp(i * theta), -i * std::exp(i * lambda) * (1.0 - std::exp(i * theta)),
      i * std::exp(i * phi) * (1.0 - std::exp(i * theta)), std::exp(i * (phi + lambda)) * (1.0 + std::exp(i * theta));
  EXPECT_LT(distance(unitary_of(2, "ctrl @ U(0.9, 0.4, -1.3) q[0], q[1];"), controlled(1, 0.5 * builtin)), tolerance);
  const Matrix special = std::exp(-0.5 * i * (phi + lambda)) * u3(theta, phi, lambda);
  EXPECT_LT(distance(unitary_of(2, "ctrl @ u3(0.9, 0.4, -1.3) q[0], q[1];"), controlled(1, special)), tolerance);
  EXPECT_NEAR(std::abs(special.determinant() - 1.0), 0.0, tolerance);
  const Matrix half_turn = std::exp(-0.5 * i * (phi + lambda)) * u3(pi / 2, phi, lambda);
  EXPECT_LT(distance(unitary_of(2, "ctrl @ u2(0.4, -1.3) q[0], q[1];"), controlled(1, half_turn)), tolerance);
  EXPECT_LT(distance(unitary_of(2, "ctrl @ gphase(0.3) q[1];"), dense::on(2, 1, dense::phase_gate(0.3))), tolerance);
}

// Maslov, Phys. Rev. A 93 (2016) 022311: Toffoli gates but for phases of basis states.
TEST(QasmLibrary, RelativePhaseToffoliGatesPermuteAsToffoliGates) {
  const Matrix three = unitary_of(3, "rccx q[0], q[1], q[2];").cwiseAbs();
  EXPECT_LT((three - controlled(2, dense::x())).cwiseAbs().maxCoeff(), tolerance);
  const Matrix four = unitary_of(4, "rc3x q[0], q[1], q[2], q[3];").cwiseAbs();
  EXPECT_LT((four - controlled(3, dense::x())).cwiseAbs().maxCoeff(), tolerance);
  // Their published phases: diag(1, 1, 1, 1, 1, -1) on |100>, |101> and [[0, -i], [i, 0]] on the last two states.
  Matrix published = Matrix::Identity(8, 8);
  published(5, 5) = -1.0;
  published(6, 6) = published(7, 7) = 0.0;
  published(6, 7) = -i;
  published(7, 6) = i;
  EXPECT_LT(distance(unitary_of(3, "rccx q[0], q[1], q[2];"), published), tolerance);
}

// Every gate that circuits have is read as itself.
TEST(QasmLibrary, NativeGatesStayAsTheyAre) {
  for (int k = 0; k <= static_cast<int>(titrant::quantum::GateKind::ccx); ++k) {
    const auto kind = static_cast<titrant::quantum::GateKind>(k);
    std::string call(titrant::quantum::gate_name(kind));
    const char* const angles[] = {"", "(0.5)", "", "(0.5, 0.25, 0.125)"};
    const char* const qubits[] = {"", " q[2];", " q[2], q[0];", " q[2], q[0], q[1];"};
    call += angles[titrant::quantum::gate_angles(kind)];
    call += qubits[titrant::quantum::gate_qubits(kind)];
    const auto program = titrant::quantum::read_qasm("include \"qelib1.inc\"; qubit[3] q; " + call);
    ASSERT_EQ(program.circuit.operations().size(), 1U) << call;
    EXPECT_EQ(program.circuit.operations()[0].gate, kind) << call;
    EXPECT_EQ(program.circuit.operations()[0].qubits[0], 2U) << call;
  }
}
