#include <fmt/format.h>

#include "parameter_table.hpp"
#include "titrant/campaign/stage.hpp"

namespace titrant::campaign {

namespace {

class FitStage : public Stage {
 public:
  std::string name() const override { return "fit"; }
  std::string title() const override { return "Population pharmacokinetics"; }

  std::string compute(const Context& context, Results& results, core::Progress& /*progress*/) const override {
    const Configuration& c = context.configuration;
    results.pk = nlme::fit_pk(context.ranks, results.trial, c.pk, c.seed);
    return results.pk.reason;
  }

  void write(const Context& /*context*/, const Results& results, store::Writer& out) const override {
    write_fit("/pk", results.pk.best, out);
    out.attribute("/pk", "reason", results.pk.reason);
    for (const nlme::PopulationFit& candidate : results.pk.candidates) {
      const bool one = candidate.model.structure == pkpd::Structure::one_compartment;
      write_fit(fmt::format("/pk/candidate/{}", one ? "one_compartment" : "two_compartment"), candidate, out);
    }
  }
};

}  // namespace

std::unique_ptr<Stage> fit_stage() { return std::make_unique<FitStage>(); }

}  // namespace titrant::campaign
