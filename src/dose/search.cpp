#include "titrant/dose/search.hpp"

#include "bisection.hpp"
#include "titrant/core/error.hpp"

namespace titrant::dose {

SearchResult search(const parallel::Communicator& ranks, const CohortView& cohort, const std::vector<Panel>& panels,
                    const std::vector<ResolvedEndpoint>& endpoints, const std::vector<protocol::Question>& questions,
                    Search how, bool keep, const std::function<void(std::size_t, std::size_t)>& progress) {
  for (const protocol::Question& question : questions) TITRANT_EXPECTS(panel_of(question, panels) < panels.size());
  SearchResult result;
  if (how == Search::bisection) {
    result = bisect(ranks, cohort, panels, endpoints, questions);
    const std::vector<std::vector<std::size_t>> none(panels.size());
    if (keep) result.evaluation.local = evaluate(ranks, cohort, panels, none, true).local;
  } else {
    result.evaluation = evaluate(ranks, cohort, panels, all_doses(panels), keep, progress);
    for (const Panel& panel : panels) result.evaluated += panel.doses().size();
  }
  for (const protocol::Question& question : questions) {
    const std::size_t p = panel_of(question, panels);
    const protocol::Direction direction = endpoint_of(question, endpoints).direction;
    for (std::size_t c = 0; c < cohort.predictors.size(); ++c) {
      const Predictor& predictor = cohort.predictors[c];
      if (predictor.endpoint != question.endpoint) continue;
      for (const Rule rule : {Rule::mean, Rule::indicator}) {
        result.decisions.push_back(
            decide(question, panels[p].doses(), direction, predictor.name, result.evaluation.attainment[p][c], rule));
      }
    }
  }
  return result;
}

}  // namespace titrant::dose
