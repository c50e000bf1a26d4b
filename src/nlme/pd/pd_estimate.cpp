#include "pd_estimate.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "blocks.hpp"
#include "pd_shape.hpp"
#include "titrant/core/error.hpp"
#include "titrant/nlme/joint_blocks.hpp"
#include "titrant/nlme/joint_model.hpp"
#include "titrant/nlme/pk_model.hpp"
#include "titrant/nlme/pk_parts.hpp"

namespace titrant::nlme {

namespace {

EstimationOptions estimation_options(const PdOptions& options) {
  return {.starts = options.starts,
          .optimiser = {.evaluations = options.iterations, .tolerance = options.tolerance},
          .covariance = options.covariance,
          .screened = {},
          .constraint = {},
          .methods = options.methods,
          .importance_check = options.importance_check,
          .resampling = options.resampling};
}

/// The population of a joint model: PK parameters of the PK fit, all held for PPP&D, then those of the biomarker, with
/// the blocks that have parameters of both.
Population joint_population(const PopulationFit& pk, const Population& pd, const PdOptions& options) {
  const bool hold_pk = options.method != PdMethod::joint;
  Population joint = pk.population;
  for (Parameter& parameter : joint.parameters) {
    parameter.typical_fixed = parameter.typical_fixed || hold_pk;
    parameter.omega_fixed = parameter.omega_fixed || hold_pk;
    parameter.occasion_omega_fixed = parameter.occasion_omega_fixed || hold_pk;
    for (Effect& effect : parameter.effects) effect.fixed = effect.fixed || hold_pk;
  }
  ResponseError& concentration = joint.errors.front();
  concentration.name = "concentration";
  concentration.additive_fixed = concentration.additive_fixed || hold_pk;
  concentration.proportional_fixed = concentration.proportional_fixed || hold_pk;
  concentration.exponent_fixed = concentration.exponent_fixed || hold_pk;
  concentration.omega_fixed = concentration.omega_fixed || hold_pk;
  for (OmegaBlock& block : joint.blocks) block.fixed = block.fixed || hold_pk;
  joint.baseline = pd.baseline;
  const std::size_t first = joint.parameters.size();
  joint.parameters.insert(joint.parameters.end(), pd.parameters.begin(), pd.parameters.end());
  for (OmegaBlock block : pd.blocks) {
    for (std::size_t& place : block.parameters) place += first;
    joint.blocks.push_back(std::move(block));
  }
  replace_blocks(joint, named_blocks(options.joint_blocks), options.fixed, options.initial);
  ResponseError biomarker = pd.errors.front();
  biomarker.name = "biomarker";
  joint.errors.push_back(std::move(biomarker));
  return joint;
}

}  // namespace

Population biomarker_part(const Population& population, pkpd::BiomarkerStructure structure) {
  const std::vector<std::string> names = parameter_names(structure, population.baseline);
  Population part;
  for (const Parameter& parameter : population.parameters) {
    if (std::find(names.begin(), names.end(), parameter.name) != names.end()) part.parameters.push_back(parameter);
  }
  part.baseline = population.baseline;
  part.blocks = blocks_within(population, part.parameters);
  part.errors = {population.errors.back()};
  part.errors.front().name.clear();
  return part;
}

pkpd::BiomarkerPopulation biomarker_model_of(const Population& population, pkpd::BiomarkerStructure structure) {
  const Population part = biomarker_part(population, structure);
  pkpd::BiomarkerPopulation model;
  model.structure = structure;
  model.baseline = part.baseline;
  model.error = part.errors.front().model;
  for (const Parameter& parameter : part.parameters) model.parameters.push_back(parameter_model(parameter));
  model.correlations = correlations_among(part, model.parameters);
  const auto of_biomarker = [&](const std::string& name) {
    return std::any_of(part.parameters.begin(), part.parameters.end(),
                       [&](const auto& one) { return one.name == name; });
  };
  std::vector<pkpd::ParameterModel> all;
  for (const Parameter& parameter : population.parameters) all.push_back(parameter_model(parameter));
  for (const pkpd::EtaCorrelation& one : correlations_among(population, all)) {
    if (!of_biomarker(one.first) && of_biomarker(one.second)) model.pk_correlations.push_back(one);
  }
  return model;
}

BiomarkerFit fit_biomarker(const parallel::Communicator& ranks, const trial::Trial& trial, const PopulationFit& pk,
                           const PdModel& model, const Population& initial, const PdOptions& options,
                           std::uint64_t seed) {
  BiomarkerFit fit;
  fit.how = options.method;
  if (options.method == PdMethod::individual) {
    static_cast<FitSummary&>(fit) =
        summarise(estimate(ranks, model, initial, estimation_options(options), seed), model.places());
    fit.method += ", individual PK fixed";
    if (!model.typical_exposure().empty()) {
      fit.verdict.push_back(fmt::format("exposure is that of the typical subject, for want of concentrations, in {}",
                                        fmt::join(model.typical_exposure(), ", ")));
    }
  } else {
    const bool joint = options.method == PdMethod::joint;
    pkpd::BiomarkerPopulation form;
    form.structure = model.structure();
    form.baseline = model.baseline();
    form.error = initial.errors.front().model;
    const JointModel both(trial, pk, form);
    const Population population = joint_population(pk, initial, options);
    EstimationOptions how = estimation_options(options);
    how.covariance = covariance_kind(both.has_kinks(), options.covariance);
    static_cast<FitSummary&>(fit) = summarise(estimate(ranks, both, population, how, seed), both.places());
    fit.remarks = remarks_on_joint_blocks(options, population);
    fit.method += joint ? ", PK and PD jointly" : ", population PK fixed, PK data kept";
    if (joint) fit.pk = pk_model_of(fit.population, pk.model.structure);
  }
  fit.model = biomarker_model_of(fit.population, model.structure());
  return fit;
}

}  // namespace titrant::nlme
