#include "titrant/nlme/fit_pd.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "covariate_search.hpp"
#include "pd_initial.hpp"
#include "titrant/core/error.hpp"
#include "titrant/nlme/draw.hpp"
#include "titrant/nlme/joint_model.hpp"
#include "titrant/nlme/pk_parts.hpp"

namespace titrant::nlme {

namespace {

constexpr std::size_t named_rivals = 3;
constexpr double close_bic = 6.0;  // runners-up within so many points are named

EstimationOptions estimation_options(const PdOptions& options) {
  return {.starts = options.starts,
          .optimiser = {.evaluations = options.iterations, .tolerance = options.tolerance},
          .covariance = options.covariance};
}

pkpd::BiomarkerPopulation biomarker_model_of(const Population& population, pkpd::BiomarkerStructure structure) {
  pkpd::BiomarkerPopulation model;
  model.structure = structure;
  model.error = population.errors.back().model;
  const auto& names = pkpd::biomarker_parameter_names;
  for (const Parameter& parameter : population.parameters) {
    if (std::find(names.begin(), names.end(), parameter.name) == names.end()) continue;
    pkpd::ParameterModel one;
    one.name = parameter.name;
    one.typical = parameter.typical;
    one.omega = parameter.omega;
    one.scale = parameter.scale;
    for (const Effect& effect : parameter.effects) one.effects.push_back(effect.effect);
    model.parameters.push_back(std::move(one));
  }
  return model;
}

/// The population of a joint model: PK parameters of the PK fit, all held for PPP&D, then those of the biomarker.
Population joint_population(const PopulationFit& pk, const Population& pd, bool hold_pk) {
  Population joint = pk.population;
  for (Parameter& parameter : joint.parameters) {
    parameter.typical_fixed = parameter.typical_fixed || hold_pk;
    parameter.omega_fixed = parameter.omega_fixed || hold_pk;
    for (Effect& effect : parameter.effects) effect.fixed = effect.fixed || hold_pk;
  }
  ResponseError& concentration = joint.errors.front();
  concentration.name = "concentration";
  concentration.additive_fixed = concentration.additive_fixed || hold_pk;
  concentration.proportional_fixed = concentration.proportional_fixed || hold_pk;
  joint.parameters.insert(joint.parameters.end(), pd.parameters.begin(), pd.parameters.end());
  ResponseError biomarker = pd.errors.front();
  biomarker.name = "biomarker";
  joint.errors.push_back(std::move(biomarker));
  return joint;
}

bool has_lag(const PopulationFit& pk) {
  return std::any_of(pk.population.parameters.begin(), pk.population.parameters.end(),
                     [](const Parameter& parameter) { return parameter.name == "lag"; });
}

/// The final fit of a model, by the method asked for.
BiomarkerFit fit_by(const parallel::Communicator& ranks, const trial::Trial& trial, const PopulationFit& pk,
                    const PdModel& model, const Population& initial, const PdOptions& options, std::uint64_t seed) {
  BiomarkerFit fit;
  fit.how = options.method;
  if (options.method == PdMethod::individual) {
    static_cast<FitSummary&>(fit) =
        summarise(estimate(ranks, model, initial, estimation_options(options), seed), model.places());
    fit.method = "FOCEI, individual PK fixed";
  } else {
    const bool joint = options.method == PdMethod::joint;
    const JointModel both(trial, pk.model.structure, has_lag(pk), model.structure());
    const Population population = joint_population(pk, initial, !joint);
    static_cast<FitSummary&>(fit) =
        summarise(estimate(ranks, both, population, estimation_options(options), seed), both.places());
    fit.method = joint ? "FOCEI, PK and PD jointly" : "FOCEI, population PK fixed, PK data kept";
    if (joint) fit.pk = pk_model_of(fit.population, pk.model.structure);
  }
  fit.model = biomarker_model_of(fit.population, model.structure());
  if (!model.typical_exposure().empty()) {
    fit.verdict.push_back(fmt::format("typical exposure, for want of concentrations, for subjects {}",
                                      fmt::join(model.typical_exposure(), ", ")));
  }
  return fit;
}

FittedShape first_shape(const parallel::Communicator& ranks, const PdModel& model, const PdOptions& options,
                        std::vector<PdCandidate>& tried) {
  std::vector<ShapeStart> starts;
  for (const pkpd::BiomarkerStructure structure : pkpd::all_biomarker_structures) {
    if (!options.automatic && structure != options.structure) continue;
    const PdModel of_structure(model, structure);
    starts.push_back({plain_shape(options, structure), pd_initial_values(of_structure, options)});
  }
  const std::vector<FittedShape> fitted = fit_shapes(ranks, model, starts, options);
  for (const FittedShape& one : fitted) tried.push_back(row(one, "structure"));
  const auto best = std::min_element(fitted.begin(), fitted.end(),
                                     [](const FittedShape& a, const FittedShape& b) { return a.bic < b.bic; });
  if (!std::isfinite(best->bic)) {
    throw NumericalError(
        "the biomarker model cannot be fitted: no structure has a finite objective from its initial "
        "values; see pd.structure and pd.fixed");
  }
  return *best;
}

/// Why the final model, and which others are close.
std::string reason_for(const FittedShape& found, const std::vector<PdCandidate>& tried) {
  std::string text =
      fmt::format("{}: the lowest of {} models tried (BIC {:.1f})", found.shape.description(), tried.size(), found.bic);
  std::vector<PdCandidate> rivals;
  for (const PdCandidate& other : tried) {
    const bool same = other.description == found.shape.description();
    const bool known = std::any_of(rivals.begin(), rivals.end(),
                                   [&](const PdCandidate& r) { return r.description == other.description; });
    if (!same && !known && other.bic < found.bic + close_bic) rivals.push_back(other);
  }
  std::stable_sort(rivals.begin(), rivals.end(), [](const auto& a, const auto& b) { return a.bic < b.bic; });
  if (rivals.size() > named_rivals) rivals.resize(named_rivals);
  for (const PdCandidate& rival : rivals) {
    text += fmt::format("; close: {} (BIC {:+.1f}, objective {:.3f})", rival.description, rival.bic - found.bic,
                        rival.objective);
  }
  return text;
}

}  // namespace

PdFit fit_pd(const parallel::Communicator& ranks, const trial::Trial& trial, const PopulationFit& pk,
             const PdOptions& options, std::uint64_t seed) {
  check_names(options);
  PdFit result;
  const PdModel any(trial, pk, options.structure);
  FittedShape found = first_shape(ranks, any, options, result.candidates);
  const PdModel model(any, found.shape.structure);
  found = CovariateSearch(ranks, model, options, std::move(found), result.candidates).run();
  result.reason = reason_for(found, result.candidates);
  result.best = fit_by(ranks, trial, pk, model, found.population, options, seed);
  result.best.description = found.shape.description();
  result.candidates.push_back({found.shape.description(), "final", found.shape.structure, result.best.objective,
                               result.best.aic, result.best.bic, result.best.estimated, result.best.converged});
  return result;
}

BiomarkerFit refit_pd(const parallel::Communicator& ranks, const trial::Trial& trial, const PopulationFit& pk,
                      const BiomarkerFit& like, const PdOptions& options, std::uint64_t seed) {
  const PdModel model(trial, pk, like.model.structure);
  Population initial;
  const std::vector<std::string> names = parameter_names(like.model.structure);
  for (const Parameter& parameter : like.population.parameters) {
    if (std::find(names.begin(), names.end(), parameter.name) != names.end()) initial.parameters.push_back(parameter);
  }
  initial.errors = {like.population.errors.back()};
  initial.errors.front().name.clear();
  PdOptions once = options;
  once.starts = 1;
  once.method = like.how;
  BiomarkerFit fit = fit_by(ranks, trial, pk, model, initial, once, seed);
  fit.description = like.description;
  return fit;
}

DrawnModels draw_model(const BiomarkerFit& fit, core::Stream& stream) {
  const Population population = draw_population(fit, stream);
  DrawnModels drawn{biomarker_model_of(population, fit.model.structure), std::nullopt};
  if (fit.pk) drawn.pk = pk_model_of(population, fit.pk->structure);
  return drawn;
}

}  // namespace titrant::nlme
