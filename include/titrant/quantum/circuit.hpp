#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace titrant::quantum {

/// The angle of a gate: a constant, a trained parameter or a feature of the example, by index.
struct Angle {
  enum class Source { constant, parameter, feature };
  Source source = Source::constant;
  double value = 0.0;     ///< rad, where constant
  std::size_t index = 0;  ///< which parameter or feature

  static Angle constant(double radians) { return {Source::constant, radians, 0}; }
  static Angle parameter(std::size_t index) { return {Source::parameter, 0.0, index}; }
  static Angle feature(std::size_t index) { return {Source::feature, 0.0, index}; }
};

/// The standard gates, named as in OpenQASM's stdgates. Rotations are exp(-i angle P / 2).
enum class GateKind {
  x,
  y,
  z,
  h,
  s,
  sdg,
  t,
  tdg,
  sx,  // one qubit
  rx,
  ry,
  rz,
  p,
  u,  // one qubit, angles (u: theta, phi, lambda)
  cx,
  cy,
  cz,
  swap,
  ecr,  // two qubits; the first is the control
  cp,
  crx,
  cry,
  crz,
  rxx,
  ryy,
  rzz,  // two qubits, one angle
  ccx   // three qubits
};

/// One step of a circuit. It happens where all of its conditions hold.
struct Operation {
  enum class Kind {
    gate,     ///< applies `gate` to `qubits`
    measure,  ///< measures qubits[0] into classical bit `bit`
    reset,    ///< puts qubits[0] into |0>
    discard,  ///< qubits[0] is never used again (traced out)
    barrier
  };
  /// A classical bit has this value when the operation's turn comes.
  struct Condition {
    std::size_t bit = 0;
    bool value = true;
    bool operator==(const Condition&) const = default;
  };

  Kind kind = Kind::gate;
  GateKind gate = GateKind::x;
  std::vector<std::size_t> qubits;
  std::vector<Angle> angles;
  std::size_t bit = 0;                ///< that a measurement writes
  std::vector<Condition> conditions;  ///< of gates, measurements and resets
};

/// A quantum circuit as data: the one description that back ends, gradients, export and drawing read.
///
/// Some qubits may start in a state given by the example's amplitudes (`amplitude_qubits`, most significant first);
/// all others start in |0>.
///
///     Circuit circuit(2, 1);
///     circuit.gate(GateKind::ry, {0}, {Angle::parameter(0)});
///     circuit.gate(GateKind::cx, {0, 1});
///     circuit.measure(1, 0);
///
/// Every operation is checked when it is added: qubits and bits in range and distinct, the right number of angles,
/// finite constants, no use after discard, no condition on a bit that no measurement has written. Throws ConfigError.
class Circuit {
 public:
  Circuit(std::size_t qubits, std::size_t bits);

  using Conditions = std::vector<Operation::Condition>;

  Circuit& gate(GateKind gate, std::vector<std::size_t> qubits, std::vector<Angle> angles = {},
                Conditions conditions = {});
  Circuit& measure(std::size_t qubit, std::size_t bit, Conditions conditions = {});
  Circuit& reset(std::size_t qubit, Conditions conditions = {});
  Circuit& discard(std::size_t qubit);
  /// No operation is moved over it; on these qubits, or on all where none are named.
  Circuit& barrier(std::vector<std::size_t> qubits = {});
  /// Any operation, with the same checks: for programs that transform circuits.
  Circuit& add(Operation operation);

  /// These qubits start in the example's amplitude vector of length 2^n; the first is the most significant.
  Circuit& amplitude_input(std::vector<std::size_t> qubits);

  std::size_t qubits() const { return qubits_; }
  std::size_t bits() const { return bits_; }
  std::size_t parameters() const { return parameters_; }  ///< 1 + highest parameter index used
  std::size_t features() const { return features_; }      ///< 1 + highest feature index used
  const std::vector<Operation>& operations() const { return operations_; }
  const std::vector<std::size_t>& amplitude_qubits() const { return amplitude_qubits_; }

 private:
  void check(const Operation& operation) const;

  std::size_t qubits_;
  std::size_t bits_;
  std::size_t parameters_ = 0;
  std::size_t features_ = 0;
  std::vector<Operation> operations_;
  std::vector<std::size_t> amplitude_qubits_;
  std::vector<bool> discarded_;
  std::vector<bool> measured_;
};

}  // namespace titrant::quantum
