#pragma once

#include <functional>
#include <span>
#include <vector>

#include "titrant/dose/outcomes.hpp"
#include "titrant/pkpd/biomarker.hpp"

namespace titrant::dose {

/// The values of a biomarker that decide one limit: all are below (above) their own.
struct DecidingValues {
  bool below = true;
  std::vector<double> limits;  ///< of R; infinite, or -infinity, where any value will do or none
  std::function<void(double dose, std::span<double> values)> at;  ///< R on a dose (0: placebo) where it decides
};

/// Whether success begins at a dose and lasts, else it ends at one.
bool rises_with_dose(const pkpd::Biomarker& biomarker, const DecidingValues& deciding);

/// The lowest doses in a row on which a biomarker that rebounds succeeds: R is not monotone in the dose there, and
/// success may come and go. Looked for on placebo and at ten doses a decade over six decades about the half effect,
/// ends to a relative 1e-8; what lies between two of these doses or beyond is overlooked.
DoseRange scanned_range(const std::function<bool(double dose)>& succeeds, double half_effect);

/// The dose at which success begins (0: on placebo; infinite: none up to largest_dose), or the one at which it ends (0:
/// fails on placebo; infinite: none up to largest_dose fails). Relative accuracy 1e-8.
///
/// Sought is the zero of the logit of the share of the full effect on the value of placebo, less the logit of the share
/// at the limit, over the logarithm of the dose: for a direct effect a straight line of slope `hill`, for the others
/// nearly so. A secant from the dose whose average concentration would do takes three to four evaluations. \param
/// half_effect  log of the dose whose average concentration is the ic50
double changing_dose(const pkpd::Biomarker& biomarker, const DecidingValues& deciding, double half_effect);

}  // namespace titrant::dose
