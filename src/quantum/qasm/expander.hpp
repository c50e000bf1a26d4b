#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "gate_table.hpp"
#include "native.hpp"

namespace titrant::quantum::qasm {

/// A modifier with its number.
struct BoundModifier {
  Modifier::Kind kind = Modifier::Kind::inverse;
  double exponent = 1.0;
  std::size_t controls = 0;
};

/// A gate with its modifiers, angles and qubits (controls first) given.
struct BoundCall {
  const Gate* gate = nullptr;
  std::span<const BoundModifier> modifiers;  ///< the outermost first
  std::span<const double> angles;
  std::span<const std::size_t> qubits;
};

std::vector<BoundModifier> bind(const std::vector<Modifier>& modifiers, std::span<const double> parameters,
                                const Source& source);
std::vector<double> bind(const std::vector<Expression>& angles, std::span<const double> parameters,
                         const Source& source);

/// Rewrites calls of gates into native gates, exactly, phases included.
///
/// - A definition is its body; where it has the name of a native gate and is that gate, it is that gate.
/// - inv reverses a body, ctrl and negctrl add controls to each of its gates (controlled.hpp).
/// - pow with an integer repeats. Other powers are the principal ones, of gates on one qubit and of those that such a
///   power within a control or a change of basis makes; of others they are an error.
///
/// Counts its steps over its whole life and stops at `most_operations` with an error.
class Expander {
 public:
  Expander(const Source& source, GateSink& sink) : source_(source), sink_(&sink) {}

  /// `position` is where errors are reported.
  void expand(const BoundCall& bound, Position position);

 private:
  struct Context {
    bool inverse = false;
    std::vector<std::size_t> controls;
  };

  void call(const BoundCall& bound, Context& context);
  void modified(const BoundCall& bound, Context& context);
  void whole_power(const BoundCall& bound, double exponent, Context& context);
  void fractional_power(const BoundCall& bound, double exponent, Context& context);
  void power_of_core(const NativeGate& gate, bool inverted, double exponent, Context& context);
  void one_qubit_power(const Matrix& unitary, std::size_t qubit, double exponent, const Context& context);
  void body(const Gate& gate, std::span<const double> angles, std::span<const std::size_t> qubits, Context& context);
  void body_call(const GateCall& step, std::span<const double> angles, std::span<const std::size_t> qubits,
                 Context& context);
  void emit(const NativeGate& gate, const Context& context);
  void emit_phase(double angle, const Context& context);
  Matrix matrix_of(const BoundCall& bound, std::size_t qubits);
  std::optional<double> phase_from_native(const Gate& gate, std::span<const double> angles);
  void spend(std::size_t steps);

  template <class Inner>
  void with_controls(const BoundCall& bound, Context& context, const Inner& inner);

  const Source& source_;
  GateSink* sink_;
  Position position_;
  std::size_t steps_ = 0;

  struct Recognised {
    bool tried = false;
    std::vector<double> angles;
    std::optional<double> phase;
  };
  std::map<const Gate*, Recognised> recognised_;  ///< at the last angles
};

}  // namespace titrant::quantum::qasm
