#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "titrant/nlme/fit.hpp"
#include "titrant/nlme/fit_pd.hpp"
#include "titrant/store/store.hpp"
#include "titrant/trial/dosing_routes.hpp"
#include "titrant/trial/trial.hpp"

namespace titrant::run {

/// The fitted models of a run or of one of its replicates. Where both were fitted at once, `pk.model` is that of the
/// biomarker fit.
struct Models {
  nlme::PopulationFit pk;
  std::optional<nlme::BiomarkerFit> pd;
};

/// Fitted models as a store keeps them. Of the fits there is what simulations need: populations, models, optima and
/// covariances; estimates, etas and criteria are empty.
struct StoredModels {
  std::string source;  ///< name of the file
  Models models;
  trial::Units units;    ///< of the trial that they were fitted to
  trial::Routes routes;  ///< of the doses from which the kinetics are known
};

/// Writes a fit as a model to simulate from: group "/pk/model" or "/pd/model", below that of its estimates.
void write_model(const std::string& group, const nlme::FitSummary& fit, const trial::Units& units, store::Writer& out);

/// "individual", "population" or "joint": the words of pd.method.
std::string_view name_of(nlme::PdMethod method);

/// The fitted models of a run's store. Throws StoreError where it has no fit, where a version wrote it that kept no
/// models, and where its models have parts that this version does not know.
StoredModels read_models(const store::Reader& store);

}  // namespace titrant::run
