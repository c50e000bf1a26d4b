#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "quantum/dense.hpp"
#include "titrant/core/error.hpp"
#include "titrant/quantum/qasm/qasm.hpp"

using titrant::quantum::Operation;
using titrant::quantum::QasmProgram;
using titrant::quantum::read_qasm;

namespace {

/// Three bits measured from qubits that are put into the states of `value` (bit k of c is qubit k), then a statement
/// on the fourth qubit, which is measured at the end: whether an x on it happened.
bool happens(unsigned value, const std::string& statement, const std::string& version = "3.0") {
  std::string text = "OPENQASM " + version + "; include \"stdgates.inc\"; qubit[4] q; bit[3] c; bit r;\n";
  for (unsigned k = 0; k < 3; ++k)
    if ((value >> k) & 1U) text += "x q[" + std::to_string(k) + "];\n";
  text += "c = measure q[0:2];\n" + statement + "\nr = measure q[3];";
  double one = 0.0;
  for (const auto& [bits, probability] : dense::run(read_qasm(text).circuit, {}, {}))
    if ((bits >> 3U) & 1U) one += probability;
  EXPECT_TRUE(std::abs(one) < 1e-12 || std::abs(one - 1.0) < 1e-12) << statement;
  return one > 0.5;
}

std::map<std::uint64_t, double> distribution(const std::string& text) {
  return dense::run(read_qasm("OPENQASM 3.0; include \"stdgates.inc\";\n" + text).circuit, {}, {});
}

}  // namespace

// Each condition against the same condition on numbers, for all values of the register.
TEST(QasmConditions, HoldWhereTheirValuesDo) {
  const struct {
    std::string condition;
    std::function<bool(unsigned)> expected;
  } cases[] = {
      {"c[0]", [](unsigned v) { return (v & 1U) != 0; }},
      {"!c[1]", [](unsigned v) { return (v & 2U) == 0; }},
      {"c[2] == 1", [](unsigned v) { return (v & 4U) != 0; }},
      {"c[2] == 0", [](unsigned v) { return (v & 4U) == 0; }},
      {"c[2] == true", [](unsigned v) { return (v & 4U) != 0; }},
      {"false != c[-1]", [](unsigned v) { return (v & 4U) != 0; }},
      {"c == 3", [](unsigned v) { return v == 3; }},
      {"c == 1", [](unsigned v) { return v == 1; }},  // the first bit is the lowest
      {"c != 3", [](unsigned v) { return v != 3; }},
      {"!(c != 6)", [](unsigned v) { return v == 6; }},
      {"c == \"011\"", [](unsigned v) { return v == 3; }},
      {"5 == c", [](unsigned v) { return v == 5; }},
      {"c[0:1] == 2", [](unsigned v) { return (v & 3U) == 2; }},
      {"c[{2, 0}] == 2", [](unsigned v) { return (v & 4U) == 0 && (v & 1U) != 0; }},
      {"c < 5", [](unsigned v) { return v < 5; }},
      {"c <= 5", [](unsigned v) { return v <= 5; }},
      {"c > 2", [](unsigned v) { return v > 2; }},
      {"c >= 2", [](unsigned v) { return v >= 2; }},
      {"(c & 5) == 4", [](unsigned v) { return (v & 5U) == 4; }},
      {"(c | \"010\") == 7", [](unsigned v) { return (v | 2U) == 7; }},
      {"(c ^ 3) > 4", [](unsigned v) { return (v ^ 3U) > 4; }},
      {"~c == 2", [](unsigned v) { return (~v & 7U) == 2; }},
      {"c << 1 == 4", [](unsigned v) { return ((v << 1U) & 7U) == 4; }},
      {"c >> 1 >= 2", [](unsigned v) { return (v >> 1U) >= 2; }},
      {"c << 3 == 0", [](unsigned) { return true; }},
      {"rotl(c, 1) == 6", [](unsigned v) { return (((v << 1U) | (v >> 2U)) & 7U) == 6; }},
      {"rotr(c, 4) == 6", [](unsigned v) { return (((v >> 1U) | (v << 2U)) & 7U) == 6; }},
      {"rotl(c, -1) == rotr(c, 1)", [](unsigned) { return true; }},
      {"popcount(c) == 2", [](unsigned v) { return v == 3 || v == 5 || v == 6; }},
      {"popcount(c) < 2", [](unsigned v) { return v == 0 || v == 1 || v == 2 || v == 4; }},
      {"2 == popcount(c & 6)", [](unsigned v) { return (v & 6U) == 6; }},
      {"c[0] ^ c[2]", [](unsigned v) { return ((v ^ (v >> 2U)) & 1U) != 0; }},
      {"c[0] & ~c[1] | c[2]", [](unsigned v) { return ((v & 1U) != 0 && (v & 2U) == 0) || (v & 4U) != 0; }},
      {"c[0] | c[1] ^ c[2]", [](unsigned v) { return (v & 1U) != 0 || (v & 6U) == 2 || (v & 6U) == 4; }},
      {"bool(c)", [](unsigned v) { return v != 0; }},
      {"uint(c) == 5", [](unsigned v) { return v == 5; }},
      {"uint[4](c) < 3", [](unsigned v) { return v < 3; }},
      {"(c & ~c) == 0", [](unsigned) { return true; }},
      {"(c ^ c[{1, 0, 2}]) == 3", [](unsigned v) { return ((v & 1U) != 0) != ((v & 2U) != 0); }},
      {"c < 0", [](unsigned) { return false; }},
      {"c[0] && !c[1] || c[2]", [](unsigned v) { return ((v & 1U) != 0 && (v & 2U) == 0) || (v & 4U) != 0; }},
      {"c[0] && (!c[1] || c[2])", [](unsigned v) { return (v & 1U) != 0 && ((v & 2U) == 0 || (v & 4U) != 0); }},
      {"c == 1 || c == 4 || c[1]", [](unsigned v) { return v == 1 || v == 4 || (v & 2U) != 0; }},
      {"c[0] == c[1]", [](unsigned v) { return (v & 1U) == ((v >> 1U) & 1U); }},
      {"c[0:1] != c[1:2]", [](unsigned v) { return (v & 3U) != (v >> 1U); }},
      {"(c[0] == c[1]) == c[2]", [](unsigned v) { return ((v & 1U) == ((v >> 1U) & 1U)) == ((v & 4U) != 0); }},
      {"c[0] && !c[0]", [](unsigned) { return false; }},
      {"true", [](unsigned) { return true; }},
      {"c == 2 * 3 - 1", [](unsigned v) { return v == 5; }},
  };
  for (const auto& one : cases) {
    for (unsigned value = 0; value < 8; ++value) {
      const bool expected = one.expected(value);
      EXPECT_EQ(happens(value, "if (" + one.condition + ") x q[3];"), expected) << one.condition << " at " << value;
      EXPECT_EQ(happens(value, "if (" + one.condition + ") { barrier q; } else { x q[3]; }"), !expected)
          << one.condition << " at " << value;
    }
  }
}

