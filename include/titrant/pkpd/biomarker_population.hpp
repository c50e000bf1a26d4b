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
  /// Of etas of the PK parameters that were estimated with it (`first`) with those of the biomarker (`second`).
  std::vector<EtaCorrelation> pk_correlations = {};
};

/// The etas of a subject's biomarker, given those of its pharmacokinetics: as etas_from makes them of `normals` alone
/// where none of the two is correlated, else the last rows of one Cholesky factor of all etas, those of the PK first.
/// \param pk_normals  those that etas_from made the subject's PK etas of
/// \param normals     one for each biomarker parameter with omega > 0, in order
/// Throws as etas_from.
std::vector<double> biomarker_etas_from(const PopulationModel& pk, const BiomarkerPopulation& biomarker,
                                        std::span<const double> pk_normals, std::span<const double> normals);

/// The biomarker of a subject with these covariates and etas (one per parameter with omega > 0, in order). Throws
/// ConfigError for an unknown parameter, DataError naming a covariate that is missing.
Biomarker individual_biomarker(const BiomarkerPopulation& model, const Covariates& covariates,
                               std::span<const double> etas);

}  // namespace titrant::pkpd
