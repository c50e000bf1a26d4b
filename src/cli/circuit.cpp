#include "circuit.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "titrant/core/error.hpp"
#include "titrant/core/problems.hpp"

namespace po = boost::program_options;

namespace titrant::cli {

namespace {

struct Action {
  std::string_view name;
  void (*run)(const Invocation& invocation);
};

constexpr std::array<Action, 5> actions = {{{"run", run_circuit},
                                            {"print", print_network},
                                            {"export", export_network},
                                            {"route", route_circuit},
                                            {"resources", print_resources}}};

void options(po::options_description& description) {
  description.add_options()(
      "action", po::value<std::string>(),
      "run: an OpenQASM file; print: the configured network; export: it as OpenQASM 3; route: to a "
      "device; resources: what a campaign costs (a bare argument will do)")(
      "file", po::value<std::string>(), "OpenQASM file, for run and route (a second bare argument will do)");
  add_configuration_options(description);
  po::options_description running("run");
  running.add_options()("shots", po::value<std::uint64_t>(), "counts of so many shots in place of exact probabilities")(
      "trajectories", "every shot by itself, measurements collapsing the state; shots are shared by all ranks")(
      "noise", po::value<std::string>(),
      "device file (configs/devices, or IBM properties), or one noise for all: '{two_qubit: 0.01, readout: 0.01}'")(
      "seed", po::value<std::uint64_t>()->default_value(1), "of the shots")("json", "JSON in place of a table");
  po::options_description network("export, route and print");
  network.add_options()(
      "store", po::value<std::string>(),
      "a run whose trained parameters are taken; without it: random ones of the configuration's seed")(
      "classifier", po::value<std::string>()->default_value("qcnn"), "which of the run's classifiers")(
      "subject", po::value<std::string>(), "identifier of a subject of the trial (default: the first active one)")(
      "dose", po::value<double>(), "dose, mg (default: the subject's)")(
      "regimen", po::value<std::string>()->default_value("daily"), "daily or weekly")(
      "preparation", po::value<std::string>()->default_value("auto"),
      "of the amplitudes: mps (bond dimension 2), general, or auto: the shorter")("device", po::value<std::string>(),
                                                                                  "route: the device file")(
      "output,o", po::value<std::string>(), "file to write; without it: standard output")("force,f",
                                                                                          "replace an existing file");
  description.add(running).add(network);
}

int run(const Invocation& invocation) {
  const std::string name = text_option(invocation, "action");
  for (const Action& action : actions) {
    if (action.name != name) continue;
    action.run(invocation);
    return exit_done;
  }
  std::vector<std::string> names;
  names.reserve(actions.size());
  for (const Action& action : actions) names.emplace_back(action.name);
  const std::string near = core::nearest(name, names);
  throw ConfigError(name.empty()
                        ? "circuit: do what? run, print, export, route or resources; see titrant circuit --help"
                        : fmt::format("circuit: unknown action '{}'{}; see titrant circuit --help", name,
                                      near.empty() ? "" : fmt::format(", did you mean '{}'?", near)));
}

}  // namespace

Command circuit_command() {
  return {"circuit",
          "run OpenQASM files; print, export, route and count the network's circuits",
          "titrant circuit run bell.qasm --shots 1000",
          options,
          run,
          {"action", "file"}};
}

}  // namespace titrant::cli
