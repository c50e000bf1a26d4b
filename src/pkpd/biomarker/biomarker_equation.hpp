#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/numeric/odeint/algebra/array_algebra.hpp>
#include <boost/numeric/odeint/stepper/controlled_runge_kutta.hpp>
#include <boost/numeric/odeint/stepper/generation.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_dopri5.hpp>
#include <cmath>
#include <cstddef>

#include "titrant/core/error.hpp"
#include "titrant/pkpd/biomarker.hpp"
#include "titrant/pkpd/curve.hpp"

namespace titrant::pkpd {

/// The part u of the drug's full effect at a concentration >= 0, u = C^hill / (ic50^hill + C^hill) in [0, 1], and what
/// is missing to 1, without cancellation.
struct Saturation {
  double reached;
  double missing;
};

inline Saturation saturation(const Biomarker& biomarker, double concentration) {
  const double ratio = concentration / biomarker.ic50;
  const double power = biomarker.hill == 1.0 ? ratio : std::pow(ratio, biomarker.hill);
  if (std::isinf(power)) return {.reached = 1.0, .missing = 0.0};
  const double missing = 1.0 / (1.0 + power);
  return {.reached = power * missing, .missing = missing};
}

/// 1 - effect u or 1 + effect u, as the structure has it; what is left of a nearly full inhibition keeps its digits.
inline double effect_factor(const Biomarker& biomarker, const Saturation& u) {
  const double full = inhibits(biomarker.structure) ? 1.0 - biomarker.imax : 1.0 + biomarker.imax;
  return u.missing + full * u.reached;
}

/// Structures by what changes in time: R itself, nothing (R follows C at once), the concentration at the effect, the
/// one that tolerance comes from, or R and its precursor.
enum class BiomarkerFamily { turnover, direct, effect_compartment, tolerance, precursor };

inline BiomarkerFamily family(BiomarkerStructure structure) {
  if (structure < BiomarkerStructure::direct_inhibition) return BiomarkerFamily::turnover;
  if (structure < BiomarkerStructure::effect_compartment_inhibition) return BiomarkerFamily::direct;
  if (structure < BiomarkerStructure::tolerance_inhibition) return BiomarkerFamily::effect_compartment;
  return structure < BiomarkerStructure::precursor_inhibition ? BiomarkerFamily::tolerance : BiomarkerFamily::precursor;
}

/// Whether the state of the equation is a concentration that follows C.
inline bool follows_concentration(BiomarkerStructure structure) {
  return family(structure) == BiomarkerFamily::effect_compartment || family(structure) == BiomarkerFamily::tolerance;
}

/// Whether the loss depends on the concentration, else the production does.
inline bool changes_loss(BiomarkerStructure structure) {
  return structure == BiomarkerStructure::turnover_inhibition_of_loss ||
         structure == BiomarkerStructure::turnover_stimulation_of_loss ||
         family(structure) == BiomarkerFamily::precursor;
}

/// Turnover, effect compartment and tolerance are one linear equation, dy/dt = rate (production - loss y): y is R /
/// baseline, the concentration at the effect or that of tolerance in ng/mL.
struct BiomarkerFactors {
  double production = 1.0;
  double loss = 1.0;
};

/// Production and loss at a concentration >= 0; of a precursor its loss. Not for the direct structures.
inline BiomarkerFactors biomarker_factors(const Biomarker& biomarker, double concentration) {
  if (follows_concentration(biomarker.structure)) return {.production = concentration};
  const double factor = effect_factor(biomarker, saturation(biomarker, concentration));
  return changes_loss(biomarker.structure) ? BiomarkerFactors{.loss = factor} : BiomarkerFactors{.production = factor};
}

/// The rate of that equation, 1/h, and the y of a subject without drug.
inline double equation_rate(const Biomarker& biomarker) {
  switch (family(biomarker.structure)) {
    case BiomarkerFamily::turnover:
      return biomarker.kout;
    case BiomarkerFamily::tolerance:
      return biomarker.ktol;
    case BiomarkerFamily::precursor:
      return biomarker.kp;
    default:
      return biomarker.ke0;
  }
}
inline double equation_rest(BiomarkerStructure structure) { return follows_concentration(structure) ? 0.0 : 1.0; }

/// R at a part u of the full effect, with its derivatives.
struct EffectResponse {
  double value;
  double by_u;
  double by_baseline;
  double by_imax;
};

inline EffectResponse effect_response(const Biomarker& biomarker, const Saturation& u) {
  const double sign = inhibits(biomarker.structure) ? -1.0 : 1.0;
  const double r0 = biomarker.baseline;
  if (biomarker.binary) {
    const double odds = r0 / (1.0 - r0) * std::exp(sign * biomarker.imax * u.reached);
    const double p = std::isinf(odds) ? 1.0 : odds / (1.0 + odds);
    const double by_logit = p / (1.0 + odds);
    return {.value = p,
            .by_u = by_logit * sign * biomarker.imax,
            .by_baseline = by_logit / (r0 * (1.0 - r0)),
            .by_imax = by_logit * sign * u.reached};
  }
  const double factor = effect_factor(biomarker, u);
  return {.value = r0 * factor,
          .by_u = r0 * sign * biomarker.imax,
          .by_baseline = factor,
          .by_imax = r0 * sign * u.reached};
}

/// R of a direct structure at a concentration (of an effect compartment at its own).
inline double direct_response(const Biomarker& biomarker, double concentration) {
  return effect_response(biomarker, saturation(biomarker, concentration)).value;
}

/// What is left of a concentration under tolerance.
inline double tolerated(const Biomarker& biomarker, double concentration, double tolerance) {
  return concentration / (1.0 + tolerance / biomarker.tol50);
}

/// R at a solution y of the equation and at the concentration of its time, which matters to tolerance alone.
inline double equation_response(const Biomarker& biomarker, double y, double concentration) {
  if (family(biomarker.structure) == BiomarkerFamily::turnover) return biomarker.baseline * y;
  const bool tolerance = family(biomarker.structure) == BiomarkerFamily::tolerance;
  return direct_response(biomarker, tolerance ? tolerated(biomarker, concentration, y) : y);
}

/// Throws where a programmer passes parameters out of their range, NumericalError where they are not finite.
void require_usable(const Biomarker& biomarker);

/// That equation along one concentration curve. With `Size` 2 the second variable is the integral of rate x loss, by
/// which the effect of the initial y fades.
template <std::size_t Size>
class BiomarkerEquation {
 public:
  using State = std::array<double, Size>;

