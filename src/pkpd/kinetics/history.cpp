#include "history.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace titrant::pkpd {

/// Steps of a disposition; the last one is kept, for doses are mostly given at equal intervals.
class Steps {
 public:
  Steps(const Disposition& disposition, bool with_gradient)
      : disposition_(disposition), with_gradient_(with_gradient) {}

  const Step& of(double length) {
    if (!step_ || length_ != length) step_.emplace(disposition_, length, with_gradient_);
    length_ = length;
    return *step_;
  }

 private:
  const Disposition& disposition_;
  bool with_gradient_;
  double length_ = 0.0;
  std::optional<Step> step_;
};

History::History(const Disposition& disposition, std::span<const Dose> doses, double until, bool with_gradient)
    : lag_(disposition.lag), plan_(schedule(doses, until)) {
  Steps steps(disposition, with_gradient);
  segments_.reserve(plan_.epochs.size());
  nodes_.reserve(plan_.doses.size() + plan_.epochs.size());
  for (const Epoch& epoch : plan_.epochs) {
    const std::size_t first = nodes_.size();
    if (epoch.superposed) {
      add_superposed(epoch, steps);
      segments_.push_back({.first = first, .last = nodes_.size()});
      continue;
    }
    for (const SteadyDosing& steady : epoch.steady) add_steady(steady, steps);
    for (std::size_t i = epoch.first; i < epoch.last; ++i) {
      const SingleDose& dose = plan_.doses[i];
      State state;
      if (nodes_.size() > first) state = steps.of(dose.time - nodes_.back().taken)(nodes_.back().state);
      state.depot += dose.amount;
      nodes_.push_back({.taken = dose.time, .state = state});
    }
    segments_.push_back({.first = first, .last = nodes_.size()});
  }
}

namespace {

/// How many intervals before its last dose the last one was taken that has arrived by then.
int intervals_back(const SteadyDosing& steady, double lag) {
  return static_cast<int>(std::ceil(lag / steady.interval));
}

/// What a dose adds.
State added_by(double dose) {
  State state;
  state.depot = dose;
  return state;
}

State operator+(const State& a, const State& b) {
  State sum = a;
  sum.depot += b.depot;
  sum.depot_by_absorption += b.depot_by_absorption;
  for (std::size_t i = 0; i < sum.mode.size(); ++i) {
    sum.mode[i].amount += b.mode[i].amount;
    sum.mode[i].by_absorption += b.mode[i].by_absorption;
    sum.mode[i].by_rate += b.mode[i].by_rate;
  }
  return sum;
}

}  // namespace

/// All nodes of a steady state are equal. The earliest that matters is the last to arrive before the epoch starts.
void History::add_steady(const SteadyDosing& steady, Steps& steps) {
  const State state = steps.of(steady.interval).steady(steady.amount);
  for (int back = intervals_back(steady, lag_); back >= 0; --back) {
    nodes_.push_back({.taken = steady.until - back * steady.interval, .state = state});
  }
}

/// The sum of all that was taken, each steady dosing from its earliest node that matters on. Before the last of these
/// the epoch is not asked.
void History::add_superposed(const Epoch& epoch, Steps& steps) {
  std::vector<Node> added;
  for (const SteadyDosing& steady : epoch.steady) {
    int back = intervals_back(steady, lag_);
    added.push_back(
        {.taken = steady.until - back * steady.interval, .state = steps.of(steady.interval).steady(steady.amount)});
    while (--back >= 0)
      added.push_back({.taken = steady.until - back * steady.interval, .state = added_by(steady.amount)});
  }
  for (std::size_t i = epoch.first; i < epoch.last; ++i) {
    added.push_back({.taken = plan_.doses[i].time, .state = added_by(plan_.doses[i].amount)});
  }
  std::stable_sort(added.begin(), added.end(), [](const Node& a, const Node& b) { return a.taken < b.taken; });
  State state;
  for (std::size_t i = 0; i < added.size(); ++i) {
    if (i > 0) state = steps.of(added[i].taken - added[i - 1].taken)(state);
    state = state + added[i].state;
    nodes_.push_back({.taken = added[i].taken, .state = state});
  }
}

History::Place History::place(double time, std::size_t records_before) const {
  // The first epoch reaches back to -infinity.
  const auto next = std::partition_point(plan_.epochs.begin() + 1, plan_.epochs.end(),
                                         [&](const Epoch& epoch) { return reaches(time, records_before, epoch); });
  const Segment& segment = segments_[static_cast<std::size_t>(next - plan_.epochs.begin()) - 1];
  const Node* const first = nodes_.data() + segment.first;
  const Node* const last = nodes_.data() + segment.last;
  const Node* const after =
      std::upper_bound(first, last, time, [this](double t, const Node& node) { return since_arrival(node, t) < 0.0; });
  if (after == first) return {};
  return {.node = after - 1, .since = since_arrival(*(after - 1), time)};
}

std::vector<History::Piece> History::pieces() const {
  std::vector<Piece> result;
  result.reserve(segments_.size() + nodes_.size());
  for (std::size_t e = 0; e < segments_.size(); ++e) {
    const Epoch& epoch = plan_.epochs[e];
    const double end = e + 1 < segments_.size() ? plan_.epochs[e + 1].start : std::numeric_limits<double>::infinity();
    result.push_back({.begin = epoch.start, .epoch = &epoch});
    for (std::size_t i = segments_[e].first; i < segments_[e].last; ++i) {
      const double arrival = nodes_[i].taken + lag_;
      if (arrival >= end) break;
      if (arrival <= result.back().begin) {
        result.back().node = &nodes_[i];
      } else {
        result.push_back({.begin = arrival, .node = &nodes_[i]});
      }
    }
  }
  return result;
}

}  // namespace titrant::pkpd
