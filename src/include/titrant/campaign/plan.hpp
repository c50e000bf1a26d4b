#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "titrant/run/configuration.hpp"

/// \file
/// A campaign of many members: runs of one configuration that differ in some keys. Its folder F holds the plan,
/// F/campaign.yaml, and a store for each member, F/member_0007/run.h5.

namespace titrant::campaign {

/// One run of a campaign.
struct Member {
  std::string name;                   ///< "member_0007", also of its folder; members count from 1
  std::vector<std::string> settings;  ///< what it changes in the base, as "key.path=value" each
};

/// What a campaign consists of.
struct Plan {
  std::string base;  ///< the configuration that all members share, resolved (YAML)
  std::vector<Member> members;
};

/// How members differ: every seed with every combination of the values of the varied keys.
struct Variation {
  std::vector<std::uint64_t> seeds;       ///< empty: that of the base
  std::vector<std::string> alternatives;  ///< "key.path=value,value,..."; commas inside brackets or quotes do not count
};

/// Whole numbers like "1-50,60", in the order given. Throws ConfigError where the text is something else, names a
/// number twice or more than 100,000 of them.
std::vector<std::uint64_t> read_numbers(const std::string& text);
/// The same the other way round: {1, 2, 3, 7} is "1-3,7".
std::string number_text(const std::vector<std::uint64_t>& numbers);

/// The product of seeds and alternatives, the seed changing fastest. File names of the base become absolute, as members
/// may be started anywhere. Throws ConfigError where a member's configuration has faults, with all of them.
Plan make_plan(const run::ConfigurationSource& base, const Variation& variation);

/// Makes the folder of a campaign where it is missing. Throws ConfigError where it holds another plan.
void make_folder(const std::filesystem::path& folder, const Plan& plan);

/// The same, and writes F/campaign.yaml, whole or not at all.
void write_plan(const std::filesystem::path& folder, const Plan& plan);

/// Reads F/campaign.yaml. Throws ConfigError where it is missing or not a plan.
Plan read_plan(const std::filesystem::path& folder);

/// The configuration of a member, resolved; a run with it has this text at /config/resolved of its store.
run::Configuration member_configuration(const Plan& plan, const Member& member);

/// What a member changes besides the seed, as "key=value; key=value"; empty: nothing. Members of one variant are
/// repetitions of each other.
std::string variant(const Member& member);

/// Where the store of a member belongs, from the campaign's folder.
std::filesystem::path member_store(const Member& member);

}  // namespace titrant::campaign
