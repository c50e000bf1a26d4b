#include "titrant/trial/dosing_routes.hpp"

namespace titrant::trial {

Routes& Routes::operator|=(const Routes& other) {
  intravenous = intravenous || other.intravenous;
  absorbed = absorbed || other.absorbed;
  modelled_rate = modelled_rate || other.modelled_rate;
  modelled_duration = modelled_duration || other.modelled_duration;
  return *this;
}

Routes routes_of(const Subject& subject) {
  Routes routes;
  for (const pkpd::Dose& dose : subject.doses) {
    if (!dose.gives_drug()) continue;
    routes |= {.intravenous = dose.into == pkpd::DoseInto::central,
               .absorbed = dose.into == pkpd::DoseInto::depot,
               .modelled_rate = dose.infusion == pkpd::InfusionBy::modelled_rate,
               .modelled_duration = dose.infusion == pkpd::InfusionBy::modelled_duration};
  }
  return routes;
}

}  // namespace titrant::trial
