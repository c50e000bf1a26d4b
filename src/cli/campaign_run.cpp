#include <fmt/format.h>

#include "campaign.hpp"
#include "titrant/campaign/survey.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/file.hpp"

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

/// Another command with the same options.
Invocation handed_on(const Invocation& invocation, const Command& command) {
  Invocation other{command.name, invocation.command_line, {}, invocation.ranks};
  for (const auto& [name, value] : invocation.values) {
    if (name != "config" && name != "set" && name != "output") other.values.insert({name, value});
  }
  return other;
}

void give(Invocation& invocation, const std::string& option, const std::string& value) {
  invocation.values.insert({option, po::variable_value(value, false)});
}

}  // namespace

int run_member(const Invocation& invocation) {
  const parallel::Communicator& ranks = invocation.ranks;
  const std::filesystem::path folder = folder_option(invocation);
  const campaign::Plan plan = plan_in(invocation, folder);
  const campaign::Member& member = member_option(invocation, plan);
  const std::filesystem::path store = folder / campaign::member_store(member);
  const std::filesystem::path configuration = store.parent_path() / "configuration.yaml";

  std::string state;
  parallel::on_root(ranks, [&] {
    const campaign::FoundMember found = campaign::look_at(folder, plan, member);
    state = word(found.state);
    const bool in_the_way =
        found.state == campaign::MemberState::damaged || found.state == campaign::MemberState::foreign;
    if (in_the_way && !invocation.values.contains("force")) {
      throw ConfigError(
          fmt::format("{}: {}: {}; move it away, or replace it with --force", member.name, state, found.detail));
    }
    std::filesystem::create_directories(store.parent_path());
    core::replace_file(configuration, campaign::to_yaml(campaign::member_configuration(plan, member), false));
  });
  state = ranks.broadcast(state);
  if (state == word(campaign::MemberState::done)) {
    if (ranks.root()) fmt::print("{}: {} is complete; nothing to do\n", member.name, store.string());
    return exit_done;
  }
  const Command command = run_command();
  Invocation run = handed_on(invocation, command);
  give(run, "config", configuration.string());
  give(run, "output", store.string());
  return command.run(run);
}

}  // namespace titrant::cli
