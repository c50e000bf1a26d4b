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
/// `ctrl @ gate q[0], ...`, the operands of the call being moved on by one.
std::string with_control(const std::string& call) {
  std::string text = "ctrl @ ";
  for (std::size_t k = 0; k < call.size(); ++k) {
    const bool operand = call[k] == 'q' && call.substr(k, 2) == "q[";
    if (operand && text.find("q[") == std::string::npos) text += "q[0], ";
    text += call[k];
    if (k > 1 && call.substr(k - 1, 2) == "q[") {
      text += std::to_string(std::stoi(call.substr(k + 1)) + 1);
      k = call.find(']', k) - 1;
    }
  }
  return text;
}

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

// Amazon Braket's gates as the documentation of braket.circuits.gates has their matrices, element by element.
TEST(QasmLibrary, GatesOfBraket) {
  const double a = 0.7;
  const double b = 0.4;
  const double d = 1.1;
  const double c = std::cos(a / 2);
  const double s = std::sin(a / 2);
  const Complex e = std::exp(i * a);
  const Complex h = std::exp(i * a / 2.0);
  const double r = 1.0 / std::numbers::sqrt2;
  const Matrix turn = dense::make({c, -i * std::exp(-i * b) * s, -i * std::exp(i * b) * s, c});
  const auto diagonal = [](Complex w, Complex x, Complex y, Complex z) {
    return dense::make({w, 0, 0, 0, 0, x, 0, 0, 0, 0, y, 0, 0, 0, 0, z});
  };
  const double cd = std::cos(d / 2);
  const Complex sd = -i * std::sin(d / 2);
  const struct {
    std::size_t qubits;
    std::string call;
    Matrix expected;
  } cases[] = {
      {1, "i q[0];", dense::identity()},
      {1, "si q[0];", dense::make({1, 0, 0, -i})},
      {1, "ti q[0];", dense::make({1, 0, 0, std::exp(-i * pi / 4.0)})},
      {1, "v q[0];", half_x()},
      {1, "vi q[0];", half_x().adjoint()},
      {1, "phaseshift(0.7) q[0];", dense::make({1, 0, 0, e})},
      {1, "prx(0.7, 0.4) q[0];", turn},
      {1, "gpi(0.7) q[0];", dense::make({0, std::conj(e), e, 0})},
      {1, "gpi2(0.7) q[0];", r * dense::make({1, -i * std::conj(e), -i * e, 1})},
      {2, "cnot q[0], q[1];", controlled(1, dense::x())},
      {2, "cv q[0], q[1];", controlled(1, half_x())},
      {2, "cphaseshift(0.7) q[0], q[1];", diagonal(1, 1, 1, e)},
      {2, "cphaseshift00(0.7) q[0], q[1];", diagonal(e, 1, 1, 1)},
      {2, "cphaseshift01(0.7) q[0], q[1];", diagonal(1, e, 1, 1)},
      {2, "cphaseshift10(0.7) q[0], q[1];", diagonal(1, 1, e, 1)},
      {2, "xx(0.7) q[0], q[1];", dense::make({c, 0, 0, -i * s, 0, c, -i * s, 0, 0, -i * s, c, 0, -i * s, 0, 0, c})},
      {2, "yy(0.7) q[0], q[1];", dense::make({c, 0, 0, i * s, 0, c, -i * s, 0, 0, -i * s, c, 0, i * s, 0, 0, c})},
      {2, "zz(0.7) q[0], q[1];", diagonal(1.0 / h, h, h, 1.0 / h)},
      {2, "xy(0.7) q[0], q[1];", dense::make({1, 0, 0, 0, 0, c, i * s, 0, 0, i * s, c, 0, 0, 0, 0, 1})},
      {2, "iswap q[0], q[1];", dense::make({1, 0, 0, 0, 0, 0, i, 0, 0, i, 0, 0, 0, 0, 0, 1})},
      {2, "pswap(0.7) q[0], q[1];", dense::make({1, 0, 0, 0, 0, 0, e, 0, 0, e, 0, 0, 0, 0, 0, 1})},
      {2, "ecr q[0], q[1];", r * dense::make({0, 0, 1, i, 0, 0, i, 1, 1, -i, 0, 0, -i, 1, 0, 0})},
      {2, "ms(0.7, 0.4, 1.1) q[0], q[1];",
       dense::make({cd, 0, 0, std::exp(-i * (a + b)) * sd, 0, cd, std::exp(-i * (a - b)) * sd, 0, 0,
                    std::exp(i * (a - b)) * sd, cd, 0, std::exp(i * (a + b)) * sd, 0, 0, cd})},
      {3, "ccnot q[0], q[1], q[2];", controlled(2, dense::x())},
  };
  for (const auto& one : cases) {
    EXPECT_LT(distance(unitary_of(one.qubits, one.call), one.expected), tolerance) << one.call;
    if (one.call.find('@') != std::string::npos || one.call.find('{') != std::string::npos) continue;
    // Under a control phases show; inverses too.
    const std::string call = with_control(one.call);
    EXPECT_LT(distance(unitary_of(one.qubits + 1, call), controlled(1, one.expected)), 2.0 * tolerance) << call;
    EXPECT_LT(distance(unitary_of(one.qubits + 1, "inv @ " + call), controlled(1, one.expected.adjoint())),
              2.0 * tolerance)
        << call;
  }
}

