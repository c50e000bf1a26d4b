#include "circuit.hpp"

#include "device.hpp"
#include "program.hpp"

namespace po = boost::program_options;

namespace titrant::cli {

namespace {

void add_program(po::options_description& description) {
  description.add_options()("file", po::value<std::string>()->value_name("FILE.qasm"), "OpenQASM 2 or 3 program");
}

/// Which network, whose features and parameters (circuit_network.hpp).
void add_network(po::options_description& description) {
  add_configuration_options(description);
  description.add_options()("store", po::value<std::string>()->value_name("RUN.h5"),
                            "a run whose configuration and trained parameters are taken; without it: random parameters "
                            "of the configuration's seed")(
      "classifier", po::value<std::string>()->default_value("qcnn")->value_name("NAME"),
      "which of the run's methods; NAME/ENDPOINT for another endpoint than the headline's")(
      "regimen", po::value<std::string>()->value_name("NAME"),
      "regimen of the configuration (default: the first), at steady state");
}

void add_subject(po::options_description& description) {
  description.add_options()("subject", po::value<std::string>()->value_name("ID"),
                            "identifier of a subject of the trial (default: the first active one)")(
      "dose", po::value<double>()->value_name("MG"), "dose, in the trial's unit (default: the subject's)")(
      "preparation", po::value<std::string>()->default_value("auto")->value_name("auto|mps|general"),
      "of the amplitudes: mps (bond dimension 2), general, or auto: the shorter");
}

void add_device(po::options_description& description) {
  description.add_options()("device", po::value<std::string>()->value_name("FILE.yaml|FILE.json"),
                            "device file (configs/devices, or IBM properties)")(
      "seed", po::value<std::uint64_t>()->default_value(1)->value_name("SEED"), "of the routing");
  add_durations(description);
}

void device_options(po::options_description& description) {
  description.add_options()("file", po::value<std::string>()->value_name("FILE.yaml|FILE.json"),
                            "properties of an IBM back end as Qiskit stores them, or a device file")(
      "qubits", po::value<std::string>()->value_name("LIST"), "these alone, renumbered in this order");
  add_durations(description);
  description.add_options()("output,o", po::value<std::string>()->value_name("FILE.yaml"),
                            "device file to write; without it: standard output")("force,f", "replace an existing file");
}

void add_output(po::options_description& description) {
  description.add_options()("output,o", po::value<std::string>()->value_name("FILE.qasm"),
                            "file to write; without it: standard output")("force,f", "replace an existing file")(
      "dialect",
      po::value<std::string>()->default_value("openqasm3")->value_name("openqasm3|qiskit|braket|qdk|openqasm2"),
      "what reads the program: OpenQASM 3 as specified, Qiskit, Amazon Braket, Microsoft's QDK, or OpenQASM 2");
}

void circuit_run_options(po::options_description& description) {
  add_program(description);
  description.add_options()("shots", po::value<std::uint64_t>()->value_name("COUNT"),
                            "counts of so many shots in place of exact probabilities")(
      "trajectories", "every shot by itself, measurements collapsing the state; shots are shared by all ranks")(
      "noise", po::value<std::string>()->value_name("FILE.yaml|FILE.json"),
      "device file (configs/devices, or IBM properties), or one noise for all: '{two_qubit: 0.01, readout: 0.01}'")(
      "seed", po::value<std::uint64_t>()->default_value(1)->value_name("SEED"), "of the shots")(
      "json", "JSON in place of a table");
  add_input(description);
  add_measure_all(description);
}

void export_options(po::options_description& description) {
  add_network(description);
  add_subject(description);
  add_output(description);
}

void route_options(po::options_description& description) {
  add_program(description);
  add_device(description);
  add_input(description);
  add_measure_all(description);
  export_options(description);
}

void resources_options(po::options_description& description) {
  add_network(description);
  add_subject(description);
  add_device(description);
}

template <void (*action)(const Invocation&)>
int done(const Invocation& invocation) {
  action(invocation);
  return exit_done;
}

}  // namespace

Command circuit_command() {
  return {
      "circuit",
      "run OpenQASM files; print, export, route and count the network's circuits; devices",
      "titrant circuit run bell.qasm --shots 1000",
      nullptr,
      nullptr,
      {},
      false,
      {{"run",
        "run an OpenQASM file: exact probabilities, or counts of shots",
        "titrant circuit run bell.qasm --shots 1000\n"
        "titrant circuit run bell.qasm --noise '{two_qubit: 0.01, readout: 0.02}' --json",
        circuit_run_options,
        done<run_circuit>,
        {"file"}},
       {"print", "draw the configured network and count its gates",
        "titrant circuit print --set classifier.preset=proposal", add_network, done<print_network>},
       {"export", "write the network with the features of one subject as OpenQASM",
        "titrant circuit export --store run.h5 --output subject.qasm\n"
        "titrant circuit export --store run.h5 --dialect qiskit --output qiskit.qasm",
        export_options, done<export_network>},
       {"route",
        "translate an OpenQASM file, or the network of one subject, to the gates and couplings of a device",
        "titrant circuit route --device configs/devices/example_heavy_hex.yaml --output routed.qasm\n"
        "titrant circuit route bell.qasm --device configs/devices/example_heavy_hex.yaml",
        route_options,
        done<route_circuit>,
        {"file"}},
       {"device",
        "what of a calibration can be used, written as a device file",
        "titrant circuit device configs/devices/example_heavy_hex.yaml --qubits 0,1,2 --output corner.yaml",
        device_options,
        done<convert_device>,
        {"file"}},
       {"resources", "what the configured training and search would ask of a device, and of this machine",
        "titrant circuit resources --config configs/quickstart.yaml --device configs/devices/example_heavy_hex.yaml",
        resources_options, done<print_resources>}}};
}

}  // namespace titrant::cli
