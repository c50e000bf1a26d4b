#include "parameter_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <vector>

#include "titrant/nlme/layout.hpp"
#include "titrant/store/columns.hpp"

namespace titrant::run {

namespace {

void write_criteria(const std::string& group, const nlme::FitSummary& fit, store::Writer& out) {
  const auto number = [&](const std::string& name, double value) { out.scalar(group + "/" + name, value); };
  number("objective", fit.objective);
  number("minus_two_log_likelihood", fit.minus_two_log_likelihood);
  number("aic", fit.aic);
  number("bic", fit.bic);
  number("condition_number", fit.condition_number);
  const auto count = [&](const std::string& name, std::size_t value) {
    out.scalar(group + "/" + name, static_cast<std::int64_t>(value));
  };
  count("observations", fit.observations);
  count("censored", fit.censored);
  count("left_out", fit.left_out);
  count("converged", static_cast<std::size_t>(fit.converged));
  count("identified", static_cast<std::size_t>(fit.identified));
}

/// The estimates that are called so with the names of parameters.
std::vector<double> estimates_of(const std::string& prefix, const std::vector<std::string>& names,
                                 const nlme::FitSummary& fit) {
  std::vector<double> values;
  for (const std::string& name : names) {
    for (const nlme::Estimate& estimate : fit.estimates) {
      if (estimate.name == prefix + name) values.push_back(estimate.value);
    }
  }
  return values;
}

void write_etas(const std::string& group, const nlme::FitSummary& fit, store::Writer& out) {
  std::vector<std::string> names = fit.eta_names;
  names.insert(names.end(), fit.error_eta_names.begin(), fit.error_eta_names.end());
  if (names.empty() || fit.subjects.empty()) return;
  const std::vector<std::int64_t> places(fit.subjects.begin(), fit.subjects.end());
  std::vector<double> etas;
  const auto lasting = static_cast<std::ptrdiff_t>(fit.eta_names.size());
  for (std::size_t s = 0; s < fit.etas.size(); ++s) {
    etas.insert(etas.end(), fit.etas[s].begin(), fit.etas[s].begin() + lasting);
    if (fit.error_eta_names.empty()) continue;
    etas.insert(etas.end(), fit.error_etas[s].begin(), fit.error_etas[s].end());
  }
  std::vector<double> shrinkage = fit.shrinkage;
  shrinkage.insert(shrinkage.end(), fit.error_shrinkage.begin(), fit.error_shrinkage.end());
  out.scale(group + "/random_effect", names);
  out.scale(group + "/subject", places);
  out.dataset(group + "/omega", estimates_of("omega.", names, fit));
  out.dataset(group + "/shrinkage", shrinkage);
  out.dataset(group + "/eta", etas);
}

/// Random effects of occasions, a row for each occasion of each subject.
void write_kappas(const std::string& group, const nlme::FitSummary& fit, store::Writer& out) {
  const std::size_t count = fit.occasion_eta_names.size();
  if (count == 0 || fit.subjects.empty()) return;
  std::vector<std::int64_t> rows;
  std::vector<std::int64_t> subjects;
  std::vector<std::int64_t> numbers;
  std::vector<double> kappas;
  for (std::size_t s = 0; s < fit.etas.size(); ++s) {
    const std::vector<double>& etas = fit.etas[s];
    std::int64_t number = 0;
    for (std::size_t i = fit.eta_names.size(); i < etas.size(); ++i) {
      if ((i - fit.eta_names.size()) % count == 0) {
        rows.push_back(static_cast<std::int64_t>(rows.size()));
        subjects.push_back(static_cast<std::int64_t>(fit.subjects[s]));
        numbers.push_back(++number);
      }
      kappas.push_back(etas[i]);
    }
  }
  out.scale(group + "/occasion_effect", fit.occasion_eta_names);
  out.scale(group + "/occasion", rows);
  out.dataset(group + "/occasion_subject", subjects);
  out.dataset(group + "/occasion_number", numbers);
  out.dataset(group + "/occasion_omega", estimates_of("occasion_omega.", fit.occasion_eta_names, fit));
  out.dataset(group + "/occasion_shrinkage", fit.occasion_shrinkage);
  out.dataset(group + "/kappa", kappas);
}

/// SAEM's way and the likelihood by importance sampling, where they were asked for.
void write_estimation(const std::string& group, const nlme::FitSummary& fit, store::Writer& out) {
  if (std::isfinite(fit.importance_objective)) {
    out.scalar(group + "/importance_objective", fit.importance_objective);
    out.scalar(group + "/importance_error", fit.importance_error);
  }
  if (fit.saem_trajectory.empty()) return;
  std::vector<std::int64_t> iterations;
  std::vector<double> values;
  for (const std::vector<double>& point : fit.saem_trajectory) {
    iterations.push_back(static_cast<std::int64_t>(iterations.size()));
    values.insert(values.end(), point.begin(), point.end());
  }
  std::vector<std::string> names;
  const nlme::Layout layout(fit.population);
  for (const nlme::Coordinate& coordinate : layout.coordinates()) names.push_back(coordinate.name);
  out.scale(group + "/saem_iteration", iterations);
  out.scale(group + "/saem_coordinate", names);
  out.dataset(group + "/saem_trajectory", values);
  out.scalar(group + "/saem_exploration", static_cast<std::int64_t>(fit.saem_exploration));
}

}  // namespace

void write_fit(const std::string& group, const nlme::FitSummary& fit, const std::string& structure,
               store::Writer& out) {
  using nlme::Estimate;
  std::vector<std::string> names;
  for (const Estimate& estimate : fit.estimates) names.push_back(estimate.name);
  out.scale(group + "/parameter", names);
  store::Columns(out, group, fit.estimates)
      .words("parameter_units", [](const Estimate& e) { return e.units; })
      .numbers("estimate", [](const Estimate& e) { return e.value; })
      .numbers("standard_error", [](const Estimate& e) { return e.standard_error; })
      .numbers("rse", [](const Estimate& e) { return e.rse; })
      .numbers("ci_lower", [](const Estimate& e) { return e.lower; })
      .numbers("ci_upper", [](const Estimate& e) { return e.upper; })
      .integers("fixed", [](const Estimate& e) { return e.fixed ? 1 : 0; });
  write_criteria(group, fit, out);
  out.attribute(group, "structure", structure);
  out.attribute(group, "method", fit.method);
  out.attribute(group, "message", fit.message);
  out.attribute(group, "standard_errors", fit.standard_error_method);
  out.attribute(group, "verdict", fmt::format("{}", fmt::join(fit.verdict, "; ")));
  out.attribute(group, "remarks", fmt::format("{}", fmt::join(fit.remarks, "; ")));
  write_etas(group, fit, out);
  write_kappas(group, fit, out);
  write_estimation(group, fit, out);
}

std::string parameter_lines(const nlme::FitSummary& fit) {
  std::string table =
      fmt::format("{:<41} {:<6} {:>12} {:>8} {:>27}\n", "parameter", "unit", "estimate", "RSE %", "95 % interval");
  for (const nlme::Estimate& e : fit.estimates) {
    const std::string rse = e.fixed ? "fixed" : std::isfinite(e.rse) ? fmt::format("{:.1f}", e.rse) : "-";
    const std::string interval =
        e.fixed || !std::isfinite(e.lower) ? "-" : fmt::format("{:.5g} .. {:.5g}", e.lower, e.upper);
    table += fmt::format("{:<41} {:<6} {:>12.5g} {:>8} {:>27}\n", e.name, e.units, e.value, rse, interval);
  }
  const auto add_shrinkage = [&](const char* effect, const std::string& name, double share) {
    table += fmt::format("shrinkage of {}({}): {}\n", effect, name,
                         std::isfinite(share) ? fmt::format("{:.1f} %", 100.0 * share) : "- (it takes two subjects)");
  };
  for (std::size_t k = 0; k < fit.eta_names.size(); ++k) add_shrinkage("eta", fit.eta_names[k], fit.shrinkage[k]);
  for (std::size_t k = 0; k < fit.error_eta_names.size(); ++k) {
    add_shrinkage("eta", fit.error_eta_names[k], fit.error_shrinkage[k]);
  }
  for (std::size_t k = 0; k < fit.occasion_eta_names.size(); ++k) {
    add_shrinkage("kappa", fit.occasion_eta_names[k], fit.occasion_shrinkage[k]);
  }
  if (std::isfinite(fit.importance_objective)) {
    table += fmt::format("objective by importance sampling: {:.3f} (standard error {:.2g})\n", fit.importance_objective,
                         fit.importance_error);
  }
  table +=
      fmt::format("standard errors: {}; condition number {}\n", fit.standard_error_method,
                  std::isnan(fit.condition_number) ? std::string("-") : fmt::format("{:.3g}", fit.condition_number));
  table += fmt::format("observations: {} of {} subjects used, {} of them censored; {} left out\n", fit.observations,
                       fit.subjects.size(), fit.censored, fit.left_out);
  for (const std::string& line : fit.remarks) table += fmt::format("  {}\n", line);
  for (const std::string& line : fit.verdict) table += fmt::format("! {}\n", line);
  return table + fit.message + "\n";
}

}  // namespace titrant::run
