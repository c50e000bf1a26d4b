#include "schedule.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "titrant/core/error.hpp"

namespace titrant::pkpd {

namespace {

constexpr auto by_time = [](const auto& a, const auto& b) { return a.time < b.time; };

void require_usable(const Dose& dose) {
  TITRANT_EXPECTS(std::isfinite(dose.time));
  TITRANT_EXPECTS(dose.amount >= 0.0 && std::isfinite(dose.amount));
  TITRANT_EXPECTS(dose.additional >= 0);
  const bool repeated = dose.additional > 0 || dose.steady_state;
  TITRANT_EXPECTS(!repeated || (dose.interval > 0.0 && std::isfinite(dose.interval)));
}

/// Ends the last epoch at a time: doses from then on are cancelled.
void close_epoch(Schedule& schedule, double end) {
  Epoch& epoch = schedule.epochs.back();
  const auto first = schedule.doses.begin() + static_cast<std::ptrdiff_t>(epoch.first);
  const auto cancelled =
      std::remove_if(first, schedule.doses.end(), [end](const auto& one) { return one.time >= end; });
  schedule.doses.erase(cancelled, schedule.doses.end());
  if (!std::is_sorted(first, schedule.doses.end(), by_time)) std::stable_sort(first, schedule.doses.end(), by_time);
  epoch.last = schedule.doses.size();
}

void take(Schedule& schedule, const Dose& dose, double until) {
  // The dose of a steady-state record is part of the steady state.
  if (!dose.steady_state && dose.amount > 0.0) schedule.doses.push_back({.time = dose.time, .amount = dose.amount});
  for (int i = 1; i <= dose.additional; ++i) {
    const double time = dose.time + i * dose.interval;
    if (time > until) return;
    schedule.doses.push_back({.time = time, .amount = dose.amount});
  }
}

}  // namespace

Schedule schedule(std::span<const Dose> records, double until) {
  std::vector<Dose> sorted;
  if (!std::is_sorted(records.begin(), records.end(), by_time)) {
    sorted.assign(records.begin(), records.end());
    std::stable_sort(sorted.begin(), sorted.end(), by_time);
    records = sorted;
  }
  Schedule result;
  result.doses.reserve(records.size());
  result.epochs.push_back({.start = -std::numeric_limits<double>::infinity()});
  for (const Dose& dose : records) {
    require_usable(dose);
    if (dose.time > until) break;
    if (dose.steady_state || dose.reset) {
      close_epoch(result, dose.time);
      result.epochs.push_back({.start = dose.time,
                               .steady_amount = dose.steady_state ? dose.amount : 0.0,
                               .steady_interval = dose.steady_state ? dose.interval : 0.0,
                               .first = result.doses.size()});
    }
    take(result, dose, until);
  }
  close_epoch(result, std::numeric_limits<double>::infinity());
  return result;
}

}  // namespace titrant::pkpd
