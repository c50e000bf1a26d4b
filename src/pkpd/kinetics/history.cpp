#include "history.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

namespace titrant::pkpd {

namespace {

bool has_infusion(const Individual& individual, const Schedule& plan) {
  const auto is_infusion = [&](const auto& dose) { return is_infused(individual, dose); };
  return std::any_of(plan.doses.begin(), plan.doses.end(), is_infusion) ||
         std::any_of(plan.epochs.begin(), plan.epochs.end(), [&](const Epoch& epoch) {
           return std::any_of(epoch.steady.begin(), epoch.steady.end(), is_infusion);
         });
}

bool has_infusion(const Individual& individual, const Schedule& plan, const Epoch& epoch) {
  const auto is_infusion = [&](const auto& dose) { return is_infused(individual, dose); };
  const auto at = [&](std::size_t place) { return plan.doses.begin() + static_cast<std::ptrdiff_t>(place); };
  return std::any_of(at(epoch.first), at(epoch.last), is_infusion) ||
         std::any_of(epoch.steady.begin(), epoch.steady.end(), is_infusion);
}

void add_rate(State& state, double rate, DoseInto into) {
  (into == DoseInto::depot ? state.depot_rate : state.central_rate) += rate;
}

/// An infusion over [begin, end) of the clock on which doses are taken.
struct Infusion {
  double begin;
  double end;
  double rate;
  DoseInto into;
};

}  // namespace

/// Steps of a disposition; the last one is kept, for doses are mostly given at equal intervals.
class Steps {
 public:
  Steps(const Disposition& disposition, bool with_gradient, bool with_input)
      : disposition_(disposition), with_gradient_(with_gradient), with_input_(with_input) {}

  const Step& of(double length) {
    if (!step_ || length_ != length) step_.emplace(disposition_, length, with_gradient_, with_input_);
    length_ = length;
    return *step_;
  }

  State added(double amount, DoseInto into) const { return added_by(disposition_, amount, into); }

  State of_constant_infusion(const SteadyDosing& steady) const {
    return constant_infusion_state(disposition_, steady.rate, steady.into, with_gradient_);
  }

 private:
  const Disposition& disposition_;
  bool with_gradient_;
  bool with_input_;
  double length_ = 0.0;
  std::optional<Step> step_;
};

History::History(const Individual& individual, const Disposition& disposition, double lag, std::span<const Dose> doses,
                 double until, bool with_gradient, std::optional<PkParameter> by)
    : lag_(lag), plan_(schedule(doses, until)) {
  Steps steps(disposition, with_gradient, has_infusion(individual, plan_));
  segments_.reserve(plan_.epochs.size());
  nodes_.reserve(plan_.doses.size() + plan_.epochs.size());
  for (const Epoch& epoch : plan_.epochs) {
    const std::size_t first = nodes_.size();
    const auto late = [lag](const SteadyDosing& steady) {
      return !steady.constant() && lag > intervals_back(steady, lag) * steady.interval;
    };
    if (by || epoch.superposed || has_infusion(individual, plan_, epoch) ||
        std::any_of(epoch.steady.begin(), epoch.steady.end(), late)) {
      add_all(individual, epoch, steps, by);
      segments_.push_back({.first = first, .last = nodes_.size()});
      continue;
    }
    for (const SteadyDosing& steady : epoch.steady) add_steady(individual, steady, steps);
    for (std::size_t i = epoch.first; i < epoch.last; ++i) {
      const SingleDose& dose = plan_.doses[i];
      const bool is_first = nodes_.size() == first;
      Node& node = nodes_.emplace_back(Node{.taken = dose.time, .state = {}, .records = dose.records_to_jump(lag_)});
      if (!is_first) {
        const Node& before = *(&node - 1);
        steps.of(dose.time - before.taken).apply(before.state, node.state);
      }
      add_at_once(node.state, disposition, dose_input(individual, dose).at_once, dose.into);
    }
    segments_.push_back({.first = first, .last = nodes_.size()});
  }
}

/// All nodes of a steady state are equal.
void History::add_steady(const Individual& individual, const SteadyDosing& steady, Steps& steps) {
  const State state =
      steps.of(steady.interval).steady(steps.added(dose_input(individual, steady).at_once, steady.into));
  for (int back = intervals_back(steady, lag_); back >= 0; --back) {
    nodes_.push_back({.taken = steady.until - back * steady.interval, .state = state});
  }
}

namespace {

void set_rate(State& state, double rate, DoseInto into) {
  state.depot_rate = state.central_rate = 0.0;
  add_rate(state, rate, into);
}

/// What the doses of a steady state leave in the body when the next of them begins, and that one where it is at once;
/// without the rates of infusions.
State steady_state(const DoseInput& input, double interval, Steps& steps) {
  if (input.duration == 0.0) return steps.of(interval).steady(steps.added(input.at_once, input.into));
  const Overlap overlap(input.duration, interval);
  State state;
  set_rate(state, (overlap.whole + 1.0) * input.rate, input.into);
  state = steps.of(overlap.rest)(state);
  set_rate(state, overlap.whole * input.rate, input.into);
  state = steps.of(interval - overlap.rest)(state);
  set_rate(state, 0.0, input.into);
  state = steps.of(interval).steady(state);
  if (input.at_end == 0.0) return state;
  const State after_end = steps.of(interval).steady(steps.added(input.at_end, input.into));
  state += steps.of(overlap.rest > 0.0 ? interval - overlap.rest : 0.0)(after_end);
  return state;
}

/// How many of the infusions of a steady state run just after one of them began.
int running(const DoseInput& input, double interval) {
  const Overlap overlap(input.duration, interval);
  return static_cast<int>(overlap.whole) + (overlap.rest > 0.0 ? 1 : 0);
}

State negative(State state) {
  state.depot = -state.depot;
  state.depot_by_absorption = -state.depot_by_absorption;
  for (ModeState& mode : state.mode) mode = {-mode.amount, -mode.by_absorption, -mode.by_rate, -mode.by_passage};
  return state;
}

/// When a node begins: its time, and the records before an observation of that time.
using Moment = std::pair<double, std::size_t>;
Moment moment(const History::Node& node) { return {node.taken, node.records}; }

/// What was taken and when, to be summed; or its derivative by a parameter.
struct Taken {
  const Individual& individual;
  Steps& steps;
  double lag;
  std::optional<PkParameter> by;
  std::vector<History::Node> added = {};
  std::vector<Infusion> infusions = {};

