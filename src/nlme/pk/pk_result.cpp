#include "pk_result.hpp"

#include "body_volume.hpp"
#include "titrant/nlme/pk_parts.hpp"

namespace titrant::nlme {

PopulationFit population_fit(const PkModel& model, pkpd::Structure structure, const Estimation& estimation) {
  PopulationFit fit;
  static_cast<FitSummary&>(fit) = summarise(estimation, model.places());
  fit.description = pkpd::name(structure);
  fit.model = pk_model_of(estimation.population, structure);
  fit.left_out = model.left_out();
  fit.remarks = model.remarks();
  const std::string volume = body_volume_remark(model, fit.model);
  if (!volume.empty()) fit.remarks.push_back(volume);
  return fit;
}

}  // namespace titrant::nlme
