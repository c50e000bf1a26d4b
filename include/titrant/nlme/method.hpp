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

/// Its name in text: "FOCEI".
std::string method_title(MethodKind method);

/// The method that a word of `estimation.methods` names, one that to_string returns.
MethodKind method_of(const std::string& word);

/// Throws ConfigError unless these methods can be run one after another: some of fo, foce and focei in this order, each
/// from where the one before ended; saem alone; saem, then focei.
void check_methods(std::span<const MethodKind> methods);

/// Whose objective such a sequence ends with: of SAEM, which has none, FOCEI's.
MethodKind objective_of(std::span<const MethodKind> methods);

}  // namespace titrant::nlme
