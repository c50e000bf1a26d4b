#include <gtest/gtest.h>

#include <vector>

#include "titrant/core/error.hpp"
#include "titrant/quantum/gates.hpp"
#include "unitary.hpp"

using qasm_test::Complex;
using qasm_test::controlled;
using qasm_test::distance;
using qasm_test::i;
using qasm_test::Matrix;
using qasm_test::u3;
using qasm_test::unitary_of;
using titrant::quantum::GateKind;

namespace {

constexpr double modifier_tolerance = 1e-13;  // some hundred roundings of elements of at most 1
using std::numbers::pi;

/// A call of the native gate on qubits q[first], q[first + 1], ...
std::string call_of(GateKind kind, std::size_t first) {
  const char* const angles[] = {"", "(0.7)", "", "(0.7, 0.4, -1.1)"};
  std::string call = std::string(titrant::quantum::gate_name(kind)) + angles[titrant::quantum::gate_angles(kind)];
  for (std::size_t k = 0; k < titrant::quantum::gate_qubits(kind); ++k)
    call += (k == 0 ? " q[" : ", q[") + std::to_string(first + k) + "]";
  return call + ";";
}

Matrix matrix_of(GateKind kind) {
  const std::vector<double> angles = {0.7, 0.4, -1.1};
  std::vector<std::size_t> qubits(titrant::quantum::gate_qubits(kind));
  std::iota(qubits.begin(), qubits.end(), 0U);
  return dense::whole(qubits.size(), kind, qubits,
                      {angles.begin(), angles.begin() + static_cast<long>(titrant::quantum::gate_angles(kind))});
}

std::vector<GateKind> kinds() {
  std::vector<GateKind> all;
  for (int k = 0; k <= static_cast<int>(GateKind::ccx); ++k) all.push_back(static_cast<GateKind>(k));
  return all;
}

/// The principal power, from an eigendecomposition of the whole unitary. Its eigenvectors are orthogonal, being a
/// normal matrix, where they are taken from a Schur form.
Matrix power(const Matrix& unitary, double exponent) {
  const Eigen::ComplexSchur<Matrix> schur(unitary);
  Matrix diagonal = Matrix::Zero(unitary.rows(), unitary.cols());
  for (Eigen::Index k = 0; k < unitary.rows(); ++k) {
    double angle = std::arg(schur.matrixT()(k, k));
    if (angle < -pi + 1e-9) angle = pi;
    diagonal(k, k) = std::exp(i * angle * exponent);
  }
  return schur.matrixU() * diagonal * schur.matrixU().adjoint();
}

std::string controls_before(const std::string& call, std::size_t count) {
  std::string qubits;
  for (std::size_t k = 0; k < count; ++k) qubits += "q[" + std::to_string(k) + "], ";
  const std::size_t at = call.find(" q");
  return call.substr(0, at + 1) + qubits + call.substr(at + 1);
}

}  // namespace

TEST(QasmModifiers, ControlledGates) {
  for (const GateKind kind : kinds()) {
    for (const std::size_t controls : {1U, 2U, 3U}) {
      const std::string call =
          "ctrl(" + std::to_string(controls) + ") @ " + controls_before(call_of(kind, controls), controls);
      const std::size_t qubits = controls + titrant::quantum::gate_qubits(kind);
      EXPECT_LT(distance(unitary_of(qubits, call), controlled(controls, matrix_of(kind))), modifier_tolerance) << call;
    }
  }
}

// Up to nine controls, which takes all forms of the Toffoli gates within; x and a phase, on no further qubit. One state
// with all amplitudes different shows what happens to each basis state.
TEST(QasmModifiers, ManyControls) {
  for (std::size_t controls = 4; controls < 10; ++controls) {
    const Eigen::Index size = Eigen::Index{2} << controls;
    Matrix state(size, 1);
    for (Eigen::Index k = 0; k < size; ++k)
      state(k) = std::polar(1.0 + 0.01 * static_cast<double>(k), 0.1 * static_cast<double>(k * k));
    state /= state.norm();
    const std::string modified = "ctrl(" + std::to_string(controls) + ") @ ";
    const std::string x = modified + controls_before("x q[" + std::to_string(controls) + "];", controls);
    Matrix expected = state;
    std::swap(expected(size - 2), expected(size - 1));
    EXPECT_LT(distance(qasm_test::applied(qasm_test::circuit_of(controls + 1, x), state), expected), modifier_tolerance)
        << x;
    const std::string p = modified + controls_before("p(0.6) q[" + std::to_string(controls) + "];", controls);
    expected = state;
    expected(size - 1) *= std::exp(0.6 * i);
    EXPECT_LT(distance(qasm_test::applied(qasm_test::circuit_of(controls + 1, p), state), expected), modifier_tolerance)
        << p;
  }
}

