#include "titrant/dose/agreement.hpp"

#include <cmath>

#include "titrant/core/error.hpp"
#include "titrant/dose/decision.hpp"

namespace titrant::dose {

Agreement agreement(const std::vector<Panel>& panels, const std::vector<PassRates>& method,
                    const std::vector<PassRates>& reference, const std::vector<double>& targets) {
  TITRANT_EXPECTS(method.size() == panels.size() && reference.size() == panels.size());
  Agreement result;
  double steps = 0.0;
  double differences = 0.0;
  std::size_t compared = 0;
  for (std::size_t p = 0; p < panels.size(); ++p) {
    const std::vector<double>& ours = method[p].mean;
    const std::vector<double>& theirs = reference[p].mean;
    for (const double target : targets) {
      const auto our_dose = first_reaching(ours, target);
      const auto their_dose = first_reaching(theirs, target);
      const std::size_t beyond = panels[p].doses.size();
      steps +=
          std::abs(static_cast<double>(our_dose.value_or(beyond)) - static_cast<double>(their_dose.value_or(beyond)));
      result.unanswered += our_dose.has_value() != their_dose.has_value() ? 1 : 0;
      ++result.cells;
    }
    for (std::size_t d = 0; d < panels[p].doses.size(); ++d) {
      const double difference = std::abs(ours[d] - theirs[d]);
      if (std::isnan(difference)) continue;
      differences += difference;
      ++compared;
    }
  }
  if (result.cells > 0) result.grid_steps = steps / static_cast<double>(result.cells);
  if (compared > 0) result.pass_rate = differences / static_cast<double>(compared);
  return result;
}

}  // namespace titrant::dose
