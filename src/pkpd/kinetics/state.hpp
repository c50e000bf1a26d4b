#pragma once

#include <array>
#include <vector>

#include "titrant/pkpd/disposition.hpp"
#include "titrant/pkpd/dosing.hpp"
#include "transit_step.hpp"

namespace titrant::pkpd {

/// Amount in one mode per unit of weight (see Disposition), mg, and its derivatives with respect to the absorption
/// rate, to the rate of the mode and to the rate of passage between stages.
struct ModeState {
  double amount = 0.0;
  double by_absorption = 0.0;
  double by_rate = 0.0;
  double by_passage = 0.0;
};

/// Amount in a stage before the depot, mg, and its derivative with respect to the rate of passage.
struct StageState {
  double amount = 0.0;
  double by_passage = 0.0;
};

/// What is in the body at one time.
struct State {
  double depot = 0.0;                ///< mg
  double depot_by_absorption = 0.0;  ///< its derivative with respect to the absorption rate
  double depot_by_passage = 0.0;     ///< and to the rate of passage
  std::vector<StageState> stage;     ///< from the one that doses enter on; empty: nothing is there
  std::array<ModeState, most_modes> mode;
  double depot_rate = 0.0;    ///< mg/h that enter the depot from now on
  double central_rate = 0.0;  ///< likewise the central compartment

  bool has_input() const { return depot_rate != 0.0 || central_rate != 0.0; }
  /// What is in the body, and how it depends on the rates; the inputs stay.
  State& operator+=(const State& added);
};

/// Adds a dose at once, mg: to the first stage or the depot or, whatever their weights, to every mode.
void add_at_once(State& state, const Disposition& disposition, double amount, DoseInto into);
/// The state of nothing else.
State added_by(const Disposition& disposition, double amount, DoseInto into);

/// The exact solution over a time step: each new amount is a sum of positive multiples of the old ones and of the rates
/// of input. It depends on the length of the step alone, so that equal steps share one.
class Step {
 public:
  /// \param length         h; below 0: what the same solution was before (not with stages)
  /// \param with_gradient  whether the derivatives are wanted too; else they stay 0
  /// \param with_input     whether there are states with an input
  Step(const Disposition& disposition, double length, bool with_gradient, bool with_input);

  /// The state one step later. Amounts have the same bits with and without gradient.
  State operator()(const State& state) const;
  /// The same into a state of nothing.
  void apply(const State& state, State& result) const;

  /// Only the mode `which` of that.
  ModeState mode(const State& state, std::size_t which) const;

  /// The state that one step and then `added` lead back to: the one just after a dose that is repeated for ever, one
  /// step apart, where a dose adds that. Inputs are not followed.
  State steady(const State& added) const;

 private:
  /// What one mode keeps of itself and gains from the depot.
  struct ModeStep {
    double rate;
    double kept;
    double gained;
    double gained_by_absorption;
    double gained_by_rate;
  };
  /// What one mode gains from an input of 1 mg/h.
  struct ModeInput {
    double central;
    double central_by_rate;
    double depot;
    double depot_by_absorption;
    double depot_by_rate;
  };
  void prepare_input(const Disposition& disposition, bool with_gradient);
  void pass_stages(const State& old, State& result) const;
  void steady_stages(const State& added, State& result) const;

  /// By the rate of passage, the absorption rate and the rate of the mode.
  using StageDual = Dual<3>;

  double length_;
  double absorption_rate_;
  double passage_rate_;
  double depot_kept_;
  double depot_input_ = 0.0;  ///< what the depot gains from 1 mg/h
  double depot_input_by_absorption_ = 0.0;
  std::size_t mode_count_;
  std::array<ModeStep, most_modes> mode_;        ///< the first mode_count_
  std::array<ModeInput, most_modes> input_;      ///< likewise, where there is input
  std::vector<TransitStep<StageDual>> transit_;  ///< [mode], where there are stages
};

/// The state of a body in which an infusion of `rate` mg/h has been constant for ever, without its input.
State constant_infusion_state(const Disposition& disposition, double rate, DoseInto into, bool with_gradient);

}  // namespace titrant::pkpd
