#include "varying_history.hpp"

#include <algorithm>
#include <cmath>

#include "titrant/core/constants.hpp"
#include "titrant/core/error.hpp"
#include "titrant/pkpd/disposition.hpp"

namespace titrant::pkpd {

namespace {

using core::infinity;

/// dx/dt.
CompartmentAmounts<double> slope(const Rates<double>& r, const Input& input, const CompartmentAmounts<double>& x) {
  if (r.structure == Structure::three_compartment) {
    const auto& [k12, k13] = r.three.out;
    const auto& [k21, k31] = r.three.back;
    return {input.depot - r.absorption * x[0],
            input.central + r.absorption * x[0] - (r.elimination + k12 + k13) * x[1] + k21 * x[2] + k31 * x[3],
            k12 * x[1] - k21 * x[2], k13 * x[1] - k31 * x[3]};
  }
  return {input.depot - r.absorption * x[0],
          input.central + r.absorption * x[0] - (r.elimination + r.out) * x[1] + r.back * x[2],
          r.out * x[1] - r.back * x[2], 0.0};
}

std::size_t place_of(DoseInto into) { return into == DoseInto::depot ? 0 : 1; }

void add_rate(Input& input, double rate, DoseInto into) {
  (into == DoseInto::depot ? input.depot : input.central) += rate;
}

/// Amounts at steady state just after the begin of a dose, without the rate of an infusion.
template <class T>
CompartmentAmounts<T> steady_begin(const Rates<T>& r, const DoseInput& dose, double interval) {
  CompartmentAmounts<T> added{};
  if (dose.duration == 0.0) {
    added[place_of(dose.into)] = T(dose.at_once);
    return steady_amounts(r, interval, added);
  }
  const Overlap overlap(dose.duration, interval);
  const double length = interval - overlap.rest;
  Input input;
  add_rate(input, (overlap.whole + 1.0) * dose.rate, dose.into);
  CompartmentAmounts<T> first = from_input(r, input, overlap.rest);
  first[place_of(dose.into)] = first[place_of(dose.into)] + T(dose.at_end);
  input = {};
  add_rate(input, overlap.whole * dose.rate, dose.into);
  const CompartmentAmounts<T> later = from_input(r, input, length);
  added = transition(r, length) * first;
  for (std::size_t c = 0; c < compartments; ++c) added[c] = added[c] + later[c];
  return steady_amounts(r, interval, added);
}

/// Amounts under a constant infusion.
template <class T>
CompartmentAmounts<T> infused_amounts(const Rates<T>& r, const SteadyDosing& steady) {
  CompartmentAmounts<T> x{};
  const T rate(steady.rate);
  if (steady.into == DoseInto::depot) x[0] = rate / r.absorption;
  x[1] = rate / r.elimination;
  if (r.structure == Structure::two_compartment) x[2] = r.out * x[1] / r.back;
  if (r.structure == Structure::three_compartment) {
    for (const std::size_t p : {0U, 1U}) x[2 + p] = r.three.out[p] * x[1] / r.three.back[p];
  }
  return x;
}

}  // namespace

std::size_t VaryingIndividual::segment_at(double time) const {
  const auto after = std::upper_bound(changes.begin(), changes.end(), time,
                                      [](double t, const IndividualChange& change) { return t < change.time; });
  return static_cast<std::size_t>(after - changes.begin());
}

VaryingHistory::VaryingHistory(const VaryingIndividual& individual, std::span<const Dose> doses, double until,
                               bool with_gradient, std::optional<DoseParameter> by)
    : individual_(individual),
      with_gradient_(with_gradient),
      by_(by),
      compartments_(compartments_of(individual.first.structure)),
      parameter_count_(parameters_of(individual.first.structure).size()),
      plan_(schedule(doses, until)) {
  for (std::size_t s = 0; s < individual.segments(); ++s) {
    const Individual& one = individual.segment(s);
    TITRANT_EXPECTS(one.structure == individual.first.structure && one.absorption == individual.first.absorption &&
                    one.concentration_scale == individual.first.concentration_scale);
    TITRANT_EXPECTS(one.absorption.kind != AbsorptionKind::transit);
    TITRANT_EXPECTS(s < 2 || individual.changes[s - 2].time <= individual.changes[s - 1].time);
    disposition(one);  // expects usable parameters
    rates_.push_back(rates_of(one));
    if (!with_gradient) continue;
    if (one.structure == Structure::three_compartment) {
      duals_of_three_.push_back(rates_of_three_with_derivatives(one));
    } else {
      duals_.push_back(rates_with_derivatives(one));
    }
  }
  Amounts nothing;
  if (with_gradient) nothing.by.assign(compartments_ * individual.segments() * parameter_count_, 0.0);
  pieces_.push_back({.begin = -infinity, .epoch = &plan_.epochs.front(), .lag = {}, .amounts = nothing});
  for (std::size_t e = 0; e < plan_.epochs.size(); ++e) {
    const Epoch& epoch = plan_.epochs[e];
    if (e > 0) {
      begin_piece(epoch.start, {});
      Piece& piece = pieces_.back();
      piece.epoch = &epoch;
      if (!epoch.superposed) piece.amounts = nothing;
      if (!epoch.steady.empty() && epoch.steady.back().until == epoch.start) {
        const Amounts added = steady_at(epoch.steady.back());
        for (std::size_t c = 0; c < compartments_; ++c) piece.amounts.value[c] += added.value[c];
        for (std::size_t i = 0; i < added.by.size(); ++i) piece.amounts.by[i] += added.by[i];
        if (epoch.steady.back().constant() && lag(piece.segment, epoch.steady.back().into) == 0.0) {
          piece.lag = moving_lag(piece.segment, epoch.steady.back().into);  // the end of the infusion
        }
      }
    }
    const Arrivals taken = arrivals_of(epoch);
    pieces_.back().input = input_before(taken, epoch.start);
    follow(epoch, taken, e + 1 < plan_.epochs.size() ? plan_.epochs[e + 1].start : infinity);
  }
}

/// Arrivals from the start of an epoch on, in order of time; those before are in its first amounts.
VaryingHistory::Arrivals VaryingHistory::arrivals_of(const Epoch& epoch) const {
  Arrivals result;
  const auto add = [&](const SingleDose& dose, std::size_t segment) {
    const double dose_lag = lag(segment, dose.into);
    const double time = dose.time + dose_lag;
    const std::optional<std::size_t> moving = moving_lag(segment, dose.into);
    const DoseInput input = input_of(dose, segment);
    if (by_ && input.nothing()) return;
    const double end = time + input.duration;
    if (input.duration > 0.0 && end > epoch.start) {
      result.infusions.push_back({time, end, input.rate, input.into});
      result.arrivals.push_back({end, input.at_end, input.into, moving});
    }
    const std::size_t records = dose.records_to_jump(dose_lag);
    const bool jumped_before = time == epoch.start && records > 0 && records <= epoch.record;
    if (time >= epoch.start && !jumped_before) {
      result.arrivals.push_back({time, input.at_once, input.into, moving, records});
    }
  };
  for (const SteadyDosing& steady : epoch.steady) {
    // All doses of a steady state have the lag of its record.
    const std::size_t segment = individual_.segment_at(steady.until);
    if (steady.constant()) {
      if (by_) continue;  // its rate is that of the record
      const double end = steady.until + lag(segment, steady.into);
      if (end <= epoch.start) continue;
      result.infusions.push_back({-infinity, end, steady.rate, steady.into});
      result.arrivals.push_back({end, 0.0, steady.into, moving_lag(segment, steady.into)});
      continue;
    }
    int back = intervals_back(steady, lag(segment, steady.into));
    const double from = steady.until - back * steady.interval;
    while (--back >= 0) add(steady.dose(steady.until - back * steady.interval), segment);
    const DoseInput input = input_of(steady, segment);
    for (int k = 0; k * steady.interval < input.duration; ++k) {
      const double end = from - k * steady.interval + input.duration + lag(segment, steady.into);
      if (end <= epoch.start) continue;
      result.infusions.push_back({-infinity, end, input.rate, input.into});
      result.arrivals.push_back({end, input.at_end, input.into, moving_lag(segment, steady.into)});
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

Input VaryingHistory::input_at(const Arrivals& taken, double time) {
  Input input;
  for (const Infusion& one : taken.infusions) {
    if (one.begin <= time && time < one.end) add_rate(input, one.rate, one.into);
  }
  return input;
}

/// What begins at the time itself arrives as all that is taken then.
Input VaryingHistory::input_before(const Arrivals& taken, double time) {
  Input input;
  for (const Infusion& one : taken.infusions) {
    if ((one.begin < time || one.begin == -infinity) && time < one.end) add_rate(input, one.rate, one.into);
  }
  return input;
}

void VaryingHistory::follow(const Epoch& epoch, const Arrivals& taken, double end) {
  auto arrival = taken.arrivals.begin();
  auto change = std::upper_bound(individual_.changes.begin(), individual_.changes.end(), epoch.start,
                                 [](double t, const IndividualChange& one) { return t < one.time; });
  for (;;) {
    const double next_arrival = arrival == taken.arrivals.end() ? infinity : arrival->time;
    const double next_change = change == individual_.changes.end() ? infinity : change->time;
    // What jumps at the end of an epoch is seen by observations before the record that ends it.
    const bool last_jump = arrival != taken.arrivals.end() && next_arrival == end && arrival->records > 0;
    if (std::min(next_arrival, next_change) >= end && !last_jump) return;
    if (next_change <= next_arrival && next_change < end) {
      const Input input = pieces_.back().input;
      begin_piece(next_change, {});
      pieces_.back().input = input;
      ++change;
    } else {
      begin_piece(next_arrival, arrival->lag);
      pieces_.back().amounts.value[place_of(arrival->into)] += arrival->amount;
      pieces_.back().input = input_at(taken, next_arrival);
      pieces_.back().records = arrival->records;
      ++arrival;
    }
  }
}

void VaryingHistory::begin_piece(double time, std::optional<std::size_t> lag) {
  const Piece& last = pieces_.back();
  Piece next{.begin = time, .segment = individual_.segment_at(time), .lag = lag, .amounts = last.amounts};
  if (last.begin > -infinity)
    next.amounts = after(last.amounts, last.input, last.segment, time - last.begin, last.lag, lag);
  pieces_.push_back(std::move(next));
}

Amounts VaryingHistory::after(const Amounts& amounts, const Input& input, std::size_t segment, double length,
                              std::optional<std::size_t> begins, std::optional<std::size_t> ends) const {
  Amounts result;
  const Transition<double> m = transition(rates_[segment], length);
  for (std::size_t c = 0; c < compartments_; ++c) {
    for (std::size_t from = 0; from < compartments_; ++from) result.value[c] += m[c][from] * amounts.value[from];
  }
  const bool has_input = input.depot != 0.0 || input.central != 0.0;
  if (has_input) {
    const CompartmentAmounts<double> gained = from_input(rates_[segment], input, length);
    for (std::size_t c = 0; c < compartments_; ++c) result.value[c] += gained[c];
  }
  if (!with_gradient_) return result;
  result.by.assign(amounts.by.size(), 0.0);
  const std::size_t columns = individual_.segments() * parameter_count_;
  for (std::size_t c = 0; c < compartments_; ++c) {
    for (std::size_t from = 0; from < compartments_; ++from) {
      if (m[c][from] == 0.0) continue;  // nothing comes to the depot
      for (std::size_t i = 0; i < columns; ++i) {
        result.by[c * columns + i] += m[c][from] * amounts.by[from * columns + i];
      }
    }
  }
  with_duals(segment, [&](const auto& rates) {
    const auto d = transition(rates, length);
    for (std::size_t c = 0; c < compartments_; ++c) {
      for (std::size_t from = 0; from < compartments_; ++from) {
        for (std::size_t p = 0; p < lag_place(); ++p) {
          result.by[column(c, segment, p)] += d[c][from].by[p] * amounts.value[from];
        }
      }
    }
    if (!has_input) return;
    const auto gained = from_input(rates, input, length);
    for (std::size_t c = 0; c < compartments_; ++c) {
      for (std::size_t p = 0; p < lag_place(); ++p) result.by[column(c, segment, p)] += gained[c].by[p];
    }
  });
  const CompartmentAmounts<double> moving = slope(rates_[segment], input, result.value);
  for (std::size_t c = 0; c < compartments_; ++c) {
    if (begins) result.by[column(c, *begins, lag_place())] -= moving[c];
    if (ends) result.by[column(c, *ends, lag_place())] += moving[c];
  }
  return result;
}

Amounts VaryingHistory::steady_at(const SteadyDosing& steady) const {
  const std::size_t segment = individual_.segment_at(steady.until);
  Amounts start;
  if (steady.constant() && by_) return start;
  const DoseInput dose = steady.constant() ? DoseInput{} : input_of(steady, segment);
  start.value = steady.constant() ? infused_amounts(rates_[segment], steady)
                                  : steady_begin(rates_[segment], dose, steady.interval);
  if (with_gradient_) {
    start.by.assign(compartments_ * individual_.segments() * parameter_count_, 0.0);
    with_duals(segment, [&](const auto& rates) {
      const auto d = steady.constant() ? infused_amounts(rates, steady) : steady_begin(rates, dose, steady.interval);
      for (std::size_t c = 0; c < compartments_; ++c) {
        for (std::size_t p = 0; p < lag_place(); ++p) start.by[column(c, segment, p)] = d[c].by[p];
      }
    });
  }
  if (steady.constant()) return start;
  const double lag_time = lag(segment, steady.into);
  const std::optional<std::size_t> moving = moving_lag(segment, steady.into);
  double since = intervals_back(steady, lag_time) * steady.interval - lag_time;
  Input input;
  if (dose.duration > 0.0) {
    const Overlap overlap(dose.duration, steady.interval);
    if (since >= overlap.rest) {  // the end of an infusion is behind
      add_rate(input, (overlap.whole + 1.0) * dose.rate, dose.into);
      start = after(start, input, segment, overlap.rest, {}, {});
      start.value[place_of(dose.into)] += dose.at_end;
      since -= overlap.rest;
      input = {};
      add_rate(input, overlap.whole * dose.rate, dose.into);
    } else {
      add_rate(input, (overlap.whole + 1.0) * dose.rate, dose.into);
    }
  }
  return after(start, input, segment, since, moving, {});
}

const VaryingHistory::Piece& VaryingHistory::piece_at(double time, std::size_t records_before) const {
  const auto next = std::partition_point(pieces_.begin() + 1, pieces_.end(),
                                         [&](const Piece& piece) { return !is_before(time, records_before, piece); });
  return *(next - 1);
}

Amounts VaryingHistory::at(double time, const Piece& piece) const {
  if (!(piece.begin > -infinity)) return piece.amounts;
  return after(piece.amounts, piece.input, piece.segment, std::max(time - piece.begin, 0.0), piece.lag, {});
}

}  // namespace titrant::pkpd
