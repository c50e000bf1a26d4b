#include "titrant/run/answers.hpp"

#include <fmt/format.h>

#include <cmath>

#include "titrant/core/error.hpp"
#include "titrant/store/columns.hpp"

namespace titrant::run {

namespace {

constexpr const char* dose_unit = "see /protocol/regimen/dose_unit";
using Role = AnswerColumn::Role;
using Text = std::string& (*)(Answer&);
using Number = double& (*)(Answer&);

AnswerColumn text(const std::string& name, const std::string& meaning, Role role, Text value) {
  return {{name, "row", "1", meaning, store::Type::text}, role, value, nullptr};
}

AnswerColumn number(const std::string& name, const std::string& units, const std::string& meaning, Role role,
                    Number value) {
  return {{name, "row", units, meaning, store::Type::number}, role, nullptr, value};
}

/// The column of every row.
std::string path_of(const AnswerColumn& column) { return "/decision/" + column.description.name; }

/// A column of the store into the rows, which there are as many of as the first column has.
template <class Values, class Place>
void take(const Values& values, const std::string& place_of_values, std::vector<Answer>& rows, Place place) {
  if (values.size() != rows.size()) {
    throw StoreError(fmt::format("{}: {} values for {} rows", place_of_values, values.size(), rows.size()));
  }
  for (std::size_t i = 0; i < rows.size(); ++i) place(rows[i]) = values[i];
}

}  // namespace

const std::vector<AnswerColumn>& answer_columns() {
  static const std::vector<AnswerColumn> columns = {
      text("population", "population", Role::key, [](Answer& a) -> std::string& { return a.question.population; }),
      text("regimen", "regimen", Role::key, [](Answer& a) -> std::string& { return a.question.regimen; }),
      text("endpoint", "endpoint", Role::key, [](Answer& a) -> std::string& { return a.question.endpoint; }),
      number("target", "1", "share of the population that must succeed", Role::key,
             [](Answer& a) -> double& { return a.question.target; }),
      text("method", "who answers", Role::key, [](Answer& a) -> std::string& { return a.method; }),
      text("rule", "mean of p, or share of subjects with p > 0.5", Role::key,
           [](Answer& a) -> std::string& { return a.rule; }),
      text("direction",
           "rising: the answer is the lowest dose that reaches the target; falling: the highest; window: the doses "
           "from `dose` to `window_end`",
           Role::key, [](Answer& a) -> std::string& { return a.direction; }),
      number("dose", dose_unit, "the answer; NaN: none of the doses", Role::of_member,
             [](Answer& a) -> double& { return a.dose; }),
      number("lower", dose_unit,
             "lower end of its 90 % interval; infinite: above the doses; 0: below them; NaN: not computed",
             Role::of_member, [](Answer& a) -> double& { return a.lower; }),
      number("upper", dose_unit, "upper end, likewise", Role::of_member, [](Answer& a) -> double& { return a.upper; }),
      number("window_end", dose_unit, "last dose of a window; NaN: no window", Role::of_member,
             [](Answer& a) -> double& { return a.window_end; }),
      number("window_end_lower", dose_unit, "lower end of its 90 % interval", Role::of_run,
             [](Answer& a) -> double& { return a.window_end_lower; }),
      number("window_end_upper", dose_unit, "upper end", Role::of_run,
             [](Answer& a) -> double& { return a.window_end_upper; }),
      number("probability_of_target", "1",
             "share of the replicates behind the interval in which the dose meets the target", Role::of_run,
             [](Answer& a) -> double& { return a.probability_of_target; }),
      number("target_attainment", "1",
             "target attainment at the dose (where there is none, its largest value among the doses)", Role::of_member,
             [](Answer& a) -> double& { return a.target_attainment; }),
      number("target_attainment_beside", "1", "the same one dose towards failure; NaN: there is none", Role::of_run,
             [](Answer& a) -> double& { return a.target_attainment_beside; }),
      text("interval_source", "which uncertainty the interval holds; empty: no interval", Role::of_run,
           [](Answer& a) -> std::string& { return a.interval_source; }),
      number("without_steady_state", "1",
             "share of the population whom the dose (of a window its last one) leaves without a steady state, for more "
             "enters than saturable elimination takes: success of `above`, failure of `below`; NaN: there is no dose",
             Role::of_run, [](Answer& a) -> double& { return a.without_steady_state; })};
  return columns;
}

std::vector<Answer> answers_of(const std::vector<dose::Decision>& decisions) {
  std::vector<Answer> rows;
  rows.reserve(decisions.size());
  for (const dose::Decision& d : decisions) {
    Answer row{.question = d.question,
               .method = d.method,
               .rule = d.rule == dose::Rule::mean ? "mean" : "indicator",
               .direction = std::string(protocol::word(d.direction)),
               .dose = d.answer(),
               .lower = d.lower,
               .upper = d.upper,
               .probability_of_target = d.probability_of_target,
               .target_attainment = d.attainment,
               .target_attainment_beside = d.attainment_beside,
               .interval_source = d.interval_source,
               .without_steady_state = std::isnan(d.answer()) ? core::not_available : d.without_steady_state};
    if (d.direction == protocol::Direction::window) {
      row.window_end = d.highest.value_or(core::not_available);
      row.window_end_lower = d.upper_end_lower;
      row.window_end_upper = d.upper_end_upper;
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

void write_answers(std::vector<Answer> answers, store::Writer& out, std::optional<AnswerColumn::Role> role) {
  for (const AnswerColumn& column : answer_columns()) {
    if (role && column.role != *role) continue;
    std::vector<std::string> texts;
    std::vector<double> numbers;
    for (Answer& answer : answers) {
      if (column.text != nullptr) {
        texts.push_back(column.text(answer));
      } else {
        numbers.push_back(column.number(answer));
      }
    }
    column.text != nullptr ? out.dataset(path_of(column), texts) : out.dataset(path_of(column), numbers);
  }
}

std::vector<Answer> read_answers(const store::Reader& store, std::optional<AnswerColumn::Role> role) {
  if (!store.contains("/decision")) return {};
  std::vector<Answer> rows(store::rows_of(store, "/decision/target"));
  for (const AnswerColumn& column : answer_columns()) {
    if (role && column.role != *role) continue;
    const std::string path = path_of(column);
    if (column.role == Role::of_run && !store.contains(path)) continue;
    const std::string where = fmt::format("{}: {}", store.file().string(), path);
    if (column.text != nullptr) {
      take(store.strings(path), where, rows, column.text);
    } else {
      take(store.numbers(path), where, rows, column.number);
    }
  }
  return rows;
}

}  // namespace titrant::run
