#pragma once

#include "command.hpp"
#include "titrant/quantum/qasm/qasm.hpp"
#include "titrant/run/subject_circuit.hpp"

namespace titrant::cli {

/// What --config, --set and --store describe: a store brings its own configuration unless --config names another.
run::Configuration network_configuration(const Invocation& invocation);

/// Hours between the doses of --regimen, a name of the configuration's regimens; without it those of the first.
double dosing_interval(const Invocation& invocation, const run::Configuration& configuration);

/// The circuit of --subject, --dose and --regimen with the parameters of --store and --classifier.
struct ChosenCircuit {
  run::SubjectExample subject;
  run::SubjectCircuit network;
  double p_one = 0.0;        ///< exact P(answer = 1)
  double probability = 0.0;  ///< of success, after the readout
};
ChosenCircuit chosen_circuit(const Invocation& invocation, const run::Configuration& configuration);

/// The circuit as text in the --dialect, with these comments; a warning where not every machine behind it takes it.
std::string program_text(const Invocation& invocation, const quantum::Circuit& circuit,
                         const std::vector<quantum::Register>& qubits, const std::vector<quantum::Register>& bits,
                         const std::vector<std::string>& comments);

/// Writes to --output, or prints.
void write_text(const Invocation& invocation, const std::string& text, const std::string& what);

}  // namespace titrant::cli
