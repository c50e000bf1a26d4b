#include "titrant/nlme/fit_summary.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numbers>
#include <utility>

#include "titrant/core/error.hpp"
#include "titrant/nlme/layout.hpp"

namespace titrant::nlme {

void name_etas(FitSummary& fit) {
  const Population& population = fit.population;
  for (const std::size_t place : population.eta_parameters()) {
    fit.eta_names.push_back(population.parameters[place].name);
  }
  for (const std::size_t place : population.error_etas()) {
    fit.error_eta_names.push_back(error_eta_name(population.errors[place]));
  }
  for (const std::size_t place : population.occasion_parameters()) {
    fit.occasion_eta_names.push_back(population.parameters[place].name);
  }
}

FitSummary summarise(Estimation estimation, std::span<const std::size_t> places) {
  TITRANT_EXPECTS(places.size() == estimation.etas.size());
  FitSummary fit;
  static_cast<Estimation&>(fit) = std::move(estimation);
  for (const MethodKind method : fit.methods) {
    fit.method += fmt::format("{}{}", fit.method.empty() ? "" : ", then ", method_title(method));
  }
  if (fit.saem_alone) fit.method += ", with objective and standard errors of FOCEI";
  name_etas(fit);
  fit.subjects.assign(places.begin(), places.end());
  const auto with_density = static_cast<double>(fit.observations - fit.censored - fit.binary);
  const auto estimated = static_cast<double>(fit.estimated);
  fit.minus_two_log_likelihood = fit.objective + with_density * std::log(2.0 * std::numbers::pi);
  fit.aic = fit.minus_two_log_likelihood + 2.0 * estimated;
  fit.bic = fit.minus_two_log_likelihood + estimated * std::log(static_cast<double>(fit.observations));
  return fit;
}

}  // namespace titrant::nlme
