#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "titrant/classifier/qcnn.hpp"
#include "titrant/quantum/qasm/qasm.hpp"
#include "titrant/run/configuration.hpp"
#include "titrant/run/results.hpp"

namespace titrant::run {

/// How amplitudes are prepared from |0...0>.
enum class Preparation {
  automatic,             ///< the matrix product state where it is exact, else general
  matrix_product_state,  ///< n - 1 gates on two qubits; cut to bond dimension 2, exact for one compartment
  general                ///< multiplexed rotations, any vector
};

/// One subject of the trial on one regimen.
struct SubjectChoice {
  std::string id;              ///< empty: the first active subject
  std::optional<double> dose;  ///< mg; none: the subject's own
  double interval = 24.0;      ///< h
};

/// A subject-regimen pair as an example; `profile` is what it points to.
struct SubjectExample {
  std::string id;
  std::unique_ptr<classifier::Profile> profile;
  classifier::Example example;
};

/// Exposure of the subject by its empirical Bayes estimates. Throws DataError for a subject that the trial has not.
SubjectExample subject_example(const Results& results, const SubjectChoice& choice);

/// The network of a classifier of a run: with the parameters that `store` holds for it, or, without a store, with the
/// random ones that a training would start from. Throws ConfigError for a classifier that is no QCNN or that the store
/// has not.
classifier::Qcnn network_of(const Configuration& configuration, const trial::Trial& trial, const std::string& name,
                            const std::string& store);

/// The circuit of one example, ready to leave the program: numbers for angles, amplitudes prepared by gates.
struct SubjectCircuit {
  quantum::Circuit circuit;
  std::size_t result_bit = 0;
  std::vector<quantum::Register> qubits;  ///< data, auxiliary
  std::vector<quantum::Register> bits;    ///< pooled (where qubits are measured in the middle), answer
  double fidelity = 1.0;                  ///< of the prepared amplitudes with C(t)
  std::size_t bond_dimension = 1;         ///< of the amplitudes as a matrix product state
};
SubjectCircuit subject_circuit(const classifier::Qcnn& qcnn, const classifier::Example& example,
                               Preparation preparation);

}  // namespace titrant::run
