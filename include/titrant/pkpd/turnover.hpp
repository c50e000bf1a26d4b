#pragma once

#include <span>
#include <vector>

#include "titrant/pkpd/concentration.hpp"
#include "titrant/pkpd/exposure.hpp"

namespace titrant::pkpd {

/// The four classical indirect-response models (Dayneka, Garzone and Jusko 1993).
enum class TurnoverKind { inhibit_production, inhibit_loss, stimulate_production, stimulate_loss };

/// A biomarker R with zero-order production and first-order loss: dR/dt = kin f(C) - kout g(C) R, kin = baseline x
/// kout, where the inhibited (stimulated) one of f, g is 1 - (1 +) effect x C^hill / (c50^hill + C^hill).
struct Turnover {
  TurnoverKind kind = TurnoverKind::inhibit_production;
  double baseline = 1.0;   ///< ng/mL (R0 = kin / kout), > 0
  double loss_rate = 1.0;  ///< 1/h (kout), > 0
  double effect = 1.0;     ///< Imax in (0, 1] or Emax > 0
  double c50 = 1.0;        ///< ng/mL (IC50 or EC50), > 0
  double hill = 1.0;       ///< sigmoidicity, > 0
};

/// R(t) in ng/mL at `times` (h, ascending) after a dose history, from R = baseline before the first dose.
/// Integrated with error control (relative 1e-8). Throws NumericalError where the integration fails.
std::vector<double> biomarker(const Turnover& turnover, const Individual& individual, std::span<const Dose> doses,
                              std::span<const double> times);

/// R at `times` (h, ascending, within the interval) at the periodic steady state of a regimen. The equation is linear
/// in R, so the periodic solution is a fixed point found from one interval, not by waiting.
std::vector<double> steady_state_biomarker(const Turnover& turnover, const Individual& individual,
                                           const Regimen& regimen, std::span<const double> times);

/// The largest R over the whole interval at steady state (between grid points too).
double steady_state_maximum(const Turnover& turnover, const Individual& individual, const Regimen& regimen);

}  // namespace titrant::pkpd