TEST(QasmConditions, NestAndChain) {
  const std::string chain =
      "if (c == 1) { y q[3]; y q[3]; x q[3]; } else if (c[1]) { if (!c[0]) { x q[3]; } else if (c[2]) x q[3]; } "
      "else { x q[3]; x q[3]; }";
  for (unsigned value = 0; value < 8; ++value)
    EXPECT_EQ(happens(value, chain), value == 1 || value == 2 || value == 6 || value == 7) << value;
  EXPECT_TRUE(happens(3, "if(c==3) x q[3];", "2.0"));
  EXPECT_FALSE(happens(2, "if(c==3) x q[3];", "2.0"));
}

// Two cases of one condition must not make an operation happen twice.
TEST(QasmConditions, CasesExcludeEachOther) {
  const QasmProgram program = read_qasm(
      "include \"qelib1.inc\"; qreg q[3]; creg c[2]; measure q[0] -> c[0]; measure q[1] -> c[1];"
      "if (c[0] || c[1]) x q[2];");
  const auto& operations = program.circuit.operations();
  ASSERT_EQ(operations.size(), 4U);
  using Conditions = std::vector<Operation::Condition>;
  EXPECT_EQ(operations[2].conditions, (Conditions{{0, true}}));
  EXPECT_EQ(operations[3].conditions, (Conditions{{0, false}, {1, true}}));
}

TEST(QasmConditions, MeasurementsAndResetsUnderConditions) {
  const auto outcome = distribution(
      "qubit[2] q; bit[2] c; h q[0]; ry(1) q[1]; c[0] = measure q[0]; if (c[0]) { c[1] = measure q[1]; reset q[0]; }"
      "c[0] = measure q[0];");
  const double one = std::pow(std::sin(0.5), 2);
  EXPECT_NEAR(outcome.at(0b00), 0.5 + 0.5 * (1 - one), 1e-14);
  EXPECT_NEAR(outcome.at(0b10), 0.5 * one, 1e-14);
}

