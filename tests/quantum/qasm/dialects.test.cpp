#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <numbers>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "quantum/circuits.hpp"
#include "titrant/core/error.hpp"
#include "titrant/quantum/bind.hpp"
#include "titrant/quantum/simulation/distribution.hpp"
#include "unitary.hpp"

using titrant::quantum::Angle;
using titrant::quantum::Circuit;
using titrant::quantum::dialect_name;
using titrant::quantum::dialect_named;
using titrant::quantum::dialect_notes;
using titrant::quantum::distribution;
using titrant::quantum::GateKind;
using titrant::quantum::Operation;
using titrant::quantum::QasmDialect;
using titrant::quantum::read_qasm;
using titrant::quantum::write_qasm;

namespace {

constexpr QasmDialect all_dialects[] = {QasmDialect::openqasm3, QasmDialect::qiskit, QasmDialect::braket,
                                        QasmDialect::qdk, QasmDialect::openqasm2};

/// A circuit of all kinds of operations with resets and measurements under conditions, on at most `most` bits each.
Circuit mixed_circuit(std::uint64_t seed, std::size_t most) {
  const Circuit random = circuits::random_circuit(4, 50, seed, {});
  const Circuit bound = titrant::quantum::bind_angles(random, circuits::random_angles(random.parameters(), seed),
                                                      circuits::random_angles(random.features(), seed + 1));
  Circuit circuit(bound.qubits(), bound.bits());
  std::vector<bool> measured(bound.bits(), false);
  circuit.gate(GateKind::h, {0}).gate(GateKind::cx, {0, 2}).gate(GateKind::h, {1}).barrier({1, 0}).barrier();
  std::size_t number = 0;
  for (Operation operation : bound.operations()) {
    const bool turn = ++number % 2 == 0;
    const bool may_wait = operation.kind == Operation::Kind::measure || operation.kind == Operation::Kind::reset;
    if (may_wait && turn)
      for (const std::size_t bit : {std::size_t{0}, std::size_t{1}})
        if (measured[bit]) operation.conditions.push_back({bit, number % 3 == 0});
    if (operation.conditions.size() > most) operation.conditions.resize(most);
    if (operation.kind == Operation::Kind::measure) measured[operation.bit] = true;
    circuit.add(std::move(operation));
  }
  return circuit;
}

/// The largest difference of the probability of any outcome.
double difference(const Circuit& a, const Circuit& b) {
  std::map<std::uint64_t, double> left;
  for (const auto& [bits, probability] : distribution(a, {}, {})) left[bits] += probability;
  for (const auto& [bits, probability] : distribution(b, {}, {})) left[bits] -= probability;
  double largest = 0.0;
  for (const auto& [bits, d] : left) largest = std::max(largest, std::abs(d));
  return largest;
}

/// A gate of this kind on its own, its control or first qubit being the last of three.
Circuit alone(GateKind kind, double angle) {
  Circuit circuit(3, 0);
  std::vector<std::size_t> qubits;
  std::vector<Angle> angles;
  for (std::size_t j = 0; j < titrant::quantum::gate_qubits(kind); ++j) qubits.push_back(2 - j);
  for (std::size_t j = 0; j < titrant::quantum::gate_angles(kind); ++j)
    angles.push_back(Angle::constant(angle + static_cast<double>(j)));
  circuit.gate(kind, qubits, angles);
  return circuit;
}

constexpr const char* number_form = R"(-?[0-9]+\.[0-9]+(e[-+][0-9]+)?)";
constexpr const char* element_form = R"([a-z][A-Za-z0-9_]*\[[0-9]+\])";

/// Lines that a reader takes: its documentation in regular expressions, gates by name and number of angles.
struct Grammar {
  std::vector<std::string> gates;        ///< without angles
  std::vector<std::string> turns;        ///< with one angle
  std::vector<std::string> with_three;   ///< with three
  std::vector<std::string> other_lines;  ///< heads, declarations, measurements, conditions
  std::string before = " *";             ///< what may stand before an operation
};

std::string one_of(const std::vector<std::string>& words) {
  std::string text = "(";
  for (const std::string& word : words) text += (text.size() > 1 ? "|" : "") + word;
  return text + ")";
}

void expect_lines(const std::string& text, const Grammar& grammar) {
  const std::string num = number_form;
  const std::string el = element_form;
  std::string line_of = grammar.before + "(" + one_of(grammar.gates) + "|" + one_of(grammar.turns);
  line_of += R"(\()" + num + R"(\))";
  if (!grammar.with_three.empty())
    line_of += "|" + one_of(grammar.with_three) + R"(\()" + num + ", " + num + ", " + num + R"(\))";
  line_of += ") " + el + "(, " + el + "){0,2};";
  std::vector<std::regex> lines = {std::regex("//.*"), std::regex(line_of)};
  for (const std::string& line : grammar.other_lines) lines.emplace_back(line);
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    EXPECT_TRUE(std::any_of(lines.begin(), lines.end(), [&line](const std::regex& r) {
      return std::regex_match(line, r);
    })) << line;
  }
}

