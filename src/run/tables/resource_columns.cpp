#include "resource_columns.hpp"

#include <string>

namespace titrant::run {

void write_resources(const Resources& r, store::Writer& out) {
  const auto number = [&](const std::string& name, double value) { out.scalar("/resources/" + name, value); };
  const auto count = [&](const std::string& name, std::size_t value) {
    out.scalar("/resources/" + name, static_cast<std::int64_t>(value));
  };
  count("qubits", r.qubits);
  count("parameters", r.parameters);
  count("rotations", r.occurrences);
  count("two_qubit_gates", r.two_qubit_gates);
  count("measurements", r.measurements);
  count("shots", r.shots);
  count("subjects", r.subjects);
  count("trained_on", r.trained_on);
  count("trainings", r.folds);
  count("steps", r.steps);
  count("circuits_per_gradient", r.circuits_per_gradient);
  number("training_circuits", r.training_circuits);
  number("prediction_circuits", r.prediction_circuits);
  number("search_circuits", r.search_circuits);
  const double training_shots = r.training_circuits * static_cast<double>(r.shots);
  number("training_shots", training_shots);
  number("training_two_qubit_gates", training_shots * static_cast<double>(r.two_qubit_gates));
}

}  // namespace titrant::run
