#pragma once

#include <variant>

#include "titrant/pkpd/population.hpp"

namespace titrant::nlme {

/// A covariate effect as asked for: a number is the fixed exponent of a power effect, a kind is that effect with its
/// coefficient estimated.
using CovariateSetting = std::variant<double, pkpd::EffectKind>;

}  // namespace titrant::nlme
