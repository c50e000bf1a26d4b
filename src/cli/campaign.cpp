#include "campaign.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "titrant/core/error.hpp"
#include "titrant/core/problems.hpp"
#include "titrant/parallel/stop.hpp"
#include "whole_run.hpp"

namespace po = boost::program_options;

namespace titrant::cli {

namespace {

struct Action {
  std::string_view name;
  int (*run)(const Invocation& invocation);
};

constexpr std::array<Action, 4> actions = {
    {{"plan", plan_campaign}, {"run", run_member}, {"status", survey_campaign}, {"gather", gather_campaign}}};

void options(po::options_description& description) {
  description.add_options()(
      "action", po::value<std::string>(),
      "plan: lay down the members in a folder, and say what they will cost; run: one of them; status: what is done and "
      "what is missing; gather: one index store of all (a bare argument will do)")(
      "folder", po::value<std::string>(), "the folder of the campaign")("json",
                                                                        "plan, status: JSON in place of a table");
  po::options_description planning("plan");
  add_configuration_options(planning);
  planning.add_options()("seeds", po::value<std::string>(), "a member for each of these seeds, like 1-50,60")(
      "vary", po::value<std::vector<std::string>>()->composing(),
      "key.path=value,value,...: members with each of these values; may be repeated")(
      "no-timing", "do not run a piece of a member to measure what it costs");
  description.add(planning);
  po::options_description running("run");
  running.add_options()("member", po::value<std::size_t>(), "its number, from 1")(
      "force,f",
      "replace a damaged or foreign file, and begin anew where the member was stopped (gather: replace the "
      "output)")("accept-changes", "go on from a checkpoint of another program");
  add_run_options(running);
  description.add(running);
  po::options_description gathering("gather");
  gathering.add_options()("output,o", po::value<std::string>(), "the index store (default: campaign.h5 in the folder)")(
      "partial", "gather what is there although members are missing");
  description.add(gathering);
}

int run(const Invocation& invocation) {
  const std::string name = text_option(invocation, "action");
  if (name != "run") parallel::release_stop_signals();
  std::vector<std::string> names;
  for (const Action& action : actions) {
    if (action.name == name) return action.run(invocation);
    names.emplace_back(action.name);
  }
  const std::string near = core::nearest(name, names);
  throw ConfigError(name.empty() ? "campaign: do what? plan, run, status or gather; see titrant campaign --help"
                                 : fmt::format("campaign: unknown action '{}'{}; see titrant campaign --help", name,
                                               near.empty() ? "" : fmt::format(", did you mean '{}'?", near)));
}

}  // namespace

std::filesystem::path folder_option(const Invocation& invocation) {
  const std::string folder = text_option(invocation, "folder");
  if (folder.empty()) throw ConfigError("campaign: in which folder? Give --folder FOLDER");
  return folder;
}

campaign::Plan plan_in(const Invocation& invocation, const std::filesystem::path& folder) {
  campaign::Plan plan;
  parallel::collectively(invocation.ranks, [&] { plan = campaign::read_plan(folder); });
  return plan;
}

std::string array_line(const std::vector<std::uint64_t>& members, const std::filesystem::path& folder) {
  return fmt::format("sbatch --array={} array.sbatch {}", campaign::number_text(members), folder.string());
}

Command campaign_command() {
  return {"campaign",
          "many runs that differ in seeds or keys: plan, run one, say what is missing, gather",
          "titrant campaign plan --config configs/challenge.yaml --folder campaign --seeds 1-50",
          options,
          run,
          {"action"},
          true};
}

}  // namespace titrant::cli
