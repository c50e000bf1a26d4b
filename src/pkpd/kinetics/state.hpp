#pragma once

#include <array>

#include "titrant/pkpd/disposition.hpp"

namespace titrant::pkpd {

/// Amount in one mode per unit of weight (see Disposition), mg, and its derivatives with respect to the absorption rate
/// and to the rate of the mode.
struct ModeState {
  double amount = 0.0;
  double by_absorption = 0.0;
  double by_rate = 0.0;
};

/// What is in the body at one time.
struct State {
  double depot = 0.0;                ///< mg
  double depot_by_absorption = 0.0;  ///< its derivative with respect to the absorption rate
  std::array<ModeState, 2> mode;
};

/// The exact solution over a time step: each new amount is a sum of positive multiples of the old ones. It depends on
/// the length of the step alone, so that equal steps share one.
class Step {
 public:
  /// \param length         h, >= 0
  /// \param with_gradient  whether the derivatives are wanted too; else they stay 0
  Step(const Disposition& disposition, double length, bool with_gradient);

  /// The state one step later. Amounts have the same bits with and without gradient.
  State operator()(const State& state) const;

  /// Only the mode `which` of that.
  ModeState mode(const State& state, std::size_t which) const;

  /// The state just after a dose that has been repeated for ever, one step apart.
  State steady(double dose) const;

 private:
  /// What one mode keeps of itself and gains from the depot.
  struct ModeStep {
    double kept = 0.0;
    double lost = 0.0;  ///< 1 - kept
    double gained = 0.0;
    double gained_by_absorption = 0.0;
    double gained_by_rate = 0.0;
  };

  double length_;
  double depot_kept_;
  double depot_lost_;
  std::size_t mode_count_;
  std::array<ModeStep, 2> mode_;
};

}  // namespace titrant::pkpd
