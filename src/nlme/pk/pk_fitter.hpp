#pragma once

#include <cstdint>
#include <map>
#include <utility>

#include "titrant/nlme/fit.hpp"
#include "titrant/nlme/pk_model.hpp"

namespace titrant::nlme {

/// Fits the structures of one trial under one set of options. No fit ends above that of a model nested in it: the
/// larger starts from the smaller one's optimum as well, and once more if it still ended above. One compartment is
/// nested in two, a model without lag in one with, an additive and a proportional error in a combined one, a standard
/// deviation of 0 in any other.
///
///     PkFitter fitter(ranks, trial, options, seed);
///     const PopulationFit& two = fitter.fit(pkpd::Structure::two_compartment);
class PkFitter {
 public:
  /// All must outlive it.
  PkFitter(const parallel::Communicator& ranks, const trial::Trial& trial, const PkOptions& options, std::uint64_t seed)
      : ranks_(ranks), trial_(trial), options_(options), seed_(seed) {}

  /// Throws DataError where the trial cannot be fitted, NumericalError where no start has a finite objective.
  const PopulationFit& fit(pkpd::Structure structure) { return fit(structure, options_.lag, true); }

 private:
  using Key = std::pair<pkpd::Structure, bool>;  ///< structure and lag
  struct Known {
    PopulationFit fit;
    bool with_errors = false;  ///< its standard errors were asked for
  };

  const PopulationFit& fit(pkpd::Structure structure, bool lag, bool with_errors);
  PopulationFit compute(pkpd::Structure structure, bool lag, bool with_errors);
  std::vector<const PopulationFit*> nested_fits(pkpd::Structure structure, bool lag);

  const parallel::Communicator& ranks_;
  const trial::Trial& trial_;
  const PkOptions& options_;
  std::uint64_t seed_;
  std::map<Key, Known> known_;
};

}  // namespace titrant::nlme
