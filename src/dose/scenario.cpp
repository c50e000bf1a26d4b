#include "titrant/dose/scenario.hpp"

#include "titrant/core/stream.hpp"

namespace titrant::dose {

VirtualSubject virtual_subject(const ScenarioOptions& scenario, const pkpd::PopulationModel& model, std::uint64_t seed,
                               std::size_t index) {
  core::Stream stream(seed, core::Purpose::cohort, index);
  VirtualSubject subject;
  subject.covariates["body_weight"] = stream.uniform(scenario.body_weight_from, scenario.body_weight_to);
  subject.covariates["comed"] = stream.uniform() < scenario.comed ? 1.0 : 0.0;
  const std::vector<double> etas = pkpd::draw_etas(model, stream);
  subject.individual = pkpd::individual(model, subject.covariates, etas);
  return subject;
}

}  // namespace titrant::dose