// A bit that nothing has measured is 0, also in an `else`, and stays what it was when the `if` began.
TEST(QasmConditions, BitsStartAsZero) {
  const QasmProgram program = read_qasm(
      "include \"stdgates.inc\"; qubit[2] q; bit[2] c;"
      "if (c[1]) { x q[0]; } else { y q[0]; }"
      "if (c == 0) { c[0] = measure q[0]; z q[1]; } else { x q[1]; }"
      "if (c == 1) s q[1];");
  const auto& operations = program.circuit.operations();
  ASSERT_EQ(operations.size(), 4U);
  EXPECT_EQ(operations[0].gate, titrant::quantum::GateKind::y);
  EXPECT_EQ(operations[2].gate, titrant::quantum::GateKind::z);
  EXPECT_TRUE(operations[2].conditions.empty());
  EXPECT_EQ(operations[3].conditions, (std::vector<Operation::Condition>{{0, true}}));
}

// A switch on measured bits: each value takes its case alone, whatever the cases do to the bits of others.
TEST(QasmConditions, SwitchTakesTheCaseOfItsValue) {
  const std::string cases = "switch (c) { case 0, 5 { x q[3]; } case 3 { } case 6 { h q[3]; h q[3]; x q[3]; } ";
  for (unsigned value = 0; value < 8; ++value) {
    EXPECT_EQ(happens(value, cases + "}"), value == 0 || value == 5 || value == 6) << value;
    EXPECT_EQ(happens(value, cases + "default { x q[3]; } }"), value != 3) << value;
  }
}

// Integers to 2^64 - 1 are exact: 2^63 + 1 is not 2^63.
TEST(QasmConditions, WideRegisters) {
  const std::string head =
      "OPENQASM 3.0; qubit[2] q; bit[64] c; bit r; x q[0]; c[0] = measure q[0]; c[63] = measure q[0]; ";
  const auto operations = [&](const std::string& value) {
    const QasmProgram program = read_qasm(head + "if (c == " + value + ") x q[1];");
    for (const auto& op : program.circuit.operations())
      if (!op.conditions.empty()) return op.conditions;
    return titrant::quantum::Circuit::Conditions{};
  };
  const auto odd = operations("9223372036854775809");
  ASSERT_EQ(odd.size(), 2U);
  EXPECT_TRUE(odd[0].value && odd[1].value);
  const auto even = operations("9223372036854775808");
  ASSERT_EQ(even.size(), 2U);
  EXPECT_TRUE(!even[0].value && even[1].value);
  EXPECT_TRUE(operations("18446744073709551615").empty());  // bits that nothing has measured are 0
}

// The condition of an `if` is decided once. Where a measurement within it writes a bit of it, what follows cannot be
// said by conditions on bits; all else can.
TEST(QasmConditions, BodiesThatWriteTheirOwnCondition) {
  const std::string head = "qubit[3] q; bit[2] c; h q[0]; h q[1]; c[0] = measure q[0]; c[1] = measure q[1]; h q[0];";
  // The measurement is the last of its block: c[0] is 1 with 1/2, and then thrown again.
  const auto outcome = distribution(head + "if (c[0]) { x q[1]; c[0] = measure q[0]; }");
  EXPECT_NEAR(outcome.at(0b00), 0.25 + 0.125, 1e-14);
  EXPECT_NEAR(outcome.at(0b01), 0.125, 1e-14);
  const auto refused = [&head](const std::string& statement) {
    EXPECT_THROW(distribution(head + statement), titrant::ConfigError) << statement;
  };
  refused("if (c[0]) { c[0] = measure q[0]; x q[1]; }");
  refused("if (c[0]) { c[0] = measure q[0]; } else { x q[1]; }");
  refused("if (c != 1) { c[0] = measure q[0]; }");
  refused("if (c == 1) { c = measure q[0:1]; }");
  refused("if (c[0]) { if (c[1]) { c[0] = measure q[0]; } x q[1]; }");
  EXPECT_NO_THROW(distribution(head + "if (c[0]) { if (c[1]) { c[1] = measure q[0]; } x q[1]; }"));
  EXPECT_NO_THROW(distribution(head + "if (c[0]) { c[0] = measure q[0]; } if (c[0]) x q[1];"));
}
