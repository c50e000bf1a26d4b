#include "titrant/dose/agreement.hpp"

#include <cmath>

#include "titrant/core/error.hpp"
#include "titrant/dose/decision.hpp"

namespace titrant::dose {

namespace {

/// Grid steps between two answers on a grid of so many doses.
double distance(const AnswerPlaces& ours, const AnswerPlaces& theirs, std::size_t doses,
                protocol::Direction direction) {
  const auto beyond = static_cast<double>(doses);
  const auto apart = [](std::optional<std::size_t> a, std::optional<std::size_t> b, double none) {
    const auto place = [none](std::optional<std::size_t> one) { return one ? static_cast<double>(*one) : none; };
    return std::abs(place(a) - place(b));
  };
  const double lowest = apart(ours.lowest, theirs.lowest, beyond);
  const double highest = apart(ours.highest, theirs.highest, -1.0);
  if (direction == protocol::Direction::rising) return lowest;
  return direction == protocol::Direction::falling ? highest : 0.5 * (lowest + highest);
}

}  // namespace

Agreement agreement(const std::vector<Panel>& panels, const std::vector<Attainment>& method,
                    const std::vector<Attainment>& reference, const ResolvedEndpoint& endpoint,
                    const std::vector<protocol::Question>& questions) {
  TITRANT_EXPECTS(method.size() == panels.size() && reference.size() == panels.size());
  Agreement result;
  double steps = 0.0;
  for (const protocol::Question& question : questions) {
    const std::size_t p = panel_of(question, panels);
    if (question.endpoint != endpoint.name() || p == panels.size()) continue;
    const AnswerPlaces ours = doses_reaching(method[p].mean, question.target, endpoint.direction);
    const AnswerPlaces theirs = doses_reaching(reference[p].mean, question.target, endpoint.direction);
    steps += distance(ours, theirs, panels[p].doses().size(), endpoint.direction);
    const bool answered = ours.answer(endpoint.direction).has_value();
    result.unanswered += answered != theirs.answer(endpoint.direction).has_value() ? 1 : 0;
    ++result.questions;
  }
  double differences = 0.0;
  std::size_t compared = 0;
  for (std::size_t p = 0; p < panels.size(); ++p) {
    for (std::size_t d = 0; d < panels[p].doses().size(); ++d) {
      const double difference = std::abs(method[p].mean[d] - reference[p].mean[d]);
      if (std::isnan(difference)) continue;
      differences += difference;
      ++compared;
    }
  }
  if (result.questions > 0) result.grid_steps = steps / static_cast<double>(result.questions);
  if (compared > 0) result.attainment = differences / static_cast<double>(compared);
  return result;
}

}  // namespace titrant::dose
