#pragma once

#include <optional>
#include <span>

#include "schedule.hpp"
#include "titrant/pkpd/dosing.hpp"
#include "titrant/pkpd/individual.hpp"

namespace titrant::pkpd {

/// What a dose brings into a compartment from its arrival on: an amount at once, or a constant rate for some time.
///
/// C is linear in all of it, so that the derivative of C by a parameter that doses depend on is the C of other doses:
/// those of rate dr/dp, and at the end of each infusion, which moves with the parameter, an amount of rate times dt/dp
/// at once (what the infusion would have brought in that time).
struct DoseInput {
  DoseInto into = DoseInto::depot;  ///< the compartment: the central one for zero-order absorption
  double at_once = 0.0;             ///< mg, where the duration is 0
  double rate = 0.0;                ///< mg/h
  double duration = 0.0;            ///< h
  double at_end = 0.0;              ///< mg at once at the end of the infusion: of derivatives alone

  bool nothing() const { return at_once == 0.0 && rate == 0.0 && at_end == 0.0; }
};

/// Of the dose of a record, or the derivative of that by one of `dose_parameters`. The parameters that the dose needs
/// must be above 0, and an infusion must not enter a depot of zero-order absorption or behind stages. Not of a constant
/// infusion.
DoseInput dose_input(const Individual& individual, const SingleDose& dose, std::optional<PkParameter> by = {});

/// The same of the doses of a steady state.
DoseInput dose_input(const Individual& individual, const SteadyDosing& steady, std::optional<PkParameter> by = {});

/// Whether a dose enters as an infusion.
bool is_infused(const Individual& individual, const SingleDose& dose);
bool is_infused(const Individual& individual, const SteadyDosing& steady);

/// Whether C depends on one of `dose_parameters`.
bool depends_on(const Individual& individual, std::span<const Dose> doses, PkParameter which);

/// The regimen that a steady state is of. A constant infusion is one whose doses take up their whole interval.
Regimen regimen_of(const Individual& individual, const SteadyDosing& steady);

/// The doses of a regimen given for ever.
SteadyDosing steady_dosing(const Regimen& regimen);

}  // namespace titrant::pkpd
