#include <fmt/format.h>

#include "command.hpp"
#include "dry_run.hpp"
#include "export.hpp"
#include "titrant/core/error.hpp"
#include "titrant/store/checkpoint_file.hpp"
#include "titrant/store/target.hpp"
#include "whole_run.hpp"

/// \file
/// run, fit, evaluate, train, search: they differ in the stages they go through, and in nothing else.

namespace po = boost::program_options;

namespace titrant::cli {

namespace {

void run_options(po::options_description& description) {
  add_configuration_options(description);
  description.add_options()("output,o", po::value<std::string>()->value_name("RUN.h5"),
                            "HDF5 store to write (output.file of the configuration)")(
      "force,f", "replace an existing store, and begin anew where one was stopped");
  add_run_options(description);
  add_report_option(description);
  description.add_options()("dump-config",
                            "print the resolved configuration with an explanation of every key, and stop")(
      "dry-run", "validate, run a small piece of each stage, say what all would take (time, memory, size), and stop");
}

void fit_options(po::options_description& description) {
  run_options(description);
  add_export_options(description);
}

/// A run that was stopped is not thrown away by mistake.
void expect_no_checkpoint(const std::string& output, bool force, bool dry) {
  if (!store::has_checkpoint(output) || (force && dry)) return;
  if (force) return store::remove_checkpoints(output);
  throw ConfigError(fmt::format(
      "output {}: a run to this name was stopped and can go on: titrant resume {}. To begin anew instead: --force",
      output, output));
}

/// A name that a shell left empty, or one of another kind of file, is a mistake that would be found at the end.
void expect_store_name(const Invocation& invocation, const std::string& output) {
  if (!invocation.values.contains("output")) return;
  if (output.empty()) throw ConfigError("--output: the name is empty; expected RUN.h5");
  for (const std::string_view other : {".yaml", ".yml", ".csv", ".json", ".html", ".qasm"}) {
    if (output.ends_with(other))
      throw ConfigError(fmt::format("--output {}: a store is HDF5; expected a name that ends in .h5", output));
  }
}

int start_run(const Invocation& invocation) {
  const parallel::Communicator& ranks = invocation.ranks;
  WholeRun run;
  parallel::collectively(ranks, [&] { run.configuration = configuration_of(invocation); });
  if (invocation.values.contains("dump-config")) {
    if (ranks.root()) fmt::print("{}", run::to_yaml(run.configuration, true));
    return exit_done;
  }
  const bool dry = invocation.values.contains("dry-run");
  std::string output = text_option(invocation, "output");
  expect_store_name(invocation, output);
  if (output.empty()) output = run.configuration.output.file;
  run.exported = export_request(invocation, output);
  parallel::on_root(ranks, [&] {
    if (run.exported) check_export(*run.exported, run.configuration.data.file, invocation.values.contains("force"));
    if (output.empty()) return;
    store::check_target(output, invocation.values.contains("force"));
    expect_no_checkpoint(output, invocation.values.contains("force"), dry);
  });
  run.command = invocation.command;
  run.command_line = invocation.command_line;
  run.output = output;
  if (dry) return dry_run(invocation, run);
  return carry_out(invocation, run);
}

Command stage_command(const std::string& name, const std::string& summary, const std::string& example) {
  return {name, summary, example, run_options, start_run, {}, true};
}

Command fit_command() {
  Command command = stage_command("fit", "fit the population pharmacokinetics and the biomarker model",
                                  "titrant fit --set data.file=trial.csv --output fit.h5");
  command.options = fit_options;
  return command;
}

}  // namespace

Command run_command() { return stage_commands().front(); }

std::vector<Command> stage_commands() {
  return {stage_command("run", "the main job: fit, evaluate, train, search, and write one store",
                        "titrant run --config configs/challenge.yaml --output challenge.h5 --dry-run\n"
                        "mpiexec -n 4 titrant run --config configs/challenge.yaml --output challenge.h5"),
          fit_command(),
          stage_command("evaluate", "cross-validate the classifiers on the trial",
                        "mpiexec -n 4 titrant evaluate --config configs/quickstart.yaml --set data.file=trial.csv"),
          stage_command("train", "fit, and train the classifiers",
                        "titrant train --config configs/quickstart.yaml --set data.file=trial.csv -o trained.h5"),
          stage_command("search", "fit, train, and search the dose grid",
                        "titrant search --set dose.search=bisection"
                        " --set output.trajectories=none")};
}

}  // namespace titrant::cli
