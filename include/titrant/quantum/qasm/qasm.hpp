#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "titrant/quantum/circuit.hpp"

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

/// A program that was read: all of its angles are constant, and no qubit is discarded.
struct QasmProgram {
  Circuit circuit;
  std::vector<Register> qubits;  ///< in the order of declaration; together they are all qubits
  std::vector<Register> bits;    ///< the same for the classical bits
  /// Sentences "file:line:column: ..." about what was read and has no effect: pragmas, annotations, delays; and where
  /// measurements without a bit go. One of each kind at most.
  std::vector<std::string> notes = {};
};

/// Values by name for what a program declares as `input`.
using QasmInputs = std::map<std::string, double>;

/// The circuit of a program in OpenQASM 2 or in the part of OpenQASM 3 that has a circuit without run-time arithmetic.
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

/// The circuit as OpenQASM 3 that needs nothing but stdgates.inc: gates that it has not are defined in the text. Angles
/// have 17 digits, so that reading the text again gives the same operations (their conditions sorted by bit); a
/// discarded qubit is a comment.
///
/// All angles of `bound` must be constant and it must have no amplitude input. The registers must cover its qubits and
/// bits in order; where none are given they are `q` and `c`. `comments` stand at the head of the text. Throws
/// ConfigError for a circuit or a name that OpenQASM 3 cannot express.
std::string write_qasm(const Circuit& bound, const std::vector<Register>& qubits, const std::vector<Register>& bits,
                       const std::vector<std::string>& comments = {});

}  // namespace titrant::quantum
