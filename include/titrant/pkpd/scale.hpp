#pragma once

namespace titrant::pkpd {

/// How a parameter is transformed before covariate effects and random effects are added to it, so that it never leaves
/// its range: log for positive parameters, logit for those between two bounds, linear for those of either sign.
struct Scale {
  enum class Kind { log, logit, linear };
  Kind kind = Kind::log;
  double lower = 0.0;  ///< range of a logit parameter; the values of a linear one that become 0
  double upper = 1.0;  ///< and 1

  double transform(double natural) const;
  double natural(double transformed) const;
  double natural_derivative(double transformed) const;  ///< d natural / d transformed
};

}  // namespace titrant::pkpd
