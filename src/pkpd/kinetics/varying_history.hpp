#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "dose_input.hpp"
#include "propagator.hpp"
#include "schedule.hpp"
#include "titrant/pkpd/varying.hpp"

namespace titrant::pkpd {

/// Amounts in the compartments with their derivatives by the parameters of every segment.
struct Amounts {
  std::array<double, compartments> value{};
  /// [compartment of the structure][segment][parameter of the structure, as parameters_of]; empty: not followed
  std::vector<double> by;
};

/// The amounts in the body of a subject whose parameters change, followed from event to event: arrivals, resets,
/// steady-state records, changes of parameters.
class VaryingHistory {
 public:
  /// Amounts from a time on, until the next piece begins.
  struct Piece {
    double begin = 0.0;              ///< h
    std::size_t segment = 0;         ///< whose parameters hold
    const Epoch* epoch = nullptr;    ///< where the piece is the first of an epoch
    std::optional<std::size_t> lag;  ///< the segment whose lag the begin moves with
    Amounts amounts;                 ///< at its begin
    Input input = {};                ///< what enters from then on
    std::size_t records = 0;         ///< see SingleDose

    friend bool is_before(double time, std::size_t records_before, const Piece& piece) {
      if (piece.epoch != nullptr) return !reaches(time, records_before, *piece.epoch);
      return !is_after(time, records_before, piece.begin, piece.records);
    }
  };

  /// One of `dose_parameters`, as it is in one segment.
  struct DoseParameter {
    PkParameter which;
    std::size_t segment;
  };

  /// \param until          no later time is asked (h)
  /// \param with_gradient  by all parameters but those of doses
  /// \param by             all amounts are derivatives by it (see DoseInput), without derivatives of their own
  VaryingHistory(const VaryingIndividual& individual, std::span<const Dose> doses, double until, bool with_gradient,
                 std::optional<DoseParameter> by = {});

  /// All pieces in order of time; the first begins at -infinity, with nothing in the body.
  const std::vector<Piece>& pieces() const { return pieces_; }

  /// In order of time.
  const std::vector<Epoch>& epochs() const { return plan_.epochs; }

  const Piece& piece_at(double time, std::size_t records_before) const;

  /// Amounts at a time, from its piece.
  Amounts at(double time, const Piece& piece) const;

 private:
  /// What reaches a compartment: a dose at once, or what begins or ends an infusion (amount 0, but for derivatives).
  struct Arrival {
    double time;
    double amount;
    DoseInto into;
    std::optional<std::size_t> lag;  ///< the segment whose lag it moves with
    std::size_t records = 0;         ///< see SingleDose
  };
  /// An infusion over [begin, end) as it reaches its compartment.
  struct Infusion {
    double begin;
    double end;
    double rate;
    DoseInto into;
  };
  /// From the start of an epoch on.
  struct Arrivals {
    std::vector<Arrival> arrivals;    ///< in order of time
    std::vector<Infusion> infusions;  ///< those that began before as well
  };

  void follow(const Epoch& epoch, const Arrivals& taken, double end);
  Arrivals arrivals_of(const Epoch& epoch) const;
  /// Of a dose that was taken in a segment.
  template <class DoseOf>
  DoseInput input_of(const DoseOf& dose, std::size_t segment) const {
    if (!by_) return dose_input(individual_.segment(segment), dose);
    return by_->segment == segment ? dose_input(individual_.segment(segment), dose, by_->which) : DoseInput{};
  }
  static Input input_at(const Arrivals& taken, double time);
  static Input input_before(const Arrivals& taken, double time);
  /// Steady amounts at the time of the record, of the doses that have arrived by then.
  Amounts steady_at(const SteadyDosing& steady) const;
  /// Amounts after `length` h of a segment with an input. `length` falls with the lag of segment `begins` and rises
  /// with that of `ends`, where given.
  Amounts after(const Amounts& amounts, const Input& input, std::size_t segment, double length,
                std::optional<std::size_t> begins, std::optional<std::size_t> ends) const;
  void begin_piece(double time, std::optional<std::size_t> lag);
  double lag(std::size_t segment, DoseInto into) const {
    const Individual& one = individual_.segment(segment);
    return into == DoseInto::depot ? one.lag : one.central_lag;
  }
  /// The segment with whose lag the arrivals of doses taken in `segment` move: that of the depot is a parameter.
  static std::optional<std::size_t> moving_lag(std::size_t segment, DoseInto into) {
    return into == DoseInto::depot ? std::optional(segment) : std::nullopt;
  }
  /// Calls `visit` with the rates of a segment and their derivatives.
  template <class Visit>
  void with_duals(std::size_t segment, const Visit& visit) const {
    if (duals_of_three_.empty()) {
      visit(duals_[segment]);
    } else {
      visit(duals_of_three_[segment]);
    }
  }
  std::size_t lag_place() const { return parameter_count_ - 1; }
  std::size_t column(std::size_t compartment, std::size_t segment, std::size_t parameter) const {
    return (compartment * individual_.segments() + segment) * parameter_count_ + parameter;
  }

  VaryingIndividual individual_;
  bool with_gradient_;
  std::optional<DoseParameter> by_;
  std::size_t compartments_;
  std::size_t parameter_count_;  // of the structure, the lag the last of them
  Schedule plan_;
  std::vector<Rates<double>> rates_;    // [segment]
  std::vector<Rates<RateDual>> duals_;  // [segment], where derivatives are followed; with three compartments ...
  std::vector<Rates<RateDualOfThree>> duals_of_three_;  // ... these
  std::vector<Piece> pieces_;
};

}  // namespace titrant::pkpd
