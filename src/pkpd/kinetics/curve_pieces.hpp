#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <vector>

#include "history.hpp"
#include "schedule.hpp"
#include "titrant/pkpd/curve.hpp"
#include "titrant/pkpd/disposition.hpp"
#include "titrant/pkpd/varying.hpp"

namespace titrant::pkpd {

/// A stretch of a dose history that one curve describes, whether or not parameters change in time.
struct CurvePiece {
  double begin = 0.0;            ///< h; it ends where the next one begins
  const Epoch* epoch = nullptr;  ///< where the piece is the first of an epoch, else none
  double taken = 0.0;            ///< h: the curve's time 0 is one lag after it
  double lag = 0.0;              ///< h
  std::size_t segment = 0;       ///< whose parameters hold
  std::optional<Curve> curve;    ///< none: nothing is in the body
  std::size_t records = 0;       ///< see SingleDose

  /// Time on the clock of the curve.
  double since(double time) const { return std::max((time - taken) - lag, 0.0); }

  friend bool is_before(double time, std::size_t records_before, const CurvePiece& piece) {
    if (piece.epoch != nullptr) return !reaches(time, records_before, *piece.epoch);
    return !is_after(time, records_before, piece.begin, piece.records);
  }
};

/// The curve that begins with a state.
Curve curve_from(const Disposition& body, const State& state);

/// All pieces of a history, with what they refer to.
class CurvePieces {
 public:
  /// \param from   curves of pieces that end before it are not made (h)
  /// \param until  no later time is asked (h)
  CurvePieces(const VaryingIndividual& individual, std::span<const Dose> doses, double from, double until);

  /// In order of time; the first begins at -infinity.
  const std::vector<CurvePiece>& pieces() const { return pieces_; }
  const Disposition& body(std::size_t segment) const { return bodies_[segment]; }

 private:
  void constant(const Individual& individual, std::span<const Dose> doses, double from, double until);
  void one_route(const History& history, double from);
  void two_routes(const History& a, const History& b, double from);
  void varying(const VaryingIndividual& individual, std::span<const Dose> doses, double from, double until);
  void saturable(const VaryingIndividual& individual, std::span<const Dose> doses, double from, double until);

  std::vector<Disposition> bodies_;  // [segment]
  std::vector<Epoch> epochs_;
  std::vector<CurvePiece> pieces_;
};

}  // namespace titrant::pkpd
