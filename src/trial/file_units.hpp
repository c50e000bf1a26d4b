#pragma once

#include "titrant/trial/nonmem.hpp"

namespace titrant::trial {

/// Hours in a unit of time.
double hours_in(TimeUnit unit);

/// Kilograms in a unit of weight.
double kilograms_in(WeightUnit unit);

/// The number x with x * factor == value, to the last bit where there is one: what a file held that was read as
/// `value`.
double in_file_unit(double value, double factor);

}  // namespace titrant::trial
