#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "titrant/campaign/plan.hpp"
#include "titrant/parallel/communicator.hpp"

namespace titrant::campaign {

/// How far a member of a campaign is.
enum class MemberState {
  done,        ///< a whole store holds the answers to its configuration, under whatever name
  unfinished,  ///< a checkpoint of its configuration is there
  missing,     ///< nothing is there
  damaged,     ///< the file under its name is no whole store, or checkpoint
  foreign      ///< the file under its name is a whole one, but not this member's
};
std::string_view word(MemberState state);

/// What was found of a member.
struct FoundMember {
  MemberState state = MemberState::missing;
  std::filesystem::path store;  ///< from the campaign's folder: where it is (done), or belongs
  std::string detail;           ///< for people: how far, or what is wrong; may be empty
  double core_seconds = 0.0;    ///< that a finished run took: time x ranks
};

/// A file that stands for no member.
struct OtherFile {
  std::filesystem::path file;  ///< from the campaign's folder
  std::string reason;
};

/// What is in the folder of a campaign.
struct Survey {
  std::vector<FoundMember> members;  ///< in the order of the plan
  std::vector<OtherFile> others;     ///< sorted by name
};

/// Looks into every *.h5 file of the folder and below (links to folders and hidden files are left out), with its
/// checksum, and takes it for the member whose resolved configuration it holds. Files are shared among the ranks;
/// the answer is the same on each. Collective.
Survey survey(const parallel::Communicator& ranks, const std::filesystem::path& folder, const Plan& plan);

/// The same of one member, looking only where its store belongs.
FoundMember look_at(const std::filesystem::path& folder, const Plan& plan, const Member& member);

/// The numbers of the members in any other state than done.
std::vector<std::uint64_t> unfinished_members(const Survey& survey);

}  // namespace titrant::campaign