  void infuse(const DoseInput& input, double begin, double end) {
    if (input.rate != 0.0) infusions.push_back({begin, end, input.rate, input.into});
    if (input.at_end != 0.0) added.push_back({.taken = end, .state = steps.added(input.at_end, input.into)});
  }
  void take(const SingleDose& dose) {
    const DoseInput input = dose_input(individual, dose, by);
    if (input.duration > 0.0) {
      infuse(input, dose.time, dose.time + input.duration);
    } else if (!input.nothing()) {
      added.push_back({dose.time, steps.added(input.at_once, input.into), dose.records_to_jump(lag)});
    }
  }
  /// A steady state, from the time on that intervals_back says.
  void take(const SteadyDosing& steady) {
    const DoseInput input = dose_input(individual, steady, by);
    if (by && input.nothing()) return;
    int back = intervals_back(steady, lag);
    const double from = steady.until - back * steady.interval;
    const bool infused = input.duration > 0.0;
    State state = steady_state(input, steady.interval, steps);
    double begin = from;
    if (lag > back * steady.interval) {
      begin = steady.until - lag;
      const double early = from - begin;
      State before = state;
      if (infused) set_rate(before, running(input, steady.interval) * input.rate, input.into);
      before = steps.of(-early)(before);
      const State again = steps.of(early)(before);
      set_rate(before, 0.0, input.into);
      added.push_back({.taken = begin, .state = before});
      state += negative(again);  // what is left of rounding
    }
    added.push_back({.taken = from, .state = state});
    if (infused) {
      for (int i = 0; i < running(input, steady.interval); ++i) {
        infuse(input, begin, from - i * steady.interval + input.duration);
      }
    }
    while (--back >= 0) take(steady.dose(steady.until - back * steady.interval));
  }
};

}  // namespace

/// The sum of all that was taken, each steady dosing from its earliest dose that matters on. Before the last of these
/// the epoch is not asked.
void History::add_all(const Individual& individual, const Epoch& epoch, Steps& steps, std::optional<PkParameter> by) {
  Taken taken{.individual = individual, .steps = steps, .lag = lag_, .by = by};
  for (const SteadyDosing& steady : epoch.steady) {
    if (steady.constant()) {
      if (by) continue;  // its rate is that of the record
      // What was infused until the record is reached arrives until one lag after it.
      taken.added.push_back({.taken = steady.until - lag_, .state = steps.of_constant_infusion(steady)});
      if (lag_ > 0.0) {
        taken.infusions.push_back({steady.until - lag_, steady.until, steady.rate, steady.into});
      }
    } else {
      taken.take(steady);
    }
  }
  for (std::size_t i = epoch.first; i < epoch.last; ++i) {
    taken.take(plan_.doses[i]);
  }
  const auto by_begin = [](const Infusion& a, const Infusion& b) { return a.begin < b.begin; };
  std::stable_sort(taken.added.begin(), taken.added.end(),
                   [](const Node& a, const Node& b) { return moment(a) < moment(b); });
  std::stable_sort(taken.infusions.begin(), taken.infusions.end(), by_begin);
  std::vector<Moment> moments;
  for (const Node& node : taken.added) moments.push_back(moment(node));
  for (const Infusion& one : taken.infusions) moments.insert(moments.end(), {{one.begin, 0}, {one.end, 0}});
  std::sort(moments.begin(), moments.end());
  moments.erase(std::unique(moments.begin(), moments.end()), moments.end());

  auto next_added = taken.added.begin();
  auto next_infusion = taken.infusions.begin();
  std::vector<Infusion> running;
  State state;
  for (std::size_t i = 0; i < moments.size(); ++i) {
    const double now = moments[i].first;
    if (i > 0 && now > moments[i - 1].first) state = steps.of(now - moments[i - 1].first)(state);
    for (; next_added != taken.added.end() && moment(*next_added) <= moments[i]; ++next_added) {
      state += next_added->state;
    }
    while (next_infusion != taken.infusions.end() && next_infusion->begin <= now) running.push_back(*next_infusion++);
    std::erase_if(running, [now](const Infusion& one) { return one.end <= now; });
    state.depot_rate = state.central_rate = 0.0;
    for (const Infusion& one : running) add_rate(state, one.rate, one.into);
    nodes_.push_back({.taken = now, .state = state, .records = moments[i].second});
  }
}

History::Place History::place(double time, std::size_t records_before) const {
  // The first epoch reaches back to -infinity.
  const auto next = std::partition_point(plan_.epochs.begin() + 1, plan_.epochs.end(),
                                         [&](const Epoch& epoch) { return reaches(time, records_before, epoch); });
  const Segment& segment = segments_[static_cast<std::size_t>(next - plan_.epochs.begin()) - 1];
  const Node* const first = nodes_.data() + segment.first;
  const Node* const last = nodes_.data() + segment.last;
  const Node* const after = std::partition_point(first, last, [&](const Node& node) {
    return is_after(since_arrival(node, time), records_before, 0.0, node.records);
  });
  if (after == first) {  // a steady state is there from the record on, whatever the rounding of its times
    if (first == last || plan_.epochs[static_cast<std::size_t>(&segment - segments_.data())].steady.empty()) return {};
    return {.node = first, .since = 0.0};
  }
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
      if (arrival > end || (arrival == end && nodes_[i].records == 0)) break;
      const bool steady = i == segments_[e].first && !epoch.steady.empty();
      if (steady || (arrival <= result.back().begin && nodes_[i].records == result.back().records)) {
        result.back().node = &nodes_[i];
      } else {
        result.push_back({.begin = arrival, .node = &nodes_[i], .epoch = nullptr, .records = nodes_[i].records});
      }
    }
  }
  return result;
}

