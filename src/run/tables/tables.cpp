#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "titrant/run/run.hpp"

/// \file
/// The answers, as a run prints them when it is done.

namespace titrant::run {

namespace {

std::string dose_text(const dose::Decision& decision) {
  if (std::isnan(decision.answer())) return "none of these";
  if (decision.direction != protocol::Direction::window) return fmt::format("{:g}", decision.answer());
  return fmt::format("{:g} .. {:g}", decision.answer(), *decision.highest);
}

std::string end_of_interval(double dose) { return std::isinf(dose) ? "above" : fmt::format("{:g}", dose); }

std::string interval_text(double lower, double upper) {
  return std::isnan(lower) ? "-" : fmt::format("{} .. {}", end_of_interval(lower), end_of_interval(upper));
}

std::string share_text(double share) { return std::isnan(share) ? "-" : fmt::format("{:.4f}", share); }

/// One line per question: the answer by the mean rule with its target attainment, and the dose by the indicator rule.
std::string lines_of(const std::string& method, const std::vector<dose::Decision>& decisions, bool intervals) {
  std::string table = fmt::format("\n{:<18} {:<14} {:>6} {:>18}", method, "regimen", "target", "dose by mean rule");
  if (intervals) table += fmt::format(" {:>19} {:>8}", "90 % interval", "P(meets)");
  table += fmt::format(" {:>10} {:>10} {:>18}\n", "attainment", "beside", "dose by indicator");
  std::string source;
  for (const dose::Decision& mean : decisions) {
    if (mean.method != method || mean.rule != dose::Rule::mean) continue;
    const auto indicator = std::find_if(decisions.begin(), decisions.end(), [&](const dose::Decision& other) {
      return other.rule == dose::Rule::indicator && other.question == mean.question && other.method == mean.method;
    });
    table += fmt::format("  {:<16} {:<14} {:>6g} {:>18}", mean.question.population, mean.question.regimen,
                         mean.question.target, dose_text(mean));
    if (intervals) {
      table +=
          fmt::format(" {:>19} {:>8}", interval_text(mean.lower, mean.upper),
                      std::isnan(mean.probability_of_target) ? "-" : fmt::format("{:.2f}", mean.probability_of_target));
    }
    table += fmt::format(" {:>10} {:>10} {:>18}{}\n", share_text(mean.attainment), share_text(mean.attainment_beside),
                         dose_text(*indicator), mean.monotone ? "" : "  (not monotone in the dose)");
    if (intervals && !std::isnan(mean.upper_end_lower)) {
      table += fmt::format("  {:>57} end: {}\n", "", interval_text(mean.upper_end_lower, mean.upper_end_upper));
    }
    source = mean.interval_source;
  }
  if (intervals && !source.empty()) table += fmt::format("  interval: {}\n", source);
  return table;
}

std::string answer_sought(protocol::Direction direction) {
  switch (direction) {
    case protocol::Direction::rising:
      return "Lowest dose";
    case protocol::Direction::falling:
      return "Highest dose";
    case protocol::Direction::window:
      break;
  }
  return "Window of doses";
}

}  // namespace

std::string answer_table(const Configuration& configuration, const Results& results) {
  const std::vector<dose::Decision>& decisions = results.search.decisions;
  if (decisions.empty()) return "";
  const bool intervals = std::any_of(decisions.begin(), decisions.end(),
                                     [](const dose::Decision& d) { return !d.interval_source.empty(); });
  std::string table;
  const trial::Units& units = results.trial.units;
  for (const dose::ResolvedEndpoint& endpoint : results.endpoints) {
    std::vector<dose::Decision> of_endpoint;
    std::vector<std::string> names;
    for (const dose::Decision& decision : decisions) {
      if (decision.question.endpoint != endpoint.name()) continue;
      of_endpoint.push_back(decision);
      if (std::find(names.begin(), names.end(), decision.method) == names.end()) names.push_back(decision.method);
    }
    if (of_endpoint.empty()) continue;
    table += fmt::format("{}{} ({}) with {} in at least the target share of {} virtual subjects\nSuccess is {}.\n",
                         table.empty() ? "" : "\n", answer_sought(of_endpoint.front().direction), units.amount,
                         endpoint.name(), configuration.cohort.size,
                         protocol::describe(endpoint.definition, units.biomarker, units.concentration));
    for (const std::string& name : names) table += lines_of(name, of_endpoint, intervals);
  }
  for (const protocol::Regimen& regimen : configuration.protocol.regimens) {
    if (regimen.individual_amounts()) {
      table += fmt::format("\nDoses of {} are in {}{}.\n", regimen.name, regimen.dose_unit(units.amount),
                           regimen.bands.covariate.empty() ? "" : " times the factor of the subject's band");
    }
  }
  table += fmt::format(
      "\nRules: mean of p; indicator, the share with p > 0.5, which under-doses. dose.rule takes {} for the answer.\n",
      configuration.dose.rule == dose::Rule::mean ? "mean" : "indicator");
  if (intervals) {
    table += "P(meets): share of the replicates behind the interval in which the dose meets the target.\n";
  } else {
    table += "No intervals were computed (uncertainty.source: none).\n";
  }
  for (const NamedAgreement& one : results.agreements) {
    table += fmt::format(
        "{} against mechanistic ({}): {:.2f} steps of the doses, target attainment within {:.4f} on average\n",
        one.name, results.endpoints[one.endpoint].name(), one.agreement.grid_steps, one.agreement.attainment);
  }
  return table;
}

}  // namespace titrant::run
