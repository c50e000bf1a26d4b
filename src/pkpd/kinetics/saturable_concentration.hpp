#pragma once

#include <span>
#include <vector>

#include "titrant/pkpd/varying.hpp"

namespace titrant::pkpd {

/// C(t) of a subject with saturable elimination, as concentration() of varying.hpp has it.
std::vector<double> saturable_concentration(const VaryingIndividual& individual, std::span<const Dose> doses,
                                            std::span<const double> times, RecordsBefore records_before);

/// What a row of a gradient lists.
enum class GradientRows {
  all_parameters,  ///< [segment][pk_parameter_count], those not asked 0
  those_asked      ///< [segment][parameter of `by`]
};

/// The same with derivatives.
/// \param value     [time], ng/mL
/// \param gradient  [time][row], row-major
void saturable_concentration_and_gradient(const VaryingIndividual& individual, std::span<const Dose> doses,
                                          std::span<const double> times, std::span<double> value,
                                          std::span<double> gradient, RecordsBefore records_before,
                                          std::span<const PkParameter> by, GradientRows rows);

}  // namespace titrant::pkpd
