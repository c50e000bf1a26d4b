#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "inspect.hpp"
#include "terminal.hpp"

/// \file
/// The answers of a run for people: as a table, line by line, and drawn.

namespace titrant::cli {

namespace {

constexpr const char* reference = "mechanistic";
constexpr double per_cent = 100.0;

std::string end_text(double dose) { return std::isinf(dose) ? "above" : fmt::format("{:g}", dose); }

std::string dose_text(const FoundAnswer& answer) {
  return std::isnan(answer.dose) ? "none" : fmt::format("{:g}", answer.dose);
}

std::string interval_text(const FoundAnswer& answer) {
  return std::isnan(answer.lower) ? "-" : fmt::format("{} .. {}", end_text(answer.lower), end_text(answer.upper));
}

std::string share_text(double share) { return std::isnan(share) ? "-" : fmt::format("{:.2f}", share); }

/// measured, day 21
std::string question_text(const FoundAnswer& answer) {
  std::string window = answer.window;
  std::replace(window.begin(), window.end(), '_', ' ');
  return answer.label + ", " + window;
}

bool same_question(const FoundAnswer& a, const FoundAnswer& b) { return a.label == b.label && a.window == b.window; }

/// What the run answers for in the first place: its first question, by its rule.
struct Headline {
  const FoundAnswer* first = nullptr;
  std::vector<const FoundAnswer*> rows;  ///< of the first method
  std::vector<std::string> methods;      ///< that are shown side by side
  std::vector<std::string> others;       ///< further methods that answer the question
  std::vector<std::string> questions;    ///< further ones
};

void add_once(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

Headline headline_of(const Inspection& found) {
  Headline headline;
  headline.first = &found.answers.front();
  headline.methods = {headline.first->classifier};
  for (const FoundAnswer& answer : found.answers) {
    if (!same_question(answer, *headline.first)) {
      add_once(headline.questions, question_text(answer));
      continue;
    }
    if (answer.classifier == reference) add_once(headline.methods, reference);
    if (answer.classifier != headline.methods.front() && answer.classifier != reference)
      add_once(headline.others, answer.classifier);
    if (answer.classifier == headline.methods.front() && answer.rule == found.rule) headline.rows.push_back(&answer);
  }
  return headline;
}

const FoundAnswer* answer_of(const Inspection& found, const FoundAnswer& row, const std::string& method) {
  const auto same = std::find_if(found.answers.begin(), found.answers.end(), [&](const FoundAnswer& other) {
    return other.classifier == method && same_question(other, row) && other.rule == row.rule &&
           other.scenario == row.scenario && other.regimen == row.regimen && other.target == row.target;
  });
  return same == found.answers.end() ? nullptr : &*same;
}

void print_table(const Inspection& found, const Headline& headline) {
  fmt::print("\nLowest dose, {}, that keeps the biomarker {} in the target share of each population\n", found.dose_unit,
             std::isnan(found.threshold) ? "below its threshold"
                                         : fmt::format("below {:g} {}", found.threshold, found.biomarker_unit));
  fmt::print("Success: {}; rule: {}; 90 % intervals; P: probability that the dose meets its target\n\n",
             question_text(*headline.first), found.rule);
  constexpr std::size_t wide = 27;  // columns of a method
  std::size_t longest = std::string("population").size();
  for (const FoundAnswer* row : headline.rows) longest = std::max(longest, row->scenario.size());
  std::string names = fmt::format("  {:<{}} {:<7} {:>6}", "", longest, "", "");
  std::string heads = fmt::format("  {:<{}} {:<7} {:>6}", "population", longest, "regimen", "target");
  for (const std::string& method : headline.methods) {
    names += fmt::format("  {:<{}}", method, wide);
    heads += fmt::format("  {:>6}  {:<14}{:>5}", "dose", "interval", "P");
  }
  names.erase(names.find_last_not_of(' ') + 1);
  fmt::print("{}\n{}\n", names, heads);
  bool none = false;
  bool above = false;
  for (const FoundAnswer* row : headline.rows) {
    fmt::print("  {:<{}} {:<7} {:>4g} %", row->scenario, longest, row->regimen, row->target * per_cent);
    for (const std::string& method : headline.methods) {
      const FoundAnswer* answer = answer_of(found, *row, method);
      if (answer == nullptr) continue;
      fmt::print("  {:>6}  {:<14}{:>5}", dose_text(*answer), interval_text(*answer), share_text(answer->probability));
      none = none || std::isnan(answer->dose);
      above = above || std::isinf(answer->upper) || std::isinf(answer->lower);
    }
    fmt::print("\n");
  }
  if (none) fmt::print("  none: no dose on the grid meets the target\n");
  if (above) fmt::print("  above: above the grid of doses\n");
  if (!headline.others.empty()) fmt::print("  also by {}\n", fmt::join(headline.others, ", "));
  if (!headline.questions.empty()) fmt::print("  also for {}\n", fmt::join(headline.questions, "; "));
  fmt::print("  every answer: titrant inspect {} --answers\n", found.file.string());
}

void print_all(const Inspection& found) {
  fmt::print(
      "\nAnswers: lowest dose, {}, with its 90 % interval, the probability that it meets its target, and its pass "
      "rate\n",
      found.dose_unit);
  for (const FoundAnswer& answer : found.answers) {
    fmt::print("  {:<10} {:<7} {:>5g}  {:<22} {:<9} {:<8} {:<12} {:>6}  {:<14} {:>5} {:>7}\n", answer.scenario,
               answer.regimen, answer.target, answer.classifier, answer.rule, answer.label, answer.window,
               dose_text(answer), interval_text(answer), share_text(answer.probability),
               std::isnan(answer.pass_rate) ? "-" : fmt::format("{:.4f}", answer.pass_rate));
  }
}

core::TextChart chart_of(const Inspection& found, const Headline& headline, const std::string& regimen) {
  core::TextChart chart;
  chart.x_name = fmt::format("{} dose, {}", regimen, found.dose_unit);
  chart.levels = {{0.0, "0 %"}, {1.0, "100 %"}};
  chart.mark_name = fmt::format("lowest dose that meets a target ({})", headline.methods.front());
  for (const std::string& method : headline.methods) {
    for (const FoundCurve& curve : found.curves) {
      if (curve.scenario == headline.first->scenario && curve.regimen == regimen && curve.name == method)
        chart.lines.push_back({method, curve.dose, curve.pass_rate});
    }
  }
  for (const FoundAnswer* row : headline.rows) {
    if (row->scenario != headline.first->scenario || row->regimen != regimen) continue;
    chart.levels.push_back({row->target, fmt::format("{:g} %", row->target * per_cent)});
    if (!std::isnan(row->dose)) chart.marks.push_back({row->dose, row->target});
  }
  return chart;
}

}  // namespace

void print_answers(const Inspection& found, const InspectOptions& options) {
  options.answers ? print_all(found) : print_table(found, headline_of(found));
}

void print_charts(const Inspection& found) {
  constexpr std::size_t most_columns = 100;
  constexpr std::size_t least_columns = 40;
  constexpr std::size_t rows = 11;
  const Headline headline = headline_of(found);
  const std::size_t width = std::clamp(terminal_width(), least_columns, most_columns);
  std::vector<std::string> regimens;
  for (const FoundAnswer* row : headline.rows) add_once(regimens, row->regimen);
  for (const std::string& regimen : regimens) {
    const std::string drawing = core::draw(chart_of(found, headline, regimen), width, rows, terminal_characters());
    if (drawing.empty()) continue;
    fmt::print("\nShare of the population {} that succeeds\n{}", headline.first->scenario, drawing);
  }
}

}  // namespace titrant::cli
