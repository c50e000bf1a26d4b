#include "saturable_history.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "titrant/core/constants.hpp"
#include "titrant/core/error.hpp"

namespace titrant::pkpd {

namespace {

using core::infinity;

/// The largest amount that a record gives at once, as the size of amounts in the body.
double size_of_doses(const Schedule& plan) {
  double largest = 0.0;
  for (const SingleDose& dose : plan.doses) largest = std::max(largest, dose.amount);
  for (const Epoch& epoch : plan.epochs) {
    for (const SteadyDosing& steady : epoch.steady) largest = std::max({largest, steady.amount, steady.rate});
  }
  return largest > 0.0 ? largest : 1.0;
}

/// How many intervals before its last dose the dose of a steady state was taken that arrived last when the record is
/// reached.
int intervals_to_arrival(const SteadyDosing& steady, double lag) {
  return static_cast<int>(std::ceil(lag / steady.interval));
}

}  // namespace

SaturableHistory::SaturableHistory(const VaryingIndividual& individual, std::span<const Dose> doses, double until,
                                   std::span<const PkParameter> by)
    : individual_(individual),
      by_(by.begin(), by.end()),
      until_(until),
      plan_(schedule(doses, until)),
      solver_(size_of_doses(plan_)) {
  for (std::size_t s = 0; s < individual.segments(); ++s) {
    const Individual& one = individual.segment(s);
    TITRANT_EXPECTS(one.structure == individual.first.structure && one.absorption == individual.first.absorption &&
                    one.elimination == individual.first.elimination &&
                    one.concentration_scale == individual.first.concentration_scale);
    systems_.emplace_back(one, columns_of(s));
  }
  now_.assign(systems_.front().size(), 0.0);
  pieces_.push_back({.begin = -infinity, .epoch = &plan_.epochs.front(), .state = now_});
  for (std::size_t e = 0; e < plan_.epochs.size(); ++e) {
    const Epoch& epoch = plan_.epochs[e];
    TITRANT_EXPECTS(!epoch.superposed);
    if (e > 0) {
      begin_piece(epoch.start);
      std::fill(now_.begin(), now_.end(), 0.0);
      if (!epoch.steady.empty()) now_ = steady_at(epoch.steady.front());
      pieces_.back().epoch = &epoch;
      pieces_.back().state = now_;
    }
    const Arrivals taken = arrivals_of(epoch);
    pieces_.back().input = input_at(taken, epoch.start, false);
    follow(epoch, taken, e + 1 < plan_.epochs.size() ? plan_.epochs[e + 1].start : infinity);
  }
  if (std::isfinite(until_)) advance_to(until_);
}

std::vector<std::optional<PkParameter>> SaturableHistory::columns_of(std::size_t segment) const {
  std::vector<std::optional<PkParameter>> result(columns());
  for (std::size_t p = 0; p < by_.size(); ++p) result[segment * by_.size() + p] = by_[p];
  return result;
}

std::vector<double> SaturableHistory::time_by(std::size_t segment, DoseInto into) const {
  std::vector<double> result(columns(), 0.0);
  for (std::size_t p = 0; p < by_.size(); ++p) {
    if (by_[p] == PkParameter::lag && into == DoseInto::depot) result[segment * by_.size() + p] = 1.0;
  }
  return result;
}

/// Arrivals from the start of an epoch on, in order of time; those before are in its first amounts.
SaturableHistory::Arrivals SaturableHistory::arrivals_of(const Epoch& epoch) const {
  Arrivals result;
  const auto infuse = [&](const SaturableDose& dose, double begin, double end, std::vector<double> ends_by) {
    for (std::size_t c = 0; c < ends_by.size(); ++c) ends_by[c] += dose.duration_by[c];
    result.infusions.push_back({begin, end, dose.input.rate, dose.input.into, dose.rate_by});
    result.arrivals.push_back({.time = end, .into = dose.input.into, .time_by = std::move(ends_by)});
  };
  const auto add = [&](const SingleDose& dose, std::size_t segment) {
    const double dose_lag = lag(segment, dose.into);
    const double time = dose.time + dose_lag;
    const std::vector<double> moves = time_by(segment, dose.into);
    const SaturableDose enters(individual_.segment(segment), dose, columns_of(segment));
    if (enters.input.duration > 0.0) infuse(enters, time, time + enters.input.duration, moves);
    result.arrivals.push_back({.time = time,
                               .amount = enters.input.at_once,
                               .into = enters.input.into,
                               .records = dose.records_to_jump(dose_lag),
                               .amount_by = enters.amount_by,
                               .time_by = moves});
  };
  for (const SteadyDosing& steady : epoch.steady) {
    // All doses of a steady state have the lag of its record.
    const std::size_t segment = individual_.segment_at(steady.until);
    const double dose_lag = lag(segment, steady.into);
    const std::vector<double> moves = time_by(segment, steady.into);
    if (steady.constant()) {
      const double end = steady.until + dose_lag;
      if (end <= epoch.start) continue;
      result.infusions.push_back({-infinity, end, steady.rate, steady.into, std::vector<double>(columns(), 0.0)});
      result.arrivals.push_back({.time = end, .into = steady.into, .time_by = moves});
      continue;
    }
    int back = intervals_to_arrival(steady, dose_lag);
    const double from = steady.until - back * steady.interval + dose_lag;  // the last arrival until the record
    while (--back >= 0) add(steady.dose(steady.until - back * steady.interval), segment);
    const SaturableDose enters(individual_.segment(segment), steady.dose(0.0), columns_of(segment));
    for (int k = 0; k * steady.interval < enters.input.duration; ++k) {
      const double end = from - k * steady.interval + enters.input.duration;
      if (end > epoch.start) infuse(enters, -infinity, end, moves);
    }
  }
  for (std::size_t i = epoch.first; i < epoch.last; ++i) {
    add(plan_.doses[i], individual_.segment_at(plan_.doses[i].time));
  }
  std::stable_sort(result.arrivals.begin(), result.arrivals.end(), [](const Arrival& a, const Arrival& b) {
    return a.time != b.time ? a.time < b.time : a.records < b.records;
  });
  return result;
}

SaturableInput SaturableHistory::input_at(const Arrivals& taken, double time, bool begun) const {
  SaturableInput input;
  for (const Infusion& one : taken.infusions) {
    const bool running = one.begin < time || one.begin == -infinity || (begun && one.begin == time);
    if (!running || time >= one.end) continue;
    const bool depot = one.into == DoseInto::depot;
    (depot ? input.depot : input.central) += one.rate;
    std::vector<double>& by = depot ? input.depot_by : input.central_by;
    by.resize(columns(), 0.0);
    for (std::size_t c = 0; c < by.size(); ++c) by[c] += one.rate_by[c];
  }
  return input;
}

/// Leads the last piece to a time.
void SaturableHistory::advance_to(double time) {
  Piece& piece = pieces_.back();
  const std::size_t n = systems_.front().amounts();
  const bool empty = piece.input.depot == 0.0 && piece.input.central == 0.0 &&
                     std::all_of(now_.begin(), now_.begin() + static_cast<std::ptrdiff_t>(n),
                                 [](double amount) { return amount == 0.0; });
  if (empty || !(piece.begin > -infinity)) return;
  SaturableSystem& system = systems_[piece.segment];
  system.input = piece.input;
  solver_.advance(system, now_, piece.begin, time, &piece.nodes);
}

void SaturableHistory::begin_piece(double time) {
  advance_to(time);
  pieces_.push_back({.begin = time, .segment = individual_.segment_at(time), .state = now_});
}

void SaturableHistory::arrive(const Arrivals& taken, const Arrival& arrival) {
  const SaturableInput before = pieces_.back().input;
  begin_piece(std::max(arrival.time, pieces_.back().begin));  // whatever the rounding of times
  Piece& piece = pieces_.back();
  piece.input = input_at(taken, arrival.time, true);
  piece.records = arrival.records;
  SaturableSystem& system = systems_[piece.segment];
  const std::size_t n = system.amounts();
  const std::size_t entry = system.entry(arrival.into);
  // Amounts alone have a right-hand side of n values.
  SaturableSolver::State amounts(now_.begin(), now_.begin() + static_cast<std::ptrdiff_t>(n));
  SaturableSolver::State slope_before(n);
  SaturableSolver::State slope_after(n);
  system.input = before;
  system(amounts, slope_before, arrival.time);
  amounts[entry] += arrival.amount;
  system.input = piece.input;
  system(amounts, slope_after, arrival.time);
  now_[entry] += arrival.amount;
  for (std::size_t c = 0; c < columns(); ++c) {
    if (!arrival.amount_by.empty()) now_[(1 + c) * n + entry] += arrival.amount_by[c];
    if (arrival.time_by[c] == 0.0) continue;
    for (std::size_t i = 0; i < n; ++i) {
      now_[(1 + c) * n + i] += (slope_before[i] - slope_after[i]) * arrival.time_by[c];
    }
  }
  piece.state = now_;
}

void SaturableHistory::follow(const Epoch& epoch, const Arrivals& taken, double end) {
  auto arrival = taken.arrivals.begin();
  auto change = std::upper_bound(individual_.changes.begin(), individual_.changes.end(), epoch.start,
                                 [](double t, const IndividualChange& one) { return t < one.time; });
  for (;;) {
    const double next_arrival = arrival == taken.arrivals.end() ? infinity : arrival->time;
    const double next_change = change == individual_.changes.end() ? infinity : change->time;
    // What jumps at the end of an epoch is seen by observations before the record that ends it.
    const bool last_jump = arrival != taken.arrivals.end() && next_arrival == end && arrival->records > 0;
    const double next = std::min(next_arrival, next_change);
    if (next > until_ || (next >= end && !last_jump)) return;
    if (next_change <= next_arrival && next_change < end) {
      const SaturableInput input = pieces_.back().input;
      begin_piece(next_change);
      pieces_.back().input = input;
      ++change;
    } else {
      arrive(taken, *arrival);
      ++arrival;
    }
  }
}

SaturableSolver::State SaturableHistory::steady_at(const SteadyDosing& steady) {
  const std::size_t segment = individual_.segment_at(steady.until);
  const Individual& individual = individual_.segment(segment);
  const std::vector<std::optional<PkParameter>> own = columns_of(segment);
  SaturableSystem system(individual, own);
  const std::size_t n = system.amounts();
  if (steady.constant()) {
    (steady.into == DoseInto::depot ? system.input.depot : system.input.central) = steady.rate;
    return saturable_constant_state(individual, own, system.input);
  }
  const SaturableCycle cycle(individual, steady, own);
  SaturableSolver::State state = cycle.start(solver_);
  const double dose_lag = lag(segment, steady.into);
  const double since = intervals_to_arrival(steady, dose_lag) * steady.interval - dose_lag;
  cycle.follow(solver_, system, state, since);
  // A later lag is an earlier time: -dx/dt.
  system.input = cycle.input_at(since);
  SaturableSolver::State amounts(state.begin(), state.begin() + static_cast<std::ptrdiff_t>(n));
  SaturableSolver::State slope(n);
  system(amounts, slope, since);
  const std::vector<double> moves = time_by(segment, steady.into);
  for (std::size_t c = 0; c < columns(); ++c) {
    for (std::size_t i = 0; i < n; ++i) state[(1 + c) * n + i] -= moves[c] * slope[i];
  }
  return state;
}

double SaturableHistory::concentration(double time, std::size_t records_before, std::span<double> gradient) {
  const auto next = std::partition_point(pieces_.begin() + 1, pieces_.end(),
                                         [&](const Piece& piece) { return !is_before(time, records_before, piece); });
  const Piece& piece = *(next - 1);
  SaturableSystem& system = systems_[piece.segment];
  const std::size_t n = system.amounts();
  SaturableSolver::State state = piece.state;
  if (!piece.nodes.empty() && time > piece.begin) {
    const auto after = std::upper_bound(piece.nodes.begin(), piece.nodes.end(), time,
                                        [](double t, const SaturableSolver::Node& node) { return t < node.time; });
    system.input = piece.input;
    state = solver_.at(system, *(after - 1), time);
  }
  const double value = system.scale() * std::max(state[system.central()], 0.0);
  if (gradient.empty()) return value;
  for (std::size_t c = 0; c < columns(); ++c) {
    gradient[c] = system.scale() * state[(1 + c) * n + system.central()];
  }
  const double volume = individual_.segment(piece.segment).volume;
  for (std::size_t p = 0; p < by_.size(); ++p) {
    if (by_[p] == PkParameter::volume) gradient[piece.segment * by_.size() + p] -= value / volume;
  }
  return value;
}

Curve SaturableHistory::curve(const Piece& piece, std::size_t node, double end) {
  SaturableSystem& system = systems_[piece.segment];
  system.input = piece.input;
  return saturable_curve(solver_, system, piece.nodes[node], end);
}

}  // namespace titrant::pkpd
