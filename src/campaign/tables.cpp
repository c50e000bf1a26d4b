#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "titrant/campaign/run.hpp"

/// \file
/// What a run prints when it is done.

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
std::string answers_of(const std::string& classifier, const std::vector<dose::Decision>& decisions, bool intervals) {
  std::string table = fmt::format("\n{:<18} {:<7} {:>6} {:>18}", classifier, "regimen", "target", "dose by mean rule");
  if (intervals) table += fmt::format(" {:>19}", "90 % interval");
  table += fmt::format(" {:>10} {:>10} {:>18}\n", "pass rate", "one below", "dose by indicator");
  for (const dose::Decision& mean : decisions) {
    if (mean.classifier != classifier || mean.rule != dose::Rule::mean) continue;
    const auto indicator = std::find_if(decisions.begin(), decisions.end(), [&](const dose::Decision& other) {
      return other.rule == dose::Rule::indicator && other.scenario == mean.scenario && other.regimen == mean.regimen &&
             other.target == mean.target && other.classifier == mean.classifier;
    });
    table += fmt::format("  {:<16} {:<7} {:>6g} {:>18}", mean.scenario, mean.regimen, mean.target, dose_text(mean));
    if (intervals) table += fmt::format(" {:>19}", interval_text(mean));
    table += fmt::format(" {:>10} {:>10} {:>18}{}\n", rate_text(mean.pass_rate), rate_text(mean.pass_rate_below),
                         dose_text(*indicator), mean.monotone ? "" : "  (pass rate falls with the dose)");
  }
  return table;
}

}  // namespace

std::string answer_table(const Configuration& configuration, const Results& results) {
  const std::vector<dose::Decision>& decisions = results.search.decisions;
  if (decisions.empty()) return "";
  const bool intervals = !results.replicates.empty();
  std::string table = fmt::format(
      "Lowest dose (mg) with the biomarker below {:g} ng/mL in at least the target share of {} virtual subjects\n",
      configuration.response.rule.threshold, configuration.cohort.size);
  for (const TrainedClassifier& trained : results.classifiers) {
    table += answers_of(trained.classifier->name(), decisions, intervals);
  }
  table += "Success: every measured value of the window below the threshold (label measured, window day_21).\n";
  table += fmt::format(
      "Rules: mean of p; indicator, the share with p > 0.5, which under-doses. dose.rule takes {} for the answer.\n",
      configuration.dose.rule == dose::Rule::mean ? "mean" : "indicator");
  table +=
      intervals
          ? "Intervals (of the mean rule): trial subjects resampled, classifiers retrained; the PK fit is held fixed.\n"
          : "No intervals were computed (dose.bootstrap is 0): few subjects do not determine a dose; set it to 100.\n";
  return table;
}

std::string fit_table(const nlme::PkFit& fit) {
  std::string table =
      fmt::format("Population PK ({}, FOCEI): objective {:.3f}, -2 log L {:.3f}, AIC {:.2f}, BIC {:.2f}\n",
                  fit.best.model.structure == pkpd::Structure::one_compartment ? "one compartment" : "two compartments",
                  fit.best.objective, fit.best.minus_two_log_likelihood, fit.best.aic, fit.best.bic);
  table += fmt::format("{:<41} {:<6} {:>12} {:>8} {:>27}\n", "parameter", "unit", "estimate", "RSE %", "95 % interval");
  for (const nlme::Estimate& e : fit.best.estimates) {
    const std::string rse = e.fixed ? "fixed" : std::isfinite(e.rse) ? fmt::format("{:.1f}", e.rse) : "-";
    const std::string interval =
        e.fixed || !std::isfinite(e.lower) ? "-" : fmt::format("{:.5g} .. {:.5g}", e.lower, e.upper);
    table += fmt::format("{:<41} {:<6} {:>12.5g} {:>8} {:>27}\n", e.name, e.units, e.value, rse, interval);
  }
  for (std::size_t k = 0; k < fit.best.eta_names.size(); ++k) {
    table += fmt::format("shrinkage of eta({}): {:.1f} %\n", fit.best.eta_names[k], 100.0 * fit.best.shrinkage[k]);
  }
  return table +
         fmt::format("standard errors: {}\n{}\n{}\n", fit.best.standard_error_method, fit.reason, fit.best.message);
}

}  // namespace titrant::campaign
