#pragma once

namespace titrant::pkpd {

/// How a parameter is transformed before covariate effects and random effects are added to it, so that it never leaves
/// its range: log for positive parameters, logit for those between two bounds.
struct Scale {
  enum class Kind { log, logit };
  Kind kind = Kind::log;
  double lower = 0.0;  ///< range of a logit parameter
  double upper = 1.0;

  double transform(double natural) const;
  double natural(double transformed) const;
  double natural_derivative(double transformed) const;  ///< d natural / d transformed
};

}  // namespace titrant::pkpd
