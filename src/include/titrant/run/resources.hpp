#pragma once

#include <cstddef>
#include <string>

#include "titrant/run/configuration.hpp"
#include "titrant/run/subject_circuit.hpp"

namespace titrant::run {

/// What the configured campaign (cross-validation on the trial) would ask of a quantum computer.
struct Resources {
  std::size_t subjects = 0;    ///< labelled examples of the trial
  std::size_t trained_on = 0;  ///< examples of the largest training of a fold
  std::size_t steps = 0;
  std::size_t folds = 0;        ///< times replicates
  std::size_t occurrences = 0;  ///< parametrised rotations
  std::size_t parameters = 0;   ///< angles
  std::size_t qubits = 0;
  std::size_t two_qubit_gates = 0;        ///< of the network, without the preparation of the amplitudes
  std::size_t measurements = 0;           ///< that of the answer included
  std::size_t circuits_per_gradient = 0;  ///< of one example: shifted circuits
  double training_circuits = 0.0;
  double prediction_circuits = 0.0;  ///< held-out examples
  double search_circuits = 0.0;      ///< populations x subjects x doses of all regimens
  std::size_t shots = 0;             ///< of one circuit
};
/// Throws what a run on the trial would throw.
Resources resources(const Configuration& configuration, const Results& results);

/// The trial's subjects with their labels; they point into `results`, whose examples are made where they are missing.
classifier::LabelledExamples labelled_examples(const Configuration& configuration, Results& results);

/// Gates and measurements of a circuit by name, on one line each.
std::string count_table(const quantum::Circuit& circuit);

}  // namespace titrant::run
