#include "titrant/pkpd/concentration_course.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "curve_pieces.hpp"
#include "titrant/core/error.hpp"
#include "turning_points.hpp"

namespace titrant::pkpd {

ConcentrationCourse::ConcentrationCourse(const VaryingIndividual& individual, std::span<const Dose> doses, double from,
                                         double to)
    : from_(from), to_(to) {
  TITRANT_EXPECTS(std::isfinite(from) && std::isfinite(to) && from < to);
  const CurvePieces history(individual, doses, from, to);
  for (std::size_t s = 0; s < individual.segments(); ++s) bodies_.push_back(history.body(s));
  const std::vector<CurvePiece>& all = history.pieces();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const CurvePiece& piece = all[i];
    const double end = i + 1 < all.size() ? all[i + 1].begin : std::numeric_limits<double>::infinity();
    // A piece that ends where the window begins is over by then; one without length shows nothing, as where parameters
    // change when a dose enters the central compartment.
    if (!piece.curve || end <= from || piece.begin > to || end <= piece.begin) continue;
    pieces_.push_back({.begin = std::max(piece.begin, from),
                       .end = std::min(end, to),
                       .taken = piece.taken,
                       .lag = piece.lag,
                       .segment = piece.segment,
                       .curve = *piece.curve});
  }
}

ConcentrationCourse::ConcentrationCourse(const Individual& individual, std::span<const Dose> doses, double from,
                                         double to)
    : ConcentrationCourse(VaryingIndividual{individual, {}}, doses, from, to) {}

double ConcentrationCourse::at(double time) const {
  TITRANT_EXPECTS(time >= from_ && time <= to_);
  const auto after = std::upper_bound(pieces_.begin(), pieces_.end(), time,
                                      [](double t, const Piece& piece) { return t < piece.begin; });
  if (after == pieces_.begin()) return 0.0;
  const Piece& piece = *(after - 1);
  // The last piece of the window holds its end as well.
  if (time > piece.end || (time == piece.end && time < to_)) return 0.0;
  return piece.curve.at(piece.since(time));
}

std::vector<double> ConcentrationCourse::at(std::span<const double> times) const {
  std::vector<double> values;
  values.reserve(times.size());
  for (const double time : times) values.push_back(at(time));
  return values;
}

ExposureMetrics ConcentrationCourse::metrics() const {
  ExposureMetrics result;
  Extremes extremes;
  double done = from_;
  for (const Piece& piece : pieces_) {
    if (piece.begin > done) extremes.see(done, 0.0);
    done = piece.end;
    const double first = piece.since(piece.begin);
    const double last = std::max(piece.since(piece.end), first);
    result.auc += piece.curve.area(first, last);
    const auto see = [&](double since) { extremes.see(piece.taken + piece.lag + since, piece.curve.at(since)); };
    see(first);
    see(last);
    if (last > first) visit_all_turning_points(bodies_[piece.segment], piece.curve, first, last, see);
  }
  if (done < to_ || pieces_.empty()) extremes.see(done, 0.0);
  result.average = result.auc / (to_ - from_);
  result.maximum = extremes.largest;
  result.time_of_maximum = extremes.time_of_largest - from_;
  result.minimum = extremes.smallest;
  return result;
}

std::vector<Dose> unit_course(const Course& course, double until) {
  TITRANT_EXPECTS(course.interval > 0.0 && until >= 0.0 && course.loading.doses >= 0 && course.loading.factor > 0.0);
  TITRANT_EXPECTS(course.duration >= 0.0 && std::isfinite(course.duration));
  const auto last = static_cast<int>(std::floor(until / course.interval));  // number of the last dose, from 0 on
  const int loading = std::min(course.loading.doses, last + 1);
  std::vector<Dose> doses;
  const auto add = [&](int first, int end) {
    if (first == end) return;
    doses.push_back({.time = first * course.interval,
                     .amount = course.amount(first),
                     .interval = course.interval,
                     .additional = end - first - 1,
                     .rate = course.duration > 0.0 ? course.amount(first) / course.duration : 0.0,
                     .into = course.into,
                     .infusion = course.duration > 0.0 ? InfusionBy::duration : InfusionBy::rate});
  };
  add(0, loading);
  add(loading, last + 1);
  return doses;
}

}  // namespace titrant::pkpd
