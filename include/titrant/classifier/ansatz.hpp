#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "titrant/classifier/options.hpp"
#include "titrant/quantum/circuit.hpp"

/// \file
/// The network as data. An ansatz is a register and a list of layers; `build_network` turns it into a quantum::Circuit,
/// and nothing else in the program knows its shape. A new ansatz is a new list.
///
/// Data qubits q0 (which half of the window), q1, ... hold C(t) in their amplitudes, most significant first. Auxiliary
/// qubits F0, F1, ... encode the dose and covariates, which normalisation removes.

namespace titrant::classifier {

/// How a auxiliary qubit gets its state.
enum class Auxiliary {
  rotation,  ///< |0>, then R_y(feature angle) at each Upload; rotation auxiliaries number the features in their order
  amplitude  ///< with the data qubits from the amplitude vector, before them (more significant)
};

/// R_y(feature angle) on these auxiliary qubits, all of them Auxiliary::rotation.
struct Upload {
  std::vector<std::size_t> auxiliaries;
};

/// CZ between a auxiliary qubit and a data qubit.
struct Link {
  std::size_t auxiliary;
  std::size_t data;
};
struct Entangle {
  std::vector<Link> links;
};

/// Two data qubits.
struct Pair {
  std::size_t first;
  std::size_t second;
};

/// One two-qubit gate U with parameters of its own, applied to all pairs in their order. Every parameter is the angle
/// of a Pauli rotation; they come in order of time.
///
/// su4: U = (U3 x U3) exp(-i/2 (a XX + b YY + c ZZ)) (U3 x U3) with U3 = R_z R_y R_z (the Cartan decomposition; Vatan
/// and Williams 2004): three of the entry U3 of `first`, three of `second`, a, b, c, three and three of the exits.
///
/// so4: U = (Ry x Ry) CZ (Ry x Ry) CZ (Ry x Ry), six angles: `first` and `second` of the entry, the middle, the exit.
/// The middle with its two CZ is exp(-i/2 (c YZ + d ZY)), and SO(4) is locally SU(2) x SU(2), for whose factors
/// (YI + IY, YZ + ZY) and (YI - IY, YZ - ZY) these are Euler angles: every real gate of determinant 1 is reached.
struct Convolution {
  std::string name;  ///< "convolution_1", "dense": the prefix of its parameters' names
  std::vector<Pair> pairs;
};

/// Measures the first qubit of each pair; where it is 1, X on the second. That stays in the network, or is pooled by a
/// later pair: then X acts where its chain of pairs ends, which is the same, and no measurement waits for another.
/// Measurements::end: CX from the first to the second, and the first is not used again.
struct Pooling {
  std::vector<Pair> pairs;
};

using Layer = std::variant<Upload, Entangle, Convolution, Pooling>;

struct Ansatz {
  std::size_t data_qubits = 6;  ///< that the layers use
  Gate gate = Gate::su4;
  std::vector<Auxiliary> auxiliaries;
  std::vector<Layer> layers;
  std::size_t readout = 0;  ///< data qubit that is measured at the end
  Measurements measurements = Measurements::middle;
  /// [auxiliary] the data qubit, measured and reset, on which it lives; none: a qubit of its own. Empty: all none.
  std::vector<std::optional<std::size_t>> reused = {};

  /// Number of feature angles.
  std::size_t features() const;
  /// How often a auxiliary qubit is rotated by its feature angle.
  std::size_t uploads(std::size_t auxiliary) const;
  /// Whether a auxiliary qubit is rotated at most once, before its first link. It is then diagonal ever after: a
  /// classical bit that chooses between circuits, and P(1) is linear in sin^2(angle / 2).
  bool is_classical(std::size_t auxiliary) const;
  /// The data qubit that an auxiliary qubit lives on, after a measurement and a reset.
  std::optional<std::size_t> reuses(std::size_t auxiliary) const;
};

/// Auxiliary qubits that a network may have, the dose's among them.
inline constexpr std::size_t most_auxiliaries = 6;

/// The gate of the options: Gate::automatic resolved.
Gate gate_of(const ClassifierOptions& options);

/// The ansatz of the options for curves of so many points; README.md of src/classifier draws it and says where
/// auxiliary qubits are linked. All numbers of points share the parameters. Throws ConfigError for a depth or a number
/// of qubits that there is not, and naming the covariates where they need more than most_auxiliaries.
Ansatz ansatz_of(const ClassifierOptions& options, std::size_t points);

/// An ansatz as a circuit for curves of so many points.
struct Network {
  quantum::Circuit circuit;
  std::size_t result_bit;                    ///< P(1) of this classical bit is the answer
  std::vector<std::string> parameter_names;  ///< [parameter]
};

/// Qubits of the circuit: data qubits first (q0 = 0), then the auxiliary ones. `points` is a power of two, at least
/// 2^data_qubits. Where it is larger, the finest qubits are averaged away before the first layer: H, measure, discard.
/// A smooth curve is nearly a product with |+> there, so the parameters serve every number of points alike.
Network build_network(const Ansatz& ansatz, std::size_t points);

}  // namespace titrant::classifier
