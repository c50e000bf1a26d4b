#include "titrant/nlme/fit_summary.hpp"

#include <cmath>
#include <numbers>

#include "titrant/core/error.hpp"

namespace titrant::nlme {

FitSummary summarise(const Estimation& estimation, std::span<const std::size_t> places) {
  TITRANT_EXPECTS(places.size() == estimation.etas.size());
  FitSummary fit;
  fit.method = "FOCEI";
  fit.population = estimation.population;
  fit.estimates = estimation.estimates;
  for (const std::size_t place : estimation.population.eta_parameters()) {
    fit.eta_names.push_back(estimation.population.parameters[place].name);
  }
  fit.etas = estimation.etas;
  fit.subjects.assign(places.begin(), places.end());
  fit.shrinkage = estimation.shrinkage;
  fit.objective = estimation.objective;
  const auto uncensored = static_cast<double>(estimation.observations - estimation.censored);
  const auto observations = static_cast<double>(estimation.observations);
  const auto estimated = static_cast<double>(estimation.estimated);
  fit.minus_two_log_likelihood = fit.objective + uncensored * std::log(2.0 * std::numbers::pi);
  fit.aic = fit.minus_two_log_likelihood + 2.0 * estimated;
  fit.bic = fit.minus_two_log_likelihood + estimated * std::log(observations);
  fit.observations = estimation.observations;
  fit.censored = estimation.censored;
  fit.estimated = estimation.estimated;
  fit.converged = estimation.converged;
  fit.identified = estimation.identified;
  fit.verdict = estimation.verdict;
  fit.message = estimation.message;
  fit.standard_error_method = estimation.standard_error_method;
  fit.condition_number = estimation.condition_number;
  fit.x = estimation.x;
  fit.covariance = estimation.covariance;
  fit.start_objectives = estimation.start_objectives;
  return fit;
}

}  // namespace titrant::nlme
