#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "noise_events.hpp"
#include "titrant/quantum/circuit.hpp"
#include "titrant/quantum/gates.hpp"
#include "titrant/quantum/noise/noise_model.hpp"

namespace titrant::quantum {

/// One thing that happens to a shot: an operation of the circuit, one channel of its noise, or a measurement that
/// nobody records.
struct UnravelledStep {
  enum class Kind {
    gate,
    noise,
    measure,
    reset,
    forget  ///< a measurement without a record, of a qubit that has become classical
  };
  Kind kind = Kind::gate;
  std::vector<std::size_t> qubits;
  Circuit::Conditions conditions;
  Matrix matrix;          ///< gate
  std::size_t noise = 0;  ///< noise: place in `noises`
  std::size_t bit = 0;    ///< measure
  ReadoutError readout;   ///< measure
};

/// A measurement that is read off the final amplitudes.
struct TerminalMeasurement {
  std::size_t qubit = 0;
  std::size_t bit = 0;
  ReadoutError readout;
};

/// A circuit with its noise, in order.
struct Unravelling {
  std::vector<UnravelledStep> steps;
  std::vector<NoiseEvents> noises;  ///< each channel of the model once
  std::vector<TerminalMeasurement> terminal;
};

/// What to do with a qubit once all that it meets later leaves its 0 and 1 apart: a single shot measures it silently
/// ("forget") and need not carry it along in superposition; who follows all outcomes keeps it.
enum class ClassicalQubits { forgotten, kept };

/// \param noise  null: none
Unravelling unravel(const Circuit& circuit, std::span<const double> parameters, std::span<const double> features,
                    const NoiseModel* noise, ClassicalQubits classical = ClassicalQubits::forgotten);

}  // namespace titrant::quantum
