#include "campaign.hpp"

#include <fmt/format.h>

#include "titrant/core/error.hpp"
#include "whole_run.hpp"

namespace po = boost::program_options;

namespace titrant::cli {

namespace {

void add_folder(po::options_description& description) {
  description.add_options()("folder", po::value<std::string>()->value_name("FOLDER"), "the folder of the campaign");
}

void plan_options(po::options_description& description) {
  add_folder(description);
  add_configuration_options(description);
  description.add_options()("seeds", po::value<std::string>()->value_name("NUMBERS"),
                            "a member for each of these seeds, like 1-50,60")(
      "vary", po::value<std::vector<std::string>>()->composing()->value_name("KEY=VALUE,..."),
      "members with each of these values of a key; may be repeated")(
      "no-timing", "do not run a piece of a member to measure what it costs")("json", "JSON in place of a table")(
      "quiet,q", "print no progress");
}

void campaign_run_options(po::options_description& description) {
  add_folder(description);
  description.add_options()("member", po::value<std::size_t>()->value_name("NUMBER"), "which one, from 1")(
      "force,f", "replace a damaged or foreign file, and begin anew where the member was stopped")(
      "accept-changes", "go on from a checkpoint of another program");
  add_run_options(description);
}

void status_options(po::options_description& description) {
  add_folder(description);
  description.add_options()("json", "JSON in place of a table");
}

void gather_options(po::options_description& description) {
  add_folder(description);
  description.add_options()("output,o", po::value<std::string>()->value_name("INDEX.h5"),
                            "the index store (default: campaign.h5 in the folder)")(
      "partial", "gather what is there although members are missing")("force,f", "replace another file of this name");
}

}  // namespace

std::filesystem::path folder_option(const Invocation& invocation) {
  const std::string folder = text_option(invocation, "folder");
  if (folder.empty())
    throw ConfigError(fmt::format("campaign {}: in which folder? Give --folder FOLDER", invocation.command));
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
  const Command plan = {"plan", "lay down the members in a folder, and say what they will cost",
                        "titrant campaign plan --config configs/challenge.yaml --folder campaign --seeds 1-50\n"
                        "titrant campaign plan --folder errors --vary pk.error=proportional,combined --no-timing",
                        plan_options, plan_campaign};
  const Command run = {"run",
                       "run one member, or go on with it where it was stopped",
                       "mpiexec -n 4 titrant campaign run --folder campaign --member 7",
                       campaign_run_options,
                       run_member,
                       {},
                       true};
  const Command status = {"status", "say what is done and what is missing", "titrant campaign status --folder campaign",
                          status_options, survey_campaign};
  const Command gather = {"gather", "one index store of all members, and the spread of their answers",
                          "titrant campaign gather --folder campaign --partial", gather_options, gather_campaign};
  return {"campaign",
          "many runs that differ in seeds or keys: plan, run one, say what is missing, gather",
          "titrant campaign plan --config configs/challenge.yaml --folder campaign --seeds 1-50",
          nullptr,
          nullptr,
          {},
          false,
          {plan, run, status, gather}};
}

}  // namespace titrant::cli
