#include "response_table.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "kinetics/curve_pieces.hpp"
#include "kinetics/dose_input.hpp"
#include "kinetics/state.hpp"
#include "titrant/core/error.hpp"
#include "titrant/pkpd/concentration_course.hpp"
#include "titrant/pkpd/exposure.hpp"
#include "titrant/pkpd/occasion_course.hpp"

namespace titrant::pkpd {

namespace {

/// The panels of a dosing interval that is neither judged nor sampled, with C for one mg in the depot or in a mode
/// alone: C is linear in these amounts, so that all such intervals share the exponentials.
class SharedInterval {
 public:
  SharedInterval(const Disposition& body, const Curve& first, double interval)
      : mode_count_(body.mode_count), panels_(panels(body, first, 0.0, interval)) {
    std::vector<Curve> units = {Curve(body, 1.0, {})};
    for (std::size_t i = 0; i < mode_count_; ++i) {
      std::array<double, most_modes> mode{};
      mode[i] = 1.0;
      units.emplace_back(body, 0.0, mode);
    }
    for (const Panel& panel : panels_) {
      for (std::size_t j = 0; j <= panel_nodes; ++j) {
        const double since = panel.begin + panel.length * (j < panel_nodes ? panel_rule().node.at(j) : 1.0);
        for (const Curve& unit : units) units_.push_back(unit.at(since));
      }
    }
  }

  /// Appends the interval that begins with this state; `curve` is its own and the last of the table.
  void append(const State& state, double arrival, ResponseTable& table) {
    if (first_length_ == ResponseTable::no_row) {
      first_length_ = table.lengths.size();
      for (const Panel& panel : panels_) table.lengths.push_back(panel.length);
    }
    const double* unit = units_.data();
    const auto next = [&] {
      double c = state.depot * unit[0];
      for (std::size_t i = 0; i < mode_count_; ++i) c += state.mode[i].amount * unit[1 + i];
      unit += 1 + mode_count_;
      return c;
    };
    double at_begin = table.curves.back().at(0.0);
    for (std::size_t p = 0; p < panels_.size(); ++p) {
      ResponseTable::Row& row = table.rows.emplace_back();
      row.curve = table.curves.size() - 1;
      row.length = first_length_ + p;
      row.begin = panels_[p].begin;
      row.clock = arrival + panels_[p].begin;
      row.judged = false;
      row.at_begin = at_begin;
      for (double& c : row.per_mg) c = next();
      row.at_end = at_begin = next();
    }
  }

 private:
  std::size_t mode_count_;
  std::vector<Panel> panels_;
  std::vector<double> units_;  ///< [panel][node, end][unit]
  std::size_t first_length_ = ResponseTable::no_row;
};

class TableBuilder {
 public:
  TableBuilder(const Individual& individual, const Course& course)
      : individual_(individual), doses_(course), interval_(course.interval), body_(disposition(individual)) {}

  ResponseTable steady_state(std::span<const double> sampling) {
    const Exposure exposure(individual_, {1.0, interval_, doses_.into, doses_.duration});
    table_.to = interval_;
    first_arrival_ = exposure.arrival();
    std::vector<double> sampled;  // h since the arrival
    for (const double time : sampling) {
      TITRANT_EXPECTS(time >= 0.0 && time <= interval_);
      sampled.push_back(std::min(exposure.since_arrival(time), interval_));
    }
    std::vector<double> marks = sampled;
    std::sort(marks.begin(), marks.end());
    for (const Exposure::Piece& piece : exposure.pieces()) {
      table_.curves.push_back(piece.curve);
      append(piece.begin, piece.begin, piece.end, marks, 0.0);
    }
    table_.cycle_rows = table_.rows.size();
    find_rows(sampled);
    return std::move(table_);
  }

