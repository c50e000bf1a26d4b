#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "titrant/core/error.hpp"
#include "titrant/quantum/qasm/qasm.hpp"

using titrant::quantum::read_qasm;

namespace {

/// The message for a text; empty where it is read.
std::string message(const std::string& text) {
  try {
    read_qasm(text, "f");
    return {};
  } catch (const titrant::ConfigError& error) {
    return error.what();
  }
}

/// Statements after three qubits and two bits were declared on line 1: positions below begin with line 2.
std::string of_statements(const std::string& statements) {
  return message("OPENQASM 3.0; include \"stdgates.inc\"; qubit[3] q; bit[2] c; qubit s0;\n" + statements);
}

}  // namespace

TEST(QasmErrors, StatementsThatAreWrong) {
  const struct {
    std::string statements;
    std::string expected;
  } cases[] = {
      {"x q[3];", "f:2:5: index 3 of 'q', which has 3 elements"},
      {"x q[-4];", "f:2:5: index -4 of 'q', which has 3 elements"},
      {"x q[1.5];", "f:2:5: an index must be an integer, not 1.5"},
      {"x q[0:3];", "f:2:7: index 3 of 'q', which has 3 elements"},
      {"x q[2:1];", "f:2:7: this range has no element"},
      {"x q[0:0:1];", "f:2:7: this range has no element"},
      {"x q[{0, 1, 0}];", "f:2:12: index 0 stands twice in this set"},
      {"cx q[1], q[1];", "f:2:10: a qubit of 'q' is given twice to one operation"},
      {"cx q, q[1];", "f:2:7: a qubit of 'q' is given twice to one operation"},
      {"ctrl @ x q[2], q[2];", "f:2:16: a qubit of 'q' is given twice to one operation"},
      {"barrier q, q[0];", "f:2:12: a qubit of 'q' is given twice to one operation"},
      {"cx q[0];", "f:2:1: gate cx acts on 2 qubits here, not 1"},
      {"ctrl(2) @ x q[0], q[1];", "f:2:11: gate x acts on 3 qubits here, not 2"},
      {"rx q[0];", "f:2:1: gate rx takes 1 angles, not 0"},
      {"x(0.1) q[0];", "f:2:1: gate x takes 0 angles, not 1"},
      {"cx q[0:1], q;", "f:2:12: registers of different sizes: q has 2 qubits and q has 3"},
      {"rxy(0.1) q[0];", "f:2:1: gate 'rxy' is not defined; the nearest is 'rx'"},
      {"x r[0];", "f:2:3: 'r' is not declared"},
      {"r[0] = measure q[0];", "f:2:1: 'r' is not declared"},
      {"x c[0];", "f:2:3: 'c' is a bit; a qubit is needed here"},
      {"measure q[0] -> q[1];", "f:2:17: 'q' is a qubit; a bit is needed here"},
      {"c = measure q;", "f:2:13: 3 qubits are measured into 2 bits"},
      {"qubit[2] q;", "f:2:10: 'q' is declared twice"},
      {"gate q a { }", "f:2:6: 'q' is declared twice"},
      {"gate g a { } gate g a { }", "f:2:19: gate 'g' is defined twice"},
      {"gate if a { }", "f:2:6: 'if' is a word of the language, not a name for a gate"},
      {"bit pi;", "f:2:5: 'pi' is a word of the language and cannot be the name of a register"},
      {"qubit[0] z0;", "f:2:10: 'z0' has no qubit"},
      {"bit[-1] z0;", "f:2:5: the size of a register must not be negative, it is -1"},
      {"rx(1/0) q[0];", "f:2:4: this expression has no finite value"},
      {"rx(sqrt(-1)) q[0];", "f:2:4: this expression has no finite value"},
      {"rx(1e999) q[0];", "f:2:4: '1e999' is not in the range of numbers"},
      {"rx(1e308 * 10) q[0];", "f:2:4: this expression has no finite value"},
      {"rx(a) q[0];", "f:2:4: 'a' is no constant and no function here"},
      {"rx(1 2) q[0];", "f:2:6: expected ',' between angles, found '2'"},
      {"rx() q[0];", "f:2:1: gate rx takes 1 angles, not 0"},
      {"const int n = 1.5;", "f:2:15: 1.5 is no integer, which a constant of type int must be"},
      {"const uint n = -1;", "f:2:16: -1 is negative, which a constant of type uint cannot be"},
      {"if (c == 4) x q[0];", "f:2:10: c of 2 bits is never 4"},
      {"if (c == \"1\") x q[0];", "f:2:10: 1 digits for c, which has 2 bits"},
      {"if (c) x q[0];", "f:2:5: register c has 2 bits: compare it with a value, as in 'c == 1'"},
      {"if (q[0]) x q[0];", "f:2:5: 'q' is a qubit; a bit is needed here"},
      {"if (1) x q[0];", "f:2:5: a bit or a comparison is needed here"},
      {"if c[0] x q[0];", "f:2:4: expected '(' after 'if', found 'c'"},
      {"gate g a { g a; }", "f:2:12: gate 'g' is defined in terms of itself"},
      {"gate g a { h2 a; } gate h2 a { g a; }", "f:2:12: gate 'h2' is not defined; the nearest is 'h'"},
      {"gate g a, b { cx a, a; }", "f:2:21: qubit 'a' is given twice"},
      {"gate g a, a { }", "f:2:11: qubit 'a' is named twice"},
      {"gate g a { x b; }", "f:2:14: 'b' is no qubit of this gate"},
      {"gate g a { x a[0]; }", "f:2:15: the qubits of a gate are single: they have no index in its body"},
      {"gate g a { measure a; }", "f:2:12: not supported: 'measure' in the body of a gate"},
      {"gate g { }", "f:2:6: gate 'g' acts on no qubit"},
      {"gate g(t) a { rx(u) a; }", "f:2:18: 'u' is no constant and no function here"},
      {"gate g(t) a { rx(1/t) a; } g(0) q[0];", "f:2:18: this expression has no finite value"},
      {"pow(0.5) @ rccx q[0], q[1], q[2];",
       "f:2:12: not supported: the power 0.5 of gate rccx, which is no controlled gate of one qubit"},
      {"ctrl(0) @ x q[0];", "f:2:6: 0 controls; between 1 and 1000 are possible"},
      {"let a = q[0] ++ q[0];", "f:2:17: an element of 'q' is in this alias already"},
      {R"(include "mine.inc";)", R"(f:2:9: cannot include 'mine.inc': only "stdgates.inc" and "qelib1.inc" are known)"},
      {"if (c == 0) { qubit r; }", "f:2:15: not supported: declarations within a block; put them before it"},
      {"x q[0]", "f:2:7: expected ';' after the call of a gate, found the end of the text"},
      {"/* no end", "f:2:1: this comment has no end '*/'"},
      {"include \"stdgates", "f:2:9: this string has no end on its line"},
      {"if (c == 0) { x q[0];", "f:2:13: this block has no end '}'"},
      {"gate g a { x a;", "f:2:10: the body of gate 'g' has no end '}'"},
      {"θ q[0];", "f:2:1: gate 'θ' is not defined"},
      {"/* θθ */ ? q[0];", "f:2:10: character '?' has no meaning in OpenQASM"},
      {"x q[0]; \xff", "f:2:9: byte 0xff is not UTF-8 text"},
      {std::string("x q[0]; \0", 9), "f:2:9: byte 0x00 has no meaning in OpenQASM"},
  };
  for (const auto& one : cases) EXPECT_THAT(of_statements(one.statements), testing::StartsWith(one.expected));
}

