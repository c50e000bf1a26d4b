#include "titrant/dose/decision.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "titrant/core/error.hpp"
#include "titrant/core/statistics.hpp"

namespace titrant::dose {

namespace {

using protocol::Direction;

constexpr double rounding = 1e-12;  // sums of the same probabilities in another dose order differ by less

/// The longest stretch of doses that reach the target.
AnswerPlaces widest_window(const std::vector<double>& attainment, double target) {
  AnswerPlaces widest;
  std::size_t most = 0;
  for (std::size_t begin = 0; begin < attainment.size(); ++begin) {
    std::size_t end = begin;
    while (end < attainment.size() && attainment[end] >= target) ++end;
    if (end - begin > most) {
      most = end - begin;
      widest = {begin, end - 1};
    }
    begin = std::max(begin, end);
  }
  return widest;
}

/// The place whose attainment is told where no dose answers.
std::size_t place_without_answer(const std::vector<double>& attainment, Direction direction) {
  if (direction == Direction::rising) return attainment.size() - 1;
  if (direction == Direction::falling) return 0;
  const auto less = [](double a, double b) { return std::isnan(a) ? !std::isnan(b) : a < b; };
  return static_cast<std::size_t>(std::max_element(attainment.begin(), attainment.end(), less) - attainment.begin());
}

}  // namespace

double Decision::answer() const {
  const std::optional<double>& dose = direction == Direction::falling ? highest : lowest;
  return dose.value_or(not_available);
}

AnswerPlaces doses_reaching(const std::vector<double>& attainment, double target, Direction direction) {
  if (direction == Direction::window) return widest_window(attainment, target);
  AnswerPlaces places;
  const auto reaches = [target](double share) { return share >= target; };
  if (direction == Direction::rising) {
    const auto first = std::find_if(attainment.begin(), attainment.end(), reaches);
    if (first != attainment.end()) places.lowest = static_cast<std::size_t>(first - attainment.begin());
  } else {
    const auto last = std::find_if(attainment.rbegin(), attainment.rend(), reaches);
    if (last != attainment.rend()) places.highest = static_cast<std::size_t>(attainment.rend() - last) - 1;
  }
  return places;
}

bool moves_as(const std::vector<double>& attainment, Direction direction) {
  bool falling = direction == Direction::falling;
  double before = falling ? std::numeric_limits<double>::infinity() : -std::numeric_limits<double>::infinity();
  for (const double share : attainment) {
    if (std::isnan(share)) continue;
    if (!falling && share < before - rounding) {
      if (direction == Direction::rising) return false;
      falling = true;  // the top of a window is behind
      before = share;
    } else if (falling && share > before + rounding) {
      return false;
    }
    before = falling ? std::min(before, share) : std::max(before, share);
  }
  return true;
}

Decision decide(const protocol::Question& question, const std::vector<double>& doses, Direction direction,
                const std::string& method, const Attainment& attainment, Rule rule) {
  const std::vector<double>& by_dose = attainment.by(rule);
  TITRANT_EXPECTS(by_dose.size() == doses.size() && !by_dose.empty());
  Decision decision;
  decision.question = question;
  decision.method = method;
  decision.rule = rule;
  decision.direction = direction;
  decision.monotone = moves_as(by_dose, direction);
  const AnswerPlaces places = doses_reaching(by_dose, question.target, direction);
  if (places.lowest) decision.lowest = doses[*places.lowest];
  if (places.highest) decision.highest = doses[*places.highest];
  const std::size_t place = places.answer(direction).value_or(place_without_answer(by_dose, direction));
  decision.attainment = by_dose[place];
  // Beyond the first or the last dose there is none: place - 1 is then past the end too.
  const std::size_t beside = direction == Direction::falling ? place + 1 : place - 1;
  if (beside < by_dose.size()) decision.attainment_beside = by_dose[beside];
  return decision;
}

const ResolvedEndpoint& endpoint_of(const protocol::Question& question,
                                    const std::vector<ResolvedEndpoint>& endpoints) {
  const auto found = std::find_if(endpoints.begin(), endpoints.end(),
                                  [&](const ResolvedEndpoint& one) { return one.name() == question.endpoint; });
  TITRANT_EXPECTS(found != endpoints.end());
  return *found;
}

Interval interval(std::vector<double> values) {
  TITRANT_EXPECTS(!values.empty());
  return {core::nearest_rank(values, 0.05), core::nearest_rank(values, 0.95)};
}

Interval interval(const std::vector<std::optional<double>>& doses, double none) {
  std::vector<double> values;
  values.reserve(doses.size());
  for (const std::optional<double>& dose : doses) values.push_back(dose.value_or(none));
  return interval(std::move(values));
}

}  // namespace titrant::dose
