#pragma once

#include <span>
#include <vector>

#include "titrant/core/error.hpp"
#include "titrant/pkpd/curve.hpp"
#include "titrant/pkpd/dosing.hpp"
#include "titrant/pkpd/individual.hpp"

namespace titrant::pkpd {

/// More drug enters than saturable elimination takes, so that nothing of it settles; or so nearly as much that the
/// steady state is not found.
class NoSteadyState : public NumericalError {
 public:
  using NumericalError::NumericalError;
};

/// What one dosing interval looks like to the body. Concentrations in ng/mL, times in h after the dose.
struct ExposureMetrics {
  double auc = 0.0;      ///< area under C over the interval, ng h / mL
  double average = 0.0;  ///< auc / interval (Cavg)
  double maximum = 0.0;  ///< Cmax
  double time_of_maximum = 0.0;
  double minimum = 0.0;  ///< Cmin over the interval
};

/// Steady-state C(t), t in [0, interval] after a dose, of a subject on a regimen: equation 2 of the proposal for one
/// compartment and oral doses, its counterparts otherwise. C is proportional to the dose unless elimination is
/// saturable; then it is integrated, and the constructor throws NoSteadyState where a dose has none. A lag
/// longer than the interval is allowed (the dose then shows in a later interval), and so is an infusion.
///
/// After an oral dose C rises from the arrival of a dose to one maximum and falls to the next arrival, where it is
/// lowest: written as a sum of exponentials, the coefficient of a rate k has the sign of ka - k, so that in order of
/// rates the coefficients change sign once and dC/dt has a single zero (Descartes' rule for sums of exponentials).
class Exposure {
 public:
  /// The dose is >= 0, the interval > 0; the subject as disposition() wants.
  Exposure(const Individual& individual, const Regimen& regimen);

  /// C at `time` h after a dose, 0 <= time <= interval.
  double at(double time) const;

  /// C on a grid of times.
  std::vector<double> at(std::span<const double> times) const;

  /// The same into `values`, of the size of `times`.
  void at(std::span<const double> times, std::span<double> values) const;

  /// Area under C between two times of the interval, 0 <= from <= to <= interval, closed form.
  double auc(double from, double to) const;

  ExposureMetrics metrics() const;

  const Regimen& regimen() const { return regimen_; }

  /// When in the interval the dose reaches its compartment: the lag, less whole intervals.
  double arrival() const { return arrival_; }

  /// C over a part of the time since the arrival: [begin, end], the curve's own time beginning with it.
  struct Piece {
    double begin;  ///< h
    double end;    ///< h
    Curve curve;
  };
  /// From 0 to the interval: one piece, or two where an infusion ends within the interval; of saturable elimination one
  /// for each step of the integration, and none on a dose of 0.
  const std::vector<Piece>& pieces() const { return pieces_; }

  /// Time since the last arrival at `time` h after a dose, 0 <= time <= interval.
  double since_arrival(double time) const {
    return time >= arrival_ ? time - arrival_ : time + (regimen_.interval - arrival_);
  }

 private:
  double at_since(double since) const;
  double area(double from, double to) const;

  Regimen regimen_;
  Disposition body_;
  bool one_peak_;     ///< at the known place
  double entering_;   ///< mg that enter in an interval
  double clearance_;  ///< L/h; 0: saturable
  double scale_;      ///< Individual::concentration_scale
  double arrival_;
  std::vector<Piece> pieces_;
};

/// The one way from a subject and a regimen to exposure.
Exposure exposure(const Individual& individual, const Regimen& regimen);

/// The doses of a course that have a steady state are those below it: infinite unless all elimination is saturable. Of
/// a subject per unit of dose.
double steady_state_below(const Individual& individual, const Course& course);

/// Midpoints t_i = (i + 1/2) interval / points, i = 0 .. points - 1: the sampling of C(t) for amplitude encoding.
std::vector<double> midpoint_grid(double interval, std::size_t points);

}  // namespace titrant::pkpd
