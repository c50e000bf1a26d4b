#include "titrant/pkpd/exposure.hpp"

#include <cmath>

#include "state.hpp"
#include "titrant/core/error.hpp"

namespace titrant::pkpd {

namespace {

Curve steady_curve(const Individual& individual, const Regimen& regimen) {
  TITRANT_EXPECTS(regimen.dose >= 0.0 && std::isfinite(regimen.dose));
  TITRANT_EXPECTS(regimen.interval > 0.0 && std::isfinite(regimen.interval));
  const Disposition body = disposition(individual);
  const State state = Step(body, regimen.interval, false).steady(regimen.dose);
  return {body, state.depot, {state.mode[0].amount, state.mode[1].amount}};
}

}  // namespace

Exposure::Exposure(const Individual& individual, const Regimen& regimen)
    : regimen_(regimen),
      clearance_(individual.clearance),
      scale_(individual.concentration_scale),
      arrival_(std::fmod(individual.lag, regimen.interval)),
      curve_(steady_curve(individual, regimen)) {}

double Exposure::at(double time) const {
  TITRANT_EXPECTS(time >= 0.0 && time <= regimen_.interval);
  return curve_.at(since_arrival(time));
}

void Exposure::at(std::span<const double> times, std::span<double> values) const {
  TITRANT_EXPECTS(times.size() == values.size());
  for (std::size_t i = 0; i < times.size(); ++i) values[i] = at(times[i]);
}

std::vector<double> Exposure::at(std::span<const double> times) const {
  std::vector<double> values(times.size());
  at(times, values);
  return values;
}

double Exposure::auc(double from, double to) const {
  TITRANT_EXPECTS(0.0 <= from && from <= to && to <= regimen_.interval);
  const double first = since_arrival(from);
  const double last = since_arrival(to);
  if (from >= arrival_ || to < arrival_) return curve_.area(first, last);
  return curve_.area(first, regimen_.interval) + curve_.area(0.0, last);
}

ExposureMetrics Exposure::metrics() const {
  const double peak = curve_.time_of_maximum(regimen_.interval);
  ExposureMetrics result;
  result.auc = scale_ * regimen_.dose / clearance_;  // at steady state what comes in goes out
  result.average = result.auc / regimen_.interval;
  result.maximum = curve_.at(peak);
  result.time_of_maximum = std::fmod(arrival_ + peak, regimen_.interval);
  result.minimum = curve_.at(0.0);
  return result;
}

Exposure exposure(const Individual& individual, const Regimen& regimen) { return {individual, regimen}; }

std::vector<double> midpoint_grid(double interval, std::size_t points) {
  TITRANT_EXPECTS(interval > 0.0 && points > 0);
  std::vector<double> times(points);
  for (std::size_t i = 0; i < points; ++i) {
    times[i] = (static_cast<double>(i) + 0.5) * interval / static_cast<double>(points);
  }
  return times;
}

}  // namespace titrant::pkpd
