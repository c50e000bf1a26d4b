#include "titrant/nlme/fittable.hpp"

#include "pd/pd_initial.hpp"
#include "pd/pd_shape.hpp"
#include "pk/pk_preparation.hpp"
#include "titrant/nlme/design.hpp"
#include "titrant/nlme/joint_blocks.hpp"
#include "titrant/nlme/pd_model.hpp"

namespace titrant::nlme {

void expect_fittable_pk(const trial::Trial& trial, const PkOptions& options) {
  using enum pkpd::Structure;
  prepare_pk(trial, structure_of(options.structure), options.lag, options);
  if (options.structure == StructureChoice::automatic) prepare_pk(trial, two_compartment, options.lag, options);
}

void expect_fittable_pd(const trial::Trial& trial, const PdOptions& options, bool automatic_structure) {
  PdOptions asked = options;
  asked.automatic = automatic_structure;
  check_names(asked);
  expect_joint_subjects(asked, trial);
  // Values and covariates do not depend on the exposure; any PK model serves.
  PopulationFit exposure;
  for (const char* name : {"absorption_rate", "clearance", "volume"}) {
    pkpd::ParameterModel parameter;
    parameter.name = name;
    parameter.typical = 1.0;
    exposure.model.parameters.push_back(std::move(parameter));
  }
  const PdModel any(trial, exposure, options.structure, asked.baselines.front(), asked.error == ErrorKind::binary);
  expect_fittable_values(any, asked);
  for (const pkpd::BiomarkerStructure structure : structures_tried(asked)) {
    const PdModel model(any, structure, asked.baselines.front());
    const PdShape shape = plain_shape(asked, structure);
    const Design every_covariate_is_there(model, population_of(shape, model, asked, Population{}));
  }
}

}  // namespace titrant::nlme
