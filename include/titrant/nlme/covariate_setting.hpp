#pragma once

#include <map>
#include <set>
#include <string>
#include <variant>

#include "titrant/pkpd/population.hpp"

namespace titrant::nlme {

/// A covariate effect as asked for: a number is the fixed exponent of a power effect, a kind is that effect with its
/// coefficient estimated.
using CovariateSetting = std::variant<double, pkpd::EffectKind>;

/// What the data say of covariates beside their values.
struct CovariateMeaning {
  std::map<std::string, double> reference;  ///< of power effects, where it is not the default
  std::set<std::string> categorical;        ///< those whose values are levels, the lowest the reference
};

}  // namespace titrant::nlme
