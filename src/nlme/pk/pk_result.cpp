#include "pk_result.hpp"

#include "body_volume.hpp"
#include "titrant/nlme/pk_parts.hpp"

namespace titrant::nlme {

std::string_view name_of(pkpd::Structure structure) {
  switch (structure) {
    case pkpd::Structure::one_compartment:
      return "one_compartment";
    case pkpd::Structure::two_compartment:
      return "two_compartment";
    case pkpd::Structure::three_compartment:
      break;
  }
  return "three_compartment";
}

PopulationFit population_fit(const PkModel& model, pkpd::Structure structure, const Estimation& estimation) {
  PopulationFit fit;
  static_cast<FitSummary&>(fit) = summarise(estimation, model.places());
  fit.description = name_of(structure);
  fit.model = pk_model_of(estimation.population, structure);
  fit.left_out = model.left_out();
  fit.remarks = model.remarks();
  const std::string volume = body_volume_remark(model, fit.model);
  if (!volume.empty()) fit.remarks.push_back(volume);
  return fit;
}

}  // namespace titrant::nlme
