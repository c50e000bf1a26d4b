#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <string>
#include <vector>

#include "tables/parameter_table.hpp"
#include "titrant/run/models.hpp"
#include "titrant/run/run.hpp"
#include "titrant/run/stage.hpp"
#include "titrant/store/columns.hpp"

namespace titrant::run {

namespace {

constexpr std::array<const char*, 3> in_words = {"one compartment", "two compartments", "three compartments"};

/// The routes of the doses that the fit has learnt from, in words.
std::string routes_in_words(const trial::Trial& trial) {
  trial::Routes known;
  for (const trial::Subject& subject : trial.subjects) {
    if (!subject.concentrations.empty()) known |= trial::routes_of(subject);
  }
  std::vector<std::string> words;
  if (known.absorbed) words.emplace_back("absorbed");
  if (known.intravenous) words.emplace_back("intravenous");
  if (known.modelled_rate) words.emplace_back("modelled rate");
  if (known.modelled_duration) words.emplace_back("modelled duration");
  return fmt::format("{}", fmt::join(words, ", "));
}

void write_search(const std::vector<nlme::PkCandidate>& tried, store::Writer& out) {
  using nlme::PkCandidate;
  if (tried.empty()) return;
  const std::string group = "/pk/search";
  std::vector<std::string> names;
  names.reserve(tried.size());
  for (const PkCandidate& one : tried) names.push_back(one.description);
  out.scale(group + "/candidate", names);
  store::Columns(out, group, tried)
      .words("step", [](const PkCandidate& one) { return one.step; })
      .numbers("objective", [](const PkCandidate& one) { return one.objective; })
      .numbers("aic", [](const PkCandidate& one) { return one.aic; })
      .numbers("bic", [](const PkCandidate& one) { return one.bic; })
      .integers("estimated", [](const PkCandidate& one) { return one.estimated; })
      .integers("converged", [](const PkCandidate& one) { return one.converged; });
}

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
    write_fit("/pk", results.pk.best, std::string(pkpd::name(results.pk.best.model.structure)), out);
    out.attribute("/pk", "reason", results.pk.reason);
    write_model("/pk/model", results.pk.best, results.trial.units, out);
    out.attribute("/pk/model", "routes", routes_in_words(results.trial));
    write_search(results.pk.search, out);
    for (const nlme::PopulationFit& candidate : results.pk.candidates) {
      const std::string group = "/pk/candidate/" + candidate.description;
      write_fit(group, candidate, std::string(pkpd::name(candidate.model.structure)), out);
    }
  }
};

}  // namespace

std::unique_ptr<Stage> fit_stage() { return std::make_unique<FitStage>(); }

std::string fit_table(const nlme::PkFit& fit) {
  const nlme::PopulationFit& best = fit.best;
  std::string table =
      fmt::format("Population PK ({}, {}): objective {:.3f}, -2 log L {:.3f}, AIC {:.2f}, BIC {:.2f}\n{}{}\n",
                  in_words.at(static_cast<std::size_t>(best.model.structure)), best.method, best.objective,
                  best.minus_two_log_likelihood, best.aic, best.bic, parameter_lines(best), fit.reason);
  if (fit.candidates.size() > 1) {
    table += fmt::format("{:<41} {:>12} {:>10} {:>10}\n", "models compared", "objective", "AIC", "BIC");
    for (const nlme::PopulationFit& other : fit.candidates) {
      table += fmt::format("  {:<39} {:>12.3f} {:>10.2f} {:>10.2f}\n", other.description, other.objective, other.aic,
                           other.bic);
    }
  }
  if (!fit.search.empty()) {
    table += fmt::format("{:>12} {:>10} {:>10}  {} models of the covariate search\n", "objective", "AIC", "BIC",
                         fit.search.size());
  }
  for (const nlme::PkCandidate& one : fit.search) {
    table += fmt::format("{:>12.3f} {:>10.2f} {:>10.2f}  {}: {}{}\n", one.objective, one.aic, one.bic, one.step,
                         one.description, one.converged ? "" : " (not converged)");
  }
  return table;
}

}  // namespace titrant::run