  ResponseTable course(const ResponseWindow& window, std::span<const double> sampling) {
    TITRANT_EXPECTS(window.from >= 0.0 && window.to > window.from && std::isfinite(window.to));
    table_.steady_state = false;
    table_.from = window.from;
    table_.to = window.to;
    std::vector<double> marks(sampling.begin(), sampling.end());
    TITRANT_EXPECTS(marks.empty() || (marks.front() >= 0.0 && marks.back() <= window.to));
    marks.push_back(window.from);
    std::sort(marks.begin(), marks.end());
    if (body_.stages > 0 || is_infused(individual_, unit_dose()) || individual_.saturable()) {
      any_doses(window, marks);
    } else {
      doses_at_once(window, marks);
    }
    find_rows(sampling);
    return std::move(table_);
  }

  ResponseTable occasions(const OccasionCourse& history, const ResponseWindow& window,
                          std::span<const double> sampling) {
    table_.steady_state = window.steady_state;
    table_.from = window.steady_state ? 0.0 : window.from;
    table_.to = window.steady_state ? interval_ : window.to;
    const double clock = window.steady_state ? history.from : 0.0;
    first_arrival_ = -clock;
    std::vector<double> sampled;
    for (const double time : sampling) {
      TITRANT_EXPECTS(time >= 0.0 && time <= table_.to);
      sampled.push_back(std::min(clock + time, history.to));
    }
    std::vector<double> marks = sampled;
    marks.push_back(history.from);
    std::sort(marks.begin(), marks.end());
    append_pieces(history.individual, history.doses, history.to, marks, history.from, history.cycle);
    find_rows(sampled);
    // What a dose at once brings at the begin of the judged interval is there.
    for (std::size_t i = 0; window.steady_state && i < sampled.size() && sampled[i] == history.from; ++i) {
      const auto judged =
          std::find_if(table_.rows.begin(), table_.rows.end(), [](const auto& row) { return row.judged; });
      table_.at_samples[i] = judged->at_begin;
    }
    return std::move(table_);
  }

 private:
  SteadyDosing unit_dose() const { return steady_dosing({1.0, interval_, doses_.into, doses_.duration}); }

  void any_doses(const ResponseWindow& window, const std::vector<double>& marks) {
    append_pieces({individual_, {}}, unit_course(doses_, window.to), window.to, marks, window.from, 0.0);
  }

  /// \param cycle  h: the rows that begin before it are those of the periodic steady state
  void append_pieces(const VaryingIndividual& individual, const std::vector<Dose>& doses, double to,
                     const std::vector<double>& marks, double judged_from, double cycle) {
    const CurvePieces history(individual, doses, 0.0, to);
    const std::vector<CurvePiece>& pieces = history.pieces();
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      const CurvePiece& piece = pieces[i];
      const double end = i + 1 < pieces.size() ? std::min(pieces[i + 1].begin, to) : to;
      if (!piece.curve || piece.begin >= to) continue;
      body_ = history.body(piece.segment);
      table_.curves.push_back(*piece.curve);
      append(piece.begin, piece.begin, end, marks, judged_from);
      if (piece.begin < cycle) table_.cycle_rows = table_.rows.size();
    }
  }

  void doses_at_once(const ResponseWindow& window, const std::vector<double>& marks) {
    std::vector<SharedInterval> shared;
    const Step step(body_, interval_, false, false);
    const double enters = dose_input(individual_, unit_dose()).at_once;
    State state;
    for (int k = 0;; ++k) {
      const double arrival =
          k * interval_ + (doses_.into == DoseInto::depot ? individual_.lag : individual_.central_lag);
      if (arrival >= window.to) break;
      if (k > 0) state = step(state);
      state += added_by(body_, doses_.amount(k) * enters, doses_.into);
      table_.curves.push_back(curve_from(body_, state));
      const double next = std::min(arrival + interval_, window.to);
      if (k > 0 && next < marks.front()) {
        if (shared.empty()) shared.emplace_back(body_, steepest_curve(step), interval_);
        shared.front().append(state, arrival, table_);
        begins_.resize(table_.rows.size(), arrival);
      } else {
        append(arrival, arrival, next, marks, window.from);
      }
    }
  }

