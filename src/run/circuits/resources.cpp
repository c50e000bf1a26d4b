#include "titrant/run/resources.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "stages/examples.hpp"
#include "titrant/classifier/qcnn.hpp"
#include "titrant/classifier/split.hpp"
#include "titrant/core/error.hpp"
#include "titrant/quantum/gates.hpp"

namespace titrant::run {

namespace {

void count_network(const classifier::Network& network, Resources& r) {
  r.qubits = network.circuit.qubits();
  r.parameters = network.parameter_names.size();
  for (const quantum::Operation& operation : network.circuit.operations()) {
    using Kind = quantum::Operation::Kind;
    for (const quantum::Angle& angle : operation.angles)
      if (angle.source == quantum::Angle::Source::parameter) ++r.occurrences;
    if (operation.kind == Kind::gate && operation.qubits.size() == 2) ++r.two_qubit_gates;
    if (operation.kind == Kind::measure) ++r.measurements;
  }
}

}  // namespace

Resources resources(const Configuration& configuration, const Results& results) {
  const classifier::TrainingOptions& training = configuration.training;
  Resources r;
  const std::optional<std::size_t> endpoint = trial_endpoint(configuration);
  if (endpoint) {
    r.subjects = trial_labels(configuration, results.trial, configuration.protocol.endpoints[*endpoint]).size();
  }
  const auto folds = static_cast<std::size_t>(training.folds);
  r.trained_on = r.subjects - r.subjects / folds;
  r.folds = folds * static_cast<std::size_t>(training.replicates);
  r.steps = static_cast<std::size_t>(training.steps);
  const auto main = classifier::make_classifier("qcnn", classifier_options(configuration, "trial", results.inputs),
                                                configuration.quantum);
  const auto* qcnn = dynamic_cast<const classifier::Qcnn*>(main.get());
  TITRANT_EXPECTS(qcnn != nullptr);
  count_network(qcnn->network(classifier::curve_points(0.0)), r);
  switch (configuration.quantum.gradient) {
    case classifier::Gradient::adjoint:  // no device can: what it would be asked for in its place
    case classifier::Gradient::parameter_shift:
      r.circuits_per_gradient = 2 * r.occurrences;
      break;
    case classifier::Gradient::shared_shift:
      r.circuits_per_gradient = 2 * r.parameters;
      break;
    case classifier::Gradient::spsa:
      r.circuits_per_gradient = 2 * static_cast<std::size_t>(configuration.quantum.spsa.repeats);
      break;
  }
  // Every subject is held out once in a replicate, so the trainings of its folds see folds - 1 times all subjects.
  const auto seen = static_cast<double>(r.subjects * (folds - 1) * static_cast<std::size_t>(training.replicates));
  r.training_circuits = seen * static_cast<double>(r.steps * r.circuits_per_gradient);
  r.prediction_circuits = static_cast<double>(r.subjects * static_cast<std::size_t>(training.replicates));
  std::size_t doses = 0;
  for (const protocol::Regimen& regimen : configuration.protocol.regimens) doses += regimen.doses.size();
  r.search_circuits =
      static_cast<double>(configuration.protocol.populations.size() * configuration.cohort.size * doses);
  r.shots = configuration.quantum.shots;
  return r;
}

classifier::LabelledExamples labelled_examples(const Configuration& configuration, Results& results) {
  make_examples(configuration, results);
  const TrialExamples* observed = observed_examples(configuration, results);
  if (observed == nullptr) {
    throw ConfigError("endpoints: none has values: measured and hours, so the trial's subjects have no outcomes");
  }
  require_outcomes(*observed);
  return observed->labelled;
}

std::string count_table(const quantum::Circuit& circuit) {
  std::map<std::string, std::size_t> counts;
  for (const quantum::Operation& operation : circuit.operations()) {
    using Kind = quantum::Operation::Kind;
    if (operation.kind == Kind::gate) ++counts[std::string(quantum::gate_name(operation.gate))];
    if (operation.kind == Kind::measure) ++counts["measure"];
    if (operation.kind == Kind::reset) ++counts["reset"];
  }
  std::string text;
  for (const auto& [name, count] : counts) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, count);
  return text;
}

}  // namespace titrant::run
