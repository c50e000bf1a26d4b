#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "titrant/pkpd/dosing.hpp"
#include "titrant/pkpd/individual.hpp"

namespace titrant::pkpd {

/// The parameters of a subject from a time on.
struct IndividualChange {
  double time = 0.0;  ///< h
  Individual individual;
};

/// A subject whose parameters change in time, as covariates do: those of `first` hold until the first change. All have
/// one structure, one concentration scale and one absorption, which is not through transit compartments. Amounts in
/// depot, central and peripheral compartments stay at a change; C jumps where the volume does, and at the time of the
/// change it is that of the new volume. A dose has the lag of the time it is taken at.
struct VaryingIndividual {
  Individual first;
  std::vector<IndividualChange> changes;  ///< in order of time

  std::size_t segments() const { return 1 + changes.size(); }
  const Individual& segment(std::size_t which) const { return which == 0 ? first : changes[which - 1].individual; }
  /// The segment that a time lies in.
  std::size_t segment_at(double time) const;
};

/// C(t) in ng/mL at each of `times` (h, any order), exactly, stretch by stretch. Doses and places as in
/// concentration.hpp; a steady-state record is that of the parameters at its time, held for ever before.
std::vector<double> concentration(const VaryingIndividual& individual, std::span<const Dose> doses,
                                  std::span<const double> times, RecordsBefore records_before = {});

/// The same with its exact derivatives by the parameters of each segment, so that any way in which these depend on
/// covariates and coefficients follows by the chain rule.
/// \param value     [time]
/// \param gradient  [time][segment][pk_parameter_count], row-major, natural scales
/// \param by        those that are wanted; derivatives by other parameters of doses are 0
void concentration_and_gradient(const VaryingIndividual& individual, std::span<const Dose> doses,
                                std::span<const double> times, std::span<double> value, std::span<double> gradient,
                                RecordsBefore records_before = {},
                                std::span<const PkParameter> by = all_pk_parameters());

}  // namespace titrant::pkpd
