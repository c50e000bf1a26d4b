#include "titrant/run/subject_circuit.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>

#include "titrant/classifier/encoding.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/problems.hpp"
#include "titrant/core/stream.hpp"
#include "titrant/quantum/bind.hpp"
#include "titrant/quantum/synthesis/matrix_product_state.hpp"
#include "titrant/quantum/synthesis/state_preparation.hpp"
#include "titrant/run/methods.hpp"
#include "titrant/store/store.hpp"

namespace titrant::run {

namespace {

/// How exact a matrix product state must be to stand for the amplitudes unasked.
constexpr double exact = 1e-9;

quantum::MatrixProductPreparation preparation_of(std::span<const double> amplitudes,
                                                 std::span<const std::size_t> qubits, Preparation preparation) {
  if (preparation != Preparation::general) {
    quantum::MatrixProductPreparation product = quantum::prepare_matrix_product_state(amplitudes, qubits);
    if (preparation == Preparation::matrix_product_state || product.fidelity > 1.0 - exact) return product;
  }
  return {quantum::prepare_state(amplitudes, qubits), 1.0};
}

/// What the classifiers of a run see: where the configuration leaves it to the biomarker model, that of the store,
/// whose effects are parameters called PARAMETER.COVARIATE.
std::vector<classifier::CovariateInput> inputs_of(const Configuration& configuration, const trial::Trial& trial,
                                                  const std::string& store) {
  if (store.empty()) return covariate_inputs(configuration, trial, nullptr);
  const store::Reader reader(store);
  if (!reader.contains("/pd/parameter")) return covariate_inputs(configuration, trial, nullptr);
  pkpd::BiomarkerPopulation model;
  for (const std::string& name : reader.strings("/pd/parameter")) {
    const std::size_t dot = name.find('.');
    if (dot == std::string::npos || name.starts_with("omega.") || name.starts_with("error.")) continue;
    pkpd::ParameterModel parameter;
    parameter.name = name.substr(0, dot);
    parameter.effects.emplace_back().covariate = name.substr(dot + 1);
    model.parameters.push_back(std::move(parameter));
  }
  return covariate_inputs(configuration, trial, &model);
}

}  // namespace

SubjectExample subject_example(const Results& results, const SubjectChoice& choice) {
  const std::vector<trial::Subject>& subjects = results.trial.subjects;
  const auto found = std::find_if(subjects.begin(), subjects.end(), [&](const trial::Subject& subject) {
    return choice.id.empty() ? subject.active() : subject.id == choice.id;
  });
  if (found == subjects.end()) {
    throw DataError(choice.id.empty() ? fmt::format("{}: no subject on active treatment", results.trial.source)
                                      : fmt::format("{}: no subject {}", results.trial.source, choice.id));
  }
  const nlme::PopulationFit& fit = results.pk.best;
  const auto place = static_cast<std::size_t>(found - subjects.begin());
  const auto fitted = std::find(fit.subjects.begin(), fit.subjects.end(), place);
  std::vector<double> etas(fit.model.eta_count(), 0.0);
  if (fitted != fit.subjects.end()) {
    etas = fit.etas[static_cast<std::size_t>(fitted - fit.subjects.begin())];
    etas.resize(fit.model.eta_count());  // without those of its occasions
  }
  SubjectExample one;
  one.id = found->id;
  one.profile = std::make_unique<classifier::Profile>(
      classifier::profile(pkpd::individual(fit.model, found->covariates, etas), found->covariates,
                          pkpd::Course{choice.interval, {}}, {}, 0, choice.dose.value_or(found->dose)));
  one.example = {one.profile.get(), choice.dose.value_or(found->dose), 0};
  return one;
}

namespace {

/// Throws ConfigError where a classifier NAME/ENDPOINT names an endpoint that is not there.
void expect_endpoint(const Configuration& configuration, const std::string& name) {
  const std::size_t slash = name.find('/');
  if (slash == std::string::npos) return;
  const std::string endpoint = name.substr(slash + 1);
  std::vector<std::string> known;
  for (const protocol::Endpoint& one : configuration.protocol.endpoints) known.push_back(one.name);
  if (std::find(known.begin(), known.end(), endpoint) != known.end()) return;
  const std::string near = core::nearest(endpoint, known);
  throw ConfigError(fmt::format("classifier {}: no endpoint {} in this configuration; expected {}{}", name, endpoint,
                                known.empty() ? "no endpoint" : fmt::format("{}", fmt::join(known, " or ")),
                                near.empty() ? "" : fmt::format("; did you mean '{}'?", near)));
}

}  // namespace

classifier::Qcnn network_of(const Configuration& configuration, const trial::Trial& trial, const std::string& name,
                            const std::string& store) {
  const std::string method_name = name.substr(0, name.find('/'));
  const std::vector<Method> known = methods(configuration);
  const auto method =
      std::find_if(known.begin(), known.end(), [&](const Method& one) { return one.name == method_name; });
  if (method == known.end()) {
    std::string names;
    for (const Method& one : known) names += (names.empty() ? "" : ", ") + one.name;
    throw ConfigError(fmt::format("no classifier {} in this configuration; there are {}", name, names));
  }
  expect_endpoint(configuration, name);
  const auto kind = classifier::make_classifier(
      method->classifier,
      classifier_options(configuration, method->training_set, inputs_of(configuration, trial, store)),
      configuration.quantum);
  const auto* qcnn = dynamic_cast<const classifier::Qcnn*>(kind.get());
  if (qcnn == nullptr) throw ConfigError(fmt::format("classifier {} is no quantum network: it has no circuit", name));
  classifier::Qcnn network = *qcnn;
  std::vector<double> parameters = network.parameters();
  if (store.empty()) {
    core::Stream stream(configuration.seed, core::Purpose::initial_parameters, 0);
    const std::size_t angles = network.network(classifier::curve_points(0.0)).circuit.parameters();
    for (double& angle : std::span(parameters).first(angles))
      angle = configuration.training.initial_spread * stream.normal();
  } else {
    const store::Reader reader(store);
    const bool whole = name.find('/') != std::string::npos || configuration.protocol.endpoints.empty();
    const std::string of_endpoint = whole ? name : name + "/" + configuration.protocol.headline().endpoint;
    const std::string path = "/classifier/" + of_endpoint + "/parameter";
    if (!reader.contains(path)) throw ConfigError(fmt::format("{}: holds no trained classifier {}", store, name));
    const std::vector<double> trained = reader.numbers(path);
    if (trained.size() != parameters.size()) {
      throw ConfigError(fmt::format("{}: {} has {} parameters, and the configured network {}", store, path,
                                    trained.size(), parameters.size()));
    }
    parameters = trained;
  }
  network.set_parameters(parameters);
  return network;
}

SubjectCircuit subject_circuit(const classifier::Qcnn& qcnn, const classifier::Example& example,
                               Preparation preparation) {
  const classifier::Encoding& encoding = qcnn.encoding();
  const classifier::Network& network = qcnn.network(example.profile->curve.size());
  const std::vector<double> amplitudes = classifier::amplitudes(encoding, example);
  const std::vector<double> features = classifier::feature_angles(encoding, example);
  const quantum::Circuit bound = quantum::bind_angles(network.circuit, qcnn.parameters(), features);

  SubjectCircuit result{quantum::Circuit(bound.qubits(), bound.bits()), network.result_bit, {}, {}, 1.0, 1};
  quantum::MatrixProductPreparation prepared = preparation_of(amplitudes, bound.amplitude_qubits(), preparation);
  for (quantum::Operation& operation : prepared.operations) result.circuit.add(std::move(operation));
  for (const quantum::Operation& operation : bound.operations()) result.circuit.add(operation);
  result.fidelity = prepared.fidelity * classifier::encoding_fidelity(encoding, example);

  const std::size_t points = classifier::encoded_points(encoding, example.profile->curve.size());
  const auto data = static_cast<std::size_t>(std::bit_width(points) - 1);
  result.qubits = {{"data", 0, data}};
  if (bound.qubits() > data) result.qubits.push_back({"auxiliary", data, bound.qubits() - data});
  if (network.result_bit > 0) result.bits = {{"pooled", 0, network.result_bit}};
  result.bits.push_back({"answer", network.result_bit, 1});
  result.bond_dimension = quantum::bond_dimension(amplitudes);
  return result;
}

}  // namespace titrant::run
