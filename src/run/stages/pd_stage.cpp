#include <fmt/format.h>

#include <algorithm>

#include "tables/parameter_table.hpp"
#include "titrant/run/models.hpp"
#include "titrant/run/run.hpp"
#include "titrant/run/stage.hpp"
#include "titrant/store/columns.hpp"

namespace titrant::run {

namespace {

constexpr std::size_t printed_models = 8;

/// As said beside a structure.
std::string moving_baseline(pkpd::BaselineModel baseline) {
  return baseline == pkpd::BaselineModel::constant ? "" : fmt::format(", {} baseline", pkpd::name(baseline));
}

class PdStage : public Stage {
 public:
  std::string name() const override { return "pd"; }
  std::string title() const override { return "Biomarker model"; }

  std::string compute(const Context& context, Results& results, core::Progress& /*progress*/) const override {
    const Configuration& c = context.configuration;
    if (c.pd.structure == "none") return "not asked for (pd.structure is none)";
    results.pd = nlme::fit_pd(context.ranks, results.trial, results.pk.best, pd_options(c, results.trial), c.seed);
    return results.pd->reason;
  }

  void write(const Context& /*context*/, const Results& results, store::Writer& out) const override {
    if (!results.pd) return;
    const nlme::BiomarkerFit& best = results.pd->best;
    write_fit("/pd", best, std::string(pkpd::name(best.model.structure)), out);
    out.attribute("/pd", "reason", results.pd->reason);
    write_model("/pd/model", best, results.trial.units, out);
    out.attribute("/pd/model", "baseline", std::string(pkpd::name(best.model.baseline)));
    out.attribute("/pd/model", "estimated_with", std::string(name_of(best.how)));
    using nlme::PdCandidate;
    const std::vector<PdCandidate>& candidates = results.pd->candidates;
    const std::string group = "/pd/candidate";
    std::vector<std::string> names;
    names.reserve(candidates.size());
    for (const PdCandidate& candidate : candidates) names.push_back(candidate.description);
    out.scale(group + "/candidate", names);
    store::Columns(out, group, candidates)
        .words("structure", [](const PdCandidate& p) { return std::string(pkpd::name(p.structure)); })
        .words("baseline", [](const PdCandidate& p) { return std::string(pkpd::name(p.baseline)); })
        .words("step", [](const PdCandidate& p) { return p.step; })
        .numbers("objective", [](const PdCandidate& p) { return p.objective; })
        .numbers("aic", [](const PdCandidate& p) { return p.aic; })
        .numbers("bic", [](const PdCandidate& p) { return p.bic; })
        .integers("estimated", [](const PdCandidate& p) { return p.estimated; })
        .integers("converged", [](const PdCandidate& p) { return p.converged; });
  }
};

}  // namespace

std::unique_ptr<Stage> pd_stage() { return std::make_unique<PdStage>(); }

std::string pd_table(const nlme::PdFit& fit) {
  const nlme::BiomarkerFit& best = fit.best;
  std::string table =
      fmt::format("Biomarker model ({}{}, {}): objective {:.3f}, -2 log L {:.3f}, AIC {:.2f}, BIC {:.2f}\n{}{}\n",
                  pkpd::name(best.model.structure), moving_baseline(best.model.baseline), best.method, best.objective,
                  best.minus_two_log_likelihood, best.aic, best.bic, parameter_lines(best), fit.reason);
  std::vector<nlme::PdCandidate> ranked = fit.candidates;
  // By another method the final fit is of other data and not to be ranked among these; the first line has it.
  if (best.how != nlme::PdMethod::individual) {
    std::erase_if(ranked, [](const nlme::PdCandidate& one) { return one.step == "final"; });
  }
  std::stable_sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) { return a.bic < b.bic; });
  table += fmt::format("{:>12} {:>10} {:>10}  {} of {} models tried, best first\n", "objective", "AIC", "BIC",
                       std::min(printed_models, ranked.size()), ranked.size());
  for (std::size_t k = 0; k < std::min(printed_models, ranked.size()); ++k) {
    const nlme::PdCandidate& model = ranked[k];
    table += fmt::format("{:>12.3f} {:>10.2f} {:>10.2f}  {}{}\n", model.objective, model.aic, model.bic,
                         model.description, model.converged ? "" : " (not converged)");
  }
  return table;
}

}  // namespace titrant::run
