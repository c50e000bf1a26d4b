#include "resource_columns.hpp"

#include <string>

namespace titrant::campaign {

void write_resources(const Resources& r, store::Writer& out) {
  const auto number = [&](const std::string& name, auto value, const std::string& meaning) {
    out.scalar("/resources/" + name, static_cast<double>(value), {"1", meaning});
  };
  number("qubits", r.qubits, "qubits of the network for daily doses");
  number("parameters", r.parameters, "trained angles of the network");
  number("rotations", r.occurrences, "rotations of the network by a trained angle");
  number("two_qubit_gates", r.two_qubit_gates, "gates on two qubits in the network, without state preparation");
  number("measurements", r.measurements, "measurements in the network, that of the answer included");
  number("shots", r.shots, "shots of one circuit on a device");
  number("persons", r.persons, "labelled subjects of the trial");
  number("trained_on", r.trained_on, "subjects in the largest training of a fold");
  number("trainings", r.folds, "trainings of the cross-validation: folds times replicates");
  number("steps", r.steps, "steps of one training");
  number("circuits_per_gradient", r.circuits_per_gradient, "shifted circuits behind the gradient of one subject");
  number("training_circuits", r.training_circuits, "circuits of the trainings of the cross-validation");
  number("prediction_circuits", r.prediction_circuits, "circuits of its held-out predictions");
  number("search_circuits", r.search_circuits, "circuits of the dose search: every virtual subject at every dose");
  const double training_shots = r.training_circuits * static_cast<double>(r.shots);
  number("training_shots", training_shots, "shots of the trainings of the cross-validation");
  number("training_two_qubit_gates", training_shots * static_cast<double>(r.two_qubit_gates),
         "gates on two qubits in them, without state preparation");
}

}  // namespace titrant::campaign