// Further gates that Qiskit writes; its matrices, with its first qubit the most significant here.
TEST(QasmLibrary, GatesOfQiskit) {
  const double c = std::cos(0.35);
  const double s = std::sin(0.35);
  const Complex e = std::exp(0.4 * i);
  const struct {
    std::size_t qubits;
    std::string call;
    Matrix expected;
  } cases[] = {
      {1, "r(0.7, 0.4) q[0];", dense::make({c, -i * s / e, -i * s * e, c})},
      {2, "cs q[0], q[1];", controlled(1, dense::make({1, 0, 0, i}))},
      {2, "csdg q[0], q[1];", controlled(1, dense::make({1, 0, 0, -i}))},
      {3, "ccz q[0], q[1], q[2];", controlled(2, dense::make({1, 0, 0, -1}))},
      {4, "c3sx q[0], q[1], q[2], q[3];", controlled(3, half_x())},
      {2, "dcx q[0], q[1];", dense::make({1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 0})},
      {2, "rzx(0.7) q[0], q[1];", dense::make({c, -i * s, 0, 0, -i * s, c, 0, 0, 0, 0, c, i * s, 0, 0, i * s, c})},
      {2, "xx_plus_yy(0.7, 0.4) q[0], q[1];",
       dense::make({1, 0, 0, 0, 0, c, -i * s * e, 0, 0, -i * s / e, c, 0, 0, 0, 0, 1})},
      {2, "xx_minus_yy(0.7, 0.4) q[0], q[1];",
       dense::make({c, 0, 0, -i * s / e, 0, 1, 0, 0, 0, 0, 1, 0, -i * s * e, 0, 0, c})},
      {2, "mcx q[0], q[1];", controlled(1, dense::x())},
      {4, "mcx q[0], q[1], q[2], q[3];", controlled(3, dense::x())},
      {3, "mcphase(0.7) q[0], q[1], q[2];", controlled(2, dense::phase_gate(0.7))},
      {4, "negctrl @ mcx q[3], q[0], q[1], q[2];",
       unitary_of(4, "x q[3]; ctrl(3) @ x q[3], q[0], q[1], q[2]; x q[3];")},
      {3, "gate g a, b, d { mcx a, b, d; } g q[0], q[1], q[2];", controlled(2, dense::x())},
  };
  for (const auto& one : cases) {
    EXPECT_LT(distance(unitary_of(one.qubits, one.call), one.expected), tolerance) << one.call;
    if (one.call.find('@') != std::string::npos || one.call.find('{') != std::string::npos) continue;
    // Under a control phases show; inverses too.
    const std::string call = with_control(one.call);
    EXPECT_LT(distance(unitary_of(one.qubits + 1, call), controlled(1, one.expected)), 2.0 * tolerance) << call;
    EXPECT_LT(distance(unitary_of(one.qubits + 1, "inv @ " + call), controlled(1, one.expected.adjoint())),
              2.0 * tolerance)
        << call;
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
