#include <fmt/format.h>
#include <fmt/ranges.h>

#include "replicates.hpp"
#include "titrant/core/error.hpp"
#include "titrant/nlme/joint_model.hpp"
#include "titrant/nlme/pd_model.hpp"
#include "titrant/nlme/pk_model.hpp"
#include "titrant/run/run.hpp"
#include "titrant/run/stage.hpp"
#include "titrant/store/columns.hpp"

namespace titrant::run {

namespace {

template <class Model>
std::vector<std::vector<double>> times_of(const Model& model) {
  std::vector<std::vector<double>> times;
  for (std::size_t subject = 0; subject < model.subjects(); ++subject) {
    const std::span<const double> of_subject = model.times(subject);
    times.emplace_back(of_subject.begin(), of_subject.end());
  }
  return times;
}

/// Calls `action` with the model that a biomarker fit was made of.
template <class Action>
void with_pd_model(const Results& results, const Action& action) {
  const nlme::BiomarkerFit& fit = results.pd->best;
  if (fit.how == nlme::PdMethod::individual) {
    action(nlme::PdModel(results.trial, results.pk.best, fit.model.structure, fit.model.baseline,
                         fit.model.error.form == pkpd::ErrorForm::binary));
  } else {
    action(nlme::JointModel(results.trial, results.pk.best, fit.model));
  }
}

void write_rows(const std::string& group, const std::vector<nlme::ObservationRow>& rows, store::Writer& out) {
  using Row = nlme::ObservationRow;
  out.scale(group + "/observation", store::whole_numbers(rows.size()));
  store::Columns(out, group, rows)
      .integers("subject", [](const Row& r) { return r.subject; })
      .numbers("time", [](const Row& r) { return r.time; })
      .integers("response", [](const Row& r) { return r.response; })
      .integers("censored", [](const Row& r) { return r.censored; })
      .numbers("observed", [](const Row& r) { return r.observed; })
      .numbers("pred", [](const Row& r) { return r.pred; })
      .numbers("ipred", [](const Row& r) { return r.ipred; })
      .numbers("iwres", [](const Row& r) { return r.iwres; })
      .numbers("cwres", [](const Row& r) { return r.cwres; });
}

void write_relations(const std::string& group, const std::vector<nlme::CovariateRelation>& relations,
                     store::Writer& out) {
  if (relations.empty()) return;
  using Row = nlme::CovariateRelation;
  out.scale(group + "/pair", store::whole_numbers(relations.size()));
  store::Columns(out, group, relations)
      .words("random_effect", [](const Row& r) { return r.eta; })
      .words("covariate", [](const Row& r) { return r.covariate; })
      .integers("binary", [](const Row& r) { return r.binary; })
      .numbers("statistic", [](const Row& r) { return r.statistic; })
      .numbers("p_value", [](const Row& r) { return r.p_value; });
}

void write_bins(const std::string& group, const std::vector<nlme::CheckBin>& bins, store::Writer& out) {
  if (bins.empty()) return;
  using Row = nlme::CheckBin;
  out.scale(group + "/bin", store::whole_numbers(bins.size()));
  out.scale(group + "/quantile", std::vector<double>(nlme::check_quantiles.begin(), nlme::check_quantiles.end()));
  store::Columns(out, group, bins)
      .numbers("dose", [](const Row& r) { return r.dose; })
      .numbers("time", [](const Row& r) { return r.time; })
      .integers("count", [](const Row& r) { return r.count; });
  const auto write = [&](const std::string& name, const auto& of_bin) {
    std::vector<double> values;
    for (const Row& bin : bins) values.insert(values.end(), of_bin(bin).begin(), of_bin(bin).end());
    out.dataset(group + "/" + name, values);
  };
  write(
      "observed", [](const Row& r) -> const auto& { return r.observed; });
  write(
      "simulated", [](const Row& r) -> const auto& { return r.simulated; });
  write(
      "simulated_lower", [](const Row& r) -> const auto& { return r.lower; });
  write(
      "simulated_upper", [](const Row& r) -> const auto& { return r.upper; });
}

void write_profiles(const std::string& group, const std::vector<nlme::ProfileInterval>& profiles, store::Writer& out) {
  if (profiles.empty()) return;
  using Row = nlme::ProfileInterval;
  std::vector<std::string> names;
  names.reserve(profiles.size());
  for (const Row& profile : profiles) names.push_back(profile.name);
  out.scale(group + "/parameter", names);
  store::Columns(out, group, profiles)
      .words("units", [](const Row& r) { return r.units; })
      .numbers("estimate", [](const Row& r) { return r.estimate; })
      .numbers("lower", [](const Row& r) { return r.lower; })
      .numbers("upper", [](const Row& r) { return r.upper; })
      .integers("lower_open", [](const Row& r) { return r.lower_open; })
      .integers("upper_open", [](const Row& r) { return r.upper_open; });
}

void write_attainment(const std::vector<nlme::AttainmentCheck>& checks, store::Writer& out) {
  if (checks.empty()) return;
  using Row = nlme::AttainmentCheck;
  const std::string group = "/attainment_check";
  out.scale(group + "/row", store::whole_numbers(checks.size()));
  store::Columns(out, group, checks)
      .words("endpoint", [](const Row& r) { return r.endpoint; })
      .numbers("dose", [](const Row& r) { return r.dose; })
      .integers("observed", [](const Row& r) { return r.observed; })
      .integers("count", [](const Row& r) { return r.count; })
      .numbers("lower", [](const Row& r) { return r.lower; })
      .numbers("median", [](const Row& r) { return r.median; })
      .numbers("upper", [](const Row& r) { return r.upper; });
}

class DiagnosticsStage : public Stage {
 public:
  std::string name() const override { return "diagnostics"; }
  std::string title() const override { return "Diagnostics"; }