// What loops and variables cannot do is refused with its place.
TEST(QasmErrors, Variables) {
  const struct {
    std::string statements;
    std::string expected;
  } cases[] = {
      {"c[0] = measure q[0]; while (c[0]) { x q[0]; }", "f:2:22: not supported: 'while' on measured bits"},
      {"int i = 0; c[0] = measure q[0]; if (c[0]) { i = 1; }", "f:2:45: not supported: an assignment to 'i' under"},
      {"int i = 3; rx(i / 2) q[0];", "f:2:15: not supported: integers whose quotient"},
      {"int[4] i = 8;", "f:2:12: 8 does not fit into int[4]"},
      {"uint[2] i = 3; i = i + 1;", "f:2:20: 4 does not fit into uint[2]"},
      {"uint i = 0; i -= 1;", "f:2:18: -1 is negative"},
      {"bool b = 2;", "f:2:10: 2 is neither true (1) nor false (0)"},
      {"for int i in [0:4] { x s0; x q[i]; } ", "f:2:32: index 3 of 'q', which has 3 elements"},
      {"for int i in [0:0:3] { x q[i]; } ", "f:2:14: this range has the step 0"},
      {"for int i in [0:1] { int k = i; } rx(k) q[0];", "f:2:38: 'k' is no constant and no function here"},
      {"for int i in [0:1] { x q[0];", "f:2:20: this block has no end '}'"},
      {"while (true) { }", "f:2:1: loops and calls have more than"},
      {"switch (c) { case 4 { } }", "f:2:19: c of 2 bits is never 4"},
      {"switch (c) { case 1 { } case 0, 1 { } }", "f:2:33: the case 1 stands twice"},
      {"switch (c) { default { } case 1 { } }", "f:2:26: nothing follows the default of a switch"},
      {"const int n = 1; n = 2;", "f:2:18: 'n' is a constant and cannot be assigned"},
      {"float f; rx(f) q[0];", "f:2:13: 'f' has no value yet"},
      {"int i; i += 1;", "f:2:8: 'i' has no value yet"},
      {"c[0] = measure q[0]; int i = popcount(c);", "f:2:30: not supported: the value of 'i' depends on measured bits"},
      {"c[0] = measure q[0]; rx(c[0] * pi) q[0];", "f:2:25: not supported: the value of 'c' depends on measured bits"},
      {"c = 4;", "f:2:5: c of 2 bits is never 4"},
      {"c = \"1\";", "f:2:5: 1 digits for c, which has 2 bits"},
      {"bit[3] d; d = c;", "f:2:15: c has 2 bits and d has 3"},
      {"int i = 1; rx(i << -1) q[0];", "f:2:15: a shift by -1"},
      {"rx(1.5 & 1) q[0];", "f:2:4: operations on bits need integers"},
      {"uint[4] n = 3; x q[n[4]];", "f:2:22: bit 4 of 'n', which has 4"},
      {"break;", "f:2:1: 'break' outside of a loop"},
      {"c[0] = measure q[0]; for int i in [0:1] { if (c[0]) { break; } }",
       "f:2:55: not supported: 'break' under a condition on measured bits"},
      {"c[0] = measure q[0]; if (c[0]) { end; }", "f:2:34: not supported: 'end' under a condition"},
      {"array[int, 2] a = {1, 2, 3};", "f:2:19: this should have 2 elements"},
      {"array[int, 2] a; rx(a[0]) q[0];", "f:2:21: this element of 'a' has no value yet"},
      {"array[int, 2] a = {1, 2}; a[2] = 1;", "f:2:29: index 2 of 'a', which has 2 elements"},
      {"array[uint[2], 1] a = {4};", "f:2:24: 4 does not fit into uint[2]"},
      {"let a = q[5:6];", "f:2:11: index 5 of 'q', which has 3 elements"},
      {"if (1 == 2) { x q[0]", "f:2:13: this '{' has no end '}'"},
  };
  for (const auto& one : cases) {
    EXPECT_THAT(of_statements(one.statements), testing::StartsWith(one.expected)) << one.statements;
  }
}

