#pragma once

#include "titrant/pkpd/biomarker_population.hpp"

namespace titrant::dose {

/// A biomarker around 10 ng/mL whose production is inhibited, of the size of the trial's: IC50 near 1 ng/mL, half-life
/// 46 h; baseline and IC50 vary, co-medication lowers the baseline.
inline pkpd::BiomarkerPopulation simple_biomarker() {
  pkpd::BiomarkerPopulation model;
  model.structure = pkpd::BiomarkerStructure::turnover_inhibition;
  model.parameters = {{"baseline", 10.0, 0.2, {{"comed", pkpd::EffectKind::categorical, -0.25, 0.0}}},
                      {"kout", 0.015, 0.0, {}},
                      {"imax", 1.0, 0.0, {}},
                      {"ic50", 1.0, 0.4, {}},
                      {"hill", 1.0, 0.0, {}}};
  model.error = {0.2, 0.1};
  return model;
}

}  // namespace titrant::dose