/// The gates of stdgates.inc by their angles, and U.
const std::vector<std::string> standard_gates = {"x",  "y",  "z",  "h",  "s",    "sdg", "t",  "tdg",
                                                 "sx", "cx", "cy", "cz", "swap", "ccx", "ecr"};
const std::vector<std::string> standard_turns = {"rx", "ry", "rz", "p", "cp", "crx", "cry", "crz", "rxx", "ryy", "rzz"};

std::vector<std::string> version_3_lines(const std::string& test) {
  const std::string el = element_form;
  return {"OPENQASM 3.0;",
          R"(include "stdgates.inc";)",
          R"(gate (rxx|ryy|rzz)\(theta\) a, b \{.*\})",
          R"(gate ecr a, b \{.*\})",
          R"((qubit|bit)\[[0-9]+\] [a-z][A-Za-z0-9_]*;)",
          " *" + el + " = measure " + el + ";",
          " *reset " + el + ";",
          "barrier( " + el + "(, " + el + ")*)?;",
          R"( *if \()" + test + R"(\) \{)",
          R"( *\})"};
}

}  // namespace

TEST(QasmDialects, AreNamed) {
  for (const QasmDialect dialect : all_dialects) EXPECT_EQ(dialect_named(dialect_name(dialect)), dialect);
  try {
    dialect_named("quiskit");
    FAIL();
  } catch (const titrant::ConfigError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("openqasm3, qiskit, braket, qdk, openqasm2"));
  }
}

// Every dialect says the same circuit: outcomes of random circuits of all gates, with conditions, measurements and
// resets in the middle. 1e-12: two simulations of some fifty gates, of a few roundings each.
TEST(QasmDialects, SayTheSameCircuit) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    for (const QasmDialect dialect : all_dialects) {
      const Circuit circuit = mixed_circuit(seed, dialect == QasmDialect::openqasm2 ? 1 : 2);
      const std::string text = write_qasm(circuit, {}, {}, {"seed"}, dialect);
      EXPECT_LT(difference(circuit, read_qasm(text).circuit), 1e-12) << dialect_name(dialect) << ' ' << seed;
      EXPECT_EQ(text.find("&&"), std::string::npos);
    }
  }
}

// Each gate alone is its matrix, also by more than a whole turn, where the sign of a controlled rotation counts.
TEST(QasmDialects, GatesAreTheirMatrices) {
  using std::numbers::pi;
  for (const QasmDialect dialect : all_dialects) {
    for (int k = 0; k <= static_cast<int>(GateKind::ccx); ++k) {
      for (const double angle : {0.5, -3.0, 3.5, -4.0, 2.0 * pi, 7.0, -9.0, 4.0 * pi + 0.1}) {
        const Circuit circuit = alone(static_cast<GateKind>(k), angle);
        const std::string text = write_qasm(circuit, {}, {}, {}, dialect);
        // A dozen gates of a few roundings each; the series of dense.hpp loses two digits at angles of two turns.
        EXPECT_LT(qasm_test::distance(qasm_test::unitary(read_qasm(text).circuit), qasm_test::unitary(circuit)), 1e-13)
            << text;
      }
    }
  }
}

