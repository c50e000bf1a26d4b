#include <gtest/gtest.h>

#include <numbers>

#include "titrant/core/error.hpp"
#include "titrant/quantum/gates.hpp"
#include "unitary.hpp"

using titrant::quantum::Operation;
using titrant::quantum::QasmProgram;
using titrant::quantum::read_qasm;
using titrant::quantum::Register;

namespace {

/// The angle of `rx(expression) q;`.
double angle_of(const std::string& expression, const std::string& head = "OPENQASM 3.0;") {
  const QasmProgram program = read_qasm(head + " include \"stdgates.inc\"; qubit q; rx(" + expression + ") q;");
  return program.circuit.operations().at(0).angles.at(0).value;
}

/// "gate qubits" of each operation, in one line.
std::string listed(const QasmProgram& program) {
  std::string text;
  for (const Operation& op : program.circuit.operations()) {
    text += op.kind == Operation::Kind::gate      ? std::string(titrant::quantum::gate_name(op.gate))
            : op.kind == Operation::Kind::measure ? "measure"
            : op.kind == Operation::Kind::reset   ? "reset"
                                                  : "barrier";
    for (const std::size_t qubit : op.qubits) text += ' ' + std::to_string(qubit);
    if (op.kind == Operation::Kind::measure) text += " -> " + std::to_string(op.bit);
    text += "; ";
  }
  return text;
}

std::string read(const std::string& statements, const std::string& version = "3.0") {
  return listed(read_qasm("OPENQASM " + version + ";\ninclude \"qelib1.inc\";\n" + statements));
}

}  // namespace

TEST(QasmReader, Expressions) {
  const double pi = std::numbers::pi;
  EXPECT_EQ(angle_of("pi/2 + 3*2 - 1"), pi / 2 + 5);
  EXPECT_EQ(angle_of("-2**2"), -4.0);
  EXPECT_EQ(angle_of("2**-1"), 0.5);
  EXPECT_EQ(angle_of("2**3**2"), 512.0);
  EXPECT_EQ(angle_of("-(1 - 3) / 4"), 0.5);
  EXPECT_EQ(angle_of("7 % 4"), 3.0);
  EXPECT_EQ(angle_of("1 - 2 - 3"), -4.0);
  EXPECT_EQ(angle_of("π + τ/2 + ℇ"), 2 * pi + std::numbers::e);
  EXPECT_EQ(angle_of("sin(1) * cos(2) - tan(.5e0)"), std::sin(1.0) * std::cos(2.0) - std::tan(0.5));
  EXPECT_EQ(angle_of("ln(2) + log(3) + exp(-1) + sqrt(2.)"),
            std::log(2.0) + std::log(3.0) + std::exp(-1.0) + std::sqrt(2.0));
  EXPECT_EQ(angle_of("arcsin(0.5) + arccos(0.5) + arctan(2)"), std::asin(0.5) + std::acos(0.5) + std::atan(2.0));
  EXPECT_EQ(angle_of("0x1F + 0b101 + 0o17 + 1_000"), 31.0 + 5 + 15 + 1000);
  EXPECT_EQ(angle_of("1.5e+2"), 150.0);
  EXPECT_EQ(angle_of("2^3", "OPENQASM 2.0;"), 8.0);
  EXPECT_EQ(angle_of("2^3"), 1.0);  // of bits
  EXPECT_EQ(angle_of("n * x0 / 2", "const int[32] n = 2 + 1; const float x0 = n / 2;"), 2.25);
}

TEST(QasmReader, DeclarationsOfBothVersions) {
  const QasmProgram program = read_qasm(
      "// a comment\nOPENQASM 3; qubit a; qreg b[2]; qubit[3] d; /* another\n */ bit e; creg f[2]; bit[1] g = 0;");
  EXPECT_EQ(program.qubits, (std::vector<Register>{{"a", 0, 1}, {"b", 1, 2}, {"d", 3, 3}}));
  EXPECT_EQ(program.bits, (std::vector<Register>{{"e", 0, 1}, {"f", 1, 2}, {"g", 3, 1}}));
  EXPECT_EQ(program.circuit.qubits(), 6U);
  EXPECT_EQ(program.circuit.bits(), 4U);
}

