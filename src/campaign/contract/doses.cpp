#include "sections.hpp"

namespace titrant::campaign::contract {

namespace {

const char* const panel = "/scenario/<scenario>/<regimen>";

/// Of whoever answers, for the first question and for others.
std::vector<std::string> of_method(const std::string& name) {
  return {std::string(panel) + "/" + name, std::string(panel) + "/" + name + "/<question>"};
}

}  // namespace

Datasets question_columns() {
  return {{"scenario", "cell", "1", "population", text},
          {"regimen", "cell", "1", "daily (24 h) or weekly (168 h)", text},
          {"classifier", "cell", "1", "who predicted", text},
          {"rule", "cell", "1", "mean of p, or share of subjects with p > 0.5", text},
          {"label", "cell", "1", "what counts as a success", text},
          {"window", "cell", "1", "when it is judged", text}};
}

Groups doses() {
  const std::string subjects = "with `output.trajectories`";
  const std::string on_grid = subjects + " and `dose.search: grid`";
  return {
      {{panel},
       "One population on one regimen: the axes of the groups below it",
       "by stage `search`",
       {{"dose", "scale", "{amount}", "dose of one administration"},
        {"subject", "scale", "1", "virtual subject", number, subjects},
        {"time", "scale", "h", "time after a dose", number, subjects},
        {"concentration", "subject time", "{concentration}/{amount}", "steady-state concentration per unit of dose",
         number, subjects}}},
      {of_method("<name>"),
       "What a method answers, `mechanistic` among them",
       "by stage `search`",
       {{"pass_rate", "dose", "1", "mean probability of success over the cohort"},
        {"pass_rate_indicator", "dose", "1", "share of the cohort with probability above 0.5"},
        {"probability", "dose subject", "1", "probability of success", number, "for classifiers, " + on_grid},
        {"counts", "dose subject", "1", "ones among the shots behind each probability", number,
         "for classifiers that take shots, " + on_grid},
        {"pass_rate_lower", "dose", "1", "5 % quantile of pass_rate over the replicates", number,
         "by stage `intervals`, for methods that have intervals"},
        {"pass_rate_upper", "dose", "1", "95 % quantile of pass_rate over the replicates", number,
         "by stage `intervals`, for methods that have intervals"}},
       {{"", "question", "label and window of the question"},
        {"", "shots", "shots behind a probability; 0: exact (of classifiers)", number}}},
      {of_method("mechanistic"),
       "The answer of the fitted models themselves",
       "by stage `search` with `/pd`",
       {{"critical_dose", "subject", "{amount}", "dose from which on the subject succeeds; infinite: never", number,
         subjects}},
       {{"", "outcomes_checked", "outcomes looked at above and below critical doses", number},
        {"", "outcomes_against_monotonicity", "of these, not as the critical dose says", number}}},
      {{"/decision"},
       "The answers: a row for each question, method and rule",
       "by stage `intervals`",
       joined(joined({{"cell", "scale", "1", "row of the decision table"}}, question_columns()),
              {{"interval_source", "cell", "1", "which uncertainty the interval holds; empty: no interval", text},
               {"target", "cell", "1", "share of the population that must succeed"},
               {"minimal_dose", "cell", "{amount}", "lowest dose that reaches the target; NaN: none on this grid"},
               {"lower", "cell", "{amount}",
                "lower end of the 90 % interval; infinite: above the grid; NaN: not computed"},
               {"upper", "cell", "{amount}",
                "upper end of the 90 % interval; infinite: above the grid; NaN: not computed"},
               {"probability_of_target", "cell", "1",
                "share of the replicates behind the interval in which the dose meets the target"},
               {"pass_rate", "cell", "1", "pass rate at the minimal dose (at the highest dose where there is none)"},
               {"pass_rate_below", "cell", "1", "pass rate one step below"}})},
      {{"/agreement"},
       "Distance of each classifier from the mechanistic answers",
       "by stage `search` with `/pd`",
       {{"row", "scale", "1", "method and question"},
        {"method", "row", "1", "who predicted", text},
        {"question", "row", "1", "label and window", text},
        {"grid_steps", "row", "1", "mean distance from the mechanistic doses, in grid steps"},
        {"pass_rate", "row", "1", "mean distance from the mechanistic pass rates"},
        {"unanswered", "row", "1", "cells in which exactly one of both finds no dose on the grid"}}}};
}

}  // namespace titrant::campaign::contract
