#include "titrant/pkpd/biomarker_response.hpp"

#include <algorithm>
#include <boost/math/tools/minima.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "biomarker_walk.hpp"
#include "state.hpp"
#include "titrant/core/error.hpp"

namespace titrant::pkpd {

/// Panels from an arrival to the next (steady state) or from the first dose to the end of the window, with C per mg.
struct BiomarkerResponse::Table {
  struct Row {
    std::size_t curve = 0;
    Panel since;
    NodeValues per_mg{};
    double per_mg_at_end = 0.0;
    bool judged = false;  ///< whether the panel is within the window
  };
  bool steady_state = true;
  std::vector<Curve> curves;
  std::vector<Row> rows;
  std::vector<double> start_per_mg;  ///< [row] C per mg at its begin
  std::vector<std::size_t> row_of;   ///< [sample] the row that ends there; no_row: at the begin of the first
  static constexpr std::size_t no_row = std::numeric_limits<std::size_t>::max();

  void append(const Disposition& body, double from, double to, bool judged) {
    if (!(to > from)) return;
    for (const Panel& panel : panels(body, curves.back(), from, to)) {
      Row& row = rows.emplace_back(Row{curves.size() - 1, panel, {}, 0.0, judged});
      for (std::size_t j = 0; j < panel_nodes; ++j) {
        row.per_mg[j] = curves.back().at(panel.begin + panel.length * panel_rule().node[j]);
      }
      row.per_mg_at_end = curves.back().at(panel.begin + panel.length);
      start_per_mg.push_back(curves.back().at(panel.begin));
    }
  }
};

namespace {

/// The cuts of [from, to] at those of `times` that lie strictly within, ends included.
std::vector<double> cuts(double from, double to, const std::vector<double>& times) {
  std::vector<double> all = {from};
  for (const double time : times) {
    if (time > all.back() && time < to) all.push_back(time);
  }
  all.push_back(to);
  return all;
}

}  // namespace

BiomarkerResponse::BiomarkerResponse(const Individual& individual, double interval, const ResponseWindow& window,
                                     std::span<const double> sampling) {
  TITRANT_EXPECTS(interval > 0.0 && std::is_sorted(sampling.begin(), sampling.end()));
  auto table = std::make_unique<Table>();
  table->steady_state = window.steady_state;
  const Disposition body = disposition(individual);
  std::vector<double> sampled;  // h since the begin of the first row
  if (window.steady_state) {
    const Exposure exposure(individual, {1.0, interval});
    table->curves.push_back(exposure.curve());
    for (const double time : sampling) {
      TITRANT_EXPECTS(time >= 0.0 && time <= interval);
      sampled.push_back(std::min(exposure.since_arrival(time), interval));
    }
    std::vector<double> ordered = sampled;
    std::sort(ordered.begin(), ordered.end());
    const std::vector<double> at = cuts(0.0, interval, ordered);
    for (std::size_t i = 0; i + 1 < at.size(); ++i) table->append(body, at[i], at[i + 1], true);
    for (const double time : sampled) {
      std::size_t row = Table::no_row;
      for (std::size_t i = 0; i < table->rows.size(); ++i) {
        if (table->rows[i].since.begin < time) row = i;
      }
      table->row_of.push_back(row);
    }
  } else {
    TITRANT_EXPECTS(window.from >= 0.0 && window.to >= window.from);
    sampled.assign(sampling.begin(), sampling.end());
    std::vector<double> ordered = sampled;
    ordered.push_back(window.from);
    std::sort(ordered.begin(), ordered.end());
    const auto count = static_cast<int>(std::floor(window.to / interval)) + 1;
    State state;
    std::vector<double> begins;  // of the rows, h since the first dose
    const Step step(body, interval, false);
    for (int k = 0; k < count; ++k) {
      if (k > 0) state = step(state);
      state.depot += 1.0;
      const double arrival = k * interval + individual.lag;
      const double next = k + 1 < count ? std::min(arrival + interval, window.to) : window.to;
      if (arrival >= window.to) break;
      table->curves.emplace_back(body, state.depot, std::array{state.mode[0].amount, state.mode[1].amount});
      const std::vector<double> at = cuts(arrival, next, ordered);
      for (std::size_t i = 0; i + 1 < at.size(); ++i) {
        const std::size_t before = table->rows.size();
        table->append(body, at[i] - arrival, at[i + 1] - arrival, at[i] >= window.from);
        for (std::size_t r = before; r < table->rows.size(); ++r) {
          begins.push_back(arrival + table->rows[r].since.begin);
        }
      }
    }
    for (const double time : sampled) {
      TITRANT_EXPECTS(time <= window.to);
      std::size_t row = Table::no_row;
      for (std::size_t i = 0; i < begins.size(); ++i) {
        if (begins[i] < time) row = i;
      }
      table->row_of.push_back(row);
    }
  }
  table_ = std::move(table);
}

BiomarkerResponse::~BiomarkerResponse() = default;
BiomarkerResponse::BiomarkerResponse(BiomarkerResponse&& other) noexcept = default;
BiomarkerResponse& BiomarkerResponse::operator=(BiomarkerResponse&& other) noexcept = default;

namespace {

/// One stretch of the solution, short enough for the rule.
struct Leg {
  const Curve* curve;
  double begin;   ///< h since the arrival
  double length;  ///< h
  bool judged;
  bool closes_row;
  AffineStep step;
  double concentration_at_end;  ///< ng/mL
};

/// y along the rows of a table for one biomarker at one dose.
class Solution {
 public:
  template <class Rows>
  Solution(const Biomarker& biomarker, double dose, const Rows& table)
      : biomarker_(biomarker),
        dose_(dose),
        rate_(equation_rate(biomarker)),
        of_loss_(changes_loss(biomarker.structure)) {
    legs_.reserve(table.rows.size());
    double fade = 1.0;
    double y = table.steady_state ? 0.0 : equation_rest(biomarker.structure);
    for (const auto& row : table.rows) {
      const Curve& curve = table.curves[row.curve];
      const std::size_t parts = panel_parts(biomarker, row.since.length);
      const double length = row.since.length / static_cast<double>(parts);
      for (std::size_t part = 0; part < parts; ++part) {
        const double begin = row.since.begin + static_cast<double>(part) * length;
        const bool last = part + 1 == parts;
        NodeValues factor;
        for (std::size_t j = 0; j < panel_nodes; ++j) {
          const double per_mg = parts == 1 ? row.per_mg[j] : curve.at(begin + length * panel_rule().node[j]);
          factor[j] = node_factor(biomarker, dose * per_mg);
        }
        const AffineStep step = affine_step(rate_, length, of_loss_, factor);
        const double end = last ? row.per_mg_at_end : curve.at(begin + length);
        legs_.push_back({&curve, begin, length, row.judged, last, step, dose * end});
        y = step.fade * y + step.gain;
        fade *= step.fade;
      }
    }
    start_ = table.steady_state ? y / (1.0 - fade) : equation_rest(biomarker.structure);
    start_concentration_ = table.start_per_mg.empty() ? 0.0 : dose * table.start_per_mg.front();
  }

