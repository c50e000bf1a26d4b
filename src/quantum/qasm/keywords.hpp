#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace titrant::quantum::qasm {

/// The words that OpenQASM 2 and 3 keep for themselves.
inline bool is_keyword(std::string_view word) {
  static constexpr std::array<std::string_view, 57> words = {
      "OPENQASM", "include",       "qreg",   "creg",       "qubit",  "bit",      "gate",    "opaque",   "barrier",
      "measure",  "reset",         "if",     "else",       "for",    "while",    "in",      "def",      "defcal",
      "cal",      "defcalgrammar", "extern", "return",     "break",  "continue", "end",     "let",      "const",
      "int",      "uint",          "float",  "angle",      "bool",   "complex",  "array",   "duration", "stretch",
      "input",    "output",        "delay",  "box",        "inv",    "pow",      "ctrl",    "negctrl",  "gphase",
      "U",        "true",          "false",  "durationof", "sizeof", "readonly", "mutable", "void",     "switch",
      "case",     "default",       "pragma"};
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace titrant::quantum::qasm
