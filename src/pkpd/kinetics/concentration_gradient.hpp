#pragma once

#include <span>

#include "titrant/pkpd/dosing.hpp"
#include "titrant/pkpd/individual.hpp"

namespace titrant::pkpd {

/// concentration_and_gradient by some parameters alone: many times need less memory.
/// \param gradient  [time][parameter of `by`], row-major
void concentration_and_gradient_by(const Individual& individual, std::span<const Dose> doses,
                                   std::span<const double> times, std::span<double> value, std::span<double> gradient,
                                   std::span<const PkParameter> by, RecordsBefore records_before = {});

}  // namespace titrant::pkpd
