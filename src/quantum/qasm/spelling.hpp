#pragma once

#include <string_view>
#include <vector>

#include "native.hpp"
#include "titrant/quantum/qasm/dialect.hpp"

namespace titrant::quantum::qasm {

/// A gate as gates that a dialect has, in order, exactly up to a global phase. Controlled rotations turn by angles in
/// [-pi, pi], with a z on the control where that loses a sign.
std::vector<NativeGate> spelled(const NativeGate& gate, QasmDialect dialect);

/// The name of a gate in a dialect; empty: it has none, and `spelled` writes it as others.
std::string_view gate_name_in(GateKind gate, QasmDialect dialect);

}  // namespace titrant::quantum::qasm
