#include <fmt/format.h>

#include "sections.hpp"

namespace titrant::run::contract {

namespace {

const char* const panel = "/population/<population>/<regimen>";

/// Of whoever answers, for each endpoint.
std::vector<std::string> of_methods(const std::vector<std::string>& names) {
  std::vector<std::string> groups;
  for (const std::string& name : names) groups.push_back(fmt::format("{}/{}/<endpoint>", panel, name));
  return groups;
}

}  // namespace

Datasets columns_of_answers(std::optional<AnswerColumn::Role> role) {
  Datasets columns;
  for (const AnswerColumn& column : run::answer_columns()) {
    if (!role || column.role == *role) columns.push_back(column.description);
  }
  return columns;
}

Groups doses() {
  const std::string subjects = "with `output.trajectories`";
  const std::string courses =
      subjects + ", `output.biomarker_courses` and `/pd`, unless a moving baseline has no steady state";
  const std::string on_grid = subjects + " and `dose.search: grid`";
  return {
      {{panel},
       "One population on one regimen: the axes of the groups below it",
       "by stage `search`",
       {{"dose", "scale", "see /protocol/regimen/dose_unit", "dose of one administration"},
        {"subject", "scale", "1", "virtual subject", integer, subjects},
        {"time", "scale", "h", "time after a dose", number, subjects},
        {"concentration", "subject time", "{concentration} per unit of dose",
         "steady-state concentration for a dose of 1, of small doses under saturable elimination, without variability "
         "between occasions",
         number, subjects},
        {"biomarker_subject", "scale", "1", "virtual subject whose biomarker is written: the first ones", integer,
         courses},
        {"biomarker", "biomarker_subject dose time", "{biomarker}",
         "biomarker at steady state, without variability between occasions", number, courses}}},
      {{std::string(panel) + "/covariate"},
       "Covariates of the virtual subjects",
       "by stage `search`, " + subjects,
       {{"<covariate>", "subject", "see data file",
         "covariate of this name; of a categorical one the place of its level"}}},
      {of_methods({"<method>"}),
       "What a method answers, `mechanistic` among them",
       "by stage `search`",
       {{"target_attainment", "dose", "1",
         "probability of target attainment: mean probability of success over the cohort"},
        {"target_attainment_indicator", "dose", "1", "share of the cohort with probability above 0.5"},
        {"probability", "subject dose", "1", "probability of success", store::Type::probability,
         "for classifiers, " + on_grid},
        {"counts", "subject dose", "1", "ones among the shots behind each probability", integer,
         "for classifiers that take shots, " + on_grid},
        {"target_attainment_lower", "dose", "1", "5 % quantile of target_attainment over the replicates", number,
         "by stage `intervals`, for methods that have intervals"},
        {"target_attainment_upper", "dose", "1", "95 % quantile of target_attainment over the replicates", number,
         "by stage `intervals`, for methods that have intervals"}},
       {{"", "endpoint", "the endpoint"},
        {"", "shots", "shots behind a probability; 0: exact (of classifiers)", integer}}},
      {of_methods({"mechanistic", "mechanistic_no_occasions"}),
       "The answer of the fitted models themselves; the second one without their variability between occasions, where "
       "they have it (all kappas 0)",
       "by stage `search` with `/pd`",
       {{"success_from", "subject", "see /protocol/regimen/dose_unit",
         "individual minimum effective dose: the subject succeeds from this dose on; infinite: never", number,
         subjects},
        {"success_to", "subject", "see /protocol/regimen/dose_unit",
         "and below this dose; infinite: on every larger one", number, subjects}},
       {{"", "outcomes_checked", "outcomes looked at inside and outside of these ranges", integer},
        {"", "outcomes_against_monotonicity", "of these, not as the ranges say", integer}}},
      {{"/decision"},
       "The answers: a row for each question, method and rule",
       "by stage `intervals`",
       joined({{"row", "scale", "1", "row of the decision table", integer}}, columns_of_answers())},
      {{"/agreement"},
       "Distance of each classifier from the mechanistic answers",
       "by stage `search` with `/pd`",
       {{"row", "scale", "1", "method and endpoint", integer},
        {"method", "row", "1", "who answers", text},
        {"endpoint", "row", "1", "endpoint", text},
        {"grid_steps", "row", "1", "mean distance from the mechanistic doses, in steps of the doses"},
        {"target_attainment", "row", "1", "mean distance from the mechanistic target attainment"},
        {"unanswered", "row", "1", "questions to which exactly one of both finds a dose", integer}}}};
}

}  // namespace titrant::run::contract
