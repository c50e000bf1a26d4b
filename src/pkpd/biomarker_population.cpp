#include "titrant/pkpd/biomarker_population.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"

namespace titrant::pkpd {

namespace {

BiomarkerParameter parameter_named(const std::string& name) {
  const auto* const found = std::find(biomarker_parameter_names.begin(), biomarker_parameter_names.end(), name);
  if (found == biomarker_parameter_names.end()) {
    throw ConfigError(
        fmt::format("'{}' is no biomarker parameter; known: {}", name, fmt::join(biomarker_parameter_names, ", ")));
  }
  return static_cast<BiomarkerParameter>(found - biomarker_parameter_names.begin());
}

}  // namespace

std::size_t BiomarkerPopulation::eta_count() const {
  return static_cast<std::size_t>(
      std::count_if(parameters.begin(), parameters.end(), [](const auto& one) { return one.omega > 0.0; }));
}

Biomarker individual_biomarker(const BiomarkerPopulation& model, const Covariates& covariates,
                               std::span<const double> etas) {
  TITRANT_EXPECTS(etas.size() == model.eta_count());
  Biomarker result;
  result.structure = model.structure;
  std::size_t eta = 0;
  for (const ParameterModel& one : model.parameters) {
    const double value = individual_value(one, covariates, one.omega > 0.0 ? etas[eta++] : 0.0);
    parameter(result, parameter_named(one.name)) = value;
  }
  return result;
}

std::vector<double> draw_etas(const BiomarkerPopulation& model, core::Stream& stream) {
  std::vector<double> etas;
  etas.reserve(model.eta_count());
  for (const ParameterModel& one : model.parameters) {
    if (one.omega > 0.0) etas.push_back(one.omega * stream.normal());
  }
  return etas;
}

}  // namespace titrant::pkpd
