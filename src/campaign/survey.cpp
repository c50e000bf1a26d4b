#include "titrant/campaign/survey.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <system_error>

#include "recognise.hpp"
#include "titrant/core/error.hpp"
#include "titrant/parallel/texts.hpp"
#include "titrant/parallel/work.hpp"
#include "titrant/run/checkpoint.hpp"
#include "titrant/store/checkpoint_file.hpp"

namespace titrant::campaign {

namespace {

namespace fs = std::filesystem;

bool is_there(const fs::path& file) {
  std::error_code ignored;
  return fs::exists(file, ignored);
}

bool hidden(const fs::path& file) { return file.filename().string().starts_with('.'); }

bool is_store(const fs::path& file) { return file.extension() == ".h5" || file.extension() == ".hdf5"; }

/// All stores below a folder, from there, sorted by name; those where members belong also behind links to folders.
std::vector<fs::path> stores_in(const fs::path& folder, const Plan& plan) {
  std::vector<fs::path> files;
  std::error_code error;
  fs::recursive_directory_iterator entry(folder, fs::directory_options::skip_permission_denied, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    std::error_code ignored;
    if (hidden(entry->path())) {
      entry.disable_recursion_pending();
    } else if (is_store(entry->path()) && entry->is_regular_file(ignored)) {
      files.push_back(entry->path().lexically_relative(folder));
    }
  }
  if (error) throw StoreError(fmt::format("{}: cannot be read: {}", folder.string(), error.message()));
  for (const Member& member : plan.members) {
    std::error_code ignored;
    if (fs::is_regular_file(folder / member_store(member), ignored)) files.push_back(member_store(member));
  }
  std::sort(files.begin(), files.end());
  files.erase(std::unique(files.begin(), files.end()), files.end());
  return files;
}

/// The list of rank 0 on all ranks: a folder may change between two looks.
std::vector<std::string> shared_list(const parallel::Communicator& ranks, const fs::path& folder, const Plan& plan) {
  std::vector<std::string> names;
  parallel::on_root(ranks, [&] {
    for (const fs::path& file : stores_in(folder, plan)) names.push_back(file.string());
  });
  return parallel::texts_of_root(ranks, names);
}

/// Which member a file is named after.
class Places {
 public:
  explicit Places(const Plan& plan) {
    for (std::size_t i = 0; i < plan.members.size(); ++i) places_.emplace(member_store(plan.members[i]).string(), i);
  }
  std::optional<std::size_t> of(const std::string& file) const {
    const auto found = places_.find(file);
    return found == places_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  std::map<std::string, std::size_t> places_;
};

/// What is there of a member whose store was not found.
void look_for_checkpoint(const fs::path& folder, FoundMember& member, const std::string& configuration) {
  try {
    const std::optional<run::CheckpointFacts> facts = run::checkpoint_facts(folder / member.store);
    if (!facts) return;
    const bool ours = facts->configuration == configuration;
    member.state = ours ? MemberState::unfinished : MemberState::foreign;
    member.detail = ours ? fmt::format("{:.0f} s of work in its checkpoint of {}; it was at: {}", facts->seconds,
                                       facts->written, facts->stage)
                         : "its checkpoint is of another configuration";
  } catch (const Error& error) {
    member.state = MemberState::damaged;
    member.detail = error.what();
  }
}

/// The same of all members, by rank 0.
void look_for_checkpoints(const parallel::Communicator& ranks, const fs::path& folder, const Plan& plan,
                          std::vector<FoundMember>& members) {
  std::vector<std::string> details(members.size());
  std::vector<double> states(members.size());
  parallel::on_root(ranks, [&] {
    for (std::size_t i = 0; i < members.size(); ++i) {
      FoundMember& member = members[i];
      if (member.state == MemberState::missing && store::has_checkpoint(folder / member.store)) {
        look_for_checkpoint(folder, member, run::to_yaml(member_configuration(plan, plan.members[i]), false));
      }
      details[i] = member.detail;
      states[i] = static_cast<double>(member.state);
    }
  });
  details = parallel::texts_of_root(ranks, details);
  ranks.broadcast(states);
  for (std::size_t i = 0; i < members.size(); ++i) {
    members[i].detail = details[i];
    members[i].state = static_cast<MemberState>(static_cast<int>(states[i]));
  }
}

/// What all ranks found in all files.
struct Findings {
  std::vector<std::string> files;
  std::vector<Recogniser::Finding> findings;
};

Findings look_at_all(const parallel::Communicator& ranks, const fs::path& folder, const Plan& plan,
                     const Places& places) {
  const Recogniser recogniser(plan);
  Findings all;
  all.files = shared_list(ranks, folder, plan);
  std::vector<std::string> reasons(all.files.size());
  const auto look = [&](std::size_t i, std::span<double> slot) {
    const Recogniser::Finding finding = recogniser.look(folder / all.files[i], places.of(all.files[i]));
    slot[0] = static_cast<double>(finding.kind);
    slot[1] = static_cast<double>(finding.member);
    slot[2] = finding.core_seconds;
    reasons[i] = finding.reason;
  };
  constexpr std::size_t width = 3;
  const std::vector<double> slots = parallel::run(
      ranks, parallel::Work{.units = all.files.size(), .slot = width, .compute = look, .leaves_more = true});
  reasons = parallel::texts_of_all(ranks, reasons);
  for (std::size_t i = 0; i < all.files.size(); ++i) {
    const double* slot = &slots[width * i];
    all.findings.push_back({static_cast<Recogniser::Kind>(static_cast<int>(slot[0])), static_cast<std::size_t>(slot[1]),
                            slot[2], reasons[i]});
  }
  return all;
}

MemberState state_of(const Recogniser::Finding& finding) {
  switch (finding.kind) {
    case Recogniser::Kind::member:
      return MemberState::done;
    case Recogniser::Kind::index:
    case Recogniser::Kind::foreign:
      return MemberState::foreign;
    case Recogniser::Kind::damaged:
      return MemberState::damaged;
  }
  return MemberState::damaged;
}

}  // namespace

std::string_view word(MemberState state) {
  switch (state) {
    case MemberState::done:
      return "done";
    case MemberState::unfinished:
      return "unfinished";
    case MemberState::missing:
      return "missing";
    case MemberState::damaged:
      return "damaged";
    case MemberState::foreign:
      return "foreign";
  }
  return "";
}

Survey survey(const parallel::Communicator& ranks, const fs::path& folder, const Plan& plan) {
  using Kind = Recogniser::Kind;
  const Places places(plan);
  Findings all = look_at_all(ranks, folder, plan, places);
  Survey result;
  for (const Member& member : plan.members) {
    result.members.push_back({MemberState::missing, member_store(member), "", 0.0});
  }
  // A store under its own name stands for its member before a copy of it does.
  for (const bool own_name : {true, false}) {
    for (std::size_t i = 0; i < all.files.size(); ++i) {
      Recogniser::Finding& finding = all.findings[i];
      if (finding.kind != Kind::member || (places.of(all.files[i]) == finding.member) != own_name) continue;
      FoundMember& member = result.members[finding.member];
      if (member.state == MemberState::done) {
        finding = {Kind::foreign, 0, 0.0, fmt::format("is another store of {}", plan.members[finding.member].name)};
      } else {
        member = {MemberState::done, all.files[i], own_name ? "" : "under another name", finding.core_seconds};
      }
    }
  }
  for (std::size_t i = 0; i < all.files.size(); ++i) {
    const Recogniser::Finding& finding = all.findings[i];
    if (finding.kind == Kind::member || finding.kind == Kind::index) continue;
    const auto place = places.of(all.files[i]);
    if (place && result.members[*place].state == MemberState::missing) {
      result.members[*place].state = state_of(finding);
      result.members[*place].detail = finding.reason;
    } else {
      result.others.push_back({all.files[i], finding.reason});
    }
  }
  look_for_checkpoints(ranks, folder, plan, result.members);
  std::sort(result.others.begin(), result.others.end(), [](const auto& a, const auto& b) { return a.file < b.file; });
  return result;
}

FoundMember look_at(const fs::path& folder, const Plan& plan, const Member& member) {
  FoundMember found{MemberState::missing, member_store(member), "", 0.0};
  if (!is_there(folder / found.store)) {
    look_for_checkpoint(folder, found, run::to_yaml(member_configuration(plan, member), false));
    return found;
  }
  const Recogniser::Finding finding = Recogniser({plan.base, {member}}).look(folder / found.store, 0);
  found.state = state_of(finding);
  found.detail = finding.reason;
  found.core_seconds = finding.core_seconds;
  return found;
}

std::vector<std::uint64_t> unfinished_members(const Survey& survey) {
  std::vector<std::uint64_t> numbers;
  for (std::size_t i = 0; i < survey.members.size(); ++i) {
    if (survey.members[i].state != MemberState::done) numbers.push_back(i + 1);
  }
  return numbers;
}

}  // namespace titrant::campaign
