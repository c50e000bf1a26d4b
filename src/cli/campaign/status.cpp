#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "campaign.hpp"
#include "titrant/campaign/survey.hpp"

/// \file
/// titrant campaign status: what is done, and what is not.

namespace titrant::cli {

namespace {

using campaign::MemberState;

constexpr std::array<MemberState, 5> states = {MemberState::done, MemberState::unfinished, MemberState::missing,
                                               MemberState::damaged, MemberState::foreign};

std::size_t count(const campaign::Survey& survey, MemberState state) {
  return static_cast<std::size_t>(std::count_if(survey.members.begin(), survey.members.end(),
                                                [&](const auto& member) { return member.state == state; }));
}

/// What a finished member took on average, core-seconds; 0 where none is finished.
double mean_cost(const campaign::Survey& survey) {
  double sum = 0.0;
  for (const campaign::FoundMember& member : survey.members) sum += member.core_seconds;
  return sum == 0.0 ? 0.0 : sum / static_cast<double>(count(survey, MemberState::done));
}

std::vector<std::uint64_t> numbers_of(const campaign::Survey& survey, MemberState state) {
  std::vector<std::uint64_t> numbers;
  for (std::size_t i = 0; i < survey.members.size(); ++i) {
    if (survey.members[i].state == state) numbers.push_back(i + 1);
  }
  return numbers;
}

void print_table(const campaign::Plan& plan, const campaign::Survey& survey, const std::filesystem::path& folder) {
  std::string totals;
  for (const MemberState state : states) {
    totals += fmt::format("{} {} {}", totals.empty() ? "" : ",", count(survey, state), campaign::word(state));
  }
  fmt::print("{} members: {}\n", survey.members.size(), totals.substr(1));
  for (const MemberState state : states) {
    const std::vector<std::uint64_t> numbers = numbers_of(survey, state);
    if (!numbers.empty()) fmt::print("  {:<10}  {}\n", campaign::word(state), campaign::number_text(numbers));
  }
  for (std::size_t i = 0; i < survey.members.size(); ++i) {
    const campaign::FoundMember& member = survey.members[i];
    if (member.detail.empty()) continue;
    fmt::print("{}  {:<10} {}: {}\n", plan.members[i].name, campaign::word(member.state), member.store.string(),
               member.detail);
  }
  for (const campaign::OtherFile& other : survey.others) {
    fmt::print("not a member: {}: {}\n", other.file.string(), other.reason);
  }
  fmt::print("\n");
  const std::vector<std::uint64_t> open = campaign::unfinished_members(survey);
  const double cost = mean_cost(survey);
  constexpr double seconds_an_hour = 3600.0;
  if (cost > 0.0) {
    fmt::print("A finished member took {:.3g} core-hours on average; the others need about {:.3g}.\n",
               cost / seconds_an_hour, cost / seconds_an_hour * static_cast<double>(open.size()));
  }
  if (open.empty()) {
    fmt::print("All members are done: titrant campaign gather --folder {}\n", folder.string());
  } else {
    fmt::print("To run the others: {}\n", array_line(open, folder));
  }
  if (count(survey, MemberState::damaged) + count(survey, MemberState::foreign) > 0) {
    fmt::print("Damaged and foreign files stand in the way of their members: move them away, or add --force.\n");
  }
}

void print_json(const campaign::Plan& plan, const campaign::Survey& survey) {
  nlohmann::ordered_json json;
  for (const MemberState state : states) json["totals"][campaign::word(state)] = count(survey, state);
  json["core_seconds_per_member"] = mean_cost(survey);
  json["array"] = campaign::number_text(campaign::unfinished_members(survey));
  json["members"] = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < survey.members.size(); ++i) {
    const campaign::FoundMember& member = survey.members[i];
    json["members"].push_back({{"name", plan.members[i].name},
                               {"settings", plan.members[i].settings},
                               {"state", campaign::word(member.state)},
                               {"store", member.store.string()},
                               {"detail", member.detail}});
  }
  json["others"] = nlohmann::ordered_json::array();
  for (const campaign::OtherFile& other : survey.others) {
    json["others"].push_back({{"file", other.file.string()}, {"reason", other.reason}});
  }
  fmt::print("{}\n", json.dump(2));
}

}  // namespace

int survey_campaign(const Invocation& invocation) {
  const std::filesystem::path folder = folder_option(invocation);
  const campaign::Plan plan = plan_in(invocation, folder);
  const campaign::Survey survey = campaign::survey(invocation.ranks, folder, plan);
  if (invocation.ranks.root()) {
    if (invocation.values.contains("json")) {
      print_json(plan, survey);
    } else {
      print_table(plan, survey, folder);
    }
  }
  return campaign::unfinished_members(survey).empty() ? exit_done : exit_failed;
}

}  // namespace titrant::cli
