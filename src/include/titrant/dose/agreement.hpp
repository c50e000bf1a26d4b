#pragma once

#include <cstddef>
#include <vector>

#include "titrant/dose/attainment.hpp"
#include "titrant/dose/endpoint.hpp"

namespace titrant::dose {

/// How far the answers of one method are from those of another.
struct Agreement {
  double grid_steps = 0.0;     ///< mean over questions of the distance between answers, in steps of the grid
  double attainment = 0.0;     ///< mean over panels and doses of the absolute difference of attainment (mean rule)
  std::size_t questions = 0;   ///< that were compared
  std::size_t unanswered = 0;  ///< questions in which exactly one of the two found no dose on the grid
};

/// Compares the attainment of a method with that of a reference, [panel] each, by the mean rule, over the questions
/// about an endpoint. The distance is that of the answering ends, of windows the mean of that of both ends. "None on
/// this grid" counts as one step beyond the grid on the failing side: after the last dose of those sought low enough,
/// before the first of those sought high enough. Doses that either did not evaluate (NaN) do not count in `attainment`.
Agreement agreement(const std::vector<Panel>& panels, const std::vector<Attainment>& method,
                    const std::vector<Attainment>& reference, const ResolvedEndpoint& endpoint,
                    const std::vector<protocol::Question>& questions);

}  // namespace titrant::dose
