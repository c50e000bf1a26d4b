#include "titrant/campaign/gather.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <system_error>

#include "campaign.hpp"
#include "titrant/core/error.hpp"
#include "titrant/store/store.hpp"
#include "titrant/store/target.hpp"

/// \file
/// titrant campaign gather: the index store of a campaign.

namespace titrant::cli {

namespace {

/// An index can be made again from its members, so it is replaced; any other file is not.
bool is_index(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return false;
  try {
    const store::Reader index(file, {store::Kind::campaign});
    return true;
  } catch (const StoreError&) {
    return false;
  }
}

void expect_all(const campaign::Survey& survey, const campaign::Plan& plan, const std::filesystem::path& folder) {
  const std::vector<std::uint64_t> open = campaign::unfinished_members(survey);
  if (open.empty()) return;
  std::string faults;
  constexpr std::size_t most_told = 20;
  for (std::size_t i = 0; i < std::min(open.size(), most_told); ++i) {
    const campaign::FoundMember& member = survey.members[open[i] - 1];
    faults += fmt::format("\n  {}: {}{}{}", plan.members[open[i] - 1].name, campaign::word(member.state),
                          member.detail.empty() ? "" : ": ", member.detail);
  }
  if (open.size() > most_told) faults += fmt::format("\n  and {} more", open.size() - most_told);
  throw StoreError(fmt::format(
      "campaign gather: {} of {} members are not done:{}\nRun them ({}), or gather the others with --partial",
      open.size(), plan.members.size(), faults, array_line(open, folder)));
}

}  // namespace

int gather_campaign(const Invocation& invocation) {
  const parallel::Communicator& ranks = invocation.ranks;
  const std::filesystem::path folder = folder_option(invocation);
  const campaign::Plan plan = plan_in(invocation, folder);
  std::filesystem::path output = text_option(invocation, "output");
  if (output.empty()) output = folder / "campaign.h5";
  parallel::on_root(ranks,
                    [&] { store::check_target(output, invocation.values.contains("force") || is_index(output)); });

  const campaign::Survey survey = campaign::survey(ranks, folder, plan);
  if (!invocation.values.contains("partial")) expect_all(survey, plan, folder);
  const campaign::CampaignAnswers answers = campaign::read_answers(ranks, folder, plan, survey);
  if (answers.members.empty()) throw StoreError(fmt::format("{}: no member is done", folder.string()));
  campaign::write_index(ranks, folder, output, plan, survey, answers, invocation.command_line);
  if (ranks.root()) {
    fmt::print("{}\n{}: {} of {} members\n", campaign::spread_table(answers), output.string(), answers.members.size(),
               plan.members.size());
    if (answers.programs.size() > 1) {
      fmt::print("Members were made by different versions of titrant, which may differ in their last bits: {}\n",
                 fmt::join(answers.programs, ", "));
    }
  }
  return exit_done;
}

}  // namespace titrant::cli
