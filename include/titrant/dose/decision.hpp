#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "titrant/core/constants.hpp"
#include "titrant/dose/attainment.hpp"
#include "titrant/dose/endpoint.hpp"
#include "titrant/dose/options.hpp"

namespace titrant::dose {

using core::not_available;

/// The answer of one method to one question: which doses of the grid reach the target.
struct Decision {
  protocol::Question question;
  std::string method;
  Rule rule = Rule::mean;
  protocol::Direction direction = protocol::Direction::rising;
  /// The lowest dose that reaches the target, where attainment rises; the lower end of the window of doses that do.
  std::optional<double> lowest;
  /// The highest dose that reaches it, where attainment falls; the upper end of the window.
  std::optional<double> highest;
  /// 90 % interval of the answering end (lowest; highest where attainment falls). Infinite: above the grid; 0: below
  /// it; NaN: not asked for.
  double lower = not_available;
  double upper = not_available;
  double upper_end_lower = not_available;  ///< the same of `highest`, of windows
  double upper_end_upper = not_available;
  /// At the answer. Where there is none: at the end of the grid that should reach it, or the best of a window.
  double attainment = 0.0;
  double attainment_beside = not_available;  ///< one step away on the failing side; NaN: the grid ends there
  bool monotone = true;  ///< attainment moves in the expected direction only among the doses evaluated
  /// That the answer (of a window both ends) meets the target, over the replicates behind the interval.
  double probability_of_target = not_available;
  std::string interval_source;  ///< which uncertainty the interval holds; empty where there is none
  /// Share of the population whom the answer (of a window its last dose) leaves without a steady state; NaN: no answer.
  double without_steady_state = 0.0;

  /// The dose that answers: `lowest`, or `highest` where attainment falls; NaN where no dose of the grid does.
  double answer() const;
};

/// The doses of a grid that answer a question, as places.
struct AnswerPlaces {
  std::optional<std::size_t> lowest;   ///< of rising attainment and windows
  std::optional<std::size_t> highest;  ///< of falling attainment and windows

  /// The answering end.
  std::optional<std::size_t> answer(protocol::Direction direction) const {
    return direction == protocol::Direction::falling ? highest : lowest;
  }
};

/// The first dose whose attainment reaches the target; the last one where it falls with the dose; both ends of the
/// contiguous stretch of most doses (of equal ones the lowest) where it does both. Attainment that was not evaluated is
/// NaN and never reaches it.
AnswerPlaces doses_reaching(const std::vector<double>& attainment, double target, protocol::Direction direction);

/// Whether evaluated attainment moves with the dose as expected, but for rounding: never falls, never rises, or rises
/// and then falls.
bool moves_as(const std::vector<double>& attainment, protocol::Direction direction);

/// The answer to one question from the attainment on its panel. Interval and probability are left NaN.
Decision decide(const protocol::Question& question, const std::vector<double>& doses, protocol::Direction direction,
                const std::string& method, const Attainment& attainment, Rule rule);

/// The endpoint of a question, which must be among them.
const ResolvedEndpoint& endpoint_of(const protocol::Question& question, const std::vector<ResolvedEndpoint>& endpoints);

/// A 90 % interval over replicates.
struct Interval {
  double lower;
  double upper;
};

/// The nearest-rank 5 % and 95 % quantiles of values (at least one).
Interval interval(std::vector<double> values);

/// What "none on this grid" counts as in an interval of doses: above all for one that should be low enough, else below.
inline constexpr double above_the_grid = core::infinity;
inline constexpr double below_the_grid = 0.0;

/// The interval of doses, with `none` for those that are not there.
Interval interval(const std::vector<std::optional<double>>& doses, double none);

}  // namespace titrant::dose