  double start() const { return start_; }

  /// y at the end of every row.
  template <class Visit>
  void rows(const Visit& visit) const {
    double y = start_;
    for (const Leg& leg : legs_) {
      y = leg.step.fade * y + leg.step.gain;
      if (leg.closes_row) visit(y);
    }
  }

  /// The largest sign x y over the judged legs.
  double extreme(double sign) const {
    double y = start_;
    double slope = slope_at(start_concentration_, y);
    double best = -std::numeric_limits<double>::infinity();
    for (const Leg& leg : legs_) {
      const double end = leg.step.fade * y + leg.step.gain;
      const double end_slope = slope_at(leg.concentration_at_end, end);
      if (leg.judged) {
        best = std::max({best, sign * y, sign * end});
        if (sign * slope > 0.0 && sign * end_slope < 0.0) {
          best = std::max(best, sign * turning_point(leg, y, end, slope, end_slope));
        }
      }
      y = end;
      slope = end_slope;
    }
    return legs_.empty() ? sign * start_ : best;
  }

 private:
  double slope_at(double concentration, double y) const {
    const double factor = node_factor(biomarker_, concentration);
    return of_loss_ ? rate_ * (1.0 - factor * y) : rate_ * (factor - y);
  }

  /// y some time after the begin of a leg.
  double within(const Leg& leg, double y, double since) const {
    NodeValues factor;
    for (std::size_t j = 0; j < panel_nodes; ++j) {
      factor[j] = node_factor(biomarker_, dose_ * leg.curve->at(leg.begin + since * panel_rule().node[j]));
    }
    const AffineStep step = affine_step(rate_, since, of_loss_, factor);
    return step.fade * y + step.gain;
  }

