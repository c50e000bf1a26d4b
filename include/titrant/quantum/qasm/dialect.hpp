#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "titrant/quantum/circuit.hpp"

namespace titrant::quantum {

/// What a text is written for: the language as specified, or the part of it that a certain reader takes. Which gates
/// and forms each has, with sources: src/quantum/qasm/README.md, "Dialects".
enum class QasmDialect {
  openqasm3,  ///< OpenQASM 3 with stdgates.inc
  qiskit,     ///< OpenQASM 3 as Qiskit's importer (qiskit-qasm3-import) takes it
  braket,     ///< OpenQASM 3 with the gates of Amazon Braket, without include, one register of qubits and one of bits
  qdk,        ///< OpenQASM 3 as Microsoft's Quantum Development Kit compiles it (qsharp-lang)
  openqasm2   ///< OpenQASM 2 with qelib1.inc as it was published
};

/// The name of a dialect, as `qiskit`.
std::string_view dialect_name(QasmDialect dialect);

/// The dialect of this name. Throws ConfigError that lists all.
QasmDialect dialect_named(std::string_view name);

/// Sentences on where a text in this dialect is read, and where not, because of what the circuit does: conditions,
/// resets and operations after a measurement are not for every machine behind a reader. Empty where all take it.
std::vector<std::string> dialect_notes(const Circuit& circuit, QasmDialect dialect);

}  // namespace titrant::quantum
