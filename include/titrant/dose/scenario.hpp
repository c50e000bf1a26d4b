#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "titrant/pkpd/population.hpp"

namespace titrant::dose {

/// A population to which doses are to be given (proposal, section 5.2).
struct ScenarioOptions {
  double body_weight_from = 50.0;  ///< kg, uniform
  double body_weight_to = 100.0;   ///< kg
  double comed = 0.5;              ///< share of people with co-medication
};

/// How often a dose is taken.
struct RegimenKind {
  std::string name;  ///< daily, weekly
  double interval;   ///< h
};
inline const RegimenKind daily{"daily", 24.0};
inline const RegimenKind weekly{"weekly", 168.0};

/// A virtual person.
struct VirtualSubject {
  pkpd::Covariates covariates;
  pkpd::Individual individual;
};

/// Person `index` of a scenario's cohort. The same index has the same random numbers in every scenario, so scenarios
/// differ by their definition and not by chance.
VirtualSubject virtual_subject(const ScenarioOptions& scenario, const pkpd::PopulationModel& model, std::uint64_t seed,
                               std::size_t index);

}  // namespace titrant::dose
