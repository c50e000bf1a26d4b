#pragma once

#include "command.hpp"
#include "titrant/campaign/plan.hpp"

/// \file
/// The actions of `titrant campaign`, each in a file of its own.

namespace titrant::cli {

int plan_campaign(const Invocation& invocation);
int run_member(const Invocation& invocation);
int survey_campaign(const Invocation& invocation);
int gather_campaign(const Invocation& invocation);

/// --folder. Throws ConfigError where it is not given.
std::filesystem::path folder_option(const Invocation& invocation);

/// The plan in a folder, on all ranks. Collective.
campaign::Plan plan_in(const Invocation& invocation, const std::filesystem::path& folder);

/// "sbatch --array=1-50 array.sbatch FOLDER" for some members.
std::string array_line(const std::vector<std::uint64_t>& members, const std::filesystem::path& folder);

}  // namespace titrant::cli
