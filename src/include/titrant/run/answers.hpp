#pragma once

#include <optional>
#include <string>
#include <vector>

#include "titrant/core/constants.hpp"
#include "titrant/dose/decision.hpp"
#include "titrant/store/contract.hpp"
#include "titrant/store/store.hpp"

namespace titrant::run {

/// One row of /decision: a question and the answer of one method by one rule. Doses are in the regimen's unit; NaN:
/// there is no such number; infinite: above the doses; 0: below them.
struct Answer {
  protocol::Question question;
  std::string method;
  std::string rule;                  ///< mean, indicator
  std::string direction = "rising";  ///< rising, falling, window: what `dose` is
  double dose = core::not_available;
  double lower = core::not_available;
  double upper = core::not_available;
  double window_end = core::not_available;
  double window_end_lower = core::not_available;
  double window_end_upper = core::not_available;
  double probability_of_target = core::not_available;
  double target_attainment = core::not_available;
  double target_attainment_beside = core::not_available;
  std::string interval_source;
  double without_steady_state = core::not_available;
};

/// A column of /decision. The table of these columns is the one description of an answer: the contract, the writer, the
/// readers, the index of a campaign and the JSON of `titrant inspect` go through it.
struct AnswerColumn {
  /// What it is to the index of a campaign: a part of what tells rows apart, a value of each member, or left out.
  enum class Role { key, of_member, of_run };

  store::DatasetDescription description;
  Role role = Role::of_run;
  /// The value in a row: one of both.
  std::string& (*text)(Answer&) = nullptr;
  double& (*number)(Answer&) = nullptr;
};

/// All columns, in the order in which tables show them.
const std::vector<AnswerColumn>& answer_columns();

/// The rows of the answers of a run.
std::vector<Answer> answers_of(const std::vector<dose::Decision>& decisions);

/// Writes columns along the axis /decision/row, which exists. \param role  only those of this role
void write_answers(std::vector<Answer> answers, store::Writer& out, std::optional<AnswerColumn::Role> role = {});

/// The rows that a store holds; none where it has no answers. Columns of the role `of_run` may be absent, as in stores
/// of an earlier minor version: they stay NaN or empty. Throws StoreError where another is, or where columns differ in
/// length.
/// \param role  only the columns of this role
std::vector<Answer> read_answers(const store::Reader& store, std::optional<AnswerColumn::Role> role = {});

}  // namespace titrant::run