// The number of gates grows as the square of the controls: doubling them takes about four times as many.
TEST(QasmModifiers, CostOfManyControls) {
  const auto gates = [](std::size_t controls) {
    const std::string call = "ctrl(" + std::to_string(controls) + ") @ " +
                             controls_before("x q[" + std::to_string(controls) + "];", controls);
    return titrant::quantum::read_qasm("include \"stdgates.inc\"; qubit[" + std::to_string(controls + 1) + "] q; " +
                                       call)
        .circuit.operations()
        .size();
  };
  EXPECT_LT(gates(100), 9U * 100 * 100);
  EXPECT_LT(static_cast<double>(gates(200)) / static_cast<double>(gates(100)), 4.3);
}

TEST(QasmModifiers, InverseGates) {
  for (const GateKind kind : kinds()) {
    const std::size_t qubits = titrant::quantum::gate_qubits(kind) + 1;
    // Under a control, so that a wrong phase shows.
    const std::string call = "ctrl @ inv @ " + controls_before(call_of(kind, 1), 1);
    EXPECT_LT(distance(unitary_of(qubits, call), controlled(1, matrix_of(kind).adjoint())), modifier_tolerance) << call;
  }
}

TEST(QasmModifiers, NegativeControls) {
  Matrix expected = Matrix::Identity(8, 8);
  expected.block(4, 4, 2, 2) = u3(0.7, 0.4, -1.1);  // first 1, second 0
  EXPECT_LT(distance(unitary_of(3, "ctrl @ negctrl @ u(0.7, 0.4, -1.1) q[0], q[1], q[2];"), expected),
            modifier_tolerance);
  expected.setIdentity();
  expected.topLeftCorner(2, 2) = dense::x();
  EXPECT_LT(distance(unitary_of(3, "negctrl(2) @ x q[0], q[1], q[2];"), expected), modifier_tolerance);
}

TEST(QasmModifiers, WholePowers) {
  for (const GateKind kind : kinds()) {
    const std::size_t qubits = titrant::quantum::gate_qubits(kind) + 1;
    const Matrix u = matrix_of(kind);
    const std::string call = controls_before(call_of(kind, 1), 1);
    EXPECT_LT(distance(unitary_of(qubits, "ctrl @ pow(3) @ " + call), controlled(1, u * u * u)), modifier_tolerance)
        << call;
    EXPECT_LT(distance(unitary_of(qubits, "pow(-2) @ ctrl @ " + call), controlled(1, (u * u).adjoint())),
              modifier_tolerance)
        << call;
    EXPECT_LT(
        distance(unitary_of(qubits, "pow(0) @ ctrl @ " + call), controlled(1, Matrix::Identity(u.rows(), u.cols()))),
        modifier_tolerance)
        << call;
  }
}

// A phase of the whole is one of its controls.
TEST(QasmModifiers, GlobalPhases) {
  const auto phase = [](double angle) { return dense::phase_gate(angle); };
  EXPECT_LT(distance(unitary_of(1, "ctrl @ inv @ gphase(0.3) q[0];"), phase(-0.3)), modifier_tolerance);
  EXPECT_LT(distance(unitary_of(1, "ctrl @ pow(3) @ gphase(0.3) q[0];"), phase(0.9)), modifier_tolerance);
  EXPECT_LT(distance(unitary_of(1, "pow(0.5) @ ctrl @ gphase(0.3) q[0];"), phase(0.15)), modifier_tolerance);
  EXPECT_LT(distance(unitary_of(1, "negctrl @ gphase(0.3) q[0];"), phase(-0.3)), modifier_tolerance);
  EXPECT_LT(distance(unitary_of(2, "ctrl(2) @ gphase(0.3) q[0], q[1];"), controlled(1, phase(0.3))),
            modifier_tolerance);
}

// Principal powers of all native gates, under a control and as inverses, against an eigendecomposition.
TEST(QasmModifiers, FractionalPowers) {
  for (const GateKind kind : kinds()) {
    const std::size_t qubits = titrant::quantum::gate_qubits(kind) + 1;
    const std::string call = controls_before(call_of(kind, 1), 1);
    for (const double exponent : {0.5, -0.25, 1.7}) {
      const std::string modifier = "pow(" + std::to_string(exponent) + ") @ ";
      const Matrix expected = controlled(1, power(matrix_of(kind), exponent));
      EXPECT_LT(distance(unitary_of(qubits, "ctrl @ " + modifier + call), expected), modifier_tolerance)
          << modifier << call;
      EXPECT_LT(distance(unitary_of(qubits, modifier + "ctrl @ " + call), expected), modifier_tolerance)
          << modifier << call;
      EXPECT_LT(distance(unitary_of(qubits, "inv @ ctrl @ " + modifier + call), expected.adjoint()), modifier_tolerance)
          << modifier << call;
      const Matrix of_inverse = controlled(1, power(matrix_of(kind).adjoint(), exponent));
      EXPECT_LT(distance(unitary_of(qubits, "ctrl @ " + modifier + "inv @ " + call), of_inverse), modifier_tolerance)
          << modifier << call;
    }
  }
  // Half of a square is not the gate: the eigenvalue is taken from what the inner power left.
  EXPECT_LT(distance(unitary_of(1, "pow(1/2) @ pow(2) @ z q[0];"), dense::identity()), modifier_tolerance);
  EXPECT_LT(distance(unitary_of(1, "pow(1/2) @ x q[0];"), matrix_of(GateKind::sx)), modifier_tolerance);
  EXPECT_LT(distance(unitary_of(1, "ctrl @ pow(0.5) @ gphase(-pi) q[0];"), dense::phase_gate(pi / 2)),
            modifier_tolerance);
}

