#pragma once

#include <functional>
#include <vector>

#include "titrant/dose/decision.hpp"
#include "titrant/dose/options.hpp"
#include "titrant/dose/pass_rate.hpp"

namespace titrant::dose {

/// What a search found: pass rates (NaN where bisection had no need of a dose) and, for every panel, predictor, target
/// and rule, the decision.
struct SearchResult {
  Evaluation evaluation;
  std::vector<Decision> decisions;  ///< by panel, target, predictor, rule
  std::vector<std::string>
      fallen_back;            ///< panels whose bisection met a falling pass rate and evaluated the whole grid
  std::size_t evaluated = 0;  ///< number of (panel, dose) pairs evaluated
};

/// Searches all panels for all targets and both rules. `keep` as for evaluate; bisection keeps curves only.
///
/// Bisection evaluates the ends and three doses between them, then halves the bracket of every (predictor, target,
/// rule) at once. It checks that no evaluated pass rate falls with the dose; where one does, the answer of a bracket
/// may be wrong, and the panel falls back on the whole grid.
SearchResult search(const parallel::Communicator& ranks, const CohortView& cohort, const std::vector<Panel>& panels,
                    const DoseOptions& options, bool keep,
                    const std::function<void(std::size_t, std::size_t)>& progress = {});

}  // namespace titrant::dose
