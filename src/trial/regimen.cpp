#include "titrant/trial/regimen.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "titrant/core/statistics.hpp"

namespace titrant::trial {

namespace {

constexpr double usual_interval = 24.0;  // h, where a subject has fewer than two doses
constexpr double tolerance = 0.25;       // of the median interval

/// What was given at one time.
struct Administration {
  double time = 0.0;
  double amount = 0.0;
};

struct Given {
  std::vector<Administration> doses;  ///< in order of time
  std::vector<double> intervals;      ///< h
};

Given given_before(const Subject& subject, double before) {
  std::map<double, double> amounts;
  Given given;
  for (const pkpd::Dose& dose : subject.doses) {
    if (dose.constant_infusion() && dose.time < before) {
      const pkpd::Regimen whole = pkpd::endless_infusion(dose.rate, dose.into);
      amounts[dose.time] += whole.dose;
      given.intervals.push_back(whole.interval);
    }
    if (!(dose.amount > 0.0)) continue;
    for (int i = 0; i <= dose.additional; ++i) {
      const double time = dose.time + i * dose.interval;
      if (time >= before) break;
      amounts[time] += dose.amount;
    }
    if (dose.steady_state && dose.time < before) given.intervals.push_back(dose.interval);
  }
  for (const auto& [time, amount] : amounts) {
    if (!given.doses.empty()) given.intervals.push_back(time - given.doses.back().time);
    given.doses.push_back({time, amount});
  }
  return given;
}

double commonest(const std::vector<Administration>& doses) {
  std::map<double, std::size_t> counts;
  std::size_t most = 0;
  for (const Administration& one : doses) most = std::max(most, ++counts[one.amount]);
  const auto last =
      std::find_if(doses.rbegin(), doses.rend(), [&](const Administration& one) { return counts[one.amount] == most; });
  return last->amount;
}

}  // namespace

NominalRegimen nominal_regimen(const Subject& subject, double before) {
  Given given = given_before(subject, before);
  if (given.doses.empty()) given = given_before(subject, HUGE_VAL);
  NominalRegimen result{.regimen = {0.0, usual_interval}};
  if (given.doses.empty()) return result;
  result.regimen.dose = commonest(given.doses);
  result.repeated = !given.intervals.empty();
  if (result.repeated) result.regimen.interval = core::lower_median(given.intervals);
  const double dose = result.regimen.dose;
  const double interval = result.regimen.interval;
  const auto last = std::find_if(subject.doses.rbegin(), subject.doses.rend(), [&](const pkpd::Dose& one) {
    return one.gives_drug() && (one.time < before || given.doses.front().time >= before);
  });
  result.regimen.into = last->into;
  result.regimen.duration = last->constant_infusion() ? result.regimen.interval : last->duration();
  result.followed =
      std::all_of(given.doses.begin(), given.doses.end(), [&](const auto& one) { return one.amount == dose; }) &&
      std::all_of(given.intervals.begin(), given.intervals.end(),
                  [&](double one) { return std::abs(one - interval) <= tolerance * interval; });
  return result;
}

double start_of_treatment(const Trial& trial) {
  std::map<double, std::size_t> counts;
  for (const Subject& subject : trial.subjects) {
    double first = HUGE_VAL;
    for (const pkpd::Dose& dose : subject.doses) {
      if (dose.gives_drug()) first = std::min(first, dose.time);
    }
    if (std::isfinite(first)) ++counts[first];
  }
  const auto commonest =
      std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return commonest == counts.end() ? 0.0 : commonest->first;
}

std::string assign_nominal_doses(Trial& trial, double before) {
  constexpr std::size_t most_named = 10;
  std::vector<std::string> named;
  std::size_t count = 0;
  for (Subject& subject : trial.subjects) {
    const NominalRegimen nominal = nominal_regimen(subject, before);
    subject.dose = nominal.regimen.dose;
    if (nominal.followed) continue;
    ++count;
    if (named.size() < most_named) {
      named.push_back(
          fmt::format("{} ({:g} every {:g} h)", subject.id, nominal.regimen.dose, nominal.regimen.interval));
    }
  }
  if (count == 0) return "";
  return fmt::format(
      "{} did not follow one regimen{} (another dose, or an interval more than a quarter off); tables "
      "count "
      "them with their commonest dose and median interval, exposure is that of their own records: {}{}",
      count == 1 ? "1 subject" : fmt::format("{} subjects", count),
      std::isfinite(before) ? fmt::format(" before {:g} h", before) : "", fmt::join(named, ", "),
      count > named.size() ? fmt::format(" and {} more", count - named.size()) : "");
}

}  // namespace titrant::trial