// All of the language that has no circuit, or that this reader does not know, is named; nothing is passed over.
TEST(QasmErrors, WhatIsNotSupported) {
  for (const std::string statement :
       {"cal { }", "defcal x q { }", "defcalgrammar \"openpulse\";", "extern f(int) -> int;", "return;",
        "duration d = 10;", "stretch s;", "switch (c) { }", "#include x",
        "#pragma braket unitary([[0, 1], [1, 0]]) q[0]", "#pragma braket noise bit_flip(0.1) q[0]", "complex z;"}) {
    EXPECT_THAT(of_statements(statement), testing::StartsWith("f:2:1: not supported: ")) << statement;
  }
  EXPECT_THAT(of_statements("output int n;"), testing::StartsWith("f:2:8: not supported: outputs of types other than"));
  EXPECT_THAT(of_statements("extern vote(bit[3]) -> bit;"),
              testing::StartsWith("f:2:1: not supported: the extern function 'vote'"));
  EXPECT_THAT(of_statements("x $;"), testing::StartsWith("f:2:3: character '$' has no meaning"));
  EXPECT_THAT(of_statements("rx(2im) q[0];"), testing::StartsWith("f:2:4: not supported: '2im'"));
  EXPECT_THAT(of_statements("opaque g a; g q[0];"), testing::StartsWith("f:2:13: gate 'g' is opaque"));
  EXPECT_THAT(of_statements("mcx q[0];"), testing::StartsWith("f:2:1: gate mcx acts on at least 2 qubits here, not 1"));
  EXPECT_THAT(of_statements("if (c == 18446744073709551616) x q[0];"),
              testing::StartsWith("f:2:10: '18446744073709551616' is no integer below 2^64"));
  EXPECT_THAT(of_statements("rx(10ns) q[0];"), testing::StartsWith("f:2:4: not supported: '10ns"));
  EXPECT_THAT(of_statements("const complex a = 1;"), testing::StartsWith("f:2:7: not supported: values of types"));
}

