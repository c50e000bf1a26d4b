#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "titrant/campaign/run.hpp"

/// \file
/// The answers, as a run prints them when it is done.

namespace titrant::campaign {

namespace {

std::string dose_text(const dose::Decision& decision) {
  return decision.minimal_dose ? fmt::format("{:g}", *decision.minimal_dose) : std::string("none on this grid");
}

std::string end_of_interval(double dose) { return std::isinf(dose) ? "above grid" : fmt::format("{:g}", dose); }

std::string interval_text(const dose::Decision& decision) {
  if (std::isnan(decision.lower)) return "-";
  return fmt::format("{} .. {}", end_of_interval(decision.lower), end_of_interval(decision.upper));
}

std::string rate_text(double rate) { return std::isnan(rate) ? "-" : fmt::format("{:.4f}", rate); }

/// One line per cell: the mean rule with its pass rates, and the dose by the indicator rule.
std::string lines_of(const std::string& name, const std::vector<dose::Decision>& decisions, bool intervals) {
  std::string table = fmt::format("\n{:<18} {:<7} {:>6} {:>18}", name, "regimen", "target", "dose by mean rule");
  if (intervals) table += fmt::format(" {:>19} {:>8}", "90 % interval", "P(meets)");
  table += fmt::format(" {:>10} {:>10} {:>18}\n", "pass rate", "one below", "dose by indicator");
  std::string source;
  for (const dose::Decision& mean : decisions) {
    if (mean.classifier != name || mean.rule != dose::Rule::mean) continue;
    const auto indicator = std::find_if(decisions.begin(), decisions.end(), [&](const dose::Decision& other) {
      return other.rule == dose::Rule::indicator && other.scenario == mean.scenario && other.regimen == mean.regimen &&
             other.target == mean.target && other.classifier == mean.classifier;
    });
    table += fmt::format("  {:<16} {:<7} {:>6g} {:>18}", mean.scenario, mean.regimen, mean.target, dose_text(mean));
    if (intervals) {
      table +=
          fmt::format(" {:>19} {:>8}", interval_text(mean),
                      std::isnan(mean.probability_of_target) ? "-" : fmt::format("{:.2f}", mean.probability_of_target));
    }
    table += fmt::format(" {:>10} {:>10} {:>18}{}\n", rate_text(mean.pass_rate), rate_text(mean.pass_rate_below),
                         dose_text(*indicator), mean.monotone ? "" : "  (pass rate falls with the dose)");
    source = mean.interval_source;
  }
  if (intervals && !source.empty()) table += fmt::format("  interval: {}\n", source);
  return table;
}

std::string question_text(const dose::Criterion& criterion) {
  return fmt::format("{}, {}",
                     criterion.label == dose::Label::latent
                         ? "latent: the model's biomarker, at any time"
                         : "measured: the values at the trial's sampling times, residual error included",
                     criterion.window == dose::Window::steady_state
                         ? "over the dosing interval at steady state"
                         : fmt::format("{:g} to {:g} h after the first dose", criterion.from, criterion.to));
}

}  // namespace

std::string answer_table(const Configuration& configuration, const Results& results) {
  const std::vector<dose::Decision>& decisions = results.search.decisions;
  if (decisions.empty()) return "";
  const bool intervals = std::any_of(decisions.begin(), decisions.end(),
                                     [](const dose::Decision& d) { return !d.interval_source.empty(); });
  std::string table;
  for (const dose::Criterion& criterion : results.criteria) {
    std::vector<dose::Decision> of_question;
    std::vector<std::string> names;
    for (const dose::Decision& decision : decisions) {
      if (decision.label + "_" + decision.window != criterion.name()) continue;
      of_question.push_back(decision);
      if (std::find(names.begin(), names.end(), decision.classifier) == names.end())
        names.push_back(decision.classifier);
    }
    table += fmt::format(
        "{}Lowest dose ({}) with the biomarker below {:g} {} in at least the target share of {} virtual "
        "subjects\nSuccess is {}.\n",
        table.empty() ? "" : "\n", results.trial.units.amount, criterion.threshold, results.trial.units.biomarker,
        configuration.cohort.size, question_text(criterion));
    for (const std::string& name : names) table += lines_of(name, of_question, intervals);
  }
  table += fmt::format(
      "\nRules: mean of p; indicator, the share with p > 0.5, which under-doses. dose.rule takes {} for the answer.\n",
      configuration.dose.rule == dose::Rule::mean ? "mean" : "indicator");
  if (intervals) {
    table += "P(meets): share of the replicates behind the interval in which the dose meets the target.\n";
  } else {
    table +=
        "No intervals were computed (uncertainty.source is none): an answer without an interval is half an answer.\n";
  }
  for (const NamedAgreement& one : results.agreements) {
    table +=
        fmt::format("{} against mechanistic ({}): {:.2f} grid steps, pass rates within {:.4f} on average\n", one.name,
                    results.criteria[one.criterion].name(), one.agreement.grid_steps, one.agreement.pass_rate);
  }
  return table;
}

}  // namespace titrant::campaign
