#include "sections.hpp"
#include "titrant/campaign/contract.hpp"

namespace titrant::campaign {

namespace {

using namespace contract;

Groups members() {
  return {{{"/"},
           "The root",
           "",
           {},
           {{"", "filetype", "`titrant campaign`"},
            {"", "format_version", "[1, 0]; a reader accepts the same major version", integer},
            {"", "titrant_version", "version of the program"},
            {"", "complete", "0 until the store is whole, then 1", integer},
            {"", "planned_members", "members of the plan, gathered or not", number}}},
          {{"/config"},
           "What members share",
           "",
           {{"base", "", "1", "the configuration that members share, YAML", text}},
           {{"base", "sha256", "SHA-256 of the configuration"}}},
          {{"/member"},
           "The run stores of the members: `/member/member_0007/decision/minimal_dose` reads through the link",
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

Groups answers() {
  return {
      {{"/decision"},
       "The answers of the members side by side; where `asked` is 0, the others are NaN",
       "",
       joined(
           joined({{"cell", "scale", "1", "row of the decision table"},
                   {"member", "scale", "1", "gathered members", text},
                   {"variant", "cell", "1", "what the members of the cell change besides the seed", text}},
                  question_columns()),
           {{"target", "cell", "1", "share of the population that must succeed"},
            {"members", "cell", "1", "members that answer the cell"},
            {"answered", "cell", "1", "share of these that find a dose on their grid"},
            {"median", "cell", "{amount}", "median of minimal_dose; infinite: above the grid"},
            {"lower_quantile", "cell", "{amount}", "5 % quantile of minimal_dose; infinite: above the grid"},
            {"upper_quantile", "cell", "{amount}", "95 % quantile of minimal_dose; infinite: above the grid"},
            {"asked", "cell member", "1", "1: the member answers the cell"},
            {"minimal_dose", "cell member", "{amount}", "lowest dose that reaches the target; NaN: none on the grid"},
            {"lower", "cell member", "{amount}", "lower end of the member's 90 % interval; infinite: above the grid"},
            {"upper", "cell member", "{amount}", "upper end of the member's 90 % interval; infinite: above the grid"},
            {"pass_rate", "cell member", "1", "pass rate at the minimal dose"}})}};
}

}  // namespace

const store::Contract& index_contract() {
  static const store::Contract whole(store::Kind::campaign, together({members(), answers(), provenance()}));
  return whole;
}

}  // namespace titrant::campaign