TEST(QasmDialects, ControlledRotationsStayWithinHalfATurn) {
  const std::regex call(R"(cr[xyz]\(([^)]*)\))");
  for (const QasmDialect dialect : all_dialects) {
    for (const GateKind kind : {GateKind::crx, GateKind::cry, GateKind::crz}) {
      for (double angle = -20.0; angle < 20.0; angle += 0.7) {
        const std::string text = write_qasm(alone(kind, angle), {}, {}, {}, dialect);
        for (auto found = std::sregex_iterator(text.begin(), text.end(), call); found != std::sregex_iterator();
             ++found)
          EXPECT_LE(std::abs(std::stod((*found)[1])), std::numbers::pi) << text;
      }
    }
  }
}

// Qiskit's importer (qiskit-qasm3-import 0.6): stdgates.inc and definitions; conditions are one bit against a constant.
TEST(QasmDialects, QiskitTakesEveryLine) {
  const Grammar grammar{
      standard_gates, standard_turns, {"U"}, version_3_lines(std::string(element_form) + " == (true|false)")};
  for (std::uint64_t seed = 0; seed < 20; ++seed)
    expect_lines(write_qasm(mixed_circuit(seed, 2), {}, {}, {}, QasmDialect::qiskit), grammar);
}

// Microsoft's compiler (qsharp-lang 1.32): angles are no whole numbers, controlled rotations are written as others. Run
// for real in tests/end_to_end/qdk.sh.
TEST(QasmDialects, QdkTakesEveryLine) {
  const Grammar grammar{standard_gates, standard_turns, {"U"}, version_3_lines("!?" + std::string(element_form))};
  const Grammar qdk{standard_gates, {"rx", "ry", "rz", "p", "cp", "rxx", "ryy", "rzz"}, {"U"}, grammar.other_lines};
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    expect_lines(write_qasm(mixed_circuit(seed, 2), {}, {}, {}, QasmDialect::qdk), qdk);
    expect_lines(write_qasm(mixed_circuit(seed, 2), {}, {}, {}, QasmDialect::openqasm3), grammar);
  }
}

// Amazon Braket (developer guide, "What OpenQASM features does Braket support?"): its own gates without an include, one
// register of qubits and one of bits; conditions as its local simulator has them.
TEST(QasmDialects, BraketTakesEveryLine) {
  const std::string bit = R"(c\[[0-9]+\])";
  const std::string qubit = R"(q\[[0-9]+\])";
  const Grammar grammar{
      {"h",  "i",    "x",  "y",  "z",  "s",    "si",    "t",   "ti",    "v",
       "vi", "cnot", "cy", "cz", "cv", "swap", "iswap", "ecr", "ccnot", "cswap"},
      {"rx", "ry", "rz", "phaseshift", "cphaseshift", "xx", "yy", "zz", "xy"},
      {},
      {"OPENQASM 3.0;", R"(qubit\[4\] q;)", R"(bit\[7\] c;)", " *" + bit + " = measure " + qubit + ";",
       " *reset " + qubit + ";", R"( *if \()" + bit + R"( == [01]\) \{)", R"( *\})"}};
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Circuit circuit = mixed_circuit(seed, 2);
    expect_lines(write_qasm(circuit, {{"data", 0, 3}, {"far", 3, 1}}, {{"pooled", 0, 3}, {"answer", 3, 4}}, {},
                            QasmDialect::braket),
                 grammar);
  }
}

