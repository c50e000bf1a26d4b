#include "pk_result.hpp"

#include <fmt/format.h>

#include <string>

#include "titrant/nlme/pk_parts.hpp"
#include "titrant/pkpd/disposition.hpp"

namespace titrant::nlme {

namespace {

/// A line for the verdict where typical absorption is slower than typical elimination, else empty. With one compartment
/// the same typical concentrations follow from ka and k = CL/V exchanged, CL as it is and V k / ka.
std::string flip_flop(const pkpd::PopulationModel& model) {
  pkpd::Individual typical;
  typical.structure = model.structure;
  for (std::size_t which = 0; which < pkpd::pk_parameter_count; ++which) {
    for (const pkpd::ParameterModel& parameter : model.parameters) {
      if (parameter.name != pkpd::pk_parameter_names.at(which)) continue;
      pkpd::parameter(typical, static_cast<pkpd::PkParameter>(which)) = parameter.typical;
    }
  }
  const double terminal = pkpd::disposition(typical).modes().back().rate;
  if (!(typical.absorption_rate < terminal)) return {};
  return fmt::format(
      "flip-flop: absorption_rate, {:.4g} 1/h, is below the terminal rate of disposition, {:.4g} 1/h; concentrations "
      "after oral doses alone do not tell which of the two is which",
      typical.absorption_rate, terminal);
}

}  // namespace

std::string_view name_of(pkpd::Structure structure) {
  return structure == pkpd::Structure::one_compartment ? "one_compartment" : "two_compartment";
}

PopulationFit population_fit(const PkModel& model, pkpd::Structure structure, const Estimation& estimation) {
  PopulationFit fit;
  static_cast<FitSummary&>(fit) = summarise(estimation, model.places());
  fit.description = name_of(structure);
  fit.model = pk_model_of(estimation.population, structure);
  const std::string doubt = flip_flop(fit.model);
  if (!doubt.empty()) fit.verdict.push_back(doubt);
  return fit;
}

}  // namespace titrant::nlme
