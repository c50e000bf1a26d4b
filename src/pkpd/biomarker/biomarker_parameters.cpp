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
                                                                                   "effect_compartment_stimulation"};
  return names.at(static_cast<std::size_t>(structure));
}

bool lowers(BiomarkerStructure structure) {
  switch (structure) {
    case BiomarkerStructure::turnover_inhibition:
    case BiomarkerStructure::turnover_stimulation_of_loss:
    case BiomarkerStructure::direct_inhibition:
    case BiomarkerStructure::effect_compartment_inhibition:
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
      return true;
    default:
      return false;
  }
}

std::vector<BiomarkerParameter> parameters_of(BiomarkerStructure structure) {
  using enum BiomarkerParameter;
  switch (structure) {
    case BiomarkerStructure::direct_inhibition:
    case BiomarkerStructure::direct_stimulation:
      return {baseline, imax, ic50, hill};
    case BiomarkerStructure::effect_compartment_inhibition:
    case BiomarkerStructure::effect_compartment_stimulation:
      return {baseline, imax, ic50, hill, ke0};
    default:
      return {baseline, kout, imax, ic50, hill};
  }
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
      break;
  }
  return biomarker.ke0;
}

double parameter(const Biomarker& biomarker, BiomarkerParameter which) {
  Biomarker copy = biomarker;
  return parameter(copy, which);
}

}  // namespace titrant::pkpd
