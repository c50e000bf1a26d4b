#include <fmt/format.h>

#include <map>

#include "campaign.hpp"
#include "titrant/campaign/survey.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/file.hpp"
#include "titrant/store/checkpoint_file.hpp"

/// \file
/// titrant campaign run: one member, by what `titrant run` does. Its configuration stands beside its store.

namespace po = boost::program_options;

namespace titrant::cli {

namespace {

const campaign::Member& member_option(const Invocation& invocation, const campaign::Plan& plan) {
  if (!invocation.values.contains("member")) throw ConfigError("campaign run: which member? Give --member NUMBER");
  const std::size_t number = invocation.values["member"].as<std::size_t>();
  if (number < 1 || number > plan.members.size()) {
    throw ConfigError(fmt::format("--member {}: the plan has members 1 to {}", number, plan.members.size()));
  }
  return plan.members[number - 1];
}

/// Another command with the same options, and further ones.
int hand_on(const Invocation& invocation, const Command& command, const std::map<std::string, std::string>& further) {
  Invocation other{command.name, invocation.command_line, {}, invocation.ranks};
  for (const auto& [name, value] : invocation.values) {
    if (name != "config" && name != "set" && name != "output") other.values.insert({name, value});
  }
  for (const auto& [name, value] : further) other.values.insert({name, po::variable_value(value, false)});
  return command.run(other);
}

}  // namespace

int run_member(const Invocation& invocation) {
  const parallel::Communicator& ranks = invocation.ranks;
  const std::filesystem::path folder = folder_option(invocation);
  const campaign::Plan plan = plan_in(invocation, folder);
  const campaign::Member& member = member_option(invocation, plan);
  const std::filesystem::path store = folder / campaign::member_store(member);
  const std::filesystem::path configuration = store.parent_path() / "configuration.yaml";

  const bool force = invocation.values.contains("force");
  std::string state;
  parallel::on_root(ranks, [&] {
    const campaign::FoundMember found = campaign::look_at(folder, plan, member);
    state = word(found.state);
    // Killed when its store was whole and its checkpoint not yet removed.
    if (found.state == campaign::MemberState::done) return store::remove_checkpoints(store);
    const bool in_the_way =
        found.state == campaign::MemberState::damaged || found.state == campaign::MemberState::foreign;
    if (in_the_way && !force) {
      throw ConfigError(
          fmt::format("{}: {}: {}; move it away, or replace it with --force", member.name, state, found.detail));
    }
    std::filesystem::create_directories(store.parent_path());
    core::replace_file(configuration, run::to_yaml(campaign::member_configuration(plan, member), false));
  });
  state = ranks.broadcast(state);
  if (state == word(campaign::MemberState::done)) {
    if (ranks.root()) fmt::print("{}: {} is complete; nothing to do\n", member.name, store.string());
    return exit_done;
  }
  if (state == word(campaign::MemberState::unfinished) && !force) {
    return hand_on(invocation, resume_command(),
                   {{"store", store.string()}, {"config", configuration.string()}, {"no-report", ""}});
  }
  return hand_on(invocation, run_command(),
                 {{"config", configuration.string()}, {"output", store.string()}, {"no-report", ""}});
}

}  // namespace titrant::cli
