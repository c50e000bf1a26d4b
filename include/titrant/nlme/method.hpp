#pragma once

#include <span>
#include <string>

namespace titrant::nlme {

/// How a population is estimated.
enum class MethodKind {
  fo,     ///< first-order approximation about etas of 0
  foce,   ///< about the most probable etas, without interaction
  focei,  ///< the same with interaction of etas and residual error
  saem    ///< stochastic approximation EM: no approximation of the likelihood
};

std::string to_string(MethodKind method);

/// Throws ConfigError where an estimation cannot use these methods one after another: focei, saem, or saem and then
/// focei.
void check_methods(std::span<const MethodKind> methods);

}  // namespace titrant::nlme
