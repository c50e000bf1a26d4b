#pragma once

#include "titrant/pkpd/population.hpp"

namespace titrant::nlme {

/// What one observation y adds to -2 log L given its prediction f, l(f) = (y - f)^2 / v + log v with v = a^2 + b^2 f^2,
/// and to the information about f, w(f) = 1 / v + (dv/df)^2 / (2 v^2): the interaction term of FOCEI (Almquist, Leander
/// and Jirstrand 2015, J Pharmacokinet Pharmacodyn 42:191). Derivatives "by error" are with respect to log a and log b.
struct ResidualTerm {
  double value;               ///< l
  double slope;               ///< dl/df
  double curvature;           ///< d^2 l / df^2
  double weight;              ///< w
  double weight_slope;        ///< dw/df
  double value_by_error[2];   ///< dl/d log a, dl/d log b
  double slope_by_error[2];   ///< d^2 l / df d log a, ...
  double weight_by_error[2];  ///< dw/d log a, ...
};

/// All of it. The variance must be positive.
ResidualTerm residual_term(double observed, double predicted, const pkpd::ErrorModel& error);

}  // namespace titrant::nlme