  /// y where its slope passes through 0 within a leg. The first guess is that of the cubic through both ends; then the
  /// secant between the ends of the bracket (Illinois). y is flat there, so that half of the last correction leaves an
  /// error of third order.
  double turning_point(const Leg& leg, double y, double end, double slope, double end_slope) const {
    constexpr int most = 20;
    constexpr double close = 1e-10;
    double left = 0.0;
    double right = leg.length;
    double left_slope = slope;
    double right_slope = end_slope;
    double since = cubic_extremum(leg.length, y, end, slope, end_slope);
    double found = y;
    for (int i = 0; i < most; ++i) {
      found = within(leg, y, since);
      const double here = slope_at(dose_ * leg.curve->at(leg.begin + since), found);
      const double curvature = (end_slope - slope) / leg.length;
      const double correction = -0.5 * here * here / curvature;
      if (std::abs(correction) <= close * std::abs(found)) return found + correction;
      if ((here > 0.0) == (left_slope > 0.0)) {
        left = since;
        left_slope = here;
        right_slope *= 0.5;
      } else {
        right = since;
        right_slope = here;
        left_slope *= 0.5;
      }
      since = left + (right - left) * left_slope / (left_slope - right_slope);
    }
    return found;
  }

  /// Where the cubic with these values and slopes at 0 and `length` turns; the slopes differ in sign.
  static double cubic_extremum(double length, double y, double end, double slope, double end_slope) {
    // p'(x) = slope + 2 b x + 3 c x^2 with x in units of the length.
    const double s0 = slope * length;
    const double s1 = end_slope * length;
    const double rise = end - y;
    const double b = 3.0 * rise - 2.0 * s0 - s1;
    const double c = s0 + s1 - 2.0 * rise;
    const double root = std::sqrt(std::max(b * b - 3.0 * c * s0, 0.0));
    // The root within (0, 1), written without cancellation: the sign of the root is that of the slope at 0.
    const double x = s0 > 0.0 ? s0 / (root - b) : -s0 / (b + root);
    return x > 0.0 && x < 1.0 ? x * length : length * s0 / (s0 - s1);
  }

  const Biomarker& biomarker_;
  double dose_;
  double rate_;
  bool of_loss_;
  double start_ = 0.0;
  double start_concentration_ = 0.0;
  std::vector<Leg> legs_;
};

}  // namespace

double BiomarkerResponse::maximum(const Biomarker& biomarker, double dose) const {
  require_usable(biomarker);
  TITRANT_EXPECTS(dose >= 0.0);
  if (table_->rows.empty() || dose == 0.0) return biomarker.baseline;
  // R rises with y in turnover models; with a concentration it falls where the drug inhibits.
  const bool turnover = family(biomarker.structure) == BiomarkerFamily::turnover;
  const double sign = turnover || !inhibits(biomarker.structure) ? 1.0 : -1.0;
  if (family(biomarker.structure) != BiomarkerFamily::direct) {
    return equation_response(biomarker, sign * Solution(biomarker, dose, *table_).extreme(sign));
  }
  double extreme = -std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < table_->rows.size(); ++i) {
    const Table::Row& row = table_->rows[i];
    if (!row.judged) continue;
    const double ends = std::max(sign * table_->start_per_mg[i], sign * row.per_mg_at_end);
    extreme = std::max(extreme, ends);
    const double highest = *std::max_element(row.per_mg.begin(), row.per_mg.end());
    if (sign > 0.0 && highest > ends) {  // C rises to one peak between arrivals and has no other turning point
      constexpr int bits = 26;
      const Curve& curve = table_->curves[row.curve];
      const auto [time, value] = boost::math::tools::brent_find_minima(
          [&](double since) { return -curve.at(since); }, row.since.begin, row.since.begin + row.since.length, bits);
      extreme = std::max(extreme, -value);
    }
  }
  return direct_response(biomarker, dose * sign * extreme);
}

void BiomarkerResponse::at_samples(const Biomarker& biomarker, double dose, std::span<double> values) const {
  require_usable(biomarker);
  TITRANT_EXPECTS(dose >= 0.0 && values.size() == table_->row_of.size());
  std::fill(values.begin(), values.end(), biomarker.baseline);
  if (table_->rows.empty() || dose == 0.0) return;
  if (family(biomarker.structure) == BiomarkerFamily::direct) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::size_t row = table_->row_of[i];
      const double per_mg = row == Table::no_row ? table_->start_per_mg.front() : table_->rows[row].per_mg_at_end;
      values[i] = direct_response(biomarker, dose * per_mg);
    }
    return;
  }
  const Solution solution(biomarker, dose, *table_);
  std::vector<double> at_end;
  at_end.reserve(table_->rows.size());
  solution.rows([&](double y) { at_end.push_back(y); });
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::size_t row = table_->row_of[i];
    values[i] = equation_response(biomarker, row == Table::no_row ? solution.start() : at_end[row]);
  }
}

}  // namespace titrant::pkpd
