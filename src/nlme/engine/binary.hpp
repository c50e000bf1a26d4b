#pragma once

#include "titrant/nlme/residual.hpp"

namespace titrant::nlme {

/// What an observation y of 0 or 1 adds to -2 log L given its probability p, l(p) = -2 log(p^y (1 - p)^(1 - y)), and to
/// the information about p, the expected w(p) = 1 / (p (1 - p)): Laplace's approximation with Fisher's information.
/// Where logit p is linear in the etas that is Laplace's approximation itself, for there the observed information is
/// the expected one (McCullagh and Nelder 1989, Generalized Linear Models, section 2.5). There is nothing to estimate
/// in it.
ResidualTerm binary_term(double observed, double probability);

}  // namespace titrant::nlme
