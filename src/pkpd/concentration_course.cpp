#include "titrant/pkpd/concentration_course.hpp"

#include <algorithm>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <limits>

#include "curve_pieces.hpp"
#include "panels.hpp"
#include "titrant/core/error.hpp"

namespace titrant::pkpd {

namespace {

/// The largest and the smallest value that were seen, and where the largest was.
struct Extremes {
  double largest = -std::numeric_limits<double>::infinity();
  double time_of_largest = 0.0;
  double smallest = std::numeric_limits<double>::infinity();

  void see(double time, double value) {
    if (value > largest) {
      largest = value;
      time_of_largest = time;
    }
    smallest = std::min(smallest, value);
  }
};

/// Where the slope of a curve changes its sign between two times.
double turning_point(const Curve& curve, double left, double right, double slope_left, double slope_right) {
  constexpr int bits = 48;
  std::uintmax_t iterations = 200;
  const auto [below, above] =
      boost::math::tools::toms748_solve([&](double since) { return curve.point(since).slope; }, left, right, slope_left,
                                        slope_right, boost::math::tools::eps_tolerance<double>(bits), iterations);
  return 0.5 * (below + above);
}

/// Calls `visit` with every time in (from, to) at which a curve turns. A sum of three exponentials has at most two such
/// times. Where the slope changes its sign over the whole stretch there is one; else it is followed in short steps,
/// between which two turning points can only hide where they hardly differ in value.
template <class Visit>
void visit_turning_points(const Disposition& body, const Curve& curve, double from, double to, const Visit& visit) {
  constexpr int steps_of_panel = 4;
  const auto differ = [](double a, double b) { return (a > 0.0 && b < 0.0) || (a < 0.0 && b > 0.0); };
  const double first = curve.point(from).slope;
  const double last = curve.point(to).slope;
  if (differ(first, last)) {
    visit(turning_point(curve, from, to, first, last));
    return;
  }
  double left = from;
  double slope_left = first;
  for (const Panel& panel : panels(body, curve, from, to)) {
    for (int step = 1; step <= steps_of_panel; ++step) {
      const double right = std::min(panel.begin + panel.length * step / steps_of_panel, to);
      if (!(right > left)) continue;
      const double slope_right = curve.point(right).slope;
      if (differ(slope_left, slope_right)) visit(turning_point(curve, left, right, slope_left, slope_right));
      left = right;
      slope_left = slope_right;
    }
  }
}

}  // namespace

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
    // A piece that ends where the window begins is over by then.
    if (!piece.curve || end <= from || piece.begin > to) continue;
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
    if (last > first) visit_turning_points(bodies_[piece.segment], piece.curve, first, last, see);
  }
  if (done < to_ || pieces_.empty()) extremes.see(done, 0.0);
  result.average = result.auc / (to_ - from_);
  result.maximum = extremes.largest;
  result.time_of_maximum = extremes.time_of_largest - from_;
  result.minimum = extremes.smallest;
  return result;
}

std::vector<Dose> unit_course(double interval, double until) {
  TITRANT_EXPECTS(interval > 0.0 && until >= 0.0);
  return {{.amount = 1.0, .interval = interval, .additional = static_cast<int>(std::floor(until / interval))}};
}

}  // namespace titrant::pkpd
