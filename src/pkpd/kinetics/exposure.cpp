#include "titrant/pkpd/exposure.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "curve_pieces.hpp"
#include "dose_input.hpp"
#include "saturable_steady.hpp"
#include "titrant/core/constants.hpp"
#include "titrant/core/error.hpp"
#include "turning_points.hpp"

namespace titrant::pkpd {

namespace {

double lag_of(const Disposition& body, DoseInto into) { return into == DoseInto::depot ? body.lag : body.central_lag; }

std::vector<Exposure::Piece> steady_pieces(const Individual& individual, const Disposition& body,
                                           const Regimen& regimen) {
  TITRANT_EXPECTS(regimen.dose >= 0.0 && std::isfinite(regimen.dose));
  TITRANT_EXPECTS(regimen.interval > 0.0 && std::isfinite(regimen.interval));
  TITRANT_EXPECTS(regimen.duration >= 0.0 && std::isfinite(regimen.duration));
  std::vector<Exposure::Piece> pieces;
  if (individual.saturable()) {
    if (regimen.dose == 0.0) return pieces;
    for (auto& [begin, end, curve] : saturable_parts(individual, steady_dosing(regimen))) {
      pieces.push_back({begin, end, std::move(curve)});
    }
    return pieces;
  }
  for (const auto& [begin, end, state] : steady_states(individual, body, steady_dosing(regimen))) {
    pieces.push_back({begin, end, curve_from(body, state)});
  }
  return pieces;
}

}  // namespace

Exposure::Exposure(const Individual& individual, const Regimen& regimen)
    : regimen_(regimen),
      body_(disposition(individual)),
      one_peak_(body_.stages == 0 && !is_infused(individual, steady_dosing(regimen)) && !individual.saturable()),
      entering_((regimen.into == DoseInto::depot ? individual.bioavailability : individual.central_bioavailability) *
                regimen.dose),
      clearance_(individual.saturable() ? 0.0 : individual.clearance),
      scale_(individual.concentration_scale),
      arrival_(std::fmod(lag_of(body_, regimen.into), regimen.interval)),
      pieces_(steady_pieces(individual, body_, regimen)) {}

double Exposure::at_since(double since) const {
  if (pieces_.empty()) return 0.0;
  const auto after = std::upper_bound(pieces_.begin() + 1, pieces_.end(), since,
                                      [](double t, const Piece& one) { return t < one.begin; });
  const Piece& piece = *(after - 1);
  return piece.curve.at(since - piece.begin);
}

double Exposure::area(double from, double to) const {
  double sum = 0.0;
  for (const Piece& piece : pieces_) {
    const double first = std::max(from, piece.begin);
    const double last = std::min(to, piece.end);
    if (last > first) sum += piece.curve.area(first - piece.begin, last - piece.begin);
  }
  return sum;
}

double Exposure::at(double time) const {
  TITRANT_EXPECTS(time >= 0.0 && time <= regimen_.interval);
  return at_since(since_arrival(time));
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
  if (from >= arrival_ || to < arrival_) return area(first, last);
  return area(first, regimen_.interval) + area(0.0, last);
}

ExposureMetrics Exposure::metrics() const {
  ExposureMetrics result;
  if (pieces_.empty()) return result;
  // At steady state what comes in goes out; of saturable elimination that says nothing of C.
  result.auc = clearance_ > 0.0 ? scale_ * entering_ / clearance_ : area(0.0, regimen_.interval);
  result.average = result.auc / regimen_.interval;
  double peak = 0.0;
  if (one_peak_) {
    const Curve& curve = pieces_.front().curve;
    peak = curve.time_of_maximum(regimen_.interval);
    result.maximum = curve.at(peak);
    // The same at both ends, except that a dose into the central compartment is there at once.
    result.minimum = curve.at(regimen_.into == DoseInto::depot ? 0.0 : regimen_.interval);
  } else {
    Extremes extremes;
    for (const Piece& piece : pieces_) {
      const auto see = [&](double since) { extremes.see(piece.begin + since, piece.curve.at(since)); };
      see(0.0);
      see(piece.end - piece.begin);
      visit_all_turning_points(body_, piece.curve, 0.0, piece.end - piece.begin, see);
    }
    peak = extremes.time_of_largest;
    result.maximum = extremes.largest;
    result.minimum = extremes.smallest;
  }
  result.time_of_maximum = std::fmod(arrival_ + peak, regimen_.interval);
  return result;
}

Exposure exposure(const Individual& individual, const Regimen& regimen) { return {individual, regimen}; }

double steady_state_below(const Individual& individual, const Course& course) {
  if (individual.elimination != Elimination::michaelis_menten) return core::infinity;
  const double share = course.into == DoseInto::depot ? individual.bioavailability : individual.central_bioavailability;
  return individual.maximum_elimination_rate * course.interval / share;
}

std::vector<double> midpoint_grid(double interval, std::size_t points) {
  TITRANT_EXPECTS(interval > 0.0 && points > 0);
  std::vector<double> times(points);
  for (std::size_t i = 0; i < points; ++i) {
    times[i] = (static_cast<double>(i) + 0.5) * interval / static_cast<double>(points);
  }
  return times;
}

}  // namespace titrant::pkpd
