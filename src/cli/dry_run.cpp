#include "dry_run.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "terminal/messages.hpp"
#include "titrant/core/clock.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/size_text.hpp"
#include "titrant/parallel/stop.hpp"
#include "titrant/run/cost.hpp"
#include "titrant/run/methods.hpp"
#include "titrant/run/run.hpp"
#include "titrant/trial/summary.hpp"

namespace titrant::cli {

namespace {

std::string doses_text(const protocol::Regimen& regimen, const std::string& amount) {
  return fmt::format("{} every {:g} h, {} doses from {:g} to {:g} {}", regimen.name, regimen.interval,
                     regimen.doses.size(), regimen.doses.front(), regimen.doses.back(), regimen.dose_unit(amount));
}

/// What the answers will be of.
void print_questions(const run::Configuration& c, const trial::Trial& trial) {
  std::vector<std::string> populations;
  for (const protocol::Population& population : c.protocol.populations) populations.push_back(population.name);
  std::vector<std::string> targets;
  for (const double target : c.protocol.targets) targets.push_back(fmt::format("{:g} %", 100.0 * target));
  std::vector<std::string> methods;
  for (const run::Method& method : run::methods(c)) methods.push_back(method.name);
  fmt::print("\nWhat is asked: {} questions\n", c.protocol.questions().size());
  fmt::print("  {:<12} {}\n", "populations", fmt::join(populations, ", "));
  for (const protocol::Regimen& regimen : c.protocol.regimens) {
    fmt::print("  {:<12} {}\n", "regimen", doses_text(regimen, trial.units.amount));
  }
  for (const dose::ResolvedEndpoint& endpoint : run::endpoints_of(c, trial, nullptr)) {
    fmt::print("  {:<12} {}: {}\n", "endpoint", endpoint.name(),
               protocol::describe(endpoint.definition, trial.units.biomarker, trial.units.concentration));
  }
  fmt::print("  {:<12} {}\n", "targets", fmt::join(targets, ", "));
  fmt::print("  {:<12} {}\n", "methods", fmt::join(methods, ", "));
}

void print_stages(const run::RunCost& cost, std::size_t ranks) {
  fmt::print("\n  {:<12} {:>12} {:<17} {:>10} {:>10} {:>14}\n", "stage", "units", "of", "measured", "core-s",
             fmt::format("s on {} rank{}", ranks, ranks == 1 ? "" : "s"));
  for (const run::StageCost& stage : cost.stages) {
    constexpr double nothing = 1e-3;  // s: what a stage takes that was not asked for
    if (stage.core_seconds() < nothing) continue;
    fmt::print("  {:<12} {:>12.6g} {:<17} {:>10.4g} {:>10.3g} {:>14.3g}\n", stage.stage, stage.units, stage.unit,
               stage.measured_units, stage.core_seconds(), stage.core_seconds() / static_cast<double>(ranks));
  }
}

void print_sizes(const run::RunCost& cost, std::size_t ranks, const std::filesystem::path& output) {
  const double seconds = cost.core_seconds() / static_cast<double>(ranks);
  fmt::print("\nAbout {} on {} rank{} ({:.3g} core-seconds)\n", core::duration_text(seconds), ranks,
             ranks == 1 ? "" : "s", cost.core_seconds());
  fmt::print("Memory about {} a rank\n", core::size_text(cost.memory_bytes));
  if (cost.answers > 0) fmt::print("{} answers\n", cost.answers);
  if (output.empty()) {
    fmt::print("No store: nothing would be written; give --output RUN.h5 to keep the results\n");
    return;
  }
  const std::filesystem::path folder = output.has_parent_path() ? output.parent_path() : ".";
  const auto room = static_cast<double>(std::filesystem::space(folder).available);
  fmt::print("Store about {}: {} can be written; {} are free there\n", core::size_text(cost.store_bytes),
             output.string(), core::size_text(room));
  if (cost.store_bytes > room)
    throw ConfigError(
        fmt::format("output {}: the disk has not enough room; choose another folder, or "
                    "--set output.trajectories=none for a smaller store",
                    output.string()));
}

}  // namespace

int dry_run(const Invocation& invocation, const WholeRun& run) {
  const parallel::Communicator& ranks = invocation.ranks;
  parallel::release_stop_signals();  // there is nothing to keep
  trial::Trial trial;
  parallel::collectively(ranks, [&] { trial = run::load_trial(run.configuration); });
  const bool quiet = invocation.values.contains("quiet") || !ranks.root();
  std::filesystem::path folder;
  if (!run.output.empty()) folder = run.output.has_parent_path() ? run.output.parent_path() : ".";
  const run::RunCost cost = run::measure({ranks, run.configuration, console(quiet)}, folder, run.command);
  parallel::on_root(ranks, [&] {
    fmt::print("{}{}\n", trial::describe(trial::summarise(trial, run.configuration.protocol.endpoints)),
               verdict("Configuration and data can be used.", Tone::good));
    if (cost.answers > 0) print_questions(run.configuration, trial);
    print_stages(cost, ranks.size());
    print_sizes(cost, ranks.size(), run.output);
    fmt::print(
        "\nFound by running the measured units of each stage here, now; the rest is taken to cost as much a unit.\n"
        "Nothing was written.\n");
  });
  return exit_done;
}

}  // namespace titrant::cli
