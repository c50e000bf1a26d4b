#include "titrant/run/resources.hpp"

#include <fmt/format.h>

#include <chrono>
#include <iostream>

#include "circuit.hpp"
#include "network.hpp"
#include "routed.hpp"
#include "titrant/classifier/validation.hpp"
#include "titrant/quantum/synthesis/basis.hpp"
#include "titrant/run/run.hpp"

namespace titrant::cli {

namespace {

/// Simulations that would take longer are predicted and not run.
constexpr double longest_measured = 120.0;  // s

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

run::Results trial_and_fit(const run::Configuration& configuration) {
  const run::Context context{parallel::Communicator(), configuration, core::Console(std::cerr, false, true)};
  std::vector<std::unique_ptr<run::Stage>> stages;
  stages.push_back(run::data_stage());
  stages.push_back(run::fit_stage());
  return run::run(context, stages, "", "");
}

void print_counts(const run::Resources& r, const run::Configuration& c) {
  fmt::print("Cross-validated training: {} folds, {} steps, {} labelled subjects, up to {} in a training\n", r.folds,
             r.steps, r.subjects, r.trained_on);
  fmt::print("  shifted circuits for one subject's gradient {:>16}   ({} angles in {} rotations{})\n",
             r.circuits_per_gradient, r.parameters, r.occurrences,
             c.quantum.gradient == classifier::Gradient::adjoint
                 ? "; adjoint needs a simulator, a device one shift per rotation"
                 : "");
  fmt::print("  circuits of the training                    {:>16.0f}\n", r.training_circuits);
  fmt::print("  circuits of held-out predictions            {:>16.0f}\n", r.prediction_circuits);
  fmt::print("  circuits of the dose search                 {:>16.0f}   (every subject at every dose)\n",
             r.search_circuits);
  fmt::print("  shots of the training                       {:>16.3g}   ({} a circuit)\n",
             r.training_circuits * static_cast<double>(r.shots), r.shots);
}

/// Time for `repeats` gradients of all subjects on this rank, s.
double gradient_seconds(const run::Configuration& c, const classifier::Qcnn& qcnn,
                        const classifier::LabelledExamples& examples) {
  const classifier::LogitModel model = qcnn.logit_model(examples.examples, c.seed);
  const std::vector<double> parameters = qcnn.parameters();
  std::vector<std::size_t> places(examples.size());
  for (std::size_t k = 0; k < places.size(); ++k) places[k] = k;
  std::vector<double> logit(places.size());
  std::vector<double> rows(places.size() * model.parameters);
  model.evaluate(parameters, places, 0, logit, rows);  // warm
  int repeats = 0;
  const auto start = std::chrono::steady_clock::now();
  do {
    model.evaluate(parameters, places, 0, logit, rows);
    ++repeats;
  } while (seconds_since(start) < 0.3);
  return seconds_since(start) / repeats / static_cast<double>(places.size());
}

void print_device(const Invocation& invocation, const run::Configuration& c, const run::Resources& r) {
  const ChosenCircuit chosen = chosen_circuit(invocation, c);
  const quantum::Circuit merged = quantum::merge_two_qubit_blocks(chosen.network.circuit);
  fmt::print("\nOne circuit (subject {}, state preparation with fidelity {:.9g})\n  {}\n  as blocks: {}\n",
             chosen.subject.id, chosen.network.fidelity, run::count_table(chosen.network.circuit),
             run::count_table(merged));
  std::size_t pairs = 0;
  for (const quantum::Operation& operation : merged.operations())
    pairs += operation.kind == quantum::Operation::Kind::gate && operation.qubits.size() == 2 ? 1 : 0;
  fmt::print("  two-qubit gates of the training             {:>16.3g}\n",
             static_cast<double>(pairs) * r.training_circuits * static_cast<double>(r.shots));
  if (text_option(invocation, "device").empty()) {
    fmt::print("  device time: give --device FILE\n");
    return;
  }
  const OnDevice on = on_device_of(invocation, chosen.network.circuit);
  for (const std::string& line : figures_of(on)) fmt::print("{}\n", line);
  const double shots = r.training_circuits * static_cast<double>(r.shots);
  fmt::print("  device time of the training, circuits alone {:>16.3g} h\n",
             shots * on.summary.duration * 1e-6 / 3600.0);
}

}  // namespace

void print_resources(const Invocation& invocation) {
  run::Configuration c;
  run::Results results;
  run::Resources r;
  const parallel::Communicator& ranks = invocation.ranks;
  parallel::collectively(ranks, [&] {
    c = network_configuration(invocation);
    results = trial_and_fit(c);
    r = run::resources(c, results);
  });
  parallel::on_root(ranks, [&] {
    print_counts(r, c);
    print_device(invocation, c, r);
  });

  const classifier::Qcnn qcnn = run::network_of(c, results.trial, "qcnn", "");
  const classifier::LabelledExamples examples = run::labelled_examples(c, results);
  const double unit = gradient_seconds(c, qcnn, examples);
  const double gradients =
      static_cast<double>(r.subjects * (static_cast<std::size_t>(c.training.folds) - 1) * r.steps) *
      static_cast<double>(c.training.replicates);
  const double predicted = unit * gradients / static_cast<double>(ranks.size());
  if (ranks.root()) {
    fmt::print("\nThis machine, {} rank{}\n  one gradient of one subject                 {:>16.1f} us\n", ranks.size(),
               ranks.size() == 1 ? "" : "s", unit * 1e6);
    fmt::print("  predicted time of the training              {:>16.2f} s\n", predicted);
  }
  if (ranks.maximum(predicted > longest_measured ? 1 : 0) != 0) {
    if (ranks.root()) fmt::print("  not measured: it would take more than {:g} s\n", longest_measured);
    return;
  }
  ranks.barrier();
  const auto start = std::chrono::steady_clock::now();
  classifier::cross_validate(ranks, qcnn, examples, c.training, c.seed);
  if (ranks.root()) fmt::print("  measured, held-out split and figures too    {:>16.2f} s\n", seconds_since(start));
}

}  // namespace titrant::cli
