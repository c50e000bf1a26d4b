#pragma once

#include <span>
#include <vector>

#include "titrant/pkpd/dosing.hpp"
#include "titrant/pkpd/individual.hpp"

namespace titrant::pkpd {

/// C(t) in ng/mL of `individual` at each of `times` (h, any order), by superposition of the closed-form solutions of
/// all `doses` (any order). A dose at the very time of an observation counts for it only from that time on: absorption
/// has not begun, so C is continuous. It jumps at resets and steady-state records: `records_before`, [time] or empty,
/// tells on which side of these an observation of the same time is. Exact (relative error < 1e-10) also where ka and an
/// elimination rate (nearly) coincide.
std::vector<double> concentration(const Individual& individual, std::span<const Dose> doses,
                                  std::span<const double> times, RecordsBefore records_before = {});

/// The same together with its exact derivatives with respect to all parameters of PkParameter;
/// those by parameters that the structure or the doses do not use are 0.
/// \param value     [time], ng/mL
/// \param gradient  [time][pk_parameter_count], row-major: d C / d parameter on its natural scale. At the very end of
/// an
///                  infusion whose duration depends on a parameter, that of a later time.
/// \param by        those that are wanted; the others are 0
void concentration_and_gradient(const Individual& individual, std::span<const Dose> doses,
                                std::span<const double> times, std::span<double> value, std::span<double> gradient,
                                RecordsBefore records_before = {},
                                std::span<const PkParameter> by = all_pk_parameters());

}  // namespace titrant::pkpd
