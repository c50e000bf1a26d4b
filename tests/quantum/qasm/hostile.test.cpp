#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"
#include "titrant/quantum/qasm/qasm.hpp"

using titrant::quantum::read_qasm;

namespace {

std::string message_of(const std::string& text) {
  try {
    read_qasm(text, "f");
    return {};
  } catch (const titrant::ConfigError& error) {
    return error.what();
  }
}

std::string repeated(const std::string& text, std::size_t times) {
  std::string all;
  all.reserve(text.size() * times);
  for (std::size_t k = 0; k < times; ++k) all += text;
  return all;
}

const std::string hostile_head = "include \"stdgates.inc\"; qubit[3] q; bit[3] c; c = measure q;\n";

}  // namespace

TEST(QasmHostile, NestingIsBounded) {
  constexpr std::size_t deep = 1'000'000;  // more than a stack holds
  EXPECT_THAT(message_of(hostile_head + "rx(" + repeated("(", deep)), testing::HasSubstr("nested deeper than 200"));
  EXPECT_THAT(message_of(hostile_head + "rx(" + repeated("-", deep)), testing::HasSubstr("nested deeper than 200"));
  EXPECT_THAT(message_of(hostile_head + "rx(" + repeated("2**", deep)), testing::HasSubstr("nested deeper than 200"));
  EXPECT_THAT(message_of(hostile_head + "rx(" + repeated("sin(", deep)), testing::HasSubstr("nested deeper than 200"));
  EXPECT_THAT(message_of(hostile_head + repeated("{", deep)), testing::HasSubstr("nested deeper than 200"));
  EXPECT_THAT(message_of(hostile_head + repeated("if (c[0]) ", deep)), testing::HasSubstr("nested deeper than 200"));
  EXPECT_THAT(message_of(hostile_head + repeated("if (c[0]) {} else ", deep)),
              testing::HasSubstr("nested deeper than 200"));
  EXPECT_THAT(message_of(hostile_head + "if (" + repeated("!", deep)), testing::HasSubstr("nested deeper than 200"));
  EXPECT_THAT(message_of(hostile_head + "if (" + repeated("(", deep)), testing::HasSubstr("nested deeper than 200"));
  EXPECT_THAT(message_of(hostile_head + repeated("inv @ ", deep)), testing::HasSubstr("more than 200 modifiers"));
  std::string gates = hostile_head + "gate g0 a { x a; }\n";
  for (int k = 0; k < 300; ++k) gates += fmt::format("gate g{} a {{ g{} a; }}\n", k + 1, k);
  EXPECT_THAT(message_of(gates), testing::HasSubstr("f:202:6: gate 'g200' is defined through 201 gates"));
}

// Calls, arrays and local bits are counted: a short text must not take long.
TEST(QasmHostile, CallsAreBounded) {
  const std::string call = "def f(bit[10000] b) { bit[10000] c; } for int i in [0:2999999] { f(10000); }";
  EXPECT_THAT(message_of(hostile_head + call), testing::HasSubstr("loops and calls have more than"));
  const std::string arrays = "for int i in [0:2999999] { array[int, 1000, 1000] a; }";
  EXPECT_THAT(message_of(hostile_head + arrays), testing::HasSubstr("loops and calls have more than"));
  EXPECT_THAT(message_of(hostile_head + "def f(int n) -> int { return f(n); } int n = f(1);"),
              testing::HasSubstr("more than 50 deep"));
  const std::string nested =
      "def f(int n) -> int { return " + repeated("(", 150) + "f(n)" + repeated(")", 150) + "; } ";
  EXPECT_THAT(message_of(hostile_head + nested + "int n = f(1);"), testing::HasSubstr("nested deeper than 200"));
  const std::string measured = "def f(qubit a) { bit b = measure a; } for int i in [0:20000] { f(q[0]); }";
  EXPECT_THAT(message_of(hostile_head + measured), testing::HasSubstr("more than 10000 bits"));
  // Aliases end with their scope.
  EXPECT_EQ(message_of(hostile_head + "for int i in [0:400000] { let a = q; }"), "");
}

TEST(QasmHostile, SizesAreBounded) {
  EXPECT_THAT(message_of("qubit[1001] q;"), testing::StartsWith("f:1:13: 'q' makes more than 1000 qubits"));
  EXPECT_THAT(message_of("qubit[1000] q; qubit r;"), testing::StartsWith("f:1:22: 'r' makes more than 1000 qubits"));
  EXPECT_THAT(message_of("qreg q[9007199254740992];"), testing::StartsWith("f:1:6: 'q' makes more than 1000 qubits"));
  EXPECT_THAT(message_of("qreg q[99999999999999999999];"),
              testing::StartsWith("f:1:8: '99999999999999999999' is no integer"));
  EXPECT_THAT(message_of("qubit q; bit[10001] c;"), testing::StartsWith("f:1:21: 'c' makes more than 10000 bits"));
  EXPECT_THAT(message_of(std::string((std::size_t{64} << 20U) + 1, ' ')), testing::HasSubstr("67108865 bytes of text"));
}

