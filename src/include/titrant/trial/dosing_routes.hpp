#pragma once

#include <compare>

#include "titrant/trial/trial.hpp"

namespace titrant::trial {

/// How the doses of a subject, or of several, are given.
struct Routes {
  bool intravenous = false;
  bool absorbed = false;
  bool modelled_rate = false;      ///< some infusion leaves its rate to the model (RATE -1)
  bool modelled_duration = false;  ///< or its duration (RATE -2)

  auto operator<=>(const Routes&) const = default;
  bool of(pkpd::DoseInto into) const { return into == pkpd::DoseInto::depot ? absorbed : intravenous; }
  Routes& operator|=(const Routes& other);
};

/// Of the doses that give any drug.
Routes routes_of(const Subject& subject);

}  // namespace titrant::trial