// A subroutine is read where it is called: what is wrong in its body has the place there.
TEST(QasmErrors, Subroutines) {
  const struct {
    std::string statements;
    std::string expected;
  } cases[] = {
      {"def f(qubit a) { y0 a; } f(q[0]);", "f:2:18: gate 'y0' is not defined"},
      {"def f(qubit a) { x a; } f(q);", "f:2:27: 'q' has 3 qubits, the parameter a of f 1"},
      {"def f(qubit a, qubit b) { cx a, b; } f(q[0], q[0]);", "f:2:46: a qubit of 'q' is given twice"},
      {"def f(qubit a) { x a; } f();", "f:2:25: subroutine f takes 1 arguments, not 0"},
      {"def f(qubit a) { x a; } f(q[0], q[1]);", "f:2:25: subroutine f takes 1 arguments, not 2"},
      {"def f(int n) { x q[n]; } f(0);", "f:2:18: 'q' is not declared"},
      {"int k = 1; def f(qubit a) { rx(k) a; } f(q[0]);", "f:2:32: 'k' is no constant and no function here"},
      {"def f(qubit a) { x a; } int i = f(q[0]);", "f:2:33: subroutine 'f' has no value"},
      {"def f(qubit a) -> bit { x a; } c[0] = f(q[0]);", "f:2:39: subroutine f ends without a value here"},
      {"def f(qubit a) -> int { return measure a; } int i = f(q[0]);",
       "f:2:40: not supported: the value of f depends on measured bits"},
      {"def f(qubit a) -> bit { bit b = measure a; if (b) { return b; } return b; } c[0] = f(q[0]);",
       "f:2:53: not supported: 'return' under a condition on measured bits"},
      {"def f(qubit a) { f(a); } f(q[0]);", "f:2:18: subroutines call each other more than 50 deep"},
      {"def f(qubit a) { qubit b; } f(q[0]);", "f:2:18: not supported: declarations within a block"},
      {"def f(qubit a) { x a; ", "f:2:16: this '{' has no end '}'"},
      {"def f(qubit a) { x a; } def f(qubit a) { }", "f:2:29: 'f' is declared twice"},
      {"def f(readonly array[int, #dim = 1] a) { }", "f:2:7: not supported: arrays as parameters"},
      {"def f(complex z) { }", "f:2:7: expected a type of a parameter, found 'complex'"},
      {"if (c == 0) { def f(qubit a) { } }", "f:2:15: not supported: declarations within a block"},
  };
  for (const auto& one : cases) {
    EXPECT_THAT(of_statements(one.statements), testing::StartsWith(one.expected)) << one.statements;
  }
}

TEST(QasmErrors, Heads) {
  EXPECT_THAT(message("OPENQASM 4.0; qubit q;"), testing::StartsWith("f:1:10: OpenQASM '4.0': versions 2.0, 3.0"));
  EXPECT_THAT(message("qubit q; OPENQASM 3.0;"), testing::StartsWith("f:1:10: not supported: 'OPENQASM'"));
  EXPECT_THAT(message("OPENQASM 3.0; bit c;"), testing::StartsWith("f:1:21: the program declares no qubit"));
  EXPECT_THAT(message(""), testing::StartsWith("f:1:1: the program declares no qubit"));
  EXPECT_THAT(message("input float t; qubit q;"), testing::StartsWith("f:1:13: the input 't' has no value"));
}
