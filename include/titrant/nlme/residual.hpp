#pragma once

#include "titrant/pkpd/population.hpp"

namespace titrant::nlme {

/// What an observation says of u, the logarithm of its subject's own factor of the residual error (the standard
/// deviation is exp(u) times that of the error model): l as a function of f and u, with the information about (f, u)
/// that FOCEI's rule gives, of a normal error w_fu = (dv/df) / v and w_uu = 2. For the rest as in ResidualTerm.
struct FactorTerm {
  double slope;                      ///< dl/du
  double curvature;                  ///< d^2 l / du^2
  double mixed;                      ///< d^2 l / df du
  double slope_by_error[2];          ///< d^2 l / du d log a, ...
  double own_weight;                 ///< w_uu
  double own_weight_slope;           ///< d w_uu / df
  double own_weight_by_factor;       ///< d w_uu / du
  double own_weight_by_error[2];     ///< d w_uu / d log a, ...
  double shared_weight;              ///< w_fu
  double shared_weight_slope;        ///< d w_fu / df
  double shared_weight_by_factor;    ///< d w_fu / du
  double shared_weight_by_error[2];  ///< d w_fu / d log a, ...
  double weight_by_factor;           ///< d w / du
};

/// What one observation y adds to -2 log L given its prediction f, l(f) = (y - f)^2 / v + log v with v the variance of
/// the error model, and to the information about f, w(f) = 1 / v + (dv/df)^2 / (2 v^2): the interaction term of FOCEI
/// (Almquist, Leander and Jirstrand 2015, J Pharmacokinet Pharmacodyn 42:191). Of a log-normal error, l(f) =
/// (log y - log f)^2 / b^2 + log b^2 + 2 log y: the density of y itself, so that objectives of all error models
/// compare. Of a binary observation see engine/binary.hpp. Derivatives "by error" are with respect to log a (of a
/// power, the logarithm of its exponent) and log b.
struct ResidualTerm {
  double value;               ///< l
  double slope;               ///< dl/df
  double curvature;           ///< d^2 l / df^2
  double weight;              ///< w
  double weight_slope;        ///< dw/df
  double value_by_error[2];   ///< dl/d log a, dl/d log b
  double slope_by_error[2];   ///< d^2 l / df d log a, ...
  double weight_by_error[2];  ///< dw/d log a, ...
  FactorTerm factor;          ///< where pkpd::ErrorModel::omega is above 0, else not to be read
};

/// All of it. The variance must be positive, and `observed` above 0 for a log-normal error.
ResidualTerm residual_term(double observed, double predicted, const pkpd::ErrorModel& error);

/// A term about the logarithm of a positive prediction as one about the prediction: the chain rule. What it says of the
/// first error becomes what it says of the second one, as on_log_scale exchanged them.
ResidualTerm of_logarithm(const ResidualTerm& term, double predicted);

}  // namespace titrant::nlme
