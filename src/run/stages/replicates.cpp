#include "replicates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>
#include <utility>

#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"
#include "titrant/nlme/draw.hpp"
#include "titrant/trial/dosing_routes.hpp"

namespace titrant::run {

Models fitted_models(const Results& results) {
  Models models{results.pk.best, std::nullopt};
  if (results.pd) {
    models.pd = results.pd->best;
    if (models.pd->pk) models.pk.model = *models.pd->pk;
  }
  return models;
}

bool can_be_drawn(const nlme::FitSummary& fit) {
  return !fit.covariance.empty() &&
         std::all_of(fit.covariance.begin(), fit.covariance.end(), [](double x) { return std::isfinite(x); });
}

Models draw_models(const Models& fitted, core::Stream& pk, core::Stream& pd) {
  Models models = fitted;
  const bool joint = fitted.pd && fitted.pd->pk;  // then the PK model is that of the biomarker fit
  if (!joint && can_be_drawn(fitted.pk)) models.pk.model = nlme::draw_model(fitted.pk, pk);
  if (fitted.pd && can_be_drawn(*fitted.pd)) {
    nlme::DrawnModels drawn = nlme::draw_model(*fitted.pd, pd);
    models.pd->model = std::move(drawn.pd);
    if (drawn.pk) models.pk.model = std::move(*drawn.pk);
  }
  return models;
}

Models draw_models(const Results& results, std::uint64_t seed, std::size_t replicate) {
  core::Stream pk(seed, core::Purpose::parameter_draw, replicate, 0);
  core::Stream pd(seed, core::Purpose::parameter_draw, replicate, 1);
  return draw_models(fitted_models(results), pk, pd);
}

Models refit(const Configuration& configuration, const trial::Trial& trial, const Results& like, bool covariance) {
  const parallel::Communicator alone;
  nlme::PkOptions pk = nlme::with_effects_of(pk_options(configuration), like.pk.best);
  pk.structure = nlme::choice_of(like.pk.best.model.structure);
  pk.starts = 1;
  pk.allometry.clear();
  pk.compare_nested = false;
  if (!covariance) pk.covariance = nlme::CovarianceKind::none;
  Models models{nlme::fit_pk(alone, trial, pk, configuration.seed).best, std::nullopt};
  if (covariance && !can_be_drawn(models.pk) && nlme::is_combined(pk.error)) {
    // The usual reason: an additive error that these data do not show.
    pk.error = nlme::ErrorKind::proportional;
    nlme::PopulationFit simpler = nlme::fit_pk(alone, trial, pk, configuration.seed).best;
    if (can_be_drawn(simpler)) models.pk = std::move(simpler);
  }
  if (models.pk.population.parameters.size() != like.pk.best.population.parameters.size()) {
    throw NumericalError("the drawn subjects do not have doses by all routes of the trial");
  }
  if (like.pd) {
    nlme::PdOptions pd = pd_options(configuration, trial);
    pd.covariance = pk.covariance;
    models.pd = nlme::refit_pd(alone, trial, models.pk, like.pd->best, pd, configuration.seed);
    if (models.pd->pk) models.pk.model = *models.pd->pk;
  }
  return models;
}

trial::Trial resample(const trial::Trial& trial, std::uint64_t seed, std::size_t replicate) {
  std::map<std::pair<double, trial::Routes>, std::vector<std::size_t>> by_dose;
  for (std::size_t i = 0; i < trial.subjects.size(); ++i) {
    by_dose[{trial.subjects[i].dose, trial::routes_of(trial.subjects[i])}].push_back(i);
  }
  core::Stream stream(seed, core::Purpose::bootstrap, replicate);
  trial::Trial sample;
  sample.source = trial.source;
  sample.units = trial.units;
  sample.covariates = trial.covariates;
  for (const auto& [dose, members] : by_dose) {
    for (std::size_t k = 0; k < members.size(); ++k) {
      sample.subjects.push_back(trial.subjects[members[stream.below(members.size())]]);
      sample.subjects.back().id = fmt::format("{} (draw {})", sample.subjects.back().id, sample.subjects.size());
    }
  }
  return sample;
}

dose::PopulationModels population_models(const Models& models) {
  return {&models.pk.model, models.pd ? &models.pd->model : nullptr};
}

bool can_answer(const Models& models, const std::vector<dose::ResolvedEndpoint>& endpoints) {
  return models.pd || std::none_of(endpoints.begin(), endpoints.end(),
                                   [](const dose::ResolvedEndpoint& one) { return one.needs_biomarker(); });
}

}  // namespace titrant::run
