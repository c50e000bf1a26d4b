#include "sections.hpp"

namespace titrant::run::contract {

namespace {

const char* const panel = "/population/<population>/<regimen>";

/// Of whoever answers, for each endpoint.
std::vector<std::string> of_method(const std::string& name) {
  return {std::string(panel) + "/" + name + "/<endpoint>"};
}

}  // namespace

Datasets question_columns() {
  return {{"population", "row", "1", "population", text},
          {"regimen", "row", "1", "regimen", text},
          {"endpoint", "row", "1", "endpoint", text},
          {"target", "row", "1", "share of the population that must succeed"},
          {"method", "row", "1", "who answers", text},
          {"rule", "row", "1", "mean of p, or share of subjects with p > 0.5", text}};
}

Groups doses() {
  const std::string subjects = "with `output.trajectories`";
  const std::string courses = subjects + ", `output.biomarker_courses` and `/pd`";
  const std::string on_grid = subjects + " and `dose.search: grid`";
  return {
      {{panel},
       "One population on one regimen: the axes of the groups below it",
       "by stage `search`",
       {{"dose", "scale", "see /protocol/regimen/dose_unit", "dose of one administration"},
        {"subject", "scale", "1", "virtual subject", integer, subjects},
        {"time", "scale", "h", "time after a dose", number, subjects},
        {"concentration", "subject time", "{concentration} per unit of dose",
         "steady-state concentration for a dose of 1", number, subjects},
        {"biomarker_subject", "scale", "1", "virtual subject whose biomarker is written: the first ones", integer,
         courses},
        {"biomarker", "biomarker_subject dose time", "{biomarker}", "biomarker at steady state", number, courses}}},
      {{std::string(panel) + "/covariate"},
       "Covariates of the virtual subjects",
       "by stage `search`, " + subjects,
       {{"<covariate>", "subject", "see data file",
         "covariate of this name; of a categorical one the place of its level"}}},
      {of_method("<method>"),
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
      {of_method("mechanistic"),
       "The answer of the fitted models themselves",
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
       joined(
           joined({{"row", "scale", "1", "row of the decision table", integer}}, question_columns()),
           {{"direction", "row", "1",
             "rising: the answer is the lowest dose that reaches the target; falling: the highest; window: the doses "
             "from `dose` to `window_end`",
             text},
            {"dose", "row", "see /protocol/regimen/dose_unit", "the answer; NaN: none of the doses"},
            {"lower", "row", "see /protocol/regimen/dose_unit",
             "lower end of its 90 % interval; infinite: above the doses; 0: below them; NaN: not computed"},
            {"upper", "row", "see /protocol/regimen/dose_unit", "upper end, likewise"},
            {"window_end", "row", "see /protocol/regimen/dose_unit", "last dose of a window; NaN: no window"},
            {"window_end_lower", "row", "see /protocol/regimen/dose_unit", "lower end of its 90 % interval"},
            {"window_end_upper", "row", "see /protocol/regimen/dose_unit", "upper end"},
            {"probability_of_target", "row", "1",
             "share of the replicates behind the interval in which the dose meets the target"},
            {"target_attainment", "row", "1",
             "target attainment at the dose (where there is none, its largest value among the doses)"},
            {"target_attainment_beside", "row", "1", "the same one dose towards failure; NaN: there is none"},
            {"interval_source", "row", "1", "which uncertainty the interval holds; empty: no interval", text}})},
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
