#pragma once

#include <boost/numeric/odeint/stepper/runge_kutta_fehlberg78.hpp>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "titrant/pkpd/dosing.hpp"
#include "titrant/pkpd/individual.hpp"

namespace titrant::pkpd {

/// What enters at a constant rate (mg/h), with its derivatives.
struct SaturableInput {
  double depot = 0.0;
  double central = 0.0;
  std::vector<double> depot_by;    ///< [column]; empty: all 0
  std::vector<double> central_by;  ///< likewise
};

/// The amounts in a body with saturable elimination as differential equations, with the derivatives of all amounts by
/// some numbers, the columns: PK parameters, or amounts at the begin.
///
/// A state is [amount], then [column][amount]: stages before the depot (none without transit compartments), depot,
/// central compartment, peripheral ones. With C = scale A_c / V
///
///     dA_c/dt = absorbed + infused - CL / V A_c - Vmax C / (Km + C) - exchange with the periphery
///
/// and derivatives S by a column follow dS/dt = J S + df/dp, J the derivatives of the right-hand side f by the amounts.
class SaturableSystem {
 public:
  /// \param columns  the parameter that a column is of; none: the equations do not depend on it
  SaturableSystem(const Individual& individual, std::span<const std::optional<PkParameter>> columns);

  std::size_t amounts() const { return central_ + 1 + peripheral_; }
  std::size_t depot() const { return central_ - 1; }
  std::size_t central() const { return central_; }
  /// Where a dose into a compartment enters.
  std::size_t entry(DoseInto into) const { return into == DoseInto::depot ? 0 : central_; }
  std::size_t columns() const { return columns_.size(); }
  std::size_t size() const { return amounts() * (1 + columns()); }

  SaturableInput input = {};  ///< from now on

  /// The right-hand side, with as many columns as the state has.
  void operator()(const std::vector<double>& state, std::vector<double>& slope, double /*time*/) const;

  /// C of a state (ng/mL), and its derivative by the amount in the central compartment.
  double scale() const { return scale_; }

  /// The fastest of the rates at which a state changes, 1/h: the sum of all of them.
  double fastest(const std::vector<double>& state) const;

  /// The amounts under a constant infusion that is the input; of no column. Throws NumericalError where elimination
  /// takes less than that.
  std::vector<double> constant_state() const;

 private:
  /// Elimination at one state.
  struct Leaving {
    double share;        ///< of Vmax: C / (Km + C)
    double by_constant;  ///< of Vmax, its derivative by Km with the sign changed: C / (Km + C)^2
    double by_amount;    ///< of all that leaves, by the amount, 1/h
  };
  void add_direct(const double* state, const Leaving& leaving, PkParameter which, double* slope) const;

  std::vector<std::optional<PkParameter>> columns_;
  std::size_t central_;     // place of the central compartment; the depot stands before it
  std::size_t peripheral_;  // number
  double passage_;          // 1/h
  double transit_time_;     // h
  double absorption_;       // 1/h
  double elimination_;      // 1/h, of the linear part
  double inverse_volume_;   // 1/L
  double scale_;            // ng/mL per mg
  double most_;             // mg/h
  double half_;             // ng/mL
  double out_[2] = {0.0, 0.0};
  double back_[2] = {0.0, 0.0};
  double inverse_peripheral_[2] = {1.0, 1.0};  // 1/L
};

/// The solution of a SaturableSystem from one event to the next, in steps of Fehlberg's method of order 7 with error
/// estimates of order 8. Steps are chosen by the amounts alone, so that these have the same bits with derivatives and
/// without, and derivatives are those of the numbers that come out.
class SaturableSolver {
 public:
  using State = std::vector<double>;
  /// The begin of a step.
  struct Node {
    double time = 0.0;  ///< h
    State state;
  };

  /// \param scale  mg: amounts far below it are of no account
  explicit SaturableSolver(double scale) : scale_(scale) {}

  /// Goes on to a time; appends the begin of every step where `nodes` is given. Throws NumericalError where that takes
  /// too many steps.
  void advance(const SaturableSystem& system, State& state, double from, double to, std::vector<Node>* nodes = nullptr);

  /// The state at a time within the step that begins with a node.
  State at(const SaturableSystem& system, const Node& node, double time);

 private:
  // States of other sizes follow where a steady state is sought.
  boost::numeric::odeint::runge_kutta_fehlberg78<State, double, State, double, boost::numeric::odeint::range_algebra,
                                                 boost::numeric::odeint::default_operations,
                                                 boost::numeric::odeint::always_resizer>
      stepper_;
  double scale_;
  std::size_t steps_ = 0;
};

}  // namespace titrant::pkpd