// Gates of one's own: nested, with expressions in their parameters, under all modifiers.
TEST(QasmModifiers, OfDefinitions) {
  const std::string definitions =
      "gate inner(a, b) x0, x1 { rx(a * 2) x0; gphase(b); ctrl @ ry(sin(b) + a ** 2) x0, x1; barrier x0, x1; s x1; }\n"
      "gate outer(t) c, d { inner(-t, t / 2) d, c; inv @ inner(t, 1) c, d; pow(2) @ h c; }\n"
      "gate single(t) c { rx(t) c; gphase(0.3); rz(2 * t) c; }\n"
      "gate wrapped(t) c, d { ctrl @ single(t) c, d; }\n";
  const auto on = [](std::size_t qubit, const Matrix& u) { return dense::on(2, qubit, u); };
  const auto inner = [&on](double a, double b, bool exchanged) {
    const std::size_t first = exchanged ? 1 : 0;
    const Matrix turn = dense::exponential(on(1 - first, dense::y()), std::sin(b) + a * a);
    return Matrix(std::exp(i * b) * on(1 - first, dense::phase_gate(pi / 2)) * dense::controlled(2, first, turn) *
                  dense::exponential(on(first, dense::x()), 2 * a));
  };
  const double t = 0.6;
  const Matrix outer = inner(t, 1.0, false).adjoint() * inner(-t, t / 2, true);
  EXPECT_LT(distance(unitary_of(2, definitions + "outer(0.6) q[0], q[1];"), outer), modifier_tolerance);
  EXPECT_LT(distance(unitary_of(3, definitions + "ctrl @ outer(0.6) q[0], q[1], q[2];"), controlled(1, outer)),
            modifier_tolerance);
  EXPECT_LT(distance(unitary_of(3, definitions + "ctrl @ inv @ pow(2) @ outer(0.6) q[0], q[1], q[2];"),
                     controlled(1, (outer * outer).adjoint())),
            modifier_tolerance);
  const Matrix single = std::exp(0.3 * i) * dense::exponential(dense::z(), 2 * t) * dense::exponential(dense::x(), t);
  EXPECT_LT(distance(unitary_of(2, definitions + "ctrl @ pow(0.3) @ single(0.6) q[0], q[1];"),
                     controlled(1, power(single, 0.3))),
            modifier_tolerance);
  EXPECT_LT(
      distance(unitary_of(2, definitions + "pow(0.3) @ wrapped(0.6) q[0], q[1];"), controlled(1, power(single, 0.3))),
      modifier_tolerance);
  EXPECT_THROW(unitary_of(2, definitions + "pow(0.5) @ outer(0.6) q[0], q[1];"), titrant::ConfigError);
}

// Files define rzz or ecr where their library has not: that stays one gate if it is one, whatever its phase, and is
// what the file says if not.
TEST(QasmModifiers, DefinitionsOfNativeGatesAreRecognised) {
  const auto read = [](const std::string& definition, const std::string& call) {
    return titrant::quantum::read_qasm("include \"stdgates.inc\"; " + definition + " qubit[3] q; " + call).circuit;
  };
  const std::string rzz = "gate rzz(t) a, b { cx a, b; u1(t) b; cx a, b; }";
  const auto one = read(rzz, "rzz(0.4) q[0], q[2];");
  ASSERT_EQ(one.operations().size(), 1U);
  EXPECT_EQ(one.operations()[0].gate, GateKind::rzz);
  EXPECT_EQ(one.operations()[0].angles[0].value, 0.4);
  // u1 in place of rz gives the gate another phase, which a control must keep.
  const Matrix with_phase = std::exp(0.2 * i) * dense::whole(2, GateKind::rzz, {0, 1}, {0.4});
  EXPECT_LT(distance(qasm_test::unitary(read(rzz, "ctrl @ rzz(0.4) q[0], q[1], q[2];")), controlled(1, with_phase)),
            modifier_tolerance);
  const auto other =
      read("gate rzz(t) a, b { cx a, b; rz(2 * t) b; cx a, b; }", "rzz(0.4) q[0], q[2]; rzz(0) q[0], q[1];");
  ASSERT_EQ(other.operations().size(), 4U);  // the second is rzz(0) in any case
  EXPECT_EQ(other.operations()[1].angles[0].value, 0.8);
  const auto cross = read(
      "gate rzx(t) a, b { h b; cx a, b; rz(t) b; cx a, b; h b; }"
      "gate ecr a, b { rzx(pi/4) a, b; x a; rzx(-pi/4) a, b; }",
      "ecr q[1], q[0]; ecr q[0], q[1];");
  ASSERT_EQ(cross.operations().size(), 2U);
  EXPECT_EQ(cross.operations()[1].gate, GateKind::ecr);
}