TEST(QasmReader, BroadcastsOverRegisters) {
  EXPECT_EQ(read("qreg a[2]; qreg b[2]; qreg s[1]; cx a, b; cx a[1], b; ccx a, b, s[0]; h a;", "2.0"),
            "cx 0 2; cx 1 3; cx 1 2; cx 1 3; ccx 0 2 4; ccx 1 3 4; h 0; h 1; ");
  EXPECT_EQ(read("qubit a; qubit[2] b; ctrl @ x a, b;"), "cx 0 1; cx 0 2; ");
}

TEST(QasmReader, IndicesAndAliases) {
  EXPECT_EQ(read("qubit[5] q; x q[-1]; x q[1:2]; x q[0:2:4]; x q[-1:-2:0]; x q[{3, 1}];"),
            "x 4; x 1; x 2; x 0; x 2; x 4; x 4; x 2; x 0; x 3; x 1; ");
  EXPECT_EQ(read("qubit[3] q; qubit r; let a = q[1:2] ++ r; x a[0]; cx a[2], a[0:1];"), "x 1; cx 3 1; cx 3 2; ");
  EXPECT_EQ(read("const int n = 2; qubit[n + 1] q; x q[n];"), "x 2; ");
}

TEST(QasmReader, MeasurementsResetsAndBarriers) {
  EXPECT_EQ(read("qreg q[2]; creg c[2]; measure q -> c; reset q; measure q[1] -> c[0];", "2.0"),
            "measure 0 -> 0; measure 1 -> 1; reset 0; reset 1; measure 1 -> 0; ");
  EXPECT_EQ(read("qubit[3] q; bit[2] c = measure q[1:2]; bit d = measure q[0]; c[{1, 0}] = measure q[0:1];"),
            "measure 1 -> 0; measure 2 -> 1; measure 0 -> 2; measure 0 -> 1; measure 1 -> 0; ");
  EXPECT_EQ(read("qubit[3] q; barrier; barrier q[2], q[0:1];"), "barrier; barrier 2 0 1; ");
  EXPECT_EQ(read("gate g a, b { x a; barrier a, b; } qubit[2] q; g q[1], q[0];"), "x 1; barrier 1 0; ");
}

// What version 2 has without any include, and a definition in place of a library's gate.
TEST(QasmReader, GatesOfTheLanguageAndOnesOwn) {
  EXPECT_EQ(listed(read_qasm("OPENQASM 2.0; qreg q[2]; U(0,0,pi) q[0]; CX q[0],q[1];")), "u 0; cx 0 1; ");
  EXPECT_EQ(listed(read_qasm("qubit q; gate h a { U(pi/2, 0, pi) a; } h q;")), "h 0; ");
  EXPECT_EQ(read("gate ch a, b { cz a, b; } qubit[2] q; ch q[0], q[1];"), "cz 0 1; ");
  // The library's own definitions go by the library's gates.
  EXPECT_EQ(read("gate h a { z a; } qubit[3] q; h q[0]; rccx q[0], q[1], q[2];").substr(0, 10), "z 0; h 2; ");
}

// What Amazon Braket writes: no include, its own names, pragmas.
TEST(QasmReader, ProgramsOfBraketNeedNoInclude) {
  const QasmProgram program = read_qasm(
      "OPENQASM 3.0;\nbit[2] b;\nqubit[2] q;\nh q[0];\ncnot q[0], q[1];\n#pragma braket result probability q[0:1] ? "
      "\"\n"
      "@note of q\nti q[1];\n#pragma braket verbatim\nbox{\nv q[0];\n}\nb[0] = measure q[0];\n",
      "f");
  EXPECT_EQ(listed(program), "h 0; cx 0 1; tdg 1; sx 0; measure 0 -> 0; ");
  ASSERT_EQ(program.notes.size(), 2U);
  EXPECT_EQ(
      program.notes[0],
      "f:6:1: '#pragma braket result probability q[0:1]...' is ignored, as all pragmas are that do not change the "
      "circuit (2 in all)");
  EXPECT_EQ(program.notes[1], "f:7:1: '@note of q' is ignored, as all annotations are");
}

