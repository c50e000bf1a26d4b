#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "titrant/quantum/circuit.hpp"
#include "titrant/quantum/gates.hpp"
#include "titrant/quantum/noise/noise_model.hpp"

namespace titrant::quantum {

/// A noise channel at one place of a circuit, split into what nearly always happens and events.
struct NoiseSite {
  std::vector<std::size_t> qubits;
  Matrix usual;                  ///< the Kraus operator that acts where no event does
  bool usual_is_scalar = false;  ///< it is a multiple of the identity and leaves a state as it is
  std::vector<Matrix> events;
  bool fixed = false;               ///< the probability of each event does not depend on the state
  std::vector<double> event_share;  ///< where fixed: of `candidate`
  /// An upper bound of the probability that an event happens, whatever the state: only shots that draw a candidate look
  /// at the state.
  double candidate = 0.0;
  double hazard = 0.0;    ///< -log(1 - candidate) of this and all earlier sites; not for frequent ones
  bool frequent = false;  ///< candidate is so likely that every shot draws here
};

/// What a shot does next.
struct TrajectoryStep {
  enum class Kind {
    gate,
    measure,
    reset,
    forget,  ///< a measurement without a record, of a qubit that has become classical
    noise
  };
  Kind kind = Kind::gate;
  Matrix matrix;  ///< gate
  std::vector<std::size_t> qubits;
  Circuit::Conditions conditions;
  std::size_t bit = 0;   ///< measure
  ReadoutError readout;  ///< measure
  std::size_t site = 0;  ///< noise: place in `sites`
};

/// A circuit ready to be run shot by shot: gates on the same qubits are one matrix where no noise comes between them,
/// and a qubit is measured silently once all that it meets later leaves its 0 and 1 apart: then it need not be carried
/// along in superposition. Measurements at the very end are listed apart.
struct TrajectoryProgram {
  struct Terminal {
    std::size_t qubit;
    std::size_t bit;
    ReadoutError readout;
  };
  std::vector<TrajectoryStep> steps;
  std::vector<NoiseSite> sites;  ///< in the order of the steps
  std::vector<Terminal> terminal;
};

TrajectoryProgram trajectory_program(const Circuit& circuit, std::span<const double> parameters,
                                     std::span<const double> features, const NoiseModel* noise);

}  // namespace titrant::quantum
