#pragma once

#include "titrant/nlme/residual.hpp"

namespace titrant::nlme {

/// What an observation known only to be below `limit` adds (method M3 of Beal 2001, J Pharmacokinet Pharmacodyn
/// 28:481): l(f) = -2 log Phi(z), z = (limit - f) / sqrt(v), to any |z|. Its information is that of the Gauss-Newton
/// method, w(f) = lambda (lambda + z) (dz/df)^2 with lambda = phi(z) / Phi(z): half the curvature but for d^2 z / df^2,
/// never negative, and the whole of it where v does not depend on f.
ResidualTerm censored_term(double limit, double predicted, const pkpd::ErrorModel& error);

}  // namespace titrant::nlme
