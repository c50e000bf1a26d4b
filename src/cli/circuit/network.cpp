#include "network.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <fstream>
#include <iostream>

#include "circuit.hpp"
#include "terminal/messages.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/file.hpp"
#include "titrant/core/problems.hpp"
#include "titrant/quantum/qasm/qasm.hpp"
#include "titrant/run/run.hpp"
#include "titrant/store/target.hpp"

namespace titrant::cli {

namespace {

run::Preparation preparation_of(const Invocation& invocation) {
  const std::string word = text_option(invocation, "preparation");
  if (word == "mps") return run::Preparation::matrix_product_state;
  return word == "general" ? run::Preparation::general : run::Preparation::automatic;
}

}  // namespace

run::Configuration network_configuration(const Invocation& invocation) {
  run::ConfigurationSource source;
  source.file = file_option(invocation, "config");
  if (source.file.empty()) source.file = file_option(invocation, "store");
  if (invocation.values.contains("set")) source.sets = invocation.values["set"].as<std::vector<std::string>>();
  return run::load_configuration(source);
}

double dosing_interval(const Invocation& invocation, const run::Configuration& configuration) {
  const std::string name = text_option(invocation, "regimen");
  const std::vector<protocol::Regimen>& regimens = configuration.protocol.regimens;
  constexpr double day = 24.0;  // h
  if (name.empty()) return regimens.empty() ? day : regimens.front().interval;
  std::vector<std::string> names;
  for (const protocol::Regimen& regimen : regimens) {
    if (regimen.name == name) return regimen.interval;
    names.push_back(regimen.name);
  }
  const std::string near = core::nearest(name, names);
  throw ConfigError(fmt::format("--regimen {}: is no regimen of this configuration; expected {}{}", name,
                                names.empty() ? "one of regimens" : fmt::format("{}", fmt::join(names, " or ")),
                                near.empty() ? "" : fmt::format("; did you mean '{}'?", near)));
}

ChosenCircuit chosen_circuit(const Invocation& invocation, const run::Configuration& configuration) {
  const run::Preparation preparation = preparation_of(invocation);
  run::SubjectChoice choice{text_option(invocation, "subject"), std::nullopt,
                            dosing_interval(invocation, configuration)};
  if (invocation.values.contains("dose")) choice.dose = invocation.values["dose"].as<double>();
  if (choice.dose && !(*choice.dose >= 0.0)) throw ConfigError("--dose: expected a dose, at least 0");
  // Alone on this rank: a subject's exposure needs the population fit, and nothing else.
  const run::Context context{parallel::Communicator(), configuration, core::Console(std::cerr, false, true)};
  std::vector<std::unique_ptr<run::Stage>> stages;
  stages.push_back(run::data_stage());
  stages.push_back(run::fit_stage());
  const run::Results results = run::run(context, stages, "", "");
  const classifier::Qcnn qcnn = run::network_of(configuration, results.trial, text_option(invocation, "classifier"),
                                                file_option(invocation, "store"));

  ChosenCircuit chosen{run::subject_example(results, choice), {quantum::Circuit(1, 0), 0, {}, {}, 1.0, 1}, 0.0, 0.0};
  chosen.network = run::subject_circuit(qcnn, chosen.subject.example, preparation);
  const std::vector<classifier::Example> one = {chosen.subject.example};
  chosen.p_one = qcnn.exact_p_one(one)[0];
  chosen.probability = qcnn.readout().probability(chosen.p_one);
  return chosen;
}

std::string program_text(const Invocation& invocation, const quantum::Circuit& circuit,
                         const std::vector<quantum::Register>& qubits, const std::vector<quantum::Register>& bits,
                         const std::vector<std::string>& comments) {
  const quantum::QasmDialect dialect = quantum::dialect_named(text_option(invocation, "dialect"));
  for (const std::string& note : quantum::dialect_notes(circuit, dialect)) print_warning(note);
  return quantum::write_qasm(circuit, qubits, bits, comments, dialect);
}

void write_text(const Invocation& invocation, const std::string& text, const std::string& what) {
  const std::string output = text_option(invocation, "output");
  if (output.empty()) {
    fmt::print("{}", text);
    return;
  }
  store::check_target(output, invocation.values.contains("force"));
  core::replace_file(output, text);
  fmt::print("{}: {}\n", output, what);
}

void export_network(const Invocation& invocation) {
  parallel::on_root(invocation.ranks, [&] {
    const run::Configuration configuration = network_configuration(invocation);
    const ChosenCircuit chosen = chosen_circuit(invocation, configuration);
    const std::string store = text_option(invocation, "store");
    const std::vector<std::string> comments = {
        fmt::format("subject {}, {:g} {} every {:g} h, classifier {}, {}", chosen.subject.id,
                    chosen.subject.example.dose, configuration.data.format.units.amount,
                    chosen.subject.profile->course.interval, text_option(invocation, "classifier"),
                    store.empty() ? "random parameters" : "parameters of " + store),
        fmt::format("P(answer = 1) = {:.15g}; probability of success {:.15g}", chosen.p_one, chosen.probability),
        fmt::format("amplitudes of bond dimension {}, prepared with fidelity {:.12g}", chosen.network.bond_dimension,
                    chosen.network.fidelity)};
    const std::string text =
        program_text(invocation, chosen.network.circuit, chosen.network.qubits, chosen.network.bits, comments);
    write_text(invocation, text, comments[1]);
  });
}

}  // namespace titrant::cli
