#pragma once

#include "gate_table.hpp"

namespace titrant::quantum::qasm {

/// The gates of the language, of qelib1.inc, stdgates.inc and of circuits (ecr, rxx, ryy, rzz), further ones that
/// Qiskit writes and those of Amazon Braket, for version 2 or 3 of OpenQASM. They differ in phases, which count where a
/// gate is controlled: U of version 3 is exp(i theta / 2) u, and its u2 and u3 have determinant 1; in version 2, which
/// has no controls, all three are u.
const GateTable& gate_library(int version);

/// The definition, in gates of stdgates.inc, of a native gate that stdgates.inc has not; empty where it has it, and for
/// u, which the language has as U. Exact, phase included.
std::string_view native_definition(GateKind kind);

}  // namespace titrant::quantum::qasm
