#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "titrant/quantum/circuit.hpp"
#include "titrant/quantum/qasm/dialect.hpp"

/// \file
/// Circuits in and out as OpenQASM: Cross et al., "OpenQASM 3: A broader and deeper quantum assembly language", ACM
/// Trans. Quantum Comput. 3 (2022) 12, and version 2, arXiv:1707.03429.

namespace titrant::quantum {

/// Consecutive qubits, or classical bits, of a circuit under one name: element k is number first + k.
struct Register {
  std::string name;
  std::size_t first = 0;
  std::size_t size = 0;
  bool operator==(const Register&) const = default;
};

/// A classical bit of a program at its end: 1 where one of the cases holds of the bits of its circuit, else 0.
struct QasmOutcomeBit {
  std::string name;  ///< as c[1]
  std::vector<Circuit::Conditions> cases;
  bool written = true;  ///< by a measurement or an assignment
};

/// A program that was read: all of its angles are constant, and no qubit is discarded.
struct QasmProgram {
  Circuit circuit;
  std::vector<Register> qubits;  ///< in the order of declaration; together they are all qubits
  std::vector<Register> bits;    ///< the same for the classical bits
  /// Sentences "file:line:column: ..." about what was read and has no effect: pragmas, annotations, delays; and where
  /// measurements without a bit go. One of each kind at most.
  std::vector<std::string> notes = {};
  /// The classical bits of the program, where they are not those of the circuit one by one: values that follow from
  /// measured bits, `output`, and measurements whose bits are local (registers `kept`). Empty: bit k is bit k.
  std::vector<QasmOutcomeBit> outcomes = {};
};

/// The value of the classical bits of the program, its first bit the lowest, for a value of those of its circuit. At
/// most 64 of either.
std::uint64_t program_outcome(const QasmProgram& program, std::uint64_t bits);

/// Values by name for what a program declares as `input`.
using QasmInputs = std::map<std::string, double>;

/// The circuit of a program in OpenQASM 2 or in the part of OpenQASM 3 that has a circuit: numbers are known while
/// reading, and what is done under conditions is decided by measured bits.
///
/// Gates that `GateKind` has stay as they are, all others are rewritten into these, exactly up to a global phase;
/// identities leave nothing. Classical bits start as 0. Throws ConfigError "file:line:column: ..." (both from 1, the
/// column in characters) for what is wrong, for what is not supported, and for what is too large: 64 MB of text, 1,000
/// qubits, 10,000 bits, nesting 200 deep, 3 million operations; and for `inputs` that the program has not, or that it
/// lacks. The subset is listed in src/quantum/qasm/README.md.
///
///     const QasmProgram bell = read_qasm(R"(OPENQASM 3.0; include "stdgates.inc";
///                                           qubit[2] q; bit[2] c; h q[0]; cx q[0], q[1]; c = measure q;)");
QasmProgram read_qasm(std::string_view text, const std::string& file_name = "<text>", const QasmInputs& inputs = {});

/// The circuit as text in a dialect: by default OpenQASM 3 that needs nothing but stdgates.inc. Gates that a dialect
/// has not are defined in the text or written as others, exactly up to a global phase.
///
/// Reading the text again gives the same distribution of outcomes; in OpenQASM 3 the same operations, but for the order
/// of their conditions and for controlled rotations beyond a turn of pi, which become one within [-pi, pi] and a z on
/// the control. Angles have 17 digits and a decimal point. Conditions are single bits, one `if` within another;
/// registers are never compared. A discarded qubit is a comment.
///
/// All angles of `bound` must be constant and it must have no amplitude input. The registers must cover its qubits and
/// bits in order; where none are given they are `q` and `c`. Dialects that take one register join them; OpenQASM 2
/// gives each bit of a register with conditions a register of its own (c_0, c_1, ...), in the same order. `comments`
/// stand at the head of the text, followed by dialect_notes. Throws ConfigError for a circuit or a name that the
/// dialect cannot express.
std::string write_qasm(const Circuit& bound, const std::vector<Register>& qubits, const std::vector<Register>& bits,
                       const std::vector<std::string>& comments = {}, QasmDialect dialect = QasmDialect::openqasm3);

}  // namespace titrant::quantum
