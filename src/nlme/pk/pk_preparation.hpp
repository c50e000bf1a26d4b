#pragma once

#include <memory>
#include <string>
#include <vector>

#include "titrant/nlme/fit.hpp"
#include "titrant/nlme/pk_model.hpp"

namespace titrant::nlme {

/// Everything that a PK fit is made from before its first initial value.
struct PkProblem {
  std::unique_ptr<const PkModel> model;
  pkpd::Structure structure = pkpd::Structure::one_compartment;
  Population population;             ///< as PkOptions describe it
  std::vector<std::string> remarks;  ///< what was assumed where the trial does not hold what the defaults need
};

/// Throws ConfigError and DataError for all that keeps a fit from its first iteration.
PkProblem prepare_pk(const trial::Trial& trial, pkpd::Structure structure, bool lag, const PkOptions& options);

}  // namespace titrant::nlme
