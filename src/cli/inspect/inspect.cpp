#include "inspect.hpp"

#include <fmt/format.h>

#include "command.hpp"
#include "titrant/core/error.hpp"
#include "titrant/store/checkpoint_file.hpp"

namespace po = boost::program_options;

namespace titrant::cli {

namespace {

void inspect_options(po::options_description& description) {
  description.add_options()("store", po::value<std::string>()->value_name("RUN.h5|RUN.h5.checkpoint"),
                            "a store, an index of a campaign, or a checkpoint")(
      "answers", "every answer: all questions, methods and rules")(
      "contents", "every dataset with its shape, unit and meaning")("json", "all of this as JSON");
}

/// A run that has not come to its end has a checkpoint in place of a store.
void inspect_unfinished(const FoundCheckpoint& found, bool json) {
  json ? print_checkpoint_json(found) : print_checkpoint(found);
}

void inspect(const Invocation& invocation) {
  const std::filesystem::path file = text_option(invocation, "store");
  if (file.empty()) throw ConfigError("inspect: missing argument RUN.h5; usage: titrant inspect RUN.h5");
  const bool json = invocation.values.contains("json");
  const std::filesystem::path store = store_of_checkpoint(file).value_or(file);
  if (store != file || !std::filesystem::exists(file)) {
    if (const auto unfinished = find_checkpoint(store)) return inspect_unfinished(*unfinished, json);
    throw ConfigError(fmt::format("{}: there is no such file", file.string()));
  }
  const Inspection found = inspect_store(file);
  if (json) return print_inspection_json(found);
  print_inspection(found, {invocation.values.contains("answers"), invocation.values.contains("contents")});
  if (store::has_checkpoint(file)) {
    fmt::print("\nBeside it is the checkpoint of another run to this name, which was stopped: titrant inspect {}\n",
               store::checkpoint_name(file).string());
  }
}

int run_inspect(const Invocation& invocation) {
  parallel::on_root(invocation.ranks, [&] { inspect(invocation); });
  return exit_done;
}

}  // namespace

Command inspect_command() {
  return {"inspect",
          "say what a store or a checkpoint holds, its answers, how it was made",
          "titrant inspect challenge.h5",
          inspect_options,
          run_inspect,
          {"store"}};
}

}  // namespace titrant::cli
