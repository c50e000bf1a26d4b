#pragma once

#include <optional>
#include <span>
#include <vector>

#include "dose_input.hpp"
#include "saturable_system.hpp"
#include "schedule.hpp"
#include "titrant/pkpd/curve.hpp"

namespace titrant::pkpd {

/// A dose with its derivatives by the columns of a SaturableSystem.
struct SaturableDose {
  DoseInput input;
  std::vector<double> amount_by;    ///< [column] of what enters at once
  std::vector<double> rate_by;      ///< of the rate of an infusion
  std::vector<double> duration_by;  ///< of its duration

  SaturableDose(const Individual& individual, const SingleDose& dose,
                std::span<const std::optional<PkParameter>> columns);
};

/// A dosing interval at steady state, from the arrival of a dose on.
///
/// Its amounts x are those that it leads back to, x = Phi(x). Phi is convex and its derivatives have no negative
/// entries, so that Newton's method from below rises to the fixed point, where there is one (Ortega and Rheinboldt,
/// Iterative Solution of Nonlinear Equations in Several Variables, 1970, section 13.3). Derivatives of x by parameters
/// are (I - dPhi/dx)^-1 dPhi/dp.
class SaturableCycle {
 public:
  /// \param columns  of the system that is followed: one or none of each parameter
  SaturableCycle(const Individual& individual, const SteadyDosing& steady,
                 std::span<const std::optional<PkParameter>> columns);

  /// The state just after an arrival. Throws NumericalError where there is no steady state.
  SaturableSolver::State start(SaturableSolver& solver) const;

  /// From the arrival to `until` (h after it, at most the interval).
  void follow(SaturableSolver& solver, SaturableSystem& system, SaturableSolver::State& state, double until) const;

  /// The input just after `since` h, without columns.
  SaturableInput input_at(double since) const;

  /// When the input changes within the interval; 0: it does not.
  double change() const { return change_; }

  const SaturableDose& dose() const { return dose_; }

 private:
  void set_input(double infusions, SaturableInput& input) const;
  void require_steady_state() const;

  const Individual& individual_;
  SteadyDosing steady_;
  std::vector<std::optional<PkParameter>> columns_;
  SaturableDose dose_;
  double always_;  ///< infusions that run at every time
  double change_;  ///< h: until then one more
};

/// The state under an infusion that has been constant for ever. Throws NumericalError where elimination takes less.
SaturableSolver::State saturable_constant_state(const Individual& individual,
                                                std::span<const std::optional<PkParameter>> columns,
                                                const SaturableInput& input);

/// C over one interval between arrivals at steady state, step by step.
/// Throws NumericalError where there is no steady state.
struct SaturablePart {
  double begin;  ///< h since the arrival
  double end;
  Curve curve;
};
std::vector<SaturablePart> saturable_parts(const Individual& individual, const SteadyDosing& steady);

/// C over a step that begins with a node and ends at a time.
Curve saturable_curve(SaturableSolver& solver, const SaturableSystem& system, const SaturableSolver::Node& node,
                      double end);

}  // namespace titrant::pkpd
