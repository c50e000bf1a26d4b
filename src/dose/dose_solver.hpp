#pragma once

#include <functional>
#include <span>
#include <vector>

#include "titrant/pkpd/biomarker.hpp"

namespace titrant::dose {

/// The values of a biomarker that decide one limit: all are below (above) their own.
struct DecidingValues {
  bool below = true;
  std::vector<double> limits;  ///< of R; infinite, or -infinity, where any value will do or none
  std::function<void(double dose, std::span<double> values)> at;  ///< R on a dose where it decides
};

/// Whether success begins at a dose and lasts, else it ends at one.
bool rises_with_dose(const pkpd::Biomarker& biomarker, const DecidingValues& deciding);

/// The dose at which success begins (0: on placebo; infinite: none up to largest_dose), or the one at which it ends (0:
/// fails on placebo; infinite: none up to largest_dose fails). Relative accuracy 1e-8.
///
/// Sought is the zero of the logit of the share of the full effect, less the logit of the share at the limit, over the
/// logarithm of the dose: for a direct effect a straight line of slope `hill`, for the others nearly so. A secant from
/// the dose whose average concentration would do takes three to four evaluations.
/// \param half_effect  log of the dose whose average concentration is the ic50
double changing_dose(const pkpd::Biomarker& biomarker, const DecidingValues& deciding, double half_effect);

}  // namespace titrant::dose
