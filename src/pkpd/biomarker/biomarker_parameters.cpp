#include <cmath>

#include "titrant/core/error.hpp"
#include "titrant/pkpd/biomarker.hpp"

/// \file
/// What a biomarker structure is called, which parameters it has, and where they are.

namespace titrant::pkpd {

std::string_view name(BiomarkerStructure structure) {
  constexpr std::array<std::string_view, all_biomarker_structures.size()> names = {"turnover_inhibition",
                                                                                   "turnover_inhibition_of_loss",
                                                                                   "turnover_stimulation",
                                                                                   "turnover_stimulation_of_loss",
                                                                                   "direct_inhibition",
                                                                                   "direct_stimulation",
                                                                                   "effect_compartment_inhibition",
                                                                                   "effect_compartment_stimulation",
                                                                                   "tolerance_inhibition",
                                                                                   "tolerance_stimulation",
                                                                                   "precursor_inhibition",
                                                                                   "precursor_stimulation"};
  return names.at(static_cast<std::size_t>(structure));
}

bool lowers(BiomarkerStructure structure) {
  switch (structure) {
    case BiomarkerStructure::turnover_inhibition:
    case BiomarkerStructure::turnover_stimulation_of_loss:
    case BiomarkerStructure::direct_inhibition:
    case BiomarkerStructure::effect_compartment_inhibition:
    case BiomarkerStructure::tolerance_inhibition:
    case BiomarkerStructure::precursor_inhibition:
      return true;
    default:
      return false;
  }
}

bool inhibits(BiomarkerStructure structure) {
  switch (structure) {
    case BiomarkerStructure::turnover_inhibition:
    case BiomarkerStructure::turnover_inhibition_of_loss:
    case BiomarkerStructure::direct_inhibition:
    case BiomarkerStructure::effect_compartment_inhibition:
    case BiomarkerStructure::tolerance_inhibition:
    case BiomarkerStructure::precursor_inhibition:
      return true;
    default:
      return false;
  }
}

bool rebounds(BiomarkerStructure structure) {
  return structure == BiomarkerStructure::precursor_inhibition ||
         structure == BiomarkerStructure::precursor_stimulation;
}

bool can_be_binary(BiomarkerStructure structure) {
  return structure >= BiomarkerStructure::direct_inhibition && structure <= BiomarkerStructure::tolerance_stimulation;
}

std::string_view name(BaselineModel baseline) {
  constexpr std::array<std::string_view, all_baseline_models.size()> names = {"constant", "linear", "exponential",
                                                                              "circadian"};
  return names.at(static_cast<std::size_t>(baseline));
}

bool has_steady_state(BaselineModel baseline, double interval) {
  if (baseline == BaselineModel::constant) return true;
  return baseline == BaselineModel::circadian && std::remainder(interval, circadian_period) == 0.0;
}

bool may_be_negative(BiomarkerParameter which) {
  return which == BiomarkerParameter::baseline_slope || which == BiomarkerParameter::baseline_phase;
}

namespace {

std::vector<BiomarkerParameter> parameters_of_effect(BiomarkerStructure structure) {
  using enum BiomarkerParameter;
  switch (structure) {
    case BiomarkerStructure::direct_inhibition:
    case BiomarkerStructure::direct_stimulation:
      return {baseline, imax, ic50, hill};
    case BiomarkerStructure::effect_compartment_inhibition:
    case BiomarkerStructure::effect_compartment_stimulation:
      return {baseline, imax, ic50, hill, ke0};
    case BiomarkerStructure::tolerance_inhibition:
    case BiomarkerStructure::tolerance_stimulation:
      return {baseline, imax, ic50, hill, ktol, tol50};
    case BiomarkerStructure::precursor_inhibition:
    case BiomarkerStructure::precursor_stimulation:
      return {baseline, kout, imax, ic50, hill, kp};
    default:
      return {baseline, kout, imax, ic50, hill};
  }
}

}  // namespace

std::vector<BiomarkerParameter> parameters_of(BiomarkerStructure structure, BaselineModel model) {
  using enum BiomarkerParameter;
  std::vector<BiomarkerParameter> parameters = parameters_of_effect(structure);
  switch (model) {
    case BaselineModel::constant:
      break;
    case BaselineModel::linear:
    case BaselineModel::exponential:
      parameters.push_back(baseline_slope);
      break;
    case BaselineModel::circadian:
      parameters.insert(parameters.end(), {baseline_amplitude, baseline_phase});
      break;
  }
  return parameters;
}

double& parameter(Biomarker& biomarker, BiomarkerParameter which) {
  switch (which) {
    case BiomarkerParameter::baseline:
      return biomarker.baseline;
    case BiomarkerParameter::kout:
      return biomarker.kout;
    case BiomarkerParameter::imax:
      return biomarker.imax;
    case BiomarkerParameter::ic50:
      return biomarker.ic50;
    case BiomarkerParameter::hill:
      return biomarker.hill;
    case BiomarkerParameter::ke0:
      return biomarker.ke0;
    case BiomarkerParameter::ktol:
      return biomarker.ktol;
    case BiomarkerParameter::tol50:
      return biomarker.tol50;
    case BiomarkerParameter::kp:
      return biomarker.kp;
    case BiomarkerParameter::baseline_slope:
      return biomarker.baseline_slope;
    case BiomarkerParameter::baseline_amplitude:
      return biomarker.baseline_amplitude;
    case BiomarkerParameter::baseline_phase:
      break;
  }
  return biomarker.baseline_phase;
}

double parameter(const Biomarker& biomarker, BiomarkerParameter which) {
  Biomarker copy = biomarker;
  return parameter(copy, which);
}

}  // namespace titrant::pkpd