namespace {

bool enters(const Dose& dose, DoseInto into) { return dose.into == into && (dose.amount > 0.0 || dose.rate > 0.0); }

bool any_enters(std::span<const Dose> doses, DoseInto into) {
  return std::any_of(doses.begin(), doses.end(), [into](const Dose& dose) { return enters(dose, into); });
}

/// All records, so that places among them stay; of those that enter the other compartment only what they end.
std::vector<Dose> records_of(std::span<const Dose> doses, DoseInto into) {
  std::vector<Dose> result(doses.begin(), doses.end());
  for (Dose& dose : result) {
    if (dose.into == into) continue;
    const bool ends = dose.reset || (dose.steady_state && !dose.superposed);
    dose = {.time = dose.time, .reset = ends, .into = into};
  }
  return result;
}

}  // namespace

std::vector<RouteHistory> route_histories(const Individual& individual, const Disposition& disposition,
                                          std::span<const Dose> doses, double until, bool with_gradient,
                                          std::optional<PkParameter> by) {
  const auto lag_of = [&](DoseInto into) {
    return into == DoseInto::depot ? disposition.lag : disposition.central_lag;
  };
  std::vector<RouteHistory> result;
  const bool central = any_enters(doses, DoseInto::central);
  if (central && any_enters(doses, DoseInto::depot)) {
    for (const DoseInto into : {DoseInto::depot, DoseInto::central}) {
      result.push_back(
          {into, {individual, disposition, lag_of(into), records_of(doses, into), until, with_gradient, by}});
    }
  } else {
    const DoseInto into = central ? DoseInto::central : DoseInto::depot;
    result.push_back({into, {individual, disposition, lag_of(into), doses, until, with_gradient, by}});
  }
  return result;
}

std::vector<SteadyPart> steady_states(const Individual& individual, const Disposition& disposition,
                                      const SteadyDosing& steady) {
  const DoseInput input = dose_input(individual, steady);
  Steps steps(disposition, false, input.duration > 0.0);
  State state = steady_state(input, steady.interval, steps);
  if (input.duration == 0.0) return {{0.0, steady.interval, state}};
  const Overlap overlap(input.duration, steady.interval);
  std::vector<SteadyPart> parts;
  if (overlap.rest > 0.0) {
    set_rate(state, (overlap.whole + 1.0) * input.rate, input.into);
    parts.push_back({0.0, overlap.rest, state});
    state = steps.of(overlap.rest)(state);
  }
  set_rate(state, overlap.whole * input.rate, input.into);
  parts.push_back({overlap.rest, steady.interval, state});
  return parts;
}

}  // namespace titrant::pkpd
