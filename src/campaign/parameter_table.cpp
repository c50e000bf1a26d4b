#include "parameter_table.hpp"

#include <functional>
#include <numeric>
#include <vector>

namespace titrant::campaign {

namespace {

std::vector<double> column(const std::vector<nlme::Estimate>& estimates,
                           const std::function<double(const nlme::Estimate&)>& value) {
  std::vector<double> values;
  values.reserve(estimates.size());
  for (const nlme::Estimate& estimate : estimates) values.push_back(value(estimate));
  return values;
}

}  // namespace

void write_fit(const std::string& group, const nlme::PopulationFit& fit, store::Writer& out) {
  const std::string axis = group + "/parameter";
  std::vector<std::string> names;
  std::vector<std::string> units;
  for (const nlme::Estimate& estimate : fit.estimates) {
    names.push_back(estimate.name);
    units.push_back(estimate.units);
  }
  out.scale(axis, names,
            {"1", "estimated and fixed parameters: typical values, omega.*: standard deviations of eta, error.*"});
  out.dataset(group + "/parameter_units", {axis}, units, {"1", "units of each parameter"});
  const auto write = [&](const std::string& name, const std::string& unit, const std::string& meaning,
                         const auto& value) {
    out.dataset(group + "/" + name, {axis}, column(fit.estimates, value), {unit, meaning});
  };
  const std::string mixed = "see parameter_units";
  write("estimate", mixed, "maximum likelihood estimate", [](const nlme::Estimate& e) { return e.value; });
  write("standard_error", mixed, "standard error", [](const nlme::Estimate& e) { return e.standard_error; });
  write("rse", "%", "relative standard error", [](const nlme::Estimate& e) { return e.rse; });
  write("ci_lower", mixed, "lower end of the 95 % interval", [](const nlme::Estimate& e) { return e.lower; });
  write("ci_upper", mixed, "upper end of the 95 % interval", [](const nlme::Estimate& e) { return e.upper; });
  write("fixed", "1", "1: held fixed, not estimated", [](const nlme::Estimate& e) { return e.fixed ? 1.0 : 0.0; });

  out.scalar(group + "/objective", fit.objective, {"1", "-2 log L without n log(2 pi), as NONMEM reports it"});
  out.scalar(group + "/minus_two_log_likelihood", fit.minus_two_log_likelihood, {"1", "-2 log L"});
  out.scalar(group + "/aic", fit.aic, {"1", "Akaike information criterion"});
  out.scalar(group + "/bic", fit.bic, {"1", "Bayesian information criterion"});
  out.scalar(group + "/observations", static_cast<std::int64_t>(fit.observations),
             {"1", "observations in the likelihood"});
  out.scalar(group + "/converged", static_cast<std::int64_t>(fit.converged), {"1", "1: the optimiser converged"});
  out.attribute(group, "structure",
                fit.model.structure == pkpd::Structure::one_compartment ? "one_compartment" : "two_compartment");
  out.attribute(group, "method", "FOCEI");
  out.attribute(group, "message", fit.message);
  out.attribute(group, "standard_errors", fit.standard_error_method);

  if (fit.eta_names.empty() || fit.subjects.empty()) return;
  std::vector<double> places(fit.subjects.begin(), fit.subjects.end());
  std::vector<double> etas;
  for (const auto& of_subject : fit.etas) etas.insert(etas.end(), of_subject.begin(), of_subject.end());
  std::vector<double> omegas;
  for (const std::string& name : fit.eta_names) {
    for (const nlme::Estimate& estimate : fit.estimates) {
      if (estimate.name == "omega." + name) omegas.push_back(estimate.value);
    }
  }
  out.scale(group + "/random_effect", fit.eta_names, {"1", "parameters that vary between subjects"});
  out.scale(group + "/subject", places, {"1", "place in /trial/subject of the subjects that entered the fit"});
  out.dataset(group + "/omega", {group + "/random_effect"}, omegas, {"1", "standard deviation of eta"});
  out.dataset(group + "/shrinkage", {group + "/random_effect"}, fit.shrinkage, {"1", "1 - sd(eta) / omega"});
  out.dataset(group + "/eta", {group + "/subject", group + "/random_effect"}, etas,
              {"1", "empirical Bayes estimates of eta"});
}

}  // namespace titrant::campaign
