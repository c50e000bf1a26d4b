#include <fmt/format.h>

#include "command.hpp"
#include "titrant/campaign/run.hpp"
#include "titrant/trial/summary.hpp"
#include "voice.hpp"

namespace titrant::cli {

namespace {

int run(const Invocation& invocation) {
  parallel::on_root(invocation.ranks, [&] {
    const campaign::Configuration configuration = configuration_of(invocation);
    const trial::Trial trial = campaign::load_trial(configuration);
    fmt::print("{}\n{}\n", trial::describe(trial::summarise(trial, configuration.response.rule)),
               verdict("Configuration and data can be used.", Tone::good));
  });
  return exit_done;
}

}  // namespace

Command check_command() {
  return {"check", "validate configuration and data, summarise the trial, compute nothing",
          "titrant check --set data.file=trial.csv", add_configuration_options, run};
}

}  // namespace titrant::cli
