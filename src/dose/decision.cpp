#include "titrant/dose/decision.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "titrant/core/error.hpp"

namespace titrant::dose {

namespace {

constexpr double rounding = 1e-12;  // sums of the same probabilities in another dose order differ by less

}  // namespace

std::optional<std::size_t> first_reaching(const std::vector<double>& rates, double target) {
  for (std::size_t d = 0; d < rates.size(); ++d) {
    if (rates[d] >= target) return d;
  }
  return std::nullopt;
}

bool never_falls(const std::vector<double>& rates) {
  double highest = -std::numeric_limits<double>::infinity();
  for (const double rate : rates) {
    if (std::isnan(rate)) continue;
    if (rate < highest - rounding) return false;
    highest = std::max(highest, rate);
  }
  return true;
}

Decision decide(const Panel& panel, const std::string& classifier, const PassRates& rates, double target, Rule rule) {
  const std::vector<double>& by_dose = rates.by(rule);
  TITRANT_EXPECTS(by_dose.size() == panel.doses.size() && !by_dose.empty());
  constexpr double not_available = std::numeric_limits<double>::quiet_NaN();
  Decision decision;
  decision.scenario = panel.scenario;
  decision.regimen = panel.regimen.name;
  decision.target = target;
  decision.classifier = classifier;
  decision.rule = rule;
  decision.lower = not_available;
  decision.upper = not_available;
  decision.monotone = never_falls(by_dose);
  const std::optional<std::size_t> first = first_reaching(by_dose, target);
  const std::size_t place = first.value_or(by_dose.size() - 1);
  if (first) decision.minimal_dose = panel.doses[place];
  decision.pass_rate = by_dose[place];
  decision.pass_rate_below = place > 0 ? by_dose[place - 1] : not_available;
  return decision;
}

Interval interval(std::vector<double> values) {
  TITRANT_EXPECTS(!values.empty());
  std::sort(values.begin(), values.end());
  const auto quantile = [&](double level) {
    const double rank = std::ceil(level * static_cast<double>(values.size()));
    return values[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
  };
  return {quantile(0.05), quantile(0.95)};
}

Interval interval(const std::vector<std::optional<double>>& doses) {
  std::vector<double> values;
  values.reserve(doses.size());
  for (const auto& dose : doses) values.push_back(dose.value_or(std::numeric_limits<double>::infinity()));
  return interval(std::move(values));
}

}  // namespace titrant::dose
