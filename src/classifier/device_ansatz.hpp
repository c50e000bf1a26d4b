#pragma once

#include "titrant/classifier/ansatz.hpp"

namespace titrant::classifier {

/// The ansatz of preset `device`: all of its gates on two qubits act along the edges of one tree, a line of six data
/// qubits with branches two places apart, which hexagonal lattices with a qubit on each edge hold (README.md). For
/// curves of any number of points. Throws ConfigError for options that there is no such network of.
Ansatz device_ansatz(const ClassifierOptions& options);

}  // namespace titrant::classifier
