#pragma once

#include <cstddef>
#include <vector>

#include "titrant/pkpd/biomarker.hpp"
#include "titrant/pkpd/dosing.hpp"
#include "titrant/pkpd/individual.hpp"
#include "titrant/pkpd/response_window.hpp"

namespace titrant::pkpd {

/// The PK parameters of a subject on a course of doses of which every dosing interval is an occasion of its own. They
/// change whenever a dose is taken, as those of VaryingIndividual do: amounts in the body stay.
struct OccasionIndividual {
  Individual usual;  ///< the parameters with all kappas 0
  /// [dosing interval]: of a course from the first dose on. At steady state the last one is judged, and those before it
  /// are its past: they follow the periodic steady state of `usual`, since occasions that differ have none.
  std::vector<Individual> intervals;
};

/// The same subject on one unit of dose, as on_dose of an Individual.
OccasionIndividual on_dose(const OccasionIndividual& individual, double dose);

/// Intervals before the judged one at steady state, at most.
inline constexpr std::size_t most_intervals_before = 64;

/// How many dosing intervals a window depends on. Of a course those that begin before its end. At steady state the
/// judged one and as many before it as the slowest rate of `usual` (absorption, modes; loss, effect compartment,
/// tolerance or precursor of the biomarker, where there is one) needs to forget all but exp(-7) of what was there; at
/// least one, at most most_intervals_before. Under saturable elimination the rates are those of C = Km, a quarter of
/// those of small doses.
/// \param biomarker  null: concentrations alone
std::size_t occasion_intervals(const Individual& usual, const Course& course, const ResponseWindow& window,
                               const Biomarker* biomarker = nullptr);

}  // namespace titrant::pkpd
