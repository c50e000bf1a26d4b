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
