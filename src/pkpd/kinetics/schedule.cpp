#include "schedule.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "titrant/core/error.hpp"

namespace titrant::pkpd {

namespace {

constexpr auto by_time = [](const auto& a, const auto& b) { return a.time < b.time; };

void require_usable(const Dose& dose) {
  TITRANT_EXPECTS(std::isfinite(dose.time));
  TITRANT_EXPECTS(dose.amount >= 0.0 && std::isfinite(dose.amount));
  TITRANT_EXPECTS(dose.additional >= 0);
  TITRANT_EXPECTS(dose.rate >= 0.0 && std::isfinite(dose.rate));
  if (dose.constant_infusion()) {
    TITRANT_EXPECTS(dose.additional == 0);
    return;
  }
  TITRANT_EXPECTS(dose.rate == 0.0 || dose.amount > 0.0);
  TITRANT_EXPECTS(dose.infusion != InfusionBy::duration || dose.rate > 0.0);
  TITRANT_EXPECTS(!dose.modelled() || (dose.rate == 0.0 && dose.amount > 0.0));
  const bool repeated = dose.additional > 0 || dose.steady_state;
  TITRANT_EXPECTS(!dose.superposed || dose.steady_state);
  TITRANT_EXPECTS(!repeated || (dose.interval > 0.0 && std::isfinite(dose.interval)));
}

/// Ends the last epoch at a time: doses from then on are cancelled, but for those of records that stand before.
/// \param records  how many stand before the one that ends it
void close_epoch(Schedule& schedule, double end, std::size_t records) {
  Epoch& epoch = schedule.epochs.back();
  const auto first = schedule.doses.begin() + static_cast<std::ptrdiff_t>(epoch.first);
  const auto cancelled = std::remove_if(first, schedule.doses.end(), [&](const SingleDose& one) {
    return one.time > end || (one.time == end && (one.records == 0 || one.records > records));
  });
  schedule.doses.erase(cancelled, schedule.doses.end());
  if (!std::is_sorted(first, schedule.doses.end(), by_time)) std::stable_sort(first, schedule.doses.end(), by_time);
  epoch.last = schedule.doses.size();
}

void open_epoch(Schedule& schedule, const Dose& dose, std::size_t place) {
  Epoch next{.start = dose.time, .record = place, .superposed = dose.superposed && !dose.reset};
  std::vector<SingleDose> kept;
  if (next.superposed) {
    const Epoch& before = schedule.epochs.back();
    next.steady = before.steady;
    kept.assign(schedule.doses.begin() + static_cast<std::ptrdiff_t>(before.first), schedule.doses.end());
  }
  if (dose.steady_state)
    next.steady.push_back({dose.time, dose.amount, dose.interval, dose.rate, dose.into, dose.infusion});
  close_epoch(schedule, dose.time, place);
  next.first = schedule.doses.size();
  schedule.doses.insert(schedule.doses.end(), kept.begin(), kept.end());
  schedule.epochs.push_back(std::move(next));
}

void take(Schedule& schedule, const Dose& dose, std::size_t place, double until) {
  // The dose of a steady-state record is part of the steady state.
  SingleDose one{.time = dose.time,
                 .amount = dose.amount,
                 .rate = dose.rate,
                 .into = dose.into,
                 .records = place + 1,
                 .infusion = dose.infusion};
  if (!dose.steady_state && dose.amount > 0.0) schedule.doses.push_back(one);
  one.records = 0;
  for (int i = 1; i <= dose.additional; ++i) {
    one.time = dose.time + i * dose.interval;
    if (one.time > until) return;
    schedule.doses.push_back(one);
  }
}

}  // namespace

double latest(std::span<const double> times) {
  TITRANT_EXPECTS(std::all_of(times.begin(), times.end(), [](double t) { return std::isfinite(t); }));
  return times.empty() ? -std::numeric_limits<double>::infinity() : *std::max_element(times.begin(), times.end());
}

Schedule schedule(std::span<const Dose> records, double until) {
  std::vector<std::size_t> order(records.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (!std::is_sorted(records.begin(), records.end(), by_time)) {
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return records[a].time < records[b].time; });
  }
  Schedule result;
  result.doses.reserve(records.size());
  result.epochs.push_back({.start = -std::numeric_limits<double>::infinity()});
  for (const std::size_t place : order) {
    const Dose& dose = records[place];
    require_usable(dose);
    if (dose.time > until) break;
    if (dose.steady_state || dose.reset) open_epoch(result, dose, place);
    take(result, dose, place, until);
  }
  close_epoch(result, std::numeric_limits<double>::infinity(), records.size());
  return result;
}

}  // namespace titrant::pkpd
