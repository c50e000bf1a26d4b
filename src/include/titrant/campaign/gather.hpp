#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "titrant/campaign/plan.hpp"
#include "titrant/campaign/survey.hpp"
#include "titrant/parallel/communicator.hpp"
#include "titrant/run/answers.hpp"
#include "titrant/store/store.hpp"

namespace titrant::campaign {

/// A question, who answers it, and the variant of the campaign in which it is answered.
struct CampaignCell {
  std::string variant;           ///< what its members change besides the seed; empty: nothing
  run::Answer row;               ///< its keys; the numbers are those of the first member that answers
  std::string dose_unit = "mg";  ///< of the regimen's doses
};

/// The answers of members side by side. Matrices are [cell][member], row-major; NaN where a member does not answer
/// the cell (see `asked`), and in `dose` where it finds no dose.
struct CampaignAnswers {
  std::vector<std::size_t> members;  ///< places in the plan; read from an index: in the index
  std::vector<CampaignCell> cells;   ///< in the order in which the members, in that of the plan, bring them
  std::vector<double> asked;         ///< 1: the member answers the cell; 0: it does not
  std::string amount = "mg";         ///< unit of all amounts
  std::map<std::string, std::vector<double>> of_members;  ///< the columns that each member has its own of, by name
  std::set<std::string> programs;  ///< source revisions of the programs that made the members' stores
};

/// How the doses of one cell are spread over its members. No dose counts as the one that is furthest from success: as
/// infinite, and as 0 where success falls with the dose.
struct Spread {
  std::size_t members = 0;  ///< that answer the cell
  double answered = 0.0;    ///< the share of these that find a dose
  double median = 0.0;      ///< nearest-rank, so one of the doses
  double low = 0.0;         ///< 5 % quantile
  double high = 0.0;        ///< 95 % quantile
};
std::vector<Spread> spreads(const CampaignAnswers& answers);

/// Reads the answers of the members that are done; stores are shared among the ranks. Throws ConfigError where members
/// give their doses in different units. Collective.
CampaignAnswers read_answers(const parallel::Communicator& ranks, const std::filesystem::path& folder, const Plan& plan,
                             const Survey& survey);

/// Writes the index store (src/store/README.md), whole or not at all. Throws ConfigError where `output` does not lie in
/// a folder that all members are below, as links do not leave the folder of the index. Collective. \param command_line
/// for /provenance
void write_index(const parallel::Communicator& ranks, const std::filesystem::path& folder,
                 const std::filesystem::path& output, const Plan& plan, const Survey& survey,
                 const CampaignAnswers& answers, const std::string& command_line);

/// Throws StoreError naming the store where an answer has a direction that this version does not know.
void expect_directions(const std::filesystem::path& file, const std::vector<run::Answer>& answers);

/// The answers that an index store holds.
CampaignAnswers read_index(const store::Reader& index);

/// The spreads for a terminal: one line per cell, and where the answer is a window one for each of its ends.
std::string spread_table(const CampaignAnswers& answers);

}  // namespace titrant::campaign
