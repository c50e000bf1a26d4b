#pragma once

#include "titrant/dose/search.hpp"

namespace titrant::dose {

/// Evaluates the doses that decide the questions, over all panels in lockstep, so that every round is one batch of work
/// for all ranks. The result has no decisions yet. Arguments as of search().
SearchResult bisect(const parallel::Communicator& ranks, const CohortView& cohort, const std::vector<Panel>& panels,
                    const std::vector<ResolvedEndpoint>& endpoints, const std::vector<protocol::Question>& questions);

}  // namespace titrant::dose
