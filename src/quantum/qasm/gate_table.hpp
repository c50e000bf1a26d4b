#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "expression.hpp"
#include "titrant/quantum/gates.hpp"

namespace titrant::quantum::qasm {

struct Modifier {
  enum class Kind { inverse, power, control, negative_control };
  Kind kind = Kind::inverse;
  Expression exponent;       ///< of a power
  std::size_t controls = 0;  ///< how many qubits a control takes
};

struct Gate;

/// A call in the body of a definition; qubits and angles refer to those of the definition.
struct GateCall {
  std::vector<Modifier> modifiers;
  const Gate* gate = nullptr;
  std::vector<Expression> angles;
  std::vector<std::size_t> qubits;
};

struct Gate {
  enum class Kind {
    native,   ///< one of GateKind
    phase,    ///< gphase
    barrier,  ///< on any number of qubits
    defined,  ///< by its body
    many,     ///< the gate of its one call with as many controls as there are further qubits: mcx, mcphase
    opaque    ///< declared without a definition: it cannot be called
  };
  std::string name;
  Kind kind = Kind::defined;
  GateKind native = GateKind::x;
  std::size_t angles = 0;
  std::size_t qubits = 0;
  std::vector<GateCall> body;
  std::size_t size = 1;   ///< calls that one call makes, itself included; more than `most_operations`: too many
  std::size_t depth = 0;  ///< how many definitions deep the body goes
  /// The native gate of this name and shape that the body may be: files define gates that their library has not (rzz,
  /// ecr), and these should stay one gate.
  std::optional<GateKind> perhaps;
};

/// The gates that a program knows at some point of its text: its own, and behind them those of a library.
class GateTable {
 public:
  GateTable() = default;
  /// `library`, which must outlive the table, has the gates behind those of the program.
  explicit GateTable(const GateTable* library) : library_(library) {}
  GateTable(GateTable&&) = default;  // not copied: bodies point to the gates of their table

  const Gate* find(std::string_view name) const;
  const Gate& add(Gate gate);
  /// Whether the program itself has defined this name.
  bool owns(std::string_view name) const { return own_.contains(name); }
  /// Counts what definitions take; false where it is more than `most_steps`.
  bool spend(std::size_t steps);
  /// The known name that is nearest to this one; empty where none is near.
  std::string_view nearest(std::string_view name) const;

 private:
  const GateTable* library_ = nullptr;
  std::map<std::string, Gate, std::less<>> own_;  // addresses stay
  std::size_t steps_ = 0;
};

/// How many kinds of gates circuits have.
constexpr std::size_t native_gates = static_cast<std::size_t>(GateKind::ccx) + 1;

/// The native gate of this name.
std::optional<GateKind> native_gate(std::string_view name);

}  // namespace titrant::quantum::qasm
