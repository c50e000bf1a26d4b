#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <vector>

#include "titrant/quantum/circuit.hpp"

namespace titrant::quantum {

struct Control {
  std::size_t qubit = 0;
  bool value = true;
};

inline constexpr std::size_t no_occurrence = std::numeric_limits<std::size_t>::max();

/// A gate with any number of controls. Kinds: x y z h s sdg t tdg sx rx ry rz p (one target), swap ecr rxx ryy rzz
/// (two).
struct ControlledGate {
  GateKind kind = GateKind::x;
  std::vector<std::size_t> targets;
  std::vector<Control> controls;
  std::optional<Angle> angle;
  std::size_t occurrence = no_occurrence;  ///< number of this use of a parameter, in the order of the circuit
};

/// One use of a trained parameter.
struct Occurrence {
  std::size_t parameter = 0;
  /// Whether P(1) as a function of this angle is a + b cos + c sin, so that two shifts of pi/2 give the derivative.
  /// Not so for crx, cry and crz, whose generators have three eigenvalues (Wierichs et al. 2022, Quantum 6, 677).
  bool two_terms = true;
};

/// A circuit without measurements in the middle: the qubit that held an outcome stays, and what was conditioned on its
/// classical bit is controlled by it (principle of deferred measurement, Nielsen & Chuang 4.4). Where a measured qubit
/// is used again the outcome is first copied to a new qubit, and a reset continues on a new qubit in |0>.
struct DeferredCircuit {
  std::size_t qubits = 0;
  std::vector<std::size_t> amplitude_qubits;  ///< most significant first
  std::vector<ControlledGate> gates;          ///< only those that the result can depend on
  std::size_t result = 0;                     ///< the qubit that holds the result bit
  std::vector<Occurrence> occurrences;        ///< of the whole circuit
};

/// Throws ConfigError where `result_bit` is out of range or never measured.
DeferredCircuit defer(const Circuit& circuit, std::size_t result_bit);

}  // namespace titrant::quantum
