#include <gtest/gtest.h>

#include <numbers>
#include <string>

#include "outcomes.hpp"
#include "unitary.hpp"

using qasm_test::circuit_of;
using qasm_test::outcome_of;

namespace {

double turned_by(const std::string& expression, const std::string& declarations = "") {
  return circuit_of(3, declarations + " rx(" + expression + ") q[0];").operations().back().angles.at(0).value;
}

}  // namespace

// Operations on the bits of integers, against those of the machine; precedences as in the specification.
TEST(QasmValues, BitsOfIntegers) {
  EXPECT_EQ(turned_by("1 << 3"), 8.0);
  EXPECT_EQ(turned_by("(13 & 7) + (8 | 3) * 100 + (5 ^ 1) * 10000"), 5.0 + 1100.0 + 40000.0);
  EXPECT_EQ(turned_by("1 | 6 ^ 2 & 3"), static_cast<double>(1 | (6 ^ (2 & 3))));
  EXPECT_EQ(turned_by("1 << 2 + 1"), 8.0);
  EXPECT_EQ(turned_by("-16 >> 2"), -4.0);
  EXPECT_EQ(turned_by("~n", "uint[8] n = 5;"), 250.0);
  EXPECT_EQ(turned_by("~n", "int[8] n = 5;"), -6.0);
  EXPECT_EQ(turned_by("n << 1", "uint[3] n = 5;"), 2.0);
  EXPECT_EQ(turned_by("n[0] + 2 * n[1] + 4 * n[2]", "uint[4] n = 6;"), 6.0);
  EXPECT_EQ(turned_by("popcount(n) + 10 * rotl(n, 1) + 100 * rotr(n, 1)", "uint[4] n = 9;"), 2.0 + 30.0 + 1200.0);
  EXPECT_EQ(turned_by("n", "uint[8] n = 3; n <<= 2; n |= 1; n ^= 4; n &= 13; n %= 7; n **= 2;"), 4.0);
}

TEST(QasmValues, AreConverted) {
  EXPECT_EQ(turned_by("int(2.7) + float(1) / 2 + uint[4](3)"), 5.5);
  EXPECT_NEAR(turned_by("angle(3 * pi)"), std::numbers::pi, 1e-15);
  EXPECT_EQ(turned_by("float(bool(n[1]))", "uint[4] n = 2;"), 1.0);
  EXPECT_EQ(turned_by("int[32](a) + b", "bit[4] a = \"0110\"; bool b = true;"), 7.0);
  EXPECT_EQ(outcome_of("qubit q; bit[4] c = bit[4](9);"), "1001");
  // adder.qasm of the specification's examples: bits of an integer decide which qubits are flipped.
  EXPECT_EQ(outcome_of("uint[4] a_in = 5; qubit[4] a; bit[4] c;\n"
                       "for uint i in [0: 3] { if(bool(a_in[i])) x a[i]; } c = measure a;"),
            "0101");
}

TEST(QasmValues, Arrays) {
  EXPECT_EQ(turned_by("a[1] + a[-1]", "array[float, 3] a = {0.5, 1.5, 2.5};"), 4.0);
  EXPECT_EQ(turned_by("a[1, 0] + 10 * a[0][1]", "array[int[8], 2, 2] a = {{1, 2}, {3, 4}};"), 23.0);
  EXPECT_EQ(turned_by("a[2]", "array[int, 3] a; for int i in [0:2] { a[i] = i * i; } a[2] += 1;"), 5.0);
  EXPECT_EQ(turned_by("sizeof(a) + 10 * sizeof(a, 1)", "array[bool, 2, 3] a;"), 32.0);
  EXPECT_EQ(turned_by("s", "array[uint[4], 4] a = {1, 2, 3, 4}; int s = 0; for int i in [0:sizeof(a) - 1] s += a[i];"),
            10.0);
}

// A name of a block hides one outside until the block ends.
TEST(QasmValues, HaveScopes) {
  EXPECT_EQ(turned_by("n", "int n = 1; { int n = 5; n += 1; } for int n in [3:4] { } if (true) { const int n = 9; }"),
            1.0);
  EXPECT_EQ(outcome_of("qubit[3] q; bit[3] c; { let r = q[1:2]; x r[1]; } { let r = q[:1]; x r[0]; } c = measure q;"),
            "101");
}

TEST(QasmValues, AliasesOfAllForms) {
  const std::string head = "qubit[5] q; bit[5] c; ";
  EXPECT_EQ(outcome_of(head + "let a = q[1:]; x a[3]; c = measure q;"), "10000");
  EXPECT_EQ(outcome_of(head + "let a = q[:2]; x a; c = measure q;"), "00111");
  EXPECT_EQ(outcome_of(head + "let a = q[:2:-1]; x a; c = measure q;"), "10101");
  EXPECT_EQ(outcome_of(head + "let a = q[{0, 3}] ++ q[4] ++ q[1:1]; x a[1:2]; c = measure q;"), "11000");
  EXPECT_EQ(outcome_of(head + "let a = q; let b = a[3:-1:1]; x b[0]; c = measure q;"), "01000");
  EXPECT_EQ(outcome_of(head + "let a = q[2]; x a; let low = c[0:1]; let all = low ++ c[2:4]; all = measure q;"),
            "00100");
  EXPECT_EQ(outcome_of("bit[2] c; let a = $0 ++ $3; x a[1]; c = measure a;"), "10");
}
