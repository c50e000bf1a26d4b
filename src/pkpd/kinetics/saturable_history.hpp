#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "saturable_steady.hpp"
#include "saturable_system.hpp"
#include "schedule.hpp"
#include "titrant/pkpd/curve.hpp"
#include "titrant/pkpd/varying.hpp"

namespace titrant::pkpd {

/// What is in the body of a subject with saturable elimination, integrated from event to event: arrivals, begins and
/// ends of infusions, resets, steady-state records, changes of parameters. Derivatives follow the same equations; where
/// an event moves with a parameter (the lag, the duration of an infusion) they jump by (f before - f after) dt/dp, f
/// the right-hand side (Rozenvasser, Autom Remote Control 28:400, 1967).
///
/// Superposed steady states (SS = 2) have no meaning here: amounts do not add up.
class SaturableHistory {
 public:
  /// \param until  no later time is asked (h)
  /// \param by     the parameters by which derivatives are followed, for each segment
  /// Throws NumericalError where there is no steady state, or steps become too short.
  SaturableHistory(const VaryingIndividual& individual, std::span<const Dose> doses, double until,
                   std::span<const PkParameter> by = {});

  /// From an event to the next.
  struct Piece {
    double begin = 0.0;            ///< h
    std::size_t segment = 0;       ///< whose parameters hold
    const Epoch* epoch = nullptr;  ///< where the piece is the first of an epoch
    std::size_t records = 0;       ///< see SingleDose
    SaturableInput input = {};
    SaturableSolver::State state = {};              ///< at its begin
    std::vector<SaturableSolver::Node> nodes = {};  ///< the begins of its steps; none: nothing is in the body

    friend bool is_before(double time, std::size_t records_before, const Piece& piece) {
      if (piece.epoch != nullptr) return !reaches(time, records_before, *piece.epoch);
      return !is_after(time, records_before, piece.begin, piece.records);
    }
  };

  /// In order of time; the first begins at -infinity, with nothing in the body.
  const std::vector<Piece>& pieces() const { return pieces_; }
  /// In order of time.
  const std::vector<Epoch>& epochs() const { return plan_.epochs; }

  /// C at a time (ng/mL) and, where `gradient` has room, its derivatives by [segment][parameter of `by`].
  double concentration(double time, std::size_t records_before, std::span<double> gradient = {});

  /// C over step number `node` of a piece, which ends at a time.
  Curve curve(const Piece& piece, std::size_t node, double end);

 private:
  /// What reaches a compartment, or an infusion that ends.
  struct Arrival {
    double time = 0.0;
    double amount = 0.0;
    DoseInto into = DoseInto::depot;
    std::size_t records = 0;
    std::vector<double> amount_by = {};  ///< [column]; empty: all 0
    std::vector<double> time_by = {};    ///< likewise
  };
  /// An infusion over [begin, end) as it reaches its compartment.
  struct Infusion {
    double begin;
    double end;
    double rate;
    DoseInto into;
    std::vector<double> rate_by;
  };
  struct Arrivals {
    std::vector<Arrival> arrivals;
    std::vector<Infusion> infusions;
  };

  void follow(const Epoch& epoch, const Arrivals& taken, double end);
  Arrivals arrivals_of(const Epoch& epoch) const;
  /// \param begun  whether what begins at the time itself is in it
  SaturableInput input_at(const Arrivals& taken, double time, bool begun) const;
  void arrive(const Arrivals& taken, const Arrival& arrival);
  void advance_to(double time);
  void begin_piece(double time);
  /// The state at the time of a steady-state record.
  SaturableSolver::State steady_at(const SteadyDosing& steady);

  std::size_t columns() const { return individual_.segments() * by_.size(); }
  /// The columns of one segment: those of others are of no parameter.
  std::vector<std::optional<PkParameter>> columns_of(std::size_t segment) const;
  /// The derivatives of the time at which a dose arrives that was taken in a segment.
  std::vector<double> time_by(std::size_t segment, DoseInto into) const;
  double lag(std::size_t segment, DoseInto into) const {
    const Individual& one = individual_.segment(segment);
    return into == DoseInto::depot ? one.lag : one.central_lag;
  }

  VaryingIndividual individual_;
  std::vector<PkParameter> by_;
  double until_;
  Schedule plan_;
  SaturableSolver solver_;
  std::vector<SaturableSystem> systems_;  ///< [segment]
  std::vector<Piece> pieces_;
  SaturableSolver::State now_;  ///< at the end of the last piece
};

}  // namespace titrant::pkpd
