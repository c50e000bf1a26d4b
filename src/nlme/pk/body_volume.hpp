#pragma once

#include <string>

#include "titrant/nlme/pk_model.hpp"
#include "titrant/pkpd/population.hpp"

namespace titrant::nlme {

/// What to say where the typical volume of a PK model (both compartments together) is one that hardly a body can have,
/// which wrong units cause more often than drugs (mg/L taken for ng/mL make 32 L of theophylline 32,000 L); empty where
/// it is usual.
///
/// Usual are 0.02 to 300 L/kg, at the trial's median body weight, or at 70 kg without weights. No drug is in less than
/// plasma, 0.04 L/kg (Davies and Morris 1993, Pharm Res 10:1093: 3 L of 70 kg). Of 670 drugs given intravenously
/// (Obach, Lombardo and Waters 2008, Drug Metab Dispos 36:1385) those above are chloroquines and the like; an oral
/// volume is the larger by the bioavailability, so that this is a question and no fault.
std::string body_volume_remark(const PkModel& trial, const pkpd::PopulationModel& model);

}  // namespace titrant::nlme
