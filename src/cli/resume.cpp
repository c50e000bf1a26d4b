#include <fmt/format.h>

#include <filesystem>
#include <optional>

#include "command.hpp"
#include "export.hpp"
#include "terminal/messages.hpp"
#include "titrant/core/error.hpp"
#include "titrant/run/checkpoint.hpp"
#include "titrant/store/checkpoint_file.hpp"
#include "titrant/store/store.hpp"
#include "titrant/store/target.hpp"
#include "whole_run.hpp"

namespace po = boost::program_options;

namespace titrant::cli {

namespace {

void resume_options(po::options_description& description) {
  description.add_options()("store", po::value<std::string>()->value_name("RUN.h5"),
                            "the store that the run was to write");
  add_configuration_options(description);
  description.add_options()("accept-changes",
                            "go on although the program is another one; the end may then differ from that of an "
                            "undisturbed run");
  add_run_options(description);
  add_report_option(description);
  add_export_options(description);
  description.add_options()("force,f", "replace existing files of --export");
}

/// Whether the store at this name is what the checkpoint was to become, or there is none of the latter.
bool is_done(const std::string& output, const std::optional<run::CheckpointFacts>& facts) {
  if (!std::filesystem::exists(output)) return false;
  std::optional<store::Reader> found;
  try {
    found.emplace(output);
  } catch (const store::ForeignStore&) {
    if (!facts) throw;
    return false;  // of an older format, say: what --force is to replace
  }
  const store::Reader& reader = *found;
  if (!reader.complete()) throw StoreError(fmt::format("{}: is not complete, and no checkpoint can mend it", output));
  if (!facts) return true;
  // Killed between the last two steps, or the old store that --force is to replace.
  return reader.contains("/provenance/started") && reader.text("/provenance/started") == facts->started &&
         reader.text("/config/resolved") == facts->configuration;
}

/// Of the checkpoint, if there is one. One that is of no use is bad input, and stays where it is.
std::optional<run::CheckpointFacts> facts_of_checkpoint(const std::string& output) {
  try {
    return run::checkpoint_facts(output);
  } catch (const StoreError& error) {
    throw DataError(fmt::format("resume {}: {}. Begin anew with titrant run --force", output, error.what()));
  }
}

/// The configuration to go on with: that of the checkpoint, or what the user gives, which must be the same.
run::Configuration configuration_for(const Invocation& invocation, const run::CheckpointFacts& facts) {
  if (invocation.values.contains("config")) return configuration_of(invocation);
  run::ConfigurationSource source;
  source.file = "the checkpoint";
  source.text = facts.configuration;
  if (invocation.values.contains("set")) source.sets = invocation.values["set"].as<std::vector<std::string>>();
  return run::load_configuration(source);
}

void refuse_changes(const Invocation& invocation, const std::string& output, const run::CheckpointFacts& then,
                    const run::CheckpointFacts& now) {
  const std::string found = run::differences(then, now);
  if (found.empty()) return;
  run::CheckpointFacts same_program = now;
  same_program.version = then.version;
  same_program.commit = then.commit;
  const bool only_program = run::differences(then, same_program).empty();
  if (only_program && invocation.values.contains("accept-changes")) {
    print_warning(fmt::format("going on in spite of changes:\n{}", found));
    return;
  }
  throw ConfigError(fmt::format(
      "resume {}: the run was begun in another way:\n{}{}", output, found,
      only_program
          ? "The end may differ from that of an undisturbed run; --accept-changes goes on nevertheless"
          : "Results of the one would be mixed with results of the other. Begin anew with titrant run --force"));
}

int run_resume(const Invocation& invocation) {
  const parallel::Communicator& ranks = invocation.ranks;
  const std::string output = text_option(invocation, "store");
  WholeRun run;
  bool done = false;
  parallel::on_root(ranks, [&] {
    if (output.empty()) throw ConfigError("resume: which run? titrant resume RUN.h5");
    const std::optional<run::CheckpointFacts> facts = facts_of_checkpoint(output);
    done = is_done(output, facts);
    if (done) {
      store::remove_checkpoints(output);
      print_warning(fmt::format("{} is complete; nothing is left to do", output));
      return;
    }
    if (!facts)
      throw ConfigError(fmt::format("resume {}: there is neither a checkpoint nor a store of this name", output));
    store::check_target(output, true);
    run.command = facts->command;
    run.command_line = facts->command_line;
    run.configuration = configuration_for(invocation, *facts);
    refuse_changes(invocation, output, *facts, run::facts_of(run.configuration, facts->command, ""));
  });
  if (ranks.sum(done ? 1 : 0) > 0) return exit_done;
  // The other ranks read what the first has found good.
  run.command = ranks.broadcast(run.command);
  run.command_line = ranks.broadcast(run.command_line);
  const std::string yaml = ranks.broadcast(ranks.root() ? run::to_yaml(run.configuration, false) : "");
  parallel::collectively(ranks, [&] {
    run::ConfigurationSource source;
    source.file = "the checkpoint";
    source.text = yaml;
    run.configuration = run::load_configuration(source);
  });
  run.output = output;
  run.resume = true;
  run.exported = export_request(invocation, output);
  parallel::on_root(ranks, [&] {
    if (run.exported) check_export(*run.exported, run.configuration.data.file, invocation.values.contains("force"));
  });
  return carry_out(invocation, run);
}

}  // namespace

Command resume_command() {
  return {"resume",
          "go on with a run that was stopped or killed",
          "mpiexec -n 8 titrant resume challenge.h5",
          resume_options,
          run_resume,
          {"store"},
          true};
}

}  // namespace titrant::cli