  /// The curve after a dose on top of least: panels that are short enough for it are so for all. Of the doses after the
  /// first, that is one on top of a single one before it, the smallest in proportion.
  Curve steepest_curve(const Step& step) const {
    const double first = doses_.loading.doses > 0 ? std::min(1.0, doses_.loading.factor) : 1.0;
    State state = step(added_by(body_, first, doses_.into));
    state += added_by(body_, 1.0, doses_.into);
    return curve_from(body_, state);
  }

  /// Appends panels of the last curve from one time to another, cut at the marks in between.
  void append(double arrival, double from, double to, const std::vector<double>& marks, double judged_from) {
    // A slow drug would need no more than one panel, which could hold a largest and a smallest R: between doses that
    // are near each other they are about half an interval apart.
    const double first_at_most = 0.25 * interval_;
    double begin = from;
    auto mark = std::upper_bound(marks.begin(), marks.end(), from);
    while (begin < to) {
      const double end = mark != marks.end() ? std::min(*mark++, to) : to;
      if (!(end > begin)) continue;
      for (const Panel& panel : panels(body_, table_.curves.back(), begin - arrival, end - arrival, first_at_most)) {
        append(panel, arrival, begin >= judged_from);
        begins_.push_back(begin);
      }
      begin = end;
    }
  }

  void append(const Panel& panel, double arrival, bool judged) {
    const Curve& curve = table_.curves.back();
    ResponseTable::Row& row = table_.rows.emplace_back();
    row.curve = table_.curves.size() - 1;
    row.length = table_.lengths.size();
    row.begin = panel.begin;
    row.clock = first_arrival_ + arrival + panel.begin;
    row.judged = judged;
    table_.lengths.push_back(panel.length);
    for (std::size_t j = 0; j < panel_nodes; ++j) {
      row.per_mg[j] = curve.at(panel.begin + panel.length * panel_rule().node[j]);
    }
    const bool goes_on = panel.begin > 0.0 && table_.rows.size() > 1;
    row.at_begin = goes_on ? table_.rows[table_.rows.size() - 2].at_end : curve.at(panel.begin);
    row.at_end = curve.at(panel.begin + panel.length);
  }

  /// A sample ends the last row of the stretch before it; `begins_` says where the stretch of every row begins.
  void find_rows(std::span<const double> sampled) {
    for (const double time : sampled) {
      std::size_t row = ResponseTable::no_row;
      for (std::size_t i = 0; i < begins_.size() && begins_[i] < time; ++i) row = i;
      table_.row_of.push_back(row);
      const std::vector<ResponseTable::Row>& rows = table_.rows;
      if (rows.empty()) continue;
      table_.at_samples.push_back(row == ResponseTable::no_row ? rows.front().at_begin : rows[row].at_end);
    }
  }

  const Individual& individual_;
  Course doses_;
  double interval_;
  Disposition body_;
  ResponseTable table_;
  std::vector<double> begins_;
  double first_arrival_ = 0.0;  ///< where the rows count from it: at steady state
};

void expect_course(const Course& course, std::span<const double> sampling) {
  TITRANT_EXPECTS(course.interval > 0.0 && std::isfinite(course.interval));
  TITRANT_EXPECTS(course.loading.doses >= 0 && course.loading.factor > 0.0 && std::isfinite(course.loading.factor));
  TITRANT_EXPECTS(std::is_sorted(sampling.begin(), sampling.end()));
}

}  // namespace

ResponseTable response_table(const Individual& individual, const Course& course, const ResponseWindow& window,
                             std::span<const double> sampling) {
  expect_course(course, sampling);
  TableBuilder builder(individual, course);
  ResponseTable table = window.steady_state ? builder.steady_state(sampling) : builder.course(window, sampling);
  table.interval = course.interval;
  table.samples.assign(sampling.begin(), sampling.end());
  return table;
}

ResponseTable response_table(const OccasionIndividual& individual, const Course& course, const ResponseWindow& window,
                             std::span<const double> sampling) {
  expect_course(course, sampling);
  ResponseTable table =
      TableBuilder(individual.usual, course).occasions(occasion_course(individual, course, window), window, sampling);
  table.interval = course.interval;
  table.samples.assign(sampling.begin(), sampling.end());
  return table;
}

}  // namespace titrant::pkpd
