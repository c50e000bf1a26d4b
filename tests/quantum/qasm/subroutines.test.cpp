#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "outcomes.hpp"
#include "titrant/quantum/gates.hpp"
#include "unitary.hpp"

using qasm_test::circuit_of;
using qasm_test::distance;
using qasm_test::outcome_of;
using qasm_test::outcomes_of;
using qasm_test::unitary_of;
using testing::DoubleNear;
using testing::ElementsAre;
using testing::Pair;

namespace {

/// The angle of the last operation.
double last_angle(const std::string& statements) {
  return circuit_of(3, statements).operations().back().angles.at(0).value;
}

}  // namespace

TEST(QasmSubroutines, AreTheirBodies) {
  EXPECT_LT(distance(unitary_of(3, "def bell(qubit a, qubit b) { h a; cx a, b; } bell(q[2], q[0]);"),
                     unitary_of(3, "h q[2]; cx q[2], q[0];")),
            1e-15);
  EXPECT_LT(
      distance(unitary_of(3,
                          "const float k = 0.5; def turn(qubit[2] r, angle t, int n) {"
                          "for int i in [0:n - 1] { rx(k * t) r[i % 2]; } cx r[1], r[0]; } turn(q[1:2], 0.4, 3);"),
               unitary_of(3, "rx(0.2) q[1]; rx(0.2) q[2]; rx(0.2) q[1]; cx q[2], q[1];")),
      1e-15);
  EXPECT_LT(
      distance(unitary_of(3, "def a(qubit p) { h p; } def b(qubit[3] p) { for int i in [0:2] { a(p[i]); } } b(q);"),
               unitary_of(3, "h q;")),
      1e-15);
}

TEST(QasmSubroutines, GiveNumbers) {
  EXPECT_EQ(last_angle("def half(float x) -> float { return x / 2; } rx(half(3) + 1) q[0];"), 2.5);
  EXPECT_EQ(
      last_angle("def sum(int n) -> int { int s = 0; for int i in [1:n] { s += i; } return s; } rx(sum(4)) q[0];"),
      10.0);
  EXPECT_EQ(
      last_angle("def fact(int n) -> int { if (n <= 1) { return 1; } return n * fact(n - 1); } rx(fact(5)) q[0];"),
      120.0);
  EXPECT_EQ(last_angle("def first(int n) -> int { while (true) { if (n * n > 40) return n; n += 1; } return 0; }"
                       "int n = 2; int k = first(n); rx(k + n) q[0];"),
            9.0);
  EXPECT_EQ(last_angle("def even(int n) -> bool { return n % 2 == 0; } if (even(6) && !even(3)) rx(1) q[0]; else rx(2) "
                       "q[0];"),
            1.0);
}

// A subroutine's names are its own, whatever they are called outside.
TEST(QasmSubroutines, HaveNamesOfTheirOwn) {
  EXPECT_EQ(last_angle("int n = 7; def f(int n) -> int { n += 1; int q = n; return q; } int m = f(1); rx(n + m) q[0];"),
            9.0);
  EXPECT_EQ(outcome_of("qubit[2] q; bit[2] c; def f(qubit q) -> bit { bit c; x q; c = measure q; return c; }"
                       "c[1] = f(q[0]);"),
            "10");
}

TEST(QasmSubroutines, MeasureAndDecide) {
  const std::string vote =
      "def vote(bit[3] b) -> bit { return (b[0] & b[1]) | (b[1] & b[2]) | (b[0] & b[2]); }\n"
      "def logical(qubit[3] d) -> bit { bit[3] c; c = measure d; return vote(c); }\n";
  EXPECT_EQ(outcome_of(vote + "qubit[3] q; bit r; x q[0]; x q[2]; r = logical(q);"), "1");
  EXPECT_EQ(outcome_of(vote + "qubit[4] q; bit r; x q[2]; if (!logical(q[0:2])) x q[3]; r = measure q[3];"), "1");
  EXPECT_THAT(outcomes_of("def coin(qubit a) -> bit { reset a; h a; return measure a; }\n"
                          "qubit q; bit[2] c; c[0] = coin(q); if (coin(q)) c[1] = coin(q);"),
              ElementsAre(Pair("00", DoubleNear(0.375, 1e-12)), Pair("01", DoubleNear(0.375, 1e-12)),
                          Pair("10", DoubleNear(0.125, 1e-12)), Pair("11", DoubleNear(0.125, 1e-12))));
  EXPECT_EQ(outcome_of("def flip(qubit a, bit b) { if (b) x a; } qubit[2] q; bit[2] c; x q[0]; c[0] = measure q[0];"
                       "flip(q[1], c[0]); flip(q[0], c[1]); c[1] = measure q[1];"),
            "11");
}

TEST(QasmSubroutines, EndLoopsAndPrograms) {
  EXPECT_EQ(
      last_angle("int s = 0; for int i in [0:9] { if (i == 2) continue; if (i == 5) break; s += i; } rx(s) q[0];"),
      8.0);
  EXPECT_EQ(last_angle("int s = 0; for int i in [0:4] { s += 1; continue; } rx(s) q[0];"), 5.0);
  EXPECT_EQ(last_angle("int s = 0; while (true) { s += 1; if (s > 6) { break; } } rx(s) q[0];"), 7.0);
  EXPECT_EQ(last_angle("rx(3) q[0]; end; rx(4) q[0]; this is not read"), 3.0);
}
