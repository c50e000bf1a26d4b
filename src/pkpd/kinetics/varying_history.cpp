#include "varying_history.hpp"

#include <algorithm>
#include <cmath>

#include "titrant/core/constants.hpp"
#include "titrant/core/error.hpp"
#include "titrant/pkpd/disposition.hpp"

namespace titrant::pkpd {

namespace {

using core::infinity;
constexpr auto lag_place = static_cast<std::size_t>(PkParameter::lag);

/// dx/dt.
std::array<double, compartments> slope(const Rates<double>& r, const std::array<double, compartments>& x) {
  return {-r.absorption * x[0], r.absorption * x[0] - (r.elimination + r.out) * x[1] + r.back * x[2],
          r.out * x[1] - r.back * x[2]};
}

}  // namespace

std::size_t VaryingIndividual::segment_at(double time) const {
  const auto after = std::upper_bound(changes.begin(), changes.end(), time,
                                      [](double t, const IndividualChange& change) { return t < change.time; });
  return static_cast<std::size_t>(after - changes.begin());
}

VaryingHistory::VaryingHistory(const VaryingIndividual& individual, std::span<const Dose> doses, double until,
                               bool with_gradient)
    : individual_(individual), with_gradient_(with_gradient), plan_(schedule(doses, until)) {
  for (std::size_t s = 0; s < individual.segments(); ++s) {
    const Individual& one = individual.segment(s);
    TITRANT_EXPECTS(one.structure == individual.first.structure &&
                    one.concentration_scale == individual.first.concentration_scale);
    TITRANT_EXPECTS(s < 2 || individual.changes[s - 2].time <= individual.changes[s - 1].time);
    disposition(one);  // expects usable parameters
    rates_.push_back(rates_of(one));
    if (with_gradient) duals_.push_back(rates_with_derivatives(one));
  }
  Amounts nothing;
  if (with_gradient) nothing.by.assign(compartments * individual.segments() * pk_parameter_count, 0.0);
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
        for (std::size_t c = 0; c < compartments; ++c) piece.amounts.value[c] += added.value[c];
        for (std::size_t i = 0; i < added.by.size(); ++i) piece.amounts.by[i] += added.by[i];
      }
    }
    follow(epoch, e + 1 < plan_.epochs.size() ? plan_.epochs[e + 1].start : infinity);
  }
}

/// Arrivals from the start of an epoch on, in order of time; those before are in its first amounts.
std::vector<VaryingHistory::Arrival> VaryingHistory::arrivals_of(const Epoch& epoch) const {
  std::vector<Arrival> arrivals;
  const auto add = [&](double taken, double amount, std::size_t segment) {
    const double time = taken + lag(segment);
    if (time >= epoch.start) arrivals.push_back({time, amount, segment});
  };
  for (const SteadyDosing& steady : epoch.steady) {
    // All doses of a steady state have the lag of its record.
    const std::size_t segment = individual_.segment_at(steady.until);
    const int back = static_cast<int>(std::ceil(lag(segment) / steady.interval));
    for (int k = back - 1; k >= 0; --k) add(steady.until - k * steady.interval, steady.amount, segment);
  }
  for (std::size_t i = epoch.first; i < epoch.last; ++i) {
    const SingleDose& dose = plan_.doses[i];
    add(dose.time, dose.amount, individual_.segment_at(dose.time));
  }
  std::stable_sort(arrivals.begin(), arrivals.end(),
                   [](const Arrival& a, const Arrival& b) { return a.time < b.time; });
  return arrivals;
}

