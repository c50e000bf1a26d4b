#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "titrant/quantum/circuit.hpp"
#include "titrant/quantum/gates.hpp"
#include "titrant/quantum/input.hpp"

namespace titrant::quantum {

/// Whether all conditions hold for these classical bits.
bool holds(const Circuit::Conditions& conditions, std::uint64_t bits);

/// The operation's unitary for these numbers.
Matrix matrix_of(const Operation& operation, std::span<const double> parameters, std::span<const double> features);

/// [operation] whether a measurement can be read off the final amplitudes in place of being made when its turn comes:
/// no later operation touches its qubit but other such measurements and discards, none reads or overwrites its bit, and
/// it is unconditional.
std::vector<bool> terminal_measurements(const Circuit& circuit);

/// Throws ConfigError for more than 64 classical bits or an input that does not fit the circuit.
void check_runnable(const Circuit& circuit, std::span<const double> parameters, const Input& input);

}  // namespace titrant::quantum