  BiomarkerEquation(const Biomarker& biomarker, const Curve& curve)
      : biomarker_(&biomarker), rate_(equation_rate(biomarker)), curve_(&curve) {}

  void operator()(const State& state, State& slope, double since) const {
    const BiomarkerFactors factors = biomarker_factors(*biomarker_, curve_->at(since));
    slope[0] = rate_ * (factors.production - factors.loss * state[0]);
    if constexpr (Size == 2) slope[1] = rate_ * factors.loss;
  }

 private:
  const Biomarker* biomarker_;
  double rate_;
  const Curve* curve_;
};

/// Precursor and biomarker relative to their values without drug, dp/dt = kp (1 - f p), dr/dt = kout (f p - r), and the
/// integral of kp f, by which the effect of the initial p fades.
class PrecursorEquation {
 public:
  using State = std::array<double, 3>;

  PrecursorEquation(const Biomarker& biomarker, const Curve& curve) : biomarker_(&biomarker), curve_(&curve) {}

  void operator()(const State& state, State& slope, double since) const {
    const double factor = effect_factor(*biomarker_, saturation(*biomarker_, curve_->at(since)));
    slope[0] = biomarker_->kp * (1.0 - factor * state[0]);
    slope[1] = biomarker_->kout * (factor * state[0] - state[1]);
    slope[2] = biomarker_->kp * factor;
  }

 private:
  const Biomarker* biomarker_;
  const Curve* curve_;
};

/// Integrates an equation from time to time along its curve, with error control (Dormand and Prince, order 5).
template <class Equation>
class BiomarkerIntegration {
 public:
  using State = typename Equation::State;
  using Method =
      boost::numeric::odeint::runge_kutta_dopri5<State, double, State, double, boost::numeric::odeint::array_algebra>;

  BiomarkerIntegration(const Equation& equation, const State& state, double since, double first_step)
      : equation_(equation), state_(state), since_(since), step_(first_step) {}

  const State& state() const { return state_; }

  /// Goes on to a later time and calls `observe(before, begin, after, end)`, two states and their times, for every
  /// step. Throws NumericalError where the steps become too small or too many.
  template <class Observer>
  const State& advance(double to, const Observer& observe);
  const State& advance(double to) {
    return advance(to, [](const State&, double, const State&, double) {});
  }

 private:
  // Errors of single steps; those of a whole course are checked to stay below 1e-8.
  static constexpr double relative_tolerance = 1e-9;
  static constexpr double absolute_tolerance = 1e-11;
  static constexpr std::size_t most_steps = 1000000;

  Equation equation_;
  State state_;
  double since_;
  double step_;
  decltype(boost::numeric::odeint::make_controlled(1.0, 1.0, Method())) method_ =
      boost::numeric::odeint::make_controlled(absolute_tolerance, relative_tolerance, Method());
};

template <class Equation>
template <class Observer>
const typename BiomarkerIntegration<Equation>::State& BiomarkerIntegration<Equation>::advance(double to,
                                                                                              const Observer& observe) {
  using boost::numeric::odeint::success;
  for (std::size_t tried = 0; since_ < to; ++tried) {
    const double rest = to - since_;
    const bool last = step_ >= rest;
    double step = last ? rest : step_;
    const State before = state_;
    const double begin = since_;
    const bool taken = method_.try_step(equation_, state_, since_, step) == success;
    // `step` now is the proposal for the next one. A step cut short says nothing about a longer one.
    step_ = taken && last ? std::max(step, step_) : step;
    if (taken && last) since_ = to;
    if (taken) observe(before, begin, state_, since_);
    const bool stuck = since_ < to && since_ + step_ == since_;
    if (stuck || !std::isfinite(state_[0]) || tried == most_steps) {
      throw NumericalError(fmt::format("the biomarker cannot be integrated further than {} h after a dose", begin));
    }
  }
  return state_;
}

}  // namespace titrant::pkpd
