#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "quantum/circuits.hpp"
#include "titrant/core/error.hpp"
#include "titrant/quantum/bind.hpp"
#include "titrant/quantum/gates.hpp"
#include "unitary.hpp"

using titrant::quantum::Angle;
using titrant::quantum::bind_angles;
using titrant::quantum::Circuit;
using titrant::quantum::GateKind;
using titrant::quantum::Operation;
using titrant::quantum::read_qasm;
using titrant::quantum::Register;
using titrant::quantum::write_qasm;

namespace {

/// Every kind of gate with its qubits in descending order.
Circuit all_gates() {
  Circuit circuit(4, 0);
  for (int k = 0; k <= static_cast<int>(GateKind::ccx); ++k) {
    const auto kind = static_cast<GateKind>(k);
    std::vector<std::size_t> qubits;
    std::vector<Angle> angles;
    for (std::size_t j = 0; j < titrant::quantum::gate_qubits(kind); ++j) qubits.push_back(3 - j);
    for (std::size_t j = 0; j < titrant::quantum::gate_angles(kind); ++j)
      angles.push_back(Angle::constant(0.1 / 3.0 * static_cast<double>(k) - static_cast<double>(j)));
    circuit.gate(kind, qubits, angles);
  }
  return circuit;
}

std::vector<Operation::Condition> sorted(std::vector<Operation::Condition> conditions) {
  std::sort(conditions.begin(), conditions.end(), [](const auto& a, const auto& b) { return a.bit < b.bit; });
  return conditions;
}

void expect_same(const Circuit& a, const Circuit& b) {
  ASSERT_EQ(a.operations().size(), b.operations().size());
  EXPECT_EQ(a.qubits(), b.qubits());
  EXPECT_EQ(a.bits(), b.bits());
  for (std::size_t k = 0; k < a.operations().size(); ++k) {
    const Operation& x = a.operations()[k];
    const Operation& y = b.operations()[k];
    EXPECT_EQ(x.kind, y.kind) << k;
    EXPECT_EQ(x.qubits, y.qubits) << k;
    EXPECT_EQ(sorted(x.conditions), sorted(y.conditions)) << k;
    EXPECT_EQ(x.bit, y.bit) << k;
    if (x.kind != Operation::Kind::gate) continue;
    EXPECT_EQ(x.gate, y.gate) << k;
    ASSERT_EQ(x.angles.size(), y.angles.size()) << k;
    for (std::size_t j = 0; j < x.angles.size(); ++j) EXPECT_EQ(x.angles[j].value, y.angles[j].value) << k;
  }
}

/// Whether a text says the operation as it is: controlled rotations by more than pi are two gates.
bool stays(const Operation& operation) {
  const bool rotation =
      operation.kind == Operation::Kind::gate &&
      (operation.gate == GateKind::crx || operation.gate == GateKind::cry || operation.gate == GateKind::crz);
  return !rotation || std::abs(operation.angles[0].value) <= std::numbers::pi;
}

}  // namespace

// The same operations with the same bits of all angles, for all gates and for random circuits with feedback.
TEST(QasmWriter, ReadingGivesTheSameCircuit) {
  expect_same(all_gates(), read_qasm(write_qasm(all_gates(), {}, {})).circuit);
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const Circuit random = circuits::random_circuit(4, 60, seed, {});
    const Circuit bound = bind_angles(random, circuits::random_angles(random.parameters(), seed),
                                      circuits::random_angles(random.features(), seed + 1));
    Circuit kept(bound.qubits(), bound.bits());  // what a text can express
    for (const Operation& operation : bound.operations())
      if (operation.kind != Operation::Kind::discard && stays(operation)) kept.add(operation);
    expect_same(kept, read_qasm(write_qasm(kept, {}, {})).circuit);
  }
}

// Integers of OpenQASM end at 2^53, where numbers still have fewer than 17 digits.
TEST(QasmWriter, LargeAndSmallAnglesAreReadBackUnchanged) {
  Circuit circuit(1, 0);
  for (const double angle : {9007199254740992.0, 9007199254740994.0, -9999998060000094.0, 1e17, 1e308, 5e-324, -0.0})
    circuit.gate(GateKind::u, {0}, {Angle::constant(angle), Angle::constant(-angle), Angle::constant(0.1)});
  expect_same(read_qasm(write_qasm(circuit, {}, {})).circuit, circuit);
}

