#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>
#include <numeric>
#include <optional>

#include "campaign.hpp"
#include "terminal/messages.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/size_text.hpp"
#include "titrant/run/cost.hpp"

/// \file
/// titrant campaign plan: the members of a campaign, and what they will cost.

namespace titrant::cli {

namespace {

constexpr double hour = 3600.0;  // s

campaign::Variation variation_option(const Invocation& invocation) {
  campaign::Variation variation;
  const std::string seeds = text_option(invocation, "seeds");
  try {
    if (!seeds.empty()) variation.seeds = campaign::read_numbers(seeds);
  } catch (const ConfigError& error) {
    throw ConfigError(fmt::format("--seeds {}", error.what()));
  }
  if (invocation.values.contains("vary")) {
    variation.alternatives = invocation.values["vary"].as<std::vector<std::string>>();
  }
  return variation;
}

std::vector<std::string> jobs(const campaign::Plan& plan, const std::filesystem::path& folder) {
  std::vector<std::uint64_t> numbers(plan.members.size());
  std::iota(numbers.begin(), numbers.end(), std::uint64_t{1});
  return {array_line(numbers, folder),
          fmt::format("sbatch --dependency=afterok:ARRAY gather.sbatch {}", folder.string())};
}

void print_members(const campaign::Plan& plan, const std::filesystem::path& folder) {
  fmt::print("{}: {} members\n", folder.string(), plan.members.size());
  constexpr std::size_t shown = 4;  // the first ones, and the last
  for (std::size_t i = 0; i < plan.members.size(); ++i) {
    if (i == shown && plan.members.size() > shown + 1) fmt::print("  ...\n");
    if (i >= shown && i + 1 < plan.members.size()) continue;
    fmt::print("  {}  {}\n", plan.members[i].name, fmt::join(plan.members[i].settings, "; "));
  }
}

void print_cost(const campaign::Plan& plan, const run::RunCost& cost, std::size_t ranks,
                const std::filesystem::path& folder) {
  const auto members = static_cast<double>(plan.members.size());
  fmt::print("\nA member, by a piece of {} that was run here on {} rank{}:\n", plan.members.front().name, ranks,
             ranks == 1 ? "" : "s");
  fmt::print("  {:<12} {:>12} {:<17} {:>10} {:>14} {:>14}\n", "stage", "units", "of", "measured", "core-s of it",
             "core-s in all");
  constexpr double nothing = 1e-3;  // s: what a stage takes that was not asked for
  for (const run::StageCost& stage : cost.stages) {
    if (stage.core_seconds() < nothing) continue;
    fmt::print("  {:<12} {:>12.6g} {:<17} {:>10.4g} {:>14.3g} {:>14.3g}\n", stage.stage, stage.units, stage.unit,
               stage.measured_units, stage.measured, stage.core_seconds());
  }
  fmt::print("  A quantum computer would run {:.3g} circuits for it (titrant circuit resources).\n\n", cost.circuits);
  fmt::print("  {:<14} {:>12} {:>12}\n", "about", "a member", "in all");
  fmt::print("  {:<14} {:>12.3g} {:>12.3g}\n", "core-hours", cost.core_seconds() / hour,
             cost.core_seconds() / hour * members);
  fmt::print("  {:<14} {:>12} {:>12}\n", "stores", core::size_text(cost.store_bytes),
             core::size_text(cost.store_bytes * members));
  const auto room = static_cast<double>(std::filesystem::space(folder).available);
  if (cost.store_bytes * members > room) {
    fmt::print("  {}\n", verdict(fmt::format("THE DISK HAS ROOM FOR {} ONLY.", core::size_text(room)), Tone::bad));
  }
}

void print_json(const campaign::Plan& plan, const std::optional<run::RunCost>& cost, std::size_t ranks,
                const std::filesystem::path& folder) {
  const auto members = static_cast<double>(plan.members.size());
  nlohmann::ordered_json json;
  json["folder"] = folder.string();
  json["members"] = nlohmann::ordered_json::array();
  for (const campaign::Member& member : plan.members) {
    json["members"].push_back({{"name", member.name}, {"settings", member.settings}});
  }
  if (cost) {
    json["measured"] = {{"member", plan.members.front().name}, {"ranks", ranks}};
    json["stages"] = nlohmann::ordered_json::array();
    for (const run::StageCost& stage : cost->stages) {
      json["stages"].push_back({{"stage", stage.stage},
                                {"unit", stage.unit},
                                {"units", stage.units},
                                {"measured_units", stage.measured_units},
                                {"measured_core_seconds", stage.measured},
                                {"core_seconds", stage.core_seconds()}});
    }
    json["circuits_per_member"] = cost->circuits;
    json["core_hours_per_member"] = cost->core_seconds() / hour;
    json["core_hours"] = cost->core_seconds() / hour * members;
    json["bytes_per_member"] = cost->store_bytes;
    json["bytes"] = cost->store_bytes * members;
  }
  json["jobs"] = jobs(plan, folder);
  fmt::print("{}\n", json.dump(2));
}

}  // namespace

int plan_campaign(const Invocation& invocation) {
  const parallel::Communicator& ranks = invocation.ranks;
  const std::filesystem::path folder = folder_option(invocation);
  run::ConfigurationSource source;
  source.file = file_option(invocation, "config");
  if (invocation.values.contains("set")) source.sets = invocation.values["set"].as<std::vector<std::string>>();
  campaign::Plan plan;
  parallel::collectively(ranks, [&] { plan = campaign::make_plan(source, variation_option(invocation)); });
  parallel::on_root(ranks, [&] { campaign::make_folder(folder, plan); });

  std::optional<run::RunCost> cost;
  if (!invocation.values.contains("no-timing")) {
    const bool quiet = invocation.values.contains("quiet") || !ranks.root();
    cost = run::measure({ranks, campaign::member_configuration(plan, plan.members.front()), console(quiet)}, folder);
  }
  // A plan is not replaced by another, so it is written when its configuration has been seen to work.
  parallel::on_root(ranks, [&] { campaign::write_plan(folder, plan); });
  if (!ranks.root()) return exit_done;
  if (invocation.values.contains("json")) {
    print_json(plan, cost, ranks.size(), folder);
    return exit_done;
  }
  print_members(plan, folder);
  if (cost) print_cost(plan, *cost, ranks.size(), folder);
  fmt::print("\nTo run it, from the folder jobs:\n  {}\n", fmt::join(jobs(plan, folder), "\n  "));
  return exit_done;
}

}  // namespace titrant::cli