void VaryingHistory::follow(const Epoch& epoch, double end) {
  const std::vector<Arrival> arrivals = arrivals_of(epoch);
  auto arrival = arrivals.begin();
  auto change = std::upper_bound(individual_.changes.begin(), individual_.changes.end(), epoch.start,
                                 [](double t, const IndividualChange& one) { return t < one.time; });
  for (;;) {
    const double next_arrival = arrival == arrivals.end() ? infinity : arrival->time;
    const double next_change = change == individual_.changes.end() ? infinity : change->time;
    if (std::min(next_arrival, next_change) >= end) return;
    if (next_change <= next_arrival) {
      begin_piece(next_change, {});
      ++change;
    } else {
      begin_piece(next_arrival, arrival->segment);
      pieces_.back().amounts.value[0] += arrival->amount;
      ++arrival;
    }
  }
}

void VaryingHistory::begin_piece(double time, std::optional<std::size_t> lag) {
  const Piece& last = pieces_.back();
  Piece next{.begin = time, .segment = individual_.segment_at(time), .lag = lag, .amounts = last.amounts};
  if (last.begin > -infinity) next.amounts = after(last.amounts, last.segment, time - last.begin, last.lag, lag);
  pieces_.push_back(std::move(next));
}

Amounts VaryingHistory::after(const Amounts& amounts, std::size_t segment, double length,
                              std::optional<std::size_t> begins, std::optional<std::size_t> ends) const {
  Amounts result;
  const Transition<double> m = transition(rates_[segment], length);
  for (std::size_t c = 0; c < compartments; ++c) {
    for (std::size_t from = 0; from < compartments; ++from) result.value[c] += m[c][from] * amounts.value[from];
  }
  if (!with_gradient_) return result;
  result.by.assign(amounts.by.size(), 0.0);
  const std::size_t columns = individual_.segments() * pk_parameter_count;
  for (std::size_t c = 0; c < compartments; ++c) {
    for (std::size_t from = 0; from < compartments; ++from) {
      for (std::size_t i = 0; i < columns; ++i) {
        result.by[c * columns + i] += m[c][from] * amounts.by[from * columns + i];
      }
    }
  }
  const Transition<RateDual> d = transition(duals_[segment], length);
  const std::array<double, compartments> moving = slope(rates_[segment], result.value);
  for (std::size_t c = 0; c < compartments; ++c) {
    for (std::size_t from = 0; from < compartments; ++from) {
      for (std::size_t p = 0; p < rate_parameters; ++p) {
        result.by[column(c, segment, p)] += d[c][from].by[p] * amounts.value[from];
      }
    }
    if (begins) result.by[column(c, *begins, lag_place)] -= moving[c];
    if (ends) result.by[column(c, *ends, lag_place)] += moving[c];
  }
  return result;
}

Amounts VaryingHistory::steady_at(const SteadyDosing& steady) const {
  const std::size_t segment = individual_.segment_at(steady.until);
  Amounts start;
  const std::array<double, compartments> x = steady_amounts(rates_[segment], steady.interval);
  for (std::size_t c = 0; c < compartments; ++c) start.value[c] = steady.amount * x[c];
  if (with_gradient_) {
    start.by.assign(compartments * individual_.segments() * pk_parameter_count, 0.0);
    const std::array<RateDual, compartments> d = steady_amounts(duals_[segment], steady.interval);
    for (std::size_t c = 0; c < compartments; ++c) {
      for (std::size_t p = 0; p < rate_parameters; ++p) start.by[column(c, segment, p)] = steady.amount * d[c].by[p];
    }
  }
  const double back = std::ceil(lag(segment) / steady.interval) * steady.interval;
  return after(start, segment, back - lag(segment), segment, {});
}

const VaryingHistory::Piece& VaryingHistory::piece_at(double time, std::size_t records_before) const {
  const auto next = std::partition_point(pieces_.begin() + 1, pieces_.end(),
                                         [&](const Piece& piece) { return !is_before(time, records_before, piece); });
  return *(next - 1);
}

Amounts VaryingHistory::at(double time, const Piece& piece) const {
  if (!(piece.begin > -infinity)) return piece.amounts;
  return after(piece.amounts, piece.segment, std::max(time - piece.begin, 0.0), piece.lag, {});
}

}  // namespace titrant::pkpd