// Exponentially many gates, many calls of nothing, and powers: counted, not done.
TEST(QasmHostile, ExpansionIsBounded) {
  for (const std::string body : {"x a;", ""}) {
    std::string gates = hostile_head + "gate g0 a { " + body + " }\n";
    for (int k = 0; k < 100; ++k) {
      gates += fmt::format("gate g{0} a {{ g{1} a; g{1} a; }}\n", k + 1, k);
    }
    EXPECT_THAT(message_of(gates + "g100 q[0];"), testing::HasSubstr("f:103:1: the gates expand to more than 3000000"));
  }
  EXPECT_THAT(message_of(hostile_head + "pow(1000000000) @ x q[0];"),
              testing::HasSubstr("expand to more than 3000000"));
  EXPECT_THAT(message_of(hostile_head + "pow(3000) @ pow(3000) @ id q[0];"),
              testing::HasSubstr("expand to more than 3000000"));
  EXPECT_THAT(message_of("include \"stdgates.inc\"; qubit[1000] q; ctrl(999) @ x " +
                         [] {
                           std::string all;
                           for (int k = 0; k < 1000; ++k) all += (k > 0 ? ", q[" : "q[") + std::to_string(k) + "]";
                           return all;
                         }() +
                         ";"),
              testing::HasSubstr("more than 3000000 operations"));
  EXPECT_THAT(message_of(hostile_head + "gate g(t) a { rx(" + repeated("t+", 20'000) + "t) a; }"),
              testing::HasSubstr("more than 10000 steps"));
}

TEST(QasmHostile, ConditionsAreBounded) {
  std::string many = "include \"stdgates.inc\"; qubit[1000] q; bit[1000] c; c = measure q;\nif (";
  for (int k = 0; k < 40; ++k)
    many += (k > 0 ? " && (c[" : "(c[") + std::to_string(2 * k) + "] || c[" + std::to_string(2 * k + 1) + "])";
  EXPECT_THAT(message_of(many + ") x q[0];"), testing::StartsWith("f:2:4: conditions fall into too many cases"));
  EXPECT_THAT(message_of("include \"stdgates.inc\"; qubit[1000] q; bit[1000] c; c = measure q;\n" +
                         repeated("if (c != 0) {}\n", 100'000)),
              testing::HasSubstr("conditions fall into too many cases"));
  EXPECT_THAT(message_of("include \"stdgates.inc\"; qubit[1000] q; bit[1000] c; c = measure q;\nif (c != 0) { " +
                         repeated("x q; ", 100)),
              testing::HasSubstr("more than 10000000 conditions"));
}

// Ten megabytes of plain gates are read in a second or two; the time is the benchmark's, that they are read is ours.
TEST(QasmHostile, TenMegabytesOfText) {
  const std::string line = "cx q[0], q[1]; rz(pi/3) q[2];\n";
  const std::size_t times = (std::size_t{10} << 20U) / line.size();
  EXPECT_EQ(read_qasm(hostile_head + repeated(line, times)).circuit.operations().size(), 3 + 2 * times);
}

// Any prefix of a program, and programs with bytes changed, are read or refused with a position; nothing else happens.
TEST(QasmHostile, CutAndDamagedTexts) {
  const std::string first =
      "OPENQASM 3.0;\ninclude \"stdgates.inc\";\nconst float t = 2*pi/3 - sin(0.1);\n"
      "gate g(a) x0, y0 { rx(a/2) x0; ctrl @ inv @ pow(1/2) @ x x0, y0; barrier x0; }\n"
      "qubit[3] q; qubit r; bit[3] c = \"000\"; let s0 = q[0:2:2] ++ r;\n/* all */ h q; g(t) q[{0, -1}], r; // one\n"
      "c = measure q;\nif (c != 3 && !c[0] || c < \"010\") { negctrl(2) @ z q[0], q[1], r; reset r; }\n"
      "else if (c[1] == true) c[2] = measure r;\nbarrier; gphase(-1e-3);\n";
  const std::string second =
      "def f(qubit a, bit[2] b, int n) -> bit { for int i in [0:n] { if (i == 1) break; x a; } return measure a; }\n"
      "qubit[3] q; bit[2] c = \"01\"; bool odd = false; uint[4] n = 5; array[int, 2] a = {1, 2};\n"
      "odd = f(q[0], c, 2) ^ c[0]; if (odd) { bit b = measure q[1]; c[1] = b | !odd; c ^= \"11\"; }\n"
      "a[1] += n << 1 & 6; let r = q[:1] ++ q[2]; rx(a[1] / 3.0) r[popcount(n)]; c[0] = popcount(c) == 1;\n"
      "switch (rotl(c, 1)) { case 0, 3 { z q[0]; } default { c[1] = measure q[0]; } } while (n > 3) { n -= 1; "
      "continue; }\n";
  const auto check = [](const std::string& damaged) {
    try {
      read_qasm(damaged, "f");
    } catch (const titrant::ConfigError& error) {
      EXPECT_THAT(error.what(), testing::MatchesRegex("f:[0-9]+:[0-9]+: .+")) << damaged;
    }
  };
  for (const std::string& text : {first, second}) {
    EXPECT_EQ(message_of(text), "");
    for (std::size_t length = 0; length < text.size(); ++length) check(text.substr(0, length));
    titrant::core::Stream stream(1, titrant::core::Purpose::test, 0, 0);
    for (int k = 0; k < 10'000; ++k) {
      std::string damaged = text;
      for (int changes = 0; changes < 3; ++changes) {
        const auto at = static_cast<std::size_t>(stream.uniform() * static_cast<double>(damaged.size()));
        const auto from = static_cast<std::size_t>(stream.uniform() * static_cast<double>(damaged.size()));
        const double what = stream.uniform();
        if (what < 0.3) {
          damaged[at] = static_cast<char>(stream.uniform() * 256.0);
        } else if (what < 0.6) {
          damaged.erase(at, from % 9);
        } else {
          damaged.insert(at, damaged.substr(from, from % 17));
        }
      }
      check(damaged);
    }
  }
}