TEST(QasmReader, PhysicalQubitsAreNumberedInTheirOrder) {
  const QasmProgram program = read_qasm("bit[2] c; cz $10, $2; rz(pi) $3; c[0] = measure $2; delay[100ns] $10;");
  EXPECT_EQ(listed(program), "cz 2 0; rz 1; measure 0 -> 0; ");
  EXPECT_EQ(program.qubits, (std::vector<Register>{{"physical_2", 0, 1}, {"physical_3", 1, 1}, {"physical_10", 2, 1}}));
  EXPECT_EQ(program.notes.size(), 1U);
}

// An outcome without a bit collapses its qubit all the same.
TEST(QasmReader, MeasurementsWithoutATargetGetBits) {
  const QasmProgram program = read_qasm("qubit[2] q; bit unassigned; h q[1]; measure q[1]; measure q;");
  EXPECT_EQ(listed(program), "h 1; measure 1 -> 1; measure 0 -> 2; measure 1 -> 3; ");
  EXPECT_EQ(program.bits,
            (std::vector<Register>{{"unassigned", 0, 1}, {"unassigned_1", 1, 1}, {"unassigned_2", 2, 2}}));
}

TEST(QasmReader, InputsAreGiven) {
  const std::string text = "input float[64] theta; input uint n; qubit[n] q; rx(theta / n) q[n - 1];";
  const QasmProgram program = read_qasm(text, "f", {{"theta", 0.5}, {"n", 2.0}});
  EXPECT_EQ(listed(program), "rx 1; ");
  EXPECT_EQ(program.circuit.operations().at(0).angles.at(0).value, 0.25);
  EXPECT_THROW(read_qasm(text, "f", {{"theta", 0.5}}), titrant::ConfigError);
  EXPECT_THROW(read_qasm(text, "f", {{"theta", 0.5}, {"n", 2.5}}), titrant::ConfigError);
  EXPECT_THROW(read_qasm(text, "f", {{"theta", 0.5}, {"n", 2.0}, {"other", 1.0}}), titrant::ConfigError);
}

TEST(QasmReader, OpaqueGatesThatNobodyCallsAreRead) {
  EXPECT_EQ(read("opaque magic(a, b) q, r; qreg q[1]; x q[0];", "2.0"), "x 0; ");
}

TEST(QasmReader, LoopsAreUnrolled) {
  EXPECT_EQ(read("qubit[5] q; for int i in [0:2:4] x q[i]; for uint k in {3, 1} { h q[k]; y q[k - 1]; }"),
            "x 0; x 2; x 4; h 3; y 2; h 1; y 0; ");
  EXPECT_EQ(read("qubit[3] q; for int i in [2:-1:0] for int k in [0:i - 1] { cx q[i], q[k]; } for int i in [1:0] z q;"),
            "cx 2 0; cx 2 1; cx 1 0; ");
  EXPECT_EQ(read("qubit[4] q; int i = 0; while (i < 3) { x q[i]; i += 2; } z q[i - 1];"), "x 0; x 2; z 3; ");
  EXPECT_EQ(
      read("const int n = 3; qubit[n] q; for int i in [0:n - 1] { if (i < n - 1) cx q[i], q[i + 1]; else h q[i]; }"),
      "cx 0 1; cx 1 2; h 2; ");
}

TEST(QasmReader, Variables) {
  EXPECT_EQ(angle_of("x", "int[8] i = 3; float x = 2 * i; x = x / 4; x *= 3; x -= 1; x += i;"), 6.5);
  EXPECT_EQ(angle_of("i / 2", "int i = 6;"), 3.0);
  EXPECT_NEAR(angle_of("a / 4", "angle a = 5 * pi;"), std::numbers::pi / 4, 1e-15);
  EXPECT_EQ(read("bool b = true; qubit q; if (b) x q; b = false; if (b) y q; else z q; if (!b && 2 > 1) h q;"),
            "x 0; z 0; h 0; ");
  EXPECT_EQ(read("uint n = 2; qubit q; switch (n) { case 0, 1 { x q; } case 2 { y q; } default { z q; } }"), "y 0; ");
  EXPECT_EQ(read("uint n = 7; qubit q; switch (n) { case 0, 1 { x q; } default { z q; } }"), "z 0; ");
}

TEST(QasmReader, IdentitiesAndGlobalPhasesLeaveNothing) {
  EXPECT_EQ(read("qubit[2] q; id q; u0(1) q; gphase(0.3); pow(0) @ x q; gate none a { } ctrl @ none q[0], q[1];"), "");
}
