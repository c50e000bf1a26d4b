#include "whole_run.hpp"

#include <fmt/format.h>

#include <cmath>
#include <optional>

#include "report.hpp"
#include "terminal/messages.hpp"
#include "titrant/core/error.hpp"
#include "titrant/parallel/stop.hpp"
#include "titrant/quantum/isa.hpp"
#include "titrant/run/run.hpp"

namespace po = boost::program_options;

namespace titrant::cli {

namespace {

/// Tables that are asked for on standard output; progress goes to standard error.
void print_results(const run::Configuration& configuration, const run::Results& results) {
  if (!results.pk.best.estimates.empty()) fmt::print("\n{}", run::fit_table(results.pk));
  if (results.pd) fmt::print("\n{}", run::pd_table(*results.pd));
  for (const std::string& table :
       {run::metrics_table(results), run::answer_table(configuration, results), run::learning_table(results),
        run::ablation_table(results), run::coverage_table(results)}) {
    if (!table.empty()) fmt::print("\n{}", table);
  }
}

void pin_instruction_set(const std::string& name) {
  if (name.empty()) return;
  quantum::select_instruction_set(quantum::instruction_set_from_name(name).value());
}

run::CheckpointOptions checkpoint_options(const Invocation& invocation) {
  constexpr double seconds_per_hour = 3600.0;
  run::CheckpointOptions options;
  options.interval = invocation.values["checkpoint-every"].as<double>();
  if (!(options.interval >= 0.0)) throw ConfigError("--checkpoint-every: expected seconds, 0 or more");
  if (invocation.values.contains("max-hours")) {
    const double hours = invocation.values["max-hours"].as<double>();
    if (!(hours > 0.0)) throw ConfigError("--max-hours: expected a positive number of hours");
    options.seconds = hours * seconds_per_hour;
  }
  return options;
}

/// Parts of a run, and members of a campaign, have none.
bool wants_report(const Invocation& invocation, const WholeRun& run) {
  return run.command == "run" && !run.output.empty() && run.configuration.output.report &&
         !invocation.values.contains("no-report");
}

}  // namespace

void add_run_options(po::options_description& description) {
  description.add_options()(
      "checkpoint-every", po::value<double>()->default_value(30.0, "30")->value_name("SECONDS"),
      "seconds between checkpoints (OUTPUT.checkpoint), from which `titrant resume OUTPUT` goes on")(
      "max-hours", po::value<double>()->value_name("HOURS"),
      "stop before so many hours are over, with a checkpoint and exit code 75; so do the signals INT, TERM and USR1")(
      "quiet,q", "print nothing but errors")("isa", po::value<std::string>()->value_name("v4|v3|baseline"),
                                             "instruction set of the quantum kernels (same results, "
                                             "other speed)");
}

void add_report_option(po::options_description& description) {
  description.add_options()("no-report",
                            "do not end with the report, an HTML file beside the store (output.report of the "
                            "configuration)");
}

int carry_out(const Invocation& invocation, const WholeRun& run) {
  const parallel::Communicator& ranks = invocation.ranks;
  run::CheckpointOptions options;
  parallel::collectively(ranks, [&] {
    pin_instruction_set(text_option(invocation, "isa"));
    options = checkpoint_options(invocation);
  });
  const bool quiet = invocation.values.contains("quiet") || !ranks.root();
  run::Context context{ranks, run.configuration, console(quiet)};
  if (run.output.empty()) parallel::release_stop_signals();  // nothing to keep: they end the process
  std::optional<parallel::StopSignals> signals;
  std::optional<run::Checkpointing> checkpointing;
  if (!run.output.empty()) {
    signals.emplace(exit_stopped);
    run::CheckpointFacts facts;
    parallel::on_root(ranks, [&] { facts = run::facts_of(run.configuration, run.command, run.command_line); });
    checkpointing.emplace(ranks, run.output, std::move(facts), options, plain_console(!ranks.root()), run.resume);
    context.ranks = checkpointing->ranks();
  }
  try {
    const run::Results results = run::run(context, run::stages_for(run.command), run.output, run.command_line,
                                          checkpointing ? &*checkpointing : nullptr);
    if (!quiet) print_results(run.configuration, results);
    if (run.exported) {
      parallel::on_root(ranks, [&] {
        for (const std::filesystem::path& file : write_export(*run.exported, results)) {
          if (!quiet) fmt::print("written: {}\n", file.string());
        }
      });
    }
    if (!quiet && run.output.empty() && !run.exported)
      fmt::print("\nNothing was written: give --output RUN.h5 to keep the results.\n");
    if (wants_report(invocation, run)) report_at_end(ranks, run.output, context.console);
    return exit_done;
  } catch (const parallel::Interrupted&) {
    if (ranks.root()) {
      print_warning(
          fmt::format("stopped early. To go on, on any number of ranks: titrant resume {}", run.output.string()));
    }
    return exit_stopped;
  }
}

}  // namespace titrant::cli
