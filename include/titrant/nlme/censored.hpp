#pragma once

#include <limits>

#include "titrant/nlme/residual.hpp"

namespace titrant::nlme {

/// What is known of a censored observation: it lies between these, in its own units.
struct Interval {
  double lower = -std::numeric_limits<double>::infinity();
  double upper = std::numeric_limits<double>::infinity();
};

/// What an observation known only to be below `limit` adds (method M3 of Beal 2001, J Pharmacokinet Pharmacodyn
/// 28:481): l(f) = -2 log Phi(z), z = (limit - f) / sqrt(v), to any |z|. Its information is that of the Gauss-Newton
/// method, w(f) = lambda (lambda + z) (dz/df)^2 with lambda = phi(z) / Phi(z): half the curvature but for d^2 z / df^2,
/// never negative, and the whole of it where v does not depend on f.
ResidualTerm censored_term(double limit, double predicted, const pkpd::ErrorModel& error);

/// The same of an observation known to lie in an interval, l(f) = -2 log(Phi(z_upper) - Phi(z_lower)) with z = (end -
/// f) / sqrt(v), to any |z| and any width above 0; an end may be infinite, and with both infinite it says nothing. Of
/// an interval open below this is the term above, of one open above its mirror image. Its information is again half the
/// curvature but for the second derivatives of z_upper and z_lower; it is never negative, since Phi(z_upper) -
/// Phi(z_lower) is log-concave in both (Prekopa 1973, Acta Sci Math 34:335).
ResidualTerm interval_term(const Interval& interval, double predicted, const pkpd::ErrorModel& error);

}  // namespace titrant::nlme
