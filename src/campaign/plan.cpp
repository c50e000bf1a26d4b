#include "titrant/campaign/plan.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "plan_text.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/problems.hpp"

namespace titrant::campaign {

namespace {

constexpr std::size_t most_members = 100'000;  // more is a typing error, and more than SLURM's arrays hold

constexpr std::string_view seed_key = "seed=";

/// What a configuration depends on beyond its text is taken out: where it is read from, and where a store goes.
run::Configuration load(const run::ConfigurationSource& source) {
  run::Configuration configuration = run::load_configuration(source);
  for (std::string* file : {&configuration.data.file, &configuration.noise.device}) {
    if (!file->empty()) *file = std::filesystem::absolute(*file).lexically_normal().string();
  }
  for (protocol::Population& one : configuration.protocol.populations) {
    if (!one.file.empty()) one.file = std::filesystem::absolute(one.file).lexically_normal().string();
  }
  configuration.output.file.clear();
  return configuration;
}

run::Configuration on_base(const std::string& base, const std::vector<std::string>& settings) {
  return load({std::string(plan_file), settings, base});
}

/// Some keys resolve to other values where others change (training.on follows pd.structure): what the base has
/// resolved already is set again, so that a member is what its configuration would be without a campaign.
void complete(std::vector<std::string>& settings, const std::string& base, run::ConfigurationSource source) {
  source.sets.insert(source.sets.end(), settings.begin(), settings.end());
  run::Configuration wanted = load(source);
  run::Configuration found = on_base(base, {});
  core::Problems ignored;  // the values are those of a valid configuration
  core::Settings keys = run::describe(found);
  for (const std::string& setting : settings) core::set_value(keys, setting, ignored);
  const auto of_wanted = run::describe(wanted).descriptions();
  const auto of_found = keys.descriptions();
  TITRANT_EXPECTS(of_wanted.size() == of_found.size());
  for (std::size_t i = 0; i < of_wanted.size(); ++i) {
    if (of_wanted[i].is_section || of_wanted[i].value == of_found[i].value) continue;
    settings.push_back(of_wanted[i].path + "=" + of_wanted[i].value);
  }
}

/// All combinations of one value of each key.
std::vector<std::vector<std::string>> product(const std::vector<std::vector<std::string>>& keys) {
  std::vector<std::vector<std::string>> all = {{}};
  for (const std::vector<std::string>& values : keys) {
    if (all.size() * values.size() > most_members) {
      throw ConfigError(fmt::format("campaign: more than {} members", most_members));
    }
    std::vector<std::vector<std::string>> longer;
    for (const std::vector<std::string>& so_far : all) {
      for (const std::string& value : values) {
        longer.push_back(so_far);
        longer.back().push_back(value);
      }
    }
    all = std::move(longer);
  }
  return all;
}

std::vector<std::string> seed_settings(const std::vector<std::uint64_t>& seeds) {
  std::vector<std::string> settings;
  settings.reserve(seeds.size());
  for (const std::uint64_t seed : seeds) settings.push_back(fmt::format("{}{}", seed_key, seed));
  return settings;
}

}  // namespace

Plan make_plan(const run::ConfigurationSource& base, const Variation& variation) {
  std::vector<std::vector<std::string>> keys;
  std::set<std::string> seen;
  for (const std::string& alternatives : variation.alternatives) {
    keys.push_back(split_alternatives(alternatives));
    const std::string key = alternatives.substr(0, alternatives.find('='));
    if (key == "seed") throw ConfigError("--vary seed: seeds have an option of their own, --seeds 1-50");
    if (!seen.insert(key).second) throw ConfigError(fmt::format("--vary {}: is given twice", key));
  }
  if (!variation.seeds.empty()) keys.push_back(seed_settings(variation.seeds));
  if (keys.empty())
    throw ConfigError("Missing option --seeds 1-50 or --vary KEY=VALUE,...: members must differ in something.");

  Plan plan;
  plan.base = run::to_yaml(load(base), false);
  core::Problems problems;
  std::map<std::string, std::string> names;  // by resolved configuration
  for (std::vector<std::string>& settings : product(keys)) {
    Member member{member_name(plan.members.size() + 1), std::move(settings)};
    try {
      complete(member.settings, plan.base, base);
      const std::string resolved = run::to_yaml(member_configuration(plan, member), false);
      const auto [same, is_new] = names.emplace(resolved, member.name);
      if (!is_new) throw ConfigError(fmt::format("is the same run as {}", same->second));
    } catch (const ConfigError& error) {
      problems.add(fmt::format("{} ({})", member.name, fmt::join(member.settings, "; ")), error.what());
    }
    plan.members.push_back(std::move(member));
  }
  problems.throw_if_any<ConfigError>();
  return plan;
}

run::Configuration member_configuration(const Plan& plan, const Member& member) {
  return on_base(plan.base, member.settings);
}

std::string variant(const Member& member) {
  std::vector<std::string> settings = member.settings;
  std::erase_if(settings, [](const std::string& setting) { return setting.starts_with(seed_key); });
  return fmt::format("{}", fmt::join(settings, "; "));
}

std::filesystem::path member_store(const Member& member) { return std::filesystem::path(member.name) / "run.h5"; }

}  // namespace titrant::campaign
