#include "sections.hpp"
#include "titrant/run/contract.hpp"

namespace titrant::run {

namespace {

using namespace contract;

Groups members() {
  return {{{"/"},
           "The root",
           "",
           {},
           {{"", "filetype", "`titrant campaign`"},
            {"", "format_version", "[2, 0]; a reader accepts the same major version", integer},
            {"", "titrant_version", "version of the program"},
            {"", "complete", "0 until the store is whole, then 1", integer},
            {"", "planned_members", "members of the plan, gathered or not", integer}}},
          {{"/config"},
           "What members share",
           "",
           {{"base", "", "1", "the configuration that members share, YAML", text}},
           {{"base", "sha256", "SHA-256 of the configuration"}}},
          {{"/member"},
           "The run stores of the members: `/member/member_0007/decision/dose` reads through the link",
           "",
           {{"<name>", "", "", "the member's run store", store::Type::link}}},
          {{"/campaign"},
           "The members that were gathered, in the order of the plan",
           "",
           {{"member", "scale", "1", "gathered members", text}}},
          {{"/campaign/setting"},
           "What members of the plan change: one dataset for each key",
           "where they change any",
           {{"<key>", "member", "1", "value of this key (YAML)", text}}}};
}

/// A column of runs as the members of an index have it, each its own; doses in the unit of the row.
Datasets of_members() {
  Datasets columns = columns_of_answers(AnswerColumn::Role::of_member);
  for (store::DatasetDescription& column : columns) {
    column.axes = "row member";
    if (column.units != "1") column.units = "see dose_unit";
  }
  return columns;
}

Groups answers() {
  Datasets columns = {{"row", "scale", "1", "row of the decision table", integer},
                      {"member", "scale", "1", "gathered members", text},
                      {"variant", "row", "1", "what the members of the row change besides the seed", text}};
  columns = joined(columns, columns_of_answers(AnswerColumn::Role::key));
  columns =
      joined(columns,
             {{"dose_unit", "row", "1", "unit of the doses of its regimen", text},
              {"members", "row", "1", "members that answer the row", integer},
              {"answered", "row", "1", "share of these that find a dose"},
              {"median", "row", "see dose_unit", "median of dose; none of the doses: infinite, 0 where success falls"},
              {"lower_quantile", "row", "see dose_unit", "5 % quantile of dose, likewise"},
              {"upper_quantile", "row", "see dose_unit", "95 % quantile of dose, likewise"},
              {"asked", "row member", "1", "1: the member answers the row", integer}});
  return {{{"/decision"},
           "The answers of the members side by side; where `asked` is 0, the others are NaN",
           "",
           joined(columns, of_members())}};
}

}  // namespace

const store::Contract& index_contract() {
  static const store::Contract whole(store::Kind::campaign, together({members(), answers(), provenance()}));
  return whole;
}

}  // namespace titrant::run
