#include "biomarker_timeline.hpp"

#include <algorithm>
#include <limits>

#include "kinetics/curve_pieces.hpp"
#include "kinetics/dose_input.hpp"
#include "titrant/pkpd/exposure.hpp"

namespace titrant::pkpd {

namespace {

/// Writes the timeline piece by piece.
class Builder {
 public:
  Builder(const VaryingIndividual& individual, std::span<const Dose> doses, std::span<const double> times,
          RecordsBefore records_before)
      : individual_(individual), times_(times), records_before_(records_before) {
    if (times.empty()) return;
    const CurvePieces history(individual, doses, -std::numeric_limits<double>::infinity(), times.back());
    const std::vector<CurvePiece>& pieces = history.pieces();
    for (std::size_t i = 0; i < pieces.size() && next_ < times_.size(); ++i) {
      body_ = history.body(pieces[i].segment);
      add(pieces[i], i + 1 < pieces.size() ? &pieces[i + 1] : nullptr);
    }
  }

  Timeline take() { return std::move(result_); }

 private:
  void add(const CurvePiece& piece, const CurvePiece* after) {
    open_ = {};
    if (piece.epoch != nullptr && !piece.epoch->superposed) {
      open_.start = Stretch::Start::rest;
      open_.segment = piece.segment;
      for (const SteadyDosing& steady : piece.epoch->steady) {
        add_cycle(individual_.segment(piece.segment), steady);
      }
    }
    open_.first = open_.last = result_.panels.size();
    double done = piece.begin;
    if (piece.curve) result_.curves.push_back(*piece.curve);
    const auto go_to = [&](double time) {
      if (piece.curve && time > done) append(piece, done, time);
      done = time;
    };
    while (next_ < times_.size() &&
           (after == nullptr || is_before(times_[next_], records_before_of(records_before_, next_), *after))) {
      go_to(times_[next_]);
      close(true);
      ++next_;
    }
    if (next_ < times_.size()) {
      go_to(after->begin);
      close(false);
    }
  }

  /// One interval between arrivals at steady state, and the way from there to the time that a dose is taken.
  void add_cycle(const Individual& individual, const SteadyDosing& steady) {
    const Regimen regimen = regimen_of(individual, steady);
    const Exposure exposure(individual, regimen);
    open_.start = Stretch::Start::periodic;
    open_.steady = steady;
    open_.cycle_first = result_.panels.size();
    append(exposure, regimen.interval);
    open_.cycle_last = result_.panels.size();
    append(exposure, exposure.since_arrival(0.0));
    open_.approach_last = result_.panels.size();
  }

  /// From an arrival on, on the clock of the arrival.
  void append(const Exposure& exposure, double until) {
    for (const Exposure::Piece& piece : exposure.pieces()) {
      if (piece.begin >= until) return;
      result_.curves.push_back(piece.curve);
      append(0.0, std::min(until, piece.end) - piece.begin, piece.begin);
    }
  }

  void append(const CurvePiece& piece, double from, double to) {
    const double since = piece.since(from);
    append(since, std::max(piece.since(to), since), from - since);
  }

  void append(double from, double to, double clock) {
    if (!(to > from)) return;
    for (const Panel& panel : panels(body_, result_.curves.back(), from, to)) {
      result_.panels.push_back({result_.curves.size() - 1, panel, clock + panel.begin});
    }
  }

  void close(bool observed) {
    open_.last = result_.panels.size();
    open_.observed = observed;
    result_.stretches.push_back(open_);
    open_ = {};
    open_.first = open_.last = result_.panels.size();
  }

  const VaryingIndividual& individual_;
  std::span<const double> times_;
  RecordsBefore records_before_;
  Disposition body_;
  Timeline result_;
  Stretch open_;
  std::size_t next_ = 0;
};

}  // namespace

Timeline timeline(const VaryingIndividual& individual, std::span<const Dose> doses, std::span<const double> times,
                  RecordsBefore records_before) {
  return Builder(individual, doses, times, records_before).take();
}

}  // namespace titrant::pkpd