// arXiv:1707.03429: the gates of its qelib1.inc, one condition on a whole register before an operation, numbers with a
// decimal point, barriers with qubits.
TEST(QasmDialects, Version2TakesEveryLine) {
  const std::string el = element_form;
  const std::string before = R"((if\([a-z][A-Za-z0-9_]*==[01]\) )?)";
  const Grammar grammar{{"id", "x", "y", "z", "h", "s", "sdg", "t", "tdg", "cx", "cz", "cy", "ch", "ccx"},
                        {"u1", "rx", "ry", "rz", "crz", "cu1"},
                        {"u3", "cu3"},
                        {"OPENQASM 2.0;", R"(include "qelib1.inc";)", R"((qreg|creg) [a-z][A-Za-z0-9_]*\[[0-9]+\];)",
                         before + "measure " + el + " -> " + el + ";", before + "reset " + el + ";",
                         "barrier ([a-z][A-Za-z0-9_]*|" + el + ")(, " + el + ")*;"},
                        before};
  for (std::uint64_t seed = 0; seed < 20; ++seed)
    expect_lines(write_qasm(mixed_circuit(seed, 1), {}, {}, {}, QasmDialect::openqasm2), grammar);
}

TEST(QasmDialects, BitsWithConditionsAreRegistersOfTheirOwnInVersion2) {
  Circuit circuit(2, 3);
  circuit.measure(0, 1).gate(GateKind::x, {1}, {}, {{1, true}}).measure(1, 2, {{1, false}});
  EXPECT_EQ(write_qasm(circuit, {}, {{"c", 0, 2}, {"d", 2, 1}}, {}, QasmDialect::openqasm2),
            R"(OPENQASM 2.0;
include "qelib1.inc";
// c_0 is c[0]
// c_1 is c[1]
qreg q[2];
creg c_0[1];
creg c_1[1];
creg d[1];
measure q[0] -> c_1[0];
if(c_1==1) x q[1];
if(c_1==0) measure q[1] -> d[0];
)");
}

TEST(QasmDialects, WhatADialectHasNotIsRefusedByName) {
  Circuit circuit(1, 2);
  circuit.measure(0, 0).measure(0, 1).gate(GateKind::x, {0}, {}, {{0, true}, {1, false}});
  const auto message = [&circuit](const std::string& name, QasmDialect dialect) {
    try {
      write_qasm(circuit, {{name, 0, 1}}, {}, {}, dialect);
      return std::string();
    } catch (const titrant::ConfigError& error) {
      return std::string(error.what());
    }
  };
  EXPECT_THAT(message("q", QasmDialect::openqasm2),
              testing::HasSubstr("operation 3 is under conditions on 2 bits, and version 2 has conditions on one"));
  circuit = Circuit(1, 0);
  EXPECT_THAT(message("Q", QasmDialect::openqasm2), testing::HasSubstr("begin with a lowercase letter, 'Q' does not"));
  EXPECT_EQ(message("Q", QasmDialect::openqasm3), "");
}

// Amazon Braket's devices take no conditions, resets or operations after a measurement; its local simulator does.
TEST(QasmDialects, NotesSayWhereATextRuns) {
  Circuit circuit(2, 2);
  circuit.gate(GateKind::h, {0}).measure(0, 0).gate(GateKind::h, {1}).measure(1, 1).barrier();
  EXPECT_TRUE(dialect_notes(circuit, QasmDialect::braket).empty());
  circuit.gate(GateKind::x, {1}, {}, {{0, true}}).reset(0);
  ASSERT_EQ(dialect_notes(circuit, QasmDialect::braket).size(), 1U);
  EXPECT_THAT(dialect_notes(circuit, QasmDialect::braket)[0],
              testing::AllOf(testing::HasSubstr("conditions on measured bits"), testing::HasSubstr("resets"),
                             testing::HasSubstr("operations on measured qubits"), testing::HasSubstr("no device")));
  EXPECT_TRUE(dialect_notes(circuit, QasmDialect::qdk).empty());
}
