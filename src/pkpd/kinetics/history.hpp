#pragma once

#include <optional>
#include <span>
#include <vector>

#include "dose_input.hpp"
#include "schedule.hpp"
#include "state.hpp"
#include "titrant/pkpd/disposition.hpp"

namespace titrant::pkpd {

class Steps;

/// The states of the body just after every dose of a history, and after every end of an infusion. What is in the body
/// at any time follows from the last of them by one exact step, so that it does not depend on which other times are
/// asked. All doses have one lag: doses into both compartments are two histories (Routes), whose amounts add up.
class History {
 public:
  /// The state at the time that a dose arrives or an infusion ends, one lag after `taken`.
  struct Node {
    double taken = 0.0;  ///< h
    State state;
    std::size_t records = 0;  ///< see SingleDose
  };
  /// The node that a time follows from, and how long ago it was; no node: nothing is in the body.
  struct Place {
    const Node* node = nullptr;
    double since = 0.0;  ///< h
  };

  /// \param disposition    of the individual
  /// \param lag            of all doses, h
  /// \param until          no later time is asked (h)
  /// \param with_gradient  by rates
  /// \param by             one of `dose_parameters`: all amounts are derivatives by it (see DoseInput)
  History(const Individual& individual, const Disposition& disposition, double lag, std::span<const Dose> doses,
          double until, bool with_gradient, std::optional<PkParameter> by = {});

  /// \param records_before  how many dose records stand before the time that is asked: see Dose
  Place place(double time, std::size_t records_before) const;

  /// A stretch of time without arrivals. Its states follow from one node.
  struct Piece {
    double begin = 0.0;            ///< h; it ends where the next one begins
    const Node* node = nullptr;    ///< none: nothing is in the body
    const Epoch* epoch = nullptr;  ///< where the piece is the first of an epoch, else none
    std::size_t records = 0;       ///< see SingleDose
  };

  /// All pieces in order of time; the first begins at -infinity. Valid as long as the history.
  std::vector<Piece> pieces() const;

  /// In order of time.
  const std::vector<Epoch>& epochs() const { return plan_.epochs; }

  double lag() const { return lag_; }

  /// Time since what a node stands for.
  double since_arrival(const Node& node, double time) const { return (time - node.taken) - lag_; }

 private:
  void add_steady(const Individual& individual, const SteadyDosing& steady, Steps& steps);
  void add_all(const Individual& individual, const Epoch& epoch, Steps& steps, std::optional<PkParameter> by);

  struct Segment {
    std::size_t first;  ///< its nodes: [first, last)
    std::size_t last;
  };

  double lag_;
  Schedule plan_;
  std::vector<Segment> segments_;  ///< by epoch
  std::vector<Node> nodes_;
};

/// A part [begin, end] of an interval at steady state, in h since the arrival of a dose, and the state that it begins
/// with.
struct SteadyPart {
  double begin;
  double end;
  State state;
};

/// One interval between arrivals at steady state: one part, or two where an infusion ends within it. Not of a constant
/// infusion.
std::vector<SteadyPart> steady_states(const Individual& individual, const Disposition& disposition,
                                      const SteadyDosing& steady);

/// The doses into one compartment as a history.
struct RouteHistory {
  DoseInto into = DoseInto::depot;
  History history;
};

/// The histories of a subject, one for each compartment that doses enter (one of nothing where there are no doses), so
/// that each has one lag. Resets and steady-state records (SS = 1) end what came before in both.
std::vector<RouteHistory> route_histories(const Individual& individual, const Disposition& disposition,
                                          std::span<const Dose> doses, double until, bool with_gradient,
                                          std::optional<PkParameter> by = {});

}  // namespace titrant::pkpd
