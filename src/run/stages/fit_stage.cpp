#include <fmt/format.h>

#include <string_view>

#include "tables/parameter_table.hpp"
#include "titrant/run/run.hpp"
#include "titrant/run/stage.hpp"
#include "titrant/store/columns.hpp"

namespace titrant::run {

namespace {

class FitStage : public Stage {
 public:
  std::string name() const override { return "fit"; }
  std::string title() const override { return "Population pharmacokinetics"; }

  std::string compute(const Context& context, Results& results, core::Progress& /*progress*/) const override {
    const Configuration& c = context.configuration;
    results.pk = nlme::fit_pk(context.ranks, results.trial, pk_options(c), c.seed);
    return results.pk.reason;
  }

  void write(const Context& /*context*/, const Results& results, store::Writer& out) const override {
    write_fit("/pk", results.pk.best, structure_name(results.pk.best.model.structure), out);
    out.attribute("/pk", "reason", results.pk.reason);
    for (const nlme::PopulationFit& candidate : results.pk.candidates) {
      const std::string group = "/pk/candidate/" + candidate.description;
      write_fit(group, candidate, structure_name(candidate.model.structure), out);
    }
  }

 private:
  static std::string structure_name(pkpd::Structure structure) {
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
};

}  // namespace

std::unique_ptr<Stage> fit_stage() { return std::make_unique<FitStage>(); }

namespace {

std::string_view words_of(pkpd::Structure structure) {
  switch (structure) {
    case pkpd::Structure::one_compartment:
      return "one compartment";
    case pkpd::Structure::two_compartment:
      return "two compartments";
    case pkpd::Structure::three_compartment:
      break;
  }
  return "three compartments";
}

}  // namespace

std::string fit_table(const nlme::PkFit& fit) {
  const nlme::PopulationFit& best = fit.best;
  std::string table =
      fmt::format("Population PK ({}, {}): objective {:.3f}, -2 log L {:.3f}, AIC {:.2f}, BIC {:.2f}\n{}{}\n",
                  words_of(best.model.structure), best.method, best.objective, best.minus_two_log_likelihood, best.aic,
                  best.bic, parameter_lines(best), fit.reason);
  if (fit.candidates.size() > 1) {
    table += fmt::format("{:<41} {:>12} {:>10} {:>10}\n", "models compared", "objective", "AIC", "BIC");
    for (const nlme::PopulationFit& other : fit.candidates) {
      table += fmt::format("  {:<39} {:>12.3f} {:>10.2f} {:>10.2f}\n", other.description, other.objective, other.aic,
                           other.bic);
    }
  }
  return table;
}

}  // namespace titrant::run
