#include "titrant/pkpd/dosing.hpp"

#include "titrant/core/error.hpp"

namespace titrant::pkpd {

std::vector<Dose> course(const Regimen& regimen, int count) {
  TITRANT_EXPECTS(regimen.dose >= 0.0 && regimen.interval > 0.0 && count >= 0);
  std::vector<Dose> doses(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < doses.size(); ++i) {
    doses[i].time = static_cast<double>(i) * regimen.interval;
    doses[i].amount = regimen.dose;
  }
  return doses;
}

}  // namespace titrant::pkpd