  std::string compute(const Context& context, Results& results, core::Progress& /*progress*/) const override {
    Diagnostics& d = results.diagnostics;
    const nlme::PkModel pk(results.trial, results.pk.best);
    d.pk = nlme::diagnose(pk, results.pk.best, times_of(pk));
    d.pk_relations = nlme::covariate_relations(pk, results.pk.best);
    if (results.pd) {
      with_pd_model(results, [&](const auto& model) {
        d.pd = nlme::diagnose(model, results.pd->best, times_of(model));
        d.pd_relations = nlme::covariate_relations(model, results.pd->best);
      });
    }
    profile(context, results);
    return profile_text(d) + checked(context, results);
  }

  /// The predictive checks; returns what there is to say of them.
  static std::string checked(const Context& context, Results& results) {
    const Configuration& c = context.configuration;
    Diagnostics& d = results.diagnostics;
    if (c.diagnostics.simulations == 0) return "residuals; no predictive checks (diagnostics.simulations is 0)";
    const Models models = fitted_models(results);
    try {
      d.checks = nlme::predictive_checks(context.ranks, results.trial, models.pk.model,
                                         models.pd ? &models.pd->model : nullptr, c.protocol.endpoints,
                                         static_cast<std::size_t>(c.diagnostics.simulations), c.seed);
    } catch (const NumericalError& error) {  // a subject that was drawn has no prediction: the fit stands
      return fmt::format("residuals; no predictive checks, for a simulated subject has no answer: {}", error.what());
    }
    std::vector<std::string> rates;
    for (const nlme::AttainmentCheck& check : d.checks.attainment) {
      const bool inside = check.lower <= check.observed && check.observed <= check.upper;
      rates.push_back(fmt::format("{} {:g} {} {}/{} ({:g} .. {:g}{})", check.endpoint, check.dose,
                                  results.trial.units.amount, check.observed, check.count, check.lower, check.upper,
                                  inside ? "" : ", OUTSIDE"));
    }
    return rates.empty()
               ? "residuals and predictive checks"
               : fmt::format("observed successes and their predictive 90 % intervals: {}", fmt::join(rates, ", "));
  }

  void write(const Context& /*context*/, const Results& results, store::Writer& out) const override {
    const Diagnostics& d = results.diagnostics;
    write_rows("/pk/diagnostics", d.pk, out);
    write_relations("/pk/covariates", d.pk_relations, out);
    write_bins("/pk/vpc", d.checks.concentration, out);
    write_profiles("/pk/profile", d.pk_profiles, out);
    write_attainment(d.checks.attainment, out);
    if (!results.pd) return;
    write_rows("/pd/diagnostics", d.pd, out);
    write_relations("/pd/covariates", d.pd_relations, out);
    write_bins("/pd/vpc", d.checks.biomarker, out);
    write_profiles("/pd/profile", d.pd_profiles, out);
  }

 private:
  /// "profile intervals (95 %): pk.clearance 4.1 .. 5.2 L/h; "; empty where none was asked for.
  static std::string profile_text(const Diagnostics& d) {
    std::vector<std::string> intervals;
    for (const auto& [model, profiles] : {std::pair{"pk", &d.pk_profiles}, std::pair{"pd", &d.pd_profiles}}) {
      for (const nlme::ProfileInterval& one : *profiles) {
        intervals.push_back(fmt::format("{}.{} {}{:.4g} .. {}{:.4g}{}", model, one.name, one.lower_open ? "below " : "",
                                        one.lower, one.upper_open ? "above " : "", one.upper,
                                        one.units == "1" ? "" : " " + one.units));
      }
    }
    if (intervals.empty()) return {};
    return fmt::format("95 % intervals by likelihood profile: {}; ", fmt::join(intervals, ", "));
  }

  static void profile(const Context& context, Results& results) {
    for (const std::string& name : context.configuration.diagnostics.profile) {
      const std::string parameter = name.substr(3);  // after "pk." or "pd.", see validate
      if (name.starts_with("pk.")) {
        results.diagnostics.pk_profiles.push_back(
            nlme::profile_pk(context.ranks, results.trial, results.pk.best, parameter));
      } else if (results.pd) {
        with_pd_model(results, [&](const auto& model) {
          results.diagnostics.pd_profiles.push_back(nlme::profile(context.ranks, model, results.pd->best, parameter));
        });
      }
    }
  }
};

}  // namespace

std::unique_ptr<Stage> diagnostics_stage() { return std::make_unique<DiagnosticsStage>(); }

}  // namespace titrant::run
