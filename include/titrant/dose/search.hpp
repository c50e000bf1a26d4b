#pragma once

#include <functional>
#include <string>
#include <vector>

#include "titrant/dose/attainment.hpp"
#include "titrant/dose/decision.hpp"
#include "titrant/dose/endpoint.hpp"
#include "titrant/dose/options.hpp"

namespace titrant::dose {

/// What a search found: attainment (NaN where bisection had no need of a dose), and the decisions.
struct SearchResult {
  Evaluation evaluation;
  std::vector<Decision> decisions;       ///< by question, predictor of its endpoint, rule
  std::vector<std::string> fallen_back;  ///< names of panels that bisection had to evaluate whole
  std::size_t evaluated = 0;             ///< number of (panel, dose) pairs evaluated
};

/// Answers questions by both rules: each by the predictors of its endpoint. `keep` as for evaluate; bisection keeps
/// curves only. Every question must be about one of the panels and one of the endpoints, whose directions are used.
///
/// Bisection evaluates the ends and three doses between them, then halves the bracket of every (question, predictor,
/// rule) at once, towards the lowest dose where attainment rises and the highest where it falls. It checks that no
/// evaluated attainment moves against its direction; where one does, the answer of a bracket may be wrong, and the
/// panel falls back on the whole grid. So does a panel with a question whose success rises and falls.
SearchResult search(const parallel::Communicator& ranks, const CohortView& cohort, const std::vector<Panel>& panels,
                    const std::vector<ResolvedEndpoint>& endpoints, const std::vector<protocol::Question>& questions,
                    Search how, bool keep, const std::function<void(std::size_t, std::size_t)>& progress = {});

}  // namespace titrant::dose
