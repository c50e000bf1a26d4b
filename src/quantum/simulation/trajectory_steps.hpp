#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "local_operator.hpp"
#include "titrant/quantum/circuit.hpp"
#include "unravelling.hpp"

namespace titrant::quantum {

/// What a shot does next: gates and noise on the same one or two qubits together, or a measurement.
struct TrajectoryStep {
  enum class Kind { evolve, measure, reset, forget };
  /// A place of a step where noise may have an event.
  struct Site {
    /// The step's gates between the last site and this one, on the qubits of the step; none where there are none.
    std::optional<LocalOperator> before;
    std::size_t noise = 0;
    std::vector<std::size_t> qubits;  ///< of the noise
  };

  Kind kind = Kind::evolve;
  std::vector<std::size_t> qubits;
  Circuit::Conditions conditions;
  std::vector<Site> sites;          ///< evolve
  std::vector<LocalOperator> rest;  ///< evolve: what is done without events, [from this site on]; the last: after all
  std::size_t first_site = 0;       ///< evolve: number of sites of earlier steps
  std::size_t bit = 0;              ///< measure
  ReadoutError readout;             ///< measure
};

/// A circuit ready to be run shot by shot.
struct TrajectoryProgram {
  struct Noise {
    NoiseEvents parts;
    LocalOperator usual;
    std::vector<LocalOperator> events;
  };
  std::vector<TrajectoryStep> steps;
  std::vector<Noise> noises;
  /// [site of all steps] -log of the probability that this and all earlier rare sites have no candidate
  std::vector<double> hazard;
  std::vector<TerminalMeasurement> terminal;
};

/// Gates and noise on the same qubits are gathered to one step where nothing else comes between them, as long as their
/// product costs less than they do.
TrajectoryProgram trajectory_program(Unravelling unravelling);

}  // namespace titrant::quantum
