#include "titrant/protocol/endpoint.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "titrant/core/error.hpp"
#include "titrant/protocol/protocol.hpp"

namespace titrant::protocol {

std::string_view word(Direction direction) {
  switch (direction) {
    case Direction::rising:
      return "rising";
    case Direction::falling:
      return "falling";
    case Direction::window:
      break;
  }
  return "window";
}

Direction direction(const Endpoint& endpoint, bool lowers) {
  TITRANT_EXPECTS(!endpoint.is_combined());
  const bool upper = endpoint.limits.below || endpoint.limits.change_below;
  const bool lower = endpoint.limits.above || endpoint.limits.change_above;
  if (upper && lower) return Direction::window;
  const bool falls_with_dose = endpoint.of == Quantity::biomarker && lowers;
  return upper == falls_with_dose ? Direction::rising : Direction::falling;
}

Direction direction(const Endpoint& endpoint, const std::vector<Endpoint>& endpoints, bool lowers) {
  std::optional<Direction> common;
  for (const Endpoint& part : parts_of(endpoint, endpoints)) {
    const Direction of_part = direction(part, lowers);
    if (common && *common != of_part) return Direction::window;
    common = of_part;
  }
  return *common;
}

std::vector<double> sampling_times(const Endpoint& endpoint, double interval) {
  std::vector<double> times = endpoint.times;
  if (!endpoint.steady_state || !endpoint.hours_given) return times;
  for (double& time : times) {
    TITRANT_EXPECTS(time <= endpoint.to);
    time += interval - endpoint.to;
    if (time >= 0.0) continue;
    time = std::fmod(time, interval);
    time = time < 0.0 ? time + interval : 0.0;
  }
  std::sort(times.begin(), times.end());
  // Times a whole number of intervals apart are one clock time.
  constexpr double rounding = 1e-9;  // of an interval
  const auto same = [&](double a, double b) { return b - a <= rounding * interval; };
  times.erase(std::unique(times.begin(), times.end(), same), times.end());
  return times;
}

namespace {

std::string limits_text(const Endpoint& endpoint, const std::string& unit) {
  std::vector<std::string> texts;
  const Limits& limits = endpoint.limits;
  constexpr double percent = 100.0;
  if (limits.below) texts.push_back(fmt::format("below {:g} {}", *limits.below, unit));
  if (limits.above) texts.push_back(fmt::format("above {:g} {}", *limits.above, unit));
  if (limits.change_below)
    texts.push_back(fmt::format("change from baseline below {:g} %", percent * *limits.change_below));
  if (limits.change_above)
    texts.push_back(fmt::format("change from baseline above {:g} %", percent * *limits.change_above));
  return fmt::format("{}", fmt::join(texts, " and "));
}

}  // namespace

std::string describe(const Endpoint& endpoint, const std::string& biomarker_unit,
                     const std::string& concentration_unit) {
  if (endpoint.is_combined()) return fmt::format("all of {}", fmt::join(endpoint.all, ", "));
  const bool biomarker = endpoint.of == Quantity::biomarker;
  std::string text = fmt::format("{} {}", biomarker ? "biomarker" : "concentration",
                                 limits_text(endpoint, biomarker ? biomarker_unit : concentration_unit));
  if (endpoint.at_trough) return text + ", at trough at steady state";
  text += endpoint.values == Values::measured ? ", measured values" : ", at every instant";
  return text + (endpoint.steady_state
                     ? ", over one interval at steady state"
                     : fmt::format(", {:g} to {:g} h after the first dose", endpoint.from, endpoint.to));
}

}  // namespace titrant::protocol
