#pragma once

#include <span>

#include "titrant/pkpd/dosing.hpp"
#include "titrant/pkpd/individual.hpp"

namespace titrant::pkpd {

/// concentration_and_gradient by the parameters that the structure uses alone: many times need less memory.
/// \param gradient  [time][parameter of the structure, as parameters_of], row-major
void concentration_and_used_gradient(const Individual& individual, std::span<const Dose> doses,
                                     std::span<const double> times, std::span<double> value, std::span<double> gradient,
                                     RecordsBefore records_before = {});

}  // namespace titrant::pkpd