// Definitions in the text must be the gates themselves, phase included, for readers that expand them. The text's
// definitions are given other names, so that they are not recognised here.
TEST(QasmWriter, DefinitionsAreTheGates) {
  for (const GateKind kind : {GateKind::rxx, GateKind::ryy, GateKind::rzz, GateKind::ecr}) {
    const bool turns = titrant::quantum::gate_angles(kind) == 1;
    Circuit circuit(2, 0);
    circuit.gate(kind, {0, 1}, turns ? std::vector<Angle>{Angle::constant(0.7)} : std::vector<Angle>{});
    std::string text = write_qasm(circuit, {}, {});
    const std::string name(titrant::quantum::gate_name(kind));
    for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + 5))
      text.replace(at, name.size(), "my_" + name);
    text.replace(text.find("qubit[2]"), 8, "qubit[3]");
    const std::size_t call = text.rfind("my_");
    text.resize(call);
    text += "ctrl @ my_" + name + (turns ? "(0.7)" : "") + " q[0], q[1], q[2];";
    const Circuit read = read_qasm(text).circuit;
    EXPECT_GT(read.operations().size(), 1U);
    const dense::Matrix gate = dense::whole(2, kind, {0, 1}, {0.7});
    // A dozen gates of a few roundings each.
    EXPECT_LT(qasm_test::distance(qasm_test::unitary(read), qasm_test::controlled(1, gate)), 1e-14) << text;
  }
}

TEST(QasmWriter, TextAsAWhole) {
  Circuit circuit(3, 2);
  circuit.gate(GateKind::ry, {0}, {Angle::constant(0.1)}).barrier().measure(0, 0);
  circuit.gate(GateKind::x, {1}, {}, {{0, true}}).gate(GateKind::rzz, {1, 2}, {Angle::constant(-0.5)}, {{0, true}});
  circuit.measure(1, 1, {{0, true}}).reset(1).discard(0).barrier({1, 2}).measure(2, 0, {{0, true}, {1, false}});
  circuit.gate(GateKind::u, {2}, {Angle::constant(1), Angle::constant(2), Angle::constant(3)});
  circuit.gate(GateKind::crx, {1, 2}, {Angle::constant(4)});
  EXPECT_EQ(write_qasm(circuit, {{"data", 0, 2}, {"far", 2, 1}}, {{"outcome", 0, 1}, {"result", 1, 1}},
                       {"two lines\nof comment"}),
            R"(OPENQASM 3.0;
include "stdgates.inc";
// two lines
// of comment
gate rzz(theta) a, b { cx a, b; rz(theta) b; cx a, b; }
qubit[2] data;
qubit[1] far;
bit[1] outcome;
bit[1] result;
ry(0.10000000000000001) data[0];
barrier;
outcome[0] = measure data[0];
if (outcome[0]) {
  x data[1];
  rzz(-0.5) data[1], far[0];
  result[0] = measure data[1];
}
reset data[1];
// data[0] is not used any more
barrier data[1], far[0];
if (outcome[0]) {
  if (!result[0]) {
    outcome[0] = measure far[0];
  }
}
U(1.0, 2.0, 3.0) far[0];
crx(-2.2831853071795862) data[1], far[0];
z data[1];
)");
}

// A measurement that writes a bit of its condition must not share its `if` with what follows.
TEST(QasmWriter, ConditionsAreAskedAnewAfterTheirBitIsWritten) {
  Circuit circuit(2, 1);
  circuit.gate(GateKind::h, {0}).measure(0, 0).gate(GateKind::h, {0}, {}, {{0, true}});
  circuit.measure(0, 0, {{0, true}}).gate(GateKind::x, {1}, {}, {{0, true}});
  expect_same(circuit, read_qasm(write_qasm(circuit, {}, {})).circuit);
}

TEST(QasmWriter, RefusesWhatATextCannotSay) {
  Circuit circuit(2, 1);
  const auto refuses = [&circuit](const std::vector<Register>& qubits, const std::vector<Register>& bits) {
    EXPECT_THROW(write_qasm(circuit, qubits, bits), titrant::ConfigError);
  };
  refuses({{"q", 0, 1}}, {});
  refuses({{"q", 0, 3}}, {});
  refuses({{"q", 1, 1}, {"r", 0, 1}}, {});
  refuses({{"q", 0, 1}, {"q", 1, 1}}, {});
  refuses({{"q", 0, 2}}, {{"q", 0, 1}});
  refuses({{"gate", 0, 2}}, {});
  refuses({{"cx", 0, 2}}, {});
  refuses({{"two words", 0, 2}}, {});
  refuses({{"", 0, 2}}, {});
  refuses({{"pi", 0, 2}}, {});
  circuit.gate(GateKind::rx, {0}, {Angle::parameter(0)});
  refuses({}, {});
  circuit = Circuit(2, 1);
  circuit.amplitude_input({0});
  refuses({}, {});
}
