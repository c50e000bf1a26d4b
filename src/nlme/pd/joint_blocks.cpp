#include "titrant/nlme/joint_blocks.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "blocks.hpp"
#include "titrant/core/contains.hpp"
#include "titrant/core/error.hpp"

namespace titrant::nlme {

namespace {

constexpr const char* joint_key = "pk_pd.omega.blocks";
constexpr std::string_view pk_prefix = "pk.";
constexpr std::string_view pd_prefix = "pd.";

std::vector<std::string> prefixed(std::string_view prefix, const std::vector<std::string>& names) {
  std::vector<std::string> result;
  result.reserve(names.size());
  for (const std::string& name : names) result.push_back(fmt::format("{}{}", prefix, name));
  return result;
}

bool all_begin_with(std::string_view prefix, const std::vector<std::string>& names) {
  return std::all_of(names.begin(), names.end(), [&](const std::string& name) { return name.starts_with(prefix); });
}

/// A block of parameters of one kind shares all of its members with one joint block, or none.
void check_apart(const std::vector<std::vector<std::string>>& joint, std::string_view prefix,
                 const std::vector<std::vector<std::string>>& own_blocks, core::Problems& problems) {
  for (const std::vector<std::string>& own : own_blocks) {
    const std::vector<std::string> members = prefixed(prefix, own);
    for (const std::vector<std::string>& block : joint) {
      std::vector<std::string> missing;
      std::copy_if(members.begin(), members.end(), std::back_inserter(missing),
                   [&](const std::string& one) { return !core::contains(block, one); });
      if (missing.empty() || missing.size() == members.size()) continue;
      std::vector<std::string> whole = block;
      whole.insert(whole.end(), missing.begin(), missing.end());
      problems.add(joint_key,
                   fmt::format("[{}] has members of the block [{}] of {}omega.blocks, and a parameter can be in one "
                               "block: write [{}], or take them out of the other",
                               fmt::join(block, ", "), fmt::join(own, ", "), prefix, fmt::join(whole, ", ")));
    }
  }
}

}  // namespace

void check_joint_blocks(const PdOptions& options, const std::vector<std::string>& pk_variable,
                        const std::vector<std::vector<std::string>>& pk_blocks, core::Problems& problems) {
  const std::vector<std::vector<std::string>>& blocks = options.joint_blocks;
  if (blocks.empty()) return;
  if (options.method != PdMethod::joint) {
    problems.add(joint_key,
                 "random effects of PK and biomarker parameters are correlated in joint fits alone; write "
                 "pk_pd.method: joint, and leave pd.method out");
    return;
  }
  std::vector<std::string> variable = prefixed(pk_prefix, pk_variable);
  for (const std::vector<std::string>& block : blocks) {
    for (const std::string_view prefix : {pk_prefix, pd_prefix}) {
      if (block.size() < 2 || !all_begin_with(prefix, block)) continue;
      problems.add(joint_key, fmt::format("[{}] has no parameter of the {}; write it as {}omega.blocks",
                                          fmt::join(block, ", "), prefix == pk_prefix ? "biomarker" : "PK", prefix));
    }
    // Which biomarker parameters vary may be searched for: a block counts where two of its parameters do.
    for (const std::string& name : block) {
      const bool searched = options.search.variability && name.starts_with(pd_prefix);
      if (searched && !core::contains(variable, name)) variable.push_back(name);
    }
  }
  const std::vector<std::string> of_biomarker = prefixed(pd_prefix, options.variability);
  variable.insert(variable.end(), of_biomarker.begin(), of_biomarker.end());
  check_blocks(joint_key, blocks, variable, problems);
  check_apart(blocks, pk_prefix, pk_blocks, problems);
  check_apart(blocks, pd_prefix, options.blocks, problems);
}

void expect_joint_blocks(const PdOptions& options, const Population& pk) {
  const auto name_of = [&](std::size_t place) { return pk.parameters[place].name; };
  std::vector<std::string> variable;
  for (const std::size_t place : pk.eta_parameters()) variable.push_back(name_of(place));
  std::vector<std::vector<std::string>> blocks;
  for (const OmegaBlock& block : pk.blocks) {
    blocks.emplace_back();
    for (const std::size_t place : block.parameters) blocks.back().push_back(name_of(place));
  }
  core::Problems problems;
  check_joint_blocks(options, variable, blocks, problems);
  problems.throw_if_any<ConfigError>();
}

void expect_joint_subjects(const PdOptions& options, const trial::Trial& trial) {
  const auto both =
      static_cast<std::size_t>(std::count_if(trial.subjects.begin(), trial.subjects.end(), [](const auto& subject) {
        return !subject.concentrations.empty() && !subject.biomarkers.empty();
      }));
  core::Problems problems;
  for (const std::vector<std::string>& block : options.joint_blocks) {
    const std::size_t numbers = block.size() * (block.size() + 1) / 2;
    if (numbers <= both) continue;
    problems.add(joint_key,
                 fmt::format("a block of {} random effects has {} variances and correlations, and {} subjects have "
                             "concentrations and biomarker values: too few to tell them; name fewer parameters in the "
                             "block",
                             block.size(), numbers, both));
  }
  problems.throw_if_any<ConfigError>();
}

std::vector<std::vector<std::string>> named_blocks(const std::vector<std::vector<std::string>>& joint_blocks) {
  std::vector<std::vector<std::string>> result = joint_blocks;
  for (std::vector<std::string>& block : result) {
    for (std::string& name : block) name.erase(0, pk_prefix.size());
  }
  return result;
}

std::vector<std::string> remarks_on_joint_blocks(const PdOptions& options, const Population& joint) {
  std::vector<std::string> remarks;
  const auto varies = [&](std::string_view name) {
    return std::any_of(joint.parameters.begin(), joint.parameters.end(),
                       [&](const Parameter& one) { return one.name == name && one.omega > 0.0; });
  };
  for (const std::vector<std::string>& block : options.joint_blocks) {
    for (const std::string& name : block) {
      if (varies(std::string_view(name).substr(pk_prefix.size()))) continue;
      remarks.push_back(
          fmt::format("{}: {} has no random effect in this model, and is correlated with nothing", joint_key, name));
    }
  }
  return remarks;
}

}  // namespace titrant::nlme
