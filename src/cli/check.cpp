#include "titrant/run/check.hpp"

#include <fmt/format.h>

#include "command.hpp"
#include "terminal/messages.hpp"
#include "titrant/run/run.hpp"
#include "titrant/store/target.hpp"
#include "titrant/trial/summary.hpp"

namespace po = boost::program_options;

namespace titrant::cli {

namespace {

void options(po::options_description& description) {
  add_configuration_options(description);
  description.add_options()("for",
                            po::value<std::string>()->default_value("run")->value_name("run|fit|evaluate|train|search"),
                            "the command that is to use them");
}

int run(const Invocation& invocation) {
  parallel::on_root(invocation.ranks, [&] {
    const std::string command = text_option(invocation, "for");
    const run::Configuration configuration = configuration_of(invocation);
    if (!configuration.output.file.empty()) store::check_target(configuration.output.file, false);
    const trial::Trial trial = run::load_trial(configuration);
    const std::vector<std::string> remarks = run::expect_usable(configuration, trial, run::stages_for(command));
    fmt::print("{}\n", trial::describe(trial::summarise(trial, configuration.protocol.endpoints)));
    for (const std::string& remark : remarks) fmt::print("{}\n", remark);
    fmt::print("{}\n", verdict("Configuration and data can be used.", Tone::good));
  });
  return exit_done;
}

}  // namespace

Command check_command() {
  return {"check", "find what a run would refuse, summarise the trial, compute nothing",
          "titrant check --config configs/quickstart.yaml --set data.file=trial.csv", options, run};
}

}  // namespace titrant::cli
