#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "titrant/pkpd/biomarker.hpp"
#include "titrant/pkpd/population.hpp"

namespace titrant::pkpd {

/// A biomarker model over a population. `parameters` are among those that structure and baseline use, in any order; one
/// that is not named is that of a default Biomarker.
struct BiomarkerPopulation : PopulationOf<BiomarkerStructure> {
  BaselineModel baseline = BaselineModel::constant;
};

/// The biomarker of a subject with these covariates and etas (one per parameter with omega > 0, in order). Throws
/// ConfigError for an unknown parameter, DataError naming a covariate that is missing.
Biomarker individual_biomarker(const BiomarkerPopulation& model, const Covariates& covariates,
                               std::span<const double> etas);

}  // namespace titrant::pkpd
