#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "titrant/pkpd/individual.hpp"

namespace titrant::pkpd {

/// One exponential of the disposition function.
struct Mode {
  double weight = 1.0;  ///< in [0, 1]; the weights of a subject add up to 1
  double rate = 1.0;    ///< 1/h
};

inline constexpr std::size_t most_modes = 3;

/// What becomes of a unit amount put into the central compartment: the fraction left in it after t hours is
/// sum weight_i exp(-rate_i t). Since doses enter the depot or the central compartment only, a model of several
/// compartments is as many one-compartment models side by side, mode i receiving the fraction weight_i of what reaches
/// the central one:
///
///     dA/dt = -ka A,    dZ_i/dt = ka A - rate_i Z_i,    C = scale sum weight_i Z_i
///
/// with nothing but positive terms, hence without cancellation. Absorbed doses may pass through stages before the
/// depot.
struct Disposition {
  double absorption_rate = 1.0;  ///< 1/h
  double passage_rate = 0.0;     ///< 1/h, from stage to stage and to the depot (ktr)
  std::size_t stages = 0;        ///< before the depot: the one that a dose enters, and the transit compartments
  double lag = 0.0;              ///< h, of doses into the depot
  double central_lag = 0.0;      ///< h, of doses into the central compartment
  double scale = 1.0;            ///< ng/mL per mg in the central compartment
  std::size_t mode_count = 1;
  std::array<Mode, most_modes> mode;  ///< the first mode_count; the faster one first

  std::span<const Mode> modes() const { return {mode.data(), mode_count}; }
};

/// Two compartments: the rates are the roots of s^2 - (k10 + k12 + k21) s + k10 k21 with k10 = CL/V, k12 = Q/V and
/// k21 = Q/Vp; the weight of rate alpha is (alpha - k21) / (alpha - beta) (Gibaldi and Perrier, Pharmacokinetics, 2nd
/// edition 1982, equations 2.16 - 2.20).
///
/// Three compartments: with k13 = Q3/V and k31 = Q3/V3 besides, the rates solve
/// k10 = s (1 + k12 / (k21 - s) + k13 / (k31 - s)); the weight of rate alpha is
/// (alpha - k21) (alpha - k31) / ((alpha - beta) (alpha - gamma)) (Upton, J Pharmacol Toxicol Methods 49:65, 2004).
/// Where k21 = k31 the middle rate is that too, with weight 0.
///
/// Relative rounding errors of a few 1e-16 also where rates are close or far apart. The parameters that the structure
/// uses must be positive and finite, the lag >= 0 and finite.
Disposition disposition(const Individual& individual);

/// Derivatives of weight and rate of every mode with respect to the parameters, by [mode][PkParameter].
struct DispositionGradient {
  std::array<std::array<double, pk_parameter_count>, most_modes> weight{};
  std::array<std::array<double, pk_parameter_count>, most_modes> rate{};
};

/// Where two rates nearly coincide, which takes a peripheral volume much smaller than V, the derivatives of the modes
/// are large and cancel in those of C: about 1e-16 V / Vp of relative accuracy is lost with two compartments, 1e-16
/// times its square root with three.
DispositionGradient disposition_gradient(const Individual& individual);

}  // namespace titrant::pkpd
