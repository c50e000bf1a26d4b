#include "titrant/campaign/run.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <iostream>

#include "command.hpp"
#include "titrant/core/error.hpp"
#include "titrant/quantum/isa.hpp"
#include "titrant/store/target.hpp"

/// \file
/// run, fit, evaluate, train, search: they differ in the stages they go through, and in nothing else.

namespace po = boost::program_options;

namespace titrant::cli {

namespace {

void options(po::options_description& description) {
  add_configuration_options(description);
  description.add_options()("output,o", po::value<std::string>(),
                            "HDF5 store to write (output.file of the configuration)")(
      "force,f", "replace an existing store")("quiet,q", "print nothing but errors")(
      "isa", po::value<std::string>(),
      "instruction set of the quantum kernels: v4, v3 or baseline (same results, other speed)")(
      "dump-config", "print the resolved configuration with an explanation of every key, and stop");
}

/// Tables that are asked for on standard output; progress goes to standard error.
void print_results(const campaign::Configuration& configuration, const campaign::Results& results) {
  if (!results.pk.best.estimates.empty()) fmt::print("\n{}", campaign::fit_table(results.pk));
  if (results.pd) fmt::print("\n{}", campaign::pd_table(*results.pd));
  for (const std::string& table :
       {campaign::metrics_table(results), campaign::answer_table(configuration, results),
        campaign::learning_table(results), campaign::ablation_table(results), campaign::coverage_table(results)}) {
    if (!table.empty()) fmt::print("\n{}", table);
  }
}

void pin_instruction_set(const std::string& name) {
  if (name.empty()) return;
  const auto set = quantum::instruction_set_from_name(name);
  if (!set) throw ConfigError(fmt::format("--isa {}: expected v4, v3 or baseline", name));
  quantum::select_instruction_set(*set);
}

int run(const Invocation& invocation) {
  const parallel::Communicator& ranks = invocation.ranks;
  parallel::collectively(ranks, [&] { pin_instruction_set(text_option(invocation, "isa")); });
  campaign::Configuration configuration;
  parallel::collectively(ranks, [&] { configuration = configuration_of(invocation); });
  if (invocation.values.contains("dump-config")) {
    if (ranks.root()) fmt::print("{}", campaign::to_yaml(configuration, true));
    return exit_done;
  }
  std::string output = text_option(invocation, "output");
  if (output.empty()) output = configuration.output.file;
  parallel::on_root(ranks, [&] {
    if (!output.empty()) store::check_target(output, invocation.values.contains("force"));
  });
  const bool quiet = invocation.values.contains("quiet") || !ranks.root();
  const campaign::Context context{ranks, configuration, core::Console(std::cerr, isatty(STDERR_FILENO) == 1, quiet)};
  const campaign::Results results =
      campaign::run(context, campaign::stages_for(invocation.command), output, invocation.command_line);
  if (!quiet) print_results(configuration, results);
  if (!quiet && output.empty()) fmt::print("\nNothing was written: give --output RUN.h5 to keep the results.\n");
  return exit_done;
}

Command stage_command(const std::string& name, const std::string& summary, const std::string& example) {
  return {name, summary, example, options, run};
}

}  // namespace

Command run_command() { return stage_commands().front(); }

std::vector<Command> stage_commands() {
  return {
      stage_command("run", "the main job: fit, evaluate, train, search, and write one store",
                    "mpiexec -n 4 titrant run --config configs/challenge.yaml --output challenge.h5"),
      stage_command("fit", "fit the population pharmacokinetics and the biomarker model",
                    "titrant fit --set data.file=trial.csv --output fit.h5"),
      stage_command("evaluate", "cross-validate the classifiers on the trial",
                    "mpiexec -n 4 titrant evaluate --set data.file=trial.csv --set training.replicates=3"),
      stage_command("train", "fit, and train the classifiers", "titrant train --set data.file=trial.csv -o trained.h5"),
      stage_command("search", "fit, train, and search the dose grid",
                    "titrant search --set dose.search=bisection"
                    " --set output.trajectories=false")};
}

}  // namespace titrant::cli
