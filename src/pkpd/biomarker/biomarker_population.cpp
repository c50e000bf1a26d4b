#include "titrant/pkpd/biomarker_population.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "titrant/core/error.hpp"

namespace titrant::pkpd {

namespace {

BiomarkerParameter biomarker_parameter_named(const std::string& name) {
  const auto* const found = std::find(biomarker_parameter_names.begin(), biomarker_parameter_names.end(), name);
  if (found == biomarker_parameter_names.end()) {
    throw ConfigError(
        fmt::format("'{}' is no biomarker parameter; known: {}", name, fmt::join(biomarker_parameter_names, ", ")));
  }
  return static_cast<BiomarkerParameter>(found - biomarker_parameter_names.begin());
}

}  // namespace

std::vector<double> biomarker_etas_from(const PopulationModel& pk, const BiomarkerPopulation& biomarker,
                                        std::span<const double> pk_normals, std::span<const double> normals) {
  if (biomarker.pk_correlations.empty()) return etas_from(biomarker.parameters, biomarker.correlations, normals);
  std::vector<ParameterModel> parameters = pk.parameters;
  parameters.insert(parameters.end(), biomarker.parameters.begin(), biomarker.parameters.end());
  std::vector<EtaCorrelation> correlations = pk.correlations;
  for (const auto& more : {biomarker.correlations, biomarker.pk_correlations}) {
    correlations.insert(correlations.end(), more.begin(), more.end());
  }
  std::vector<double> all(pk_normals.begin(), pk_normals.end());
  all.insert(all.end(), normals.begin(), normals.end());
  std::vector<double> etas = etas_from(parameters, correlations, all);
  etas.erase(etas.begin(), etas.begin() + static_cast<std::ptrdiff_t>(pk_normals.size()));
  return etas;
}

Biomarker individual_biomarker(const BiomarkerPopulation& model, const Covariates& covariates,
                               std::span<const double> etas) {
  Biomarker result;
  result.structure = model.structure;
  result.baseline_model = model.baseline;
  result.binary = model.error.form == ErrorForm::binary;
  const std::vector<double> values = individual_values(model.parameters, covariates, etas);
  for (std::size_t p = 0; p < values.size(); ++p) {
    parameter(result, biomarker_parameter_named(model.parameters[p].name)) = values[p];
  }
  return result;
}

}  // namespace titrant::pkpd
