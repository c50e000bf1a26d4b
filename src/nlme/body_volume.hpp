#pragma once

#include <string>

#include "titrant/nlme/pk_model.hpp"
#include "titrant/pkpd/population.hpp"

namespace titrant::nlme {

/// What to say where the typical volume of a PK model (both compartments together) is one that no body can have, which
/// wrong units cause more often than drugs; empty where it is possible.
///
/// Possible are 0.02 to 1,500 L/kg, at the trial's median body weight, or at 70 kg without weights. No drug is in less
/// than plasma, 0.04 L/kg (Davies and Morris 1993, Pharm Res 10:1093: 3 L of 70 kg); the largest volumes are those of
/// chloroquines, near 44,000 L in plasma (Tett, Cutler, Day and Brown 1988, Br J Clin Pharmacol 26:303), and
/// bioavailability divides them.
std::string body_volume_remark(const PkModel& trial, const pkpd::PopulationModel& model);

}  // namespace titrant::nlme
