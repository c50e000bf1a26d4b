#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "outcomes.hpp"

using qasm_test::outcome_of;
using qasm_test::outcomes_of;
using testing::DoubleNear;
using testing::ElementsAre;
using testing::Pair;
using titrant::quantum::QasmProgram;
using titrant::quantum::read_qasm;
using titrant::quantum::Register;

namespace {

auto about(double probability) { return DoubleNear(probability, 1e-12); }  // a few roundings of a few gates

}  // namespace

// Bits are what was assigned to them last, whatever they were.
TEST(QasmBits, AreAssignedConstants) {
  EXPECT_EQ(outcome_of("qubit q; bit[4] a = \"0110\"; bit b = 1; bit[3] c = 5;"), "10110110");
  EXPECT_EQ(outcome_of("qubit q; bit[4] a; a = \"1001\"; a[1:2] = \"11\"; a[0] = 0; a[-1] = false;"), "0110");
  EXPECT_EQ(outcome_of("qubit q; bit[4] a = \"0110\"; a ^= \"1100\"; a |= 1; a <<= 1;"), "0110");
  EXPECT_EQ(outcome_of("qubit q; bit[64] a = 18446744073709551615; bit[2] b = a[62:63];").substr(0, 2), "11");
  EXPECT_EQ(outcome_of("qubit q; bit c; x q; c = measure q; c = 0;"), "0");
}

// A copy keeps its value when the bit that it came from is measured again, with or without conditions.
TEST(QasmBits, CopiesStay) {
  EXPECT_EQ(outcome_of("qubit q; bit c; bit d; x q; c = measure q; d = c; x q; c = measure q;"), "10");
  EXPECT_EQ(outcome_of("qubit q; bit c; bit[3] d; for int i in [0:2] { c = measure q; d[i] = c; x q; }"), "0100");
  EXPECT_EQ(outcome_of("qubit q; bit c; bit d; x q; c = measure q; d = c; if (d) { x q; c = measure q; } x q; if (d) "
                       "{ c = measure q; }"),
            "11");
  EXPECT_THAT(outcomes_of("qubit[2] q; bit[2] c; bit d; h q; c = measure q; d = c[0]; h q[0]; c[0] = measure q[0];"),
              testing::Each(Pair(testing::_, about(0.125))));
  EXPECT_EQ(
      outcomes_of("qubit[2] q; bit[2] c; bit d; h q; c = measure q; d = c[0]; h q[0]; c[0] = measure q[0];").size(),
      8U);
}

// Assignments under conditions: both ways through an `if` count.
TEST(QasmBits, AreAssignedUnderConditions) {
  EXPECT_THAT(outcomes_of("qubit[2] q; bit[2] c; bit d; h q; c = measure q; if (c == 2) d = 1;"),
              ElementsAre(Pair("000", about(0.25)), Pair("001", about(0.25)), Pair("011", about(0.25)),
                          Pair("110", about(0.25))));
  EXPECT_THAT(outcomes_of("qubit q; bit c; bit[2] d; h q; c = measure q; if (c) d = \"01\"; else d[1] = !c;"),
              ElementsAre(Pair("011", about(0.5)), Pair("100", about(0.5))));
  EXPECT_THAT(outcomes_of("qubit[3] q; bit[2] c; bit r; bool odd = false; h q[0:1]; c = measure q[0:1];\n"
                          "if (c[0]) odd = true; if (c[1]) odd = !odd; if (odd) x q[2]; r = measure q[2];"),
              ElementsAre(Pair("000", about(0.25)), Pair("011", about(0.25)), Pair("101", about(0.25)),
                          Pair("110", about(0.25))));
  // c says the opposite of the qubit, whose flip is undone where c is 1.
  EXPECT_EQ(outcome_of("qubit q; bit c; h q; c = measure q; c = !c; x q; if (c) x q; c = measure q;"), "0");
}

TEST(QasmBits, AreCombined) {
  EXPECT_THAT(outcomes_of("qubit[3] q; bit[3] c; bit parity; bit[3] count; h q; c = measure q;\n"
                          "parity = c[0] ^ c[1] ^ c[2]; count = popcount(c);"),
              ElementsAre(Pair("0000000", about(0.125)), Pair("0011001", about(0.125)), Pair("0011010", about(0.125)),
                          Pair("0011100", about(0.125)), Pair("0100011", about(0.125)), Pair("0100101", about(0.125)),
                          Pair("0100110", about(0.125)), Pair("0111111", about(0.125))));
  EXPECT_EQ(outcome_of("qubit[3] q; bit[3] c; bit[3] d; bit[3] e; x q[0]; c = measure q; d = rotl(c, 1); e = ~c & 6;"),
            "110010001");
}

// Where each bit of the program is one bit of the circuit, the circuit has no others, in this order.
TEST(QasmBits, OfACircuitAreThoseOfTheProgram) {
  const QasmProgram program = read_qasm(
      "qubit[2] q; bit[2] c; def f(qubit a) -> bit { bit b = measure a; return b; } c[1] = f(q[0]); h q[1];"
      "c[0] = measure q[1];");
  EXPECT_TRUE(program.outcomes.empty());
  EXPECT_EQ(program.bits, (std::vector<Register>{{"c", 0, 2}}));
  EXPECT_EQ(program.circuit.operations().at(0).bit, 1U);
  EXPECT_EQ(program.circuit.operations().at(2).bit, 0U);
}

// Measurements into local bits collapse and are not shown; with `output`, only outputs are.
TEST(QasmBits, ShownAreRegistersOrOutputs) {
  const std::string local =
      "qubit[2] q; bit c; h q[0]; cx q[0], q[1]; { bit hidden = measure q[0]; } c = measure q[1];";
  EXPECT_THAT(outcomes_of(local), ElementsAre(Pair("0", about(0.5)), Pair("1", about(0.5))));
  EXPECT_EQ(read_qasm("include \"stdgates.inc\"; " + local).bits, (std::vector<Register>{{"c", 0, 1}, {"kept", 1, 1}}));
  EXPECT_THAT(outcomes_of("qubit[2] q; bit[2] c; output bit d; h q[0]; x q[1]; c = measure q; d = c[1];"),
              ElementsAre(Pair("1", about(1.0))));
  EXPECT_THAT(outcomes_of("qubit q; output bool b; bit c; x q; c = measure q; b = c;"),
              ElementsAre(Pair("1", about(1.0))));
  const QasmProgram program = read_qasm("qubit q; bit c; bit d; c = measure q; d = 0;");
  ASSERT_EQ(program.outcomes.size(), 2U);
  EXPECT_TRUE(program.outcomes[1].written);
  EXPECT_EQ(program.outcomes[1].name, "d[0]");
}
