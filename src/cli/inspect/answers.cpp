#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "inspect.hpp"
#include "terminal/terminal.hpp"

/// \file
/// The answers of a run for people: as a table, line by line, and drawn.

namespace titrant::cli {

namespace {

constexpr const char* reference = "mechanistic";
constexpr const char* no_occasions = "mechanistic_no_occasions";
constexpr double per_cent = 100.0;

std::string end_text(double dose) { return std::isinf(dose) ? "above" : fmt::format("{:g}", dose); }

std::string dose_text(const run::Answer& answer) {
  if (std::isnan(answer.dose)) return "none";
  return std::isnan(answer.window_end) ? fmt::format("{:g}", answer.dose)
                                       : fmt::format("{:g}-{:g}", answer.dose, answer.window_end);
}

std::string interval_text(const run::Answer& answer) {
  return std::isnan(answer.lower) ? "-" : fmt::format("{} .. {}", end_text(answer.lower), end_text(answer.upper));
}

std::string share_text(double share) { return std::isnan(share) ? "-" : fmt::format("{:.2f}", share); }

/// What is shown first: the headline endpoint, by the run's rule.
struct Headline {
  std::string endpoint;
  std::string population;
  std::string direction;
  std::vector<const run::Answer*> rows;  ///< of the first method
  std::vector<std::string> methods;      ///< that are shown side by side
  std::vector<std::string> others;       ///< further methods that answer
  std::vector<std::string> endpoints;    ///< further ones
};

void add_once(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

Headline headline_of(const Inspection& found) {
  Headline headline;
  const protocol::Question& first = found.answers.front().question;
  headline.endpoint = found.headline.endpoint.empty() ? first.endpoint : found.headline.endpoint;
  headline.population = found.headline.population.empty() ? first.population : found.headline.population;
  for (const run::Answer& answer : found.answers) {
    if (answer.question.endpoint != headline.endpoint) {
      add_once(headline.endpoints, answer.question.endpoint);
      continue;
    }
    if (headline.methods.empty()) {
      headline.methods = {answer.method};
      headline.direction = answer.direction;
    }
    if (answer.method == reference || answer.method == no_occasions) {
      add_once(headline.methods, answer.method);
    } else if (answer.method != headline.methods.front()) {
      add_once(headline.others, answer.method);
    }
    if (answer.method == headline.methods.front() && answer.rule == found.rule) headline.rows.push_back(&answer);
  }
  return headline;
}

const run::Answer* answer_of(const Inspection& found, const run::Answer& row, const std::string& method) {
  const auto same = std::find_if(found.answers.begin(), found.answers.end(), [&](const run::Answer& other) {
    return other.method == method && other.question == row.question && other.rule == row.rule;
  });
  return same == found.answers.end() ? nullptr : &*same;
}

std::string unit_of(const Inspection& found, const std::string& regimen) {
  const auto unit = found.dose_units.find(regimen);
  return unit == found.dose_units.end() ? "" : unit->second;
}

std::string sought(const std::string& direction) {
  if (direction == "falling") return "Highest dose";
  return direction == "window" ? "Window of doses" : "Lowest dose";
}

/// Whom the answers shown leave without a steady state, where there are any.
void print_unsteady(const Inspection& found, const std::vector<std::string>& methods) {
  for (const run::Answer& answer : found.answers) {
    const bool shown = std::find(methods.begin(), methods.end(), answer.method) != methods.end();
    if (!shown || answer.rule != found.rule || !(answer.without_steady_state > 0.0)) continue;
    const protocol::Question& question = answer.question;
    fmt::print(
        "  {} ({}), {} {:g} %: {:.2g} % have no steady state on {} {} ({}); they count as above every "
        "limit\n",
        question.population, question.regimen, question.endpoint, question.target * per_cent,
        answer.without_steady_state * per_cent, dose_text(answer), unit_of(found, question.regimen), answer.method);
  }
}

void print_table(const Inspection& found, const Headline& headline) {
  const auto meaning = found.endpoint_text.find(headline.endpoint);
  fmt::print("\n{} with {} in the target share of each population\n", sought(headline.direction), headline.endpoint);
  if (meaning != found.endpoint_text.end()) fmt::print("{}: {}\n", headline.endpoint, meaning->second);
  fmt::print("Rule: {}; 90 % intervals; P: probability that the dose meets its target\n\n", found.rule);
  constexpr std::size_t wide = 27;  // columns of a method
  std::size_t longest = std::string("population").size();
  std::size_t regimens = std::string("regimen").size();
  for (const run::Answer* row : headline.rows) {
    longest = std::max(longest, row->question.population.size());
    const std::string& regimen = row->question.regimen;
    regimens = std::max(regimens, regimen.size() + unit_of(found, regimen).size() + 3);
  }
  std::string names = fmt::format("  {:<{}} {:<{}} {:>6}", "", longest, "", regimens, "");
  std::string heads = fmt::format("  {:<{}} {:<{}} {:>6}", "population", longest, "regimen", regimens, "target");
  for (const std::string& method : headline.methods) {
    names += fmt::format("  {:<{}}", method, wide);
    heads += fmt::format("  {:>6}  {:<14}{:>5}", "dose", "interval", "P");
  }
  names.erase(names.find_last_not_of(' ') + 1);
  fmt::print("{}\n{}\n", names, heads);
  bool none = false;
  bool above = false;
  for (const run::Answer* row : headline.rows) {
    const protocol::Question& question = row->question;
    fmt::print("  {:<{}} {:<{}} {:>4g} %", question.population, longest,
               fmt::format("{} ({})", question.regimen, unit_of(found, question.regimen)), regimens,
               question.target * per_cent);
    for (const std::string& method : headline.methods) {
      const run::Answer* answer = answer_of(found, *row, method);
      if (answer == nullptr) continue;
      fmt::print("  {:>6}  {:<14}{:>5}", dose_text(*answer), interval_text(*answer),
                 share_text(answer->probability_of_target));
      none = none || std::isnan(answer->dose);
      above = above || std::isinf(answer->upper) || std::isinf(answer->lower);
    }
    fmt::print("\n");
  }
  const bool both = std::find(headline.methods.begin(), headline.methods.end(), no_occasions) != headline.methods.end();
  if (both) fmt::print("  {}: with the same parameters on all occasions\n", no_occasions);
  print_unsteady(found, headline.methods);
  if (none) fmt::print("  none: none of the doses meets the target\n");
  if (above) fmt::print("  above: above the doses of the regimen\n");
  if (!headline.others.empty()) fmt::print("  also by {}\n", fmt::join(headline.others, ", "));
  if (!headline.endpoints.empty()) fmt::print("  also for {}\n", fmt::join(headline.endpoints, ", "));
  fmt::print("  every answer: titrant inspect {} --answers\n", found.file.string());
}

void print_all(const Inspection& found) {
  fmt::print(
      "\nAnswers: dose with its 90 % interval, the probability that it meets its target, and the target attainment\n");
  for (const run::Answer& answer : found.answers) {
    const protocol::Question& question = answer.question;
    fmt::print("  {:<14} {:<22} {:<14} {:>5g}  {:<18} {:<9} {:<7} {:>9}  {:<14} {:>5} {:>7}\n", question.population,
               fmt::format("{} ({})", question.regimen, unit_of(found, question.regimen)), question.endpoint,
               question.target, answer.method, answer.rule, answer.direction, dose_text(answer), interval_text(answer),
               share_text(answer.probability_of_target),
               std::isnan(answer.target_attainment) ? "-" : fmt::format("{:.4f}", answer.target_attainment));
  }
}

core::TextChart chart_of(const Inspection& found, const Headline& headline, const std::string& regimen) {
  core::TextChart chart;
  chart.x_name = fmt::format("dose of {}, {}", regimen, unit_of(found, regimen));
  chart.levels = {{0.0, "0 %"}, {1.0, "100 %"}};
  chart.mark_name = fmt::format("dose that answers for a target ({})", headline.methods.front());
  for (const std::string& method : headline.methods) {
    for (const FoundCurve& curve : found.curves) {
      if (curve.population == headline.population && curve.regimen == regimen && curve.method == method &&
          curve.endpoint == headline.endpoint) {
        chart.lines.push_back({method, curve.dose, curve.attainment});
      }
    }
  }
  for (const run::Answer* row : headline.rows) {
    const protocol::Question& question = row->question;
    if (question.population != headline.population || question.regimen != regimen) continue;
    chart.levels.push_back({question.target, fmt::format("{:g} %", question.target * per_cent)});
    if (!std::isnan(row->dose)) chart.marks.push_back({row->dose, question.target});
    if (!std::isnan(row->window_end)) chart.marks.push_back({row->window_end, question.target});
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
  for (const run::Answer* row : headline.rows) add_once(regimens, row->question.regimen);
  for (const std::string& regimen : regimens) {
    const std::string drawing = core::draw(chart_of(found, headline, regimen), width, rows, terminal_characters());
    if (drawing.empty()) continue;
    fmt::print("\nTarget attainment in the population {}, endpoint {}\n{}", headline.population, headline.endpoint,
               drawing);
  }
}

}  // namespace titrant::cli
