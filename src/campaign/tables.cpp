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

std::string rate_text(double rate) { return std::isnan(rate) ? "-" : fmt::format("{:.3f}", rate); }

}  // namespace

std::string answer_table(const Configuration& configuration, const Results& results) {
  const std::vector<dose::Decision>& decisions = results.search.decisions;
  if (decisions.empty()) return "";
  const bool intervals = !results.replicates.empty();
  std::string table = fmt::format("Lowest dose (mg) with the biomarker below {:g} ng/mL in at least the target share\n",
                                  configuration.response.rule.threshold);
  table += fmt::format("{:<10} {:<7} {:>6}  {:<17} {:<9} {:>17}", "scenario", "regimen", "target", "classifier", "rule",
                       "minimal dose");
  if (intervals) table += fmt::format(" {:>22}", "90 % interval");
  table += fmt::format(" {:>10} {:>10}\n", "pass rate", "one below");
  for (const dose::Decision& d : decisions) {
    const bool headline = d.rule == configuration.dose.rule;
    table += fmt::format("{:<10} {:<7} {:>6g}  {:<17} {:<9} {:>17}", d.scenario, d.regimen, d.target, d.classifier,
                         fmt::format("{}{}", d.rule == dose::Rule::mean ? "mean" : "indicator", headline ? " *" : ""),
                         dose_text(d));
    if (intervals) table += fmt::format(" {:>22}", interval_text(d));
    table += fmt::format(" {:>10} {:>10}{}\n", rate_text(d.pass_rate), rate_text(d.pass_rate_below),
                         d.monotone ? "" : "  pass rate falls with the dose");
  }
  table +=
      "* headline rule (dose.rule). Success: every measured value of the window below the threshold (label measured, "
      "window "
      "day_21).\n";
  table +=
      intervals
          ? "Intervals: trial subjects resampled and classifiers retrained; the PK fit is held fixed.\n"
          : "No intervals were computed (dose.bootstrap = 0): few subjects do not determine a dose; set it to 100 or "
            "more.\n";
  return table;
}

std::string fit_table(const nlme::PkFit& fit) {
  std::string table =
      fmt::format("Population PK ({}, FOCEI): objective {:.3f}, -2 log L {:.3f}, AIC {:.2f}, BIC {:.2f}\n",
                  fit.best.model.structure == pkpd::Structure::one_compartment ? "one compartment" : "two compartments",
                  fit.best.objective, fit.best.minus_two_log_likelihood, fit.best.aic, fit.best.bic);
  table += fmt::format("{:<36} {:<6} {:>12} {:>8} {:>27}\n", "parameter", "unit", "estimate", "RSE %", "95 % interval");
  for (const nlme::Estimate& e : fit.best.estimates) {
    const std::string rse = e.fixed ? "fixed" : std::isfinite(e.rse) ? fmt::format("{:.1f}", e.rse) : "-";
    const std::string interval =
        e.fixed || !std::isfinite(e.lower) ? "-" : fmt::format("{:.5g} .. {:.5g}", e.lower, e.upper);
    table += fmt::format("{:<36} {:<6} {:>12.5g} {:>8} {:>27}\n", e.name, e.units, e.value, rse, interval);
  }
  for (std::size_t k = 0; k < fit.best.eta_names.size(); ++k) {
    table += fmt::format("shrinkage of eta({}): {:.1f} %\n", fit.best.eta_names[k], 100.0 * fit.best.shrinkage[k]);
  }
  return table + fit.reason + "\n" + fit.best.message + "\n";
}

}  // namespace titrant::campaign
