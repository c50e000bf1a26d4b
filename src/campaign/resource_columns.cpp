#include "resource_columns.hpp"

#include <string>

namespace titrant::campaign {

void write_resources(const Resources& r, store::Writer& out) {
  const auto number = [&](const std::string& name, auto value) {
    out.scalar("/resources/" + name, static_cast<double>(value));
  };
  number("qubits", r.qubits);
  number("parameters", r.parameters);
  number("rotations", r.occurrences);
  number("two_qubit_gates", r.two_qubit_gates);
  number("measurements", r.measurements);
  number("shots", r.shots);
  number("persons", r.persons);
  number("trained_on", r.trained_on);
  number("trainings", r.folds);
  number("steps", r.steps);
  number("circuits_per_gradient", r.circuits_per_gradient);
  number("training_circuits", r.training_circuits);
  number("prediction_circuits", r.prediction_circuits);
  number("search_circuits", r.search_circuits);
  const double training_shots = r.training_circuits * static_cast<double>(r.shots);
  number("training_shots", training_shots);
  number("training_two_qubit_gates", training_shots * static_cast<double>(r.two_qubit_gates));
}

}  // namespace titrant::campaign
