#include "history.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace titrant::pkpd {

namespace {

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

}  // namespace

History::History(const Disposition& disposition, std::span<const Dose> doses, double until, bool with_gradient)
    : lag_(disposition.lag), plan_(schedule(doses, until)) {
  Steps steps(disposition, with_gradient);
  segments_.reserve(plan_.epochs.size());
  nodes_.reserve(plan_.doses.size() + plan_.epochs.size());
  for (const Epoch& epoch : plan_.epochs) {
    const std::size_t first = nodes_.size();
    if (epoch.steady_interval > 0.0) {
      // All nodes of a steady state are equal. The earliest that matters is the last to arrive before the epoch starts.
      const State steady = steps.of(epoch.steady_interval).steady(epoch.steady_amount);
      for (int back = static_cast<int>(std::ceil(lag_ / epoch.steady_interval)); back >= 0; --back) {
        nodes_.push_back({.taken = epoch.start - back * epoch.steady_interval, .state = steady});
      }
    }
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

History::Place History::place(double time) const {
  const auto next = std::upper_bound(plan_.epochs.begin(), plan_.epochs.end(), time,
                                     [](double t, const Epoch& epoch) { return t < epoch.start; });
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
