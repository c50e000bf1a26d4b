#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "titrant/pkpd/disposition.hpp"

namespace titrant::pkpd {

/// What enters the body at a constant rate.
struct Input {
  double depot = 0.0;    ///< mg/h
  double central = 0.0;  ///< mg/h
};

/// A curve that has no closed form is the polynomial through its values at this many times, the extrema of a Chebyshev
/// polynomial: those of curve_sample (0 to 1, ascending) as shares of its length.
inline constexpr std::size_t curve_samples = 10;
double curve_sample(std::size_t which);

/// C(t) from one event to the next (the arrival of a dose, the begin or end of an infusion), from the amounts that are
/// in the body just after the first and what enters it from then on. Times are in h since that event, concentrations in
/// ng/mL. Cheap to evaluate many times.
class Curve {
 public:
  /// \param depot  mg in the depot
  /// \param modes  mg in each mode per unit of its weight (Z_i of Disposition)
  /// \param stages mg in each stage before the depot, or nothing
  Curve(const Disposition& disposition, double depot, const std::array<double, most_modes>& modes,
        const Input& input = {}, std::vector<double> stages = {});

  /// C as the polynomial through its values at the times curve_sample(k) `length`, ng/mL: a step of an integration.
  Curve(const std::array<double, curve_samples>& values, double length);

  /// Whether the curve is such a polynomial, over so many h; else it has its closed form.
  bool interpolated() const { return !series_.empty(); }
  double length() const { return length_; }

  /// Whether something enters the body at a constant rate.
  bool has_input() const { return has_input_; }

  /// Whether something is on its way to the depot.
  bool has_stages() const { return !stages_.empty(); }

  std::size_t mode_count() const { return term_count_; }

  /// C at a time >= 0.
  double at(double since) const;

  /// C and dC/dt (ng/mL/h) at a time >= 0.
  struct Point {
    double value;
    double slope;
  };
  Point point(double since) const;

  /// Area under C, ng h / mL, between two times, 0 <= from <= to; exact also for short stretches.
  double area(double from, double to) const;

  /// Time of the largest C in [0, length], for a curve without input and stages that rises first and falls afterwards,
  /// as it does at steady state, or falls from the begin on. Where C is the same everywhere within rounding, one end of
  /// the stretch.
  double time_of_maximum(double length) const;

 private:
  struct Term {
    double scale;          ///< ng/mL per mg
    double rate;           ///< 1/h
    double present;        ///< ng/mL already in the mode at time 0
    double gap;            ///< absorption rate - rate
    double inverse_gap;    ///< 0 where there is no gap
    double absorbed;       ///< ng/mL/h: rate of absorption into the mode at time 0
    double through_depot;  ///< ng/mL/h^2: input of the depot times the absorption rate
    double direct;         ///< ng/mL/h: input of the central compartment
  };

  /// What has come from the stages at a time, mg.
  struct FromStages {
    double depot = 0.0;
    double mode = 0.0;
  };
  FromStages from_stages(const Term& term, double since) const;
  /// The area under what comes to a mode within a length from what is in the stages at a time, mg h.
  double area_from_stages(const Term& term, double from, double length) const;

  /// Of one term, in ng/mL: what is in the mode at a time, and what the depot passes on to it, per hour.
  double amount(const Term& term, double since) const;
  double absorption(const Term& term, double since) const;

  double scaled_slope(double since) const;

  /// The polynomial's integral from the begin.
  double series_integral(double since) const;

  double absorption_rate_;
  double passage_rate_;
  std::vector<double> stages_;  ///< mg at time 0
  double slowest_;              ///< the smallest of all rates
  bool has_input_;
  std::size_t term_count_;
  std::array<Term, most_modes> terms_;
  std::vector<double> series_ = {};  ///< coefficients of Chebyshev polynomials over the length; empty: closed form
  double length_ = 0.0;              ///< h
};

}  // namespace titrant::pkpd
