#include "titrant/run/simulation.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>

#include "stages/replicates.hpp"
#include "titrant/core/constants.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"
#include "titrant/parallel/reason.hpp"
#include "titrant/parallel/work.hpp"
#include "titrant/pkpd/exposure.hpp"

namespace titrant::run {

namespace {

constexpr core::Purpose purpose = core::Purpose::simulated_trial;
/// Sub-units of its streams; those before are of nlme::SubjectStreams.
constexpr std::uint32_t model_of_subject = 4;
constexpr std::uint32_t first_parameter_draw = 5;  // PK and biomarker of each model

std::uint64_t unit_of(std::size_t replicate, std::size_t subject) {
  constexpr unsigned subject_bits = 32;
  return (static_cast<std::uint64_t>(replicate) << subject_bits) | subject;
}

/// Which model a subject is of.
std::size_t model_of(const SimulationRequest& request, std::size_t replicate, std::size_t subject) {
  if (request.models.size() < 2) return 0;
  core::Stream stream(request.seed, purpose, unit_of(replicate, subject), model_of_subject);
  return stream.uniform() < request.share ? 1 : 0;
}

/// The models of one replicate.
std::vector<Models> models_of(const SimulationRequest& request, std::size_t replicate) {
  std::vector<Models> models;
  for (std::size_t m = 0; m < request.models.size(); ++m) {
    if (!request.uncertainty) {
      models.push_back(request.models[m].models);
      continue;
    }
    const auto sub_unit = first_parameter_draw + 2 * static_cast<std::uint32_t>(m);
    core::Stream pk(request.seed, purpose, unit_of(replicate, 0), sub_unit);
    core::Stream pd(request.seed, purpose, unit_of(replicate, 0), sub_unit + 1);
    models.push_back(draw_models(request.models[m].models, pk, pd));
  }
  return models;
}

/// Everything for which a design is refused, each reason once with the first subject that it concerns.
class DesignCheck {
 public:
  DesignCheck(const trial::Trial& design, const SimulationRequest& request, const trial::NonmemFormat& format)
      : design_(design), request_(request), format_(format) {}

  void run() {
    for (const StoredModels& stored : request_.models) {
      units(stored);
      if (request_.uncertainty) uncertainty(stored);
      for (const trial::Subject& subject : design_.subjects) {
        observations(stored, subject);
        routes(stored, subject);
        covariates(stored, stored.models.pk.model.parameters, subject);
        occasions(stored, subject);
        transit(stored, subject);
        if (stored.models.pd && !subject.biomarkers.empty())
          covariates(stored, stored.models.pd->model.parameters, subject);
      }
    }
    size();
    if (!faults_.empty()) throw DataError(fmt::format("{}", fmt::join(faults_, "\n")));
  }

 private:
  void add(const std::string& key, const std::string& fault) {
    if (said_.insert(key).second) faults_.push_back(fault);
  }

  void units(const StoredModels& stored) {
    const trial::Units& of_design = design_.units;
    const trial::Units& of_model = stored.units;
    if (of_design.amount == of_model.amount && of_design.concentration == of_model.concentration &&
        (!stored.models.pd || of_design.biomarker == of_model.biomarker)) {
      return;
    }
    add("units " + stored.source,
        fmt::format("{}: is in {}, {} and {} (data.units), and {} was fitted in {}, {} and {}; expected the same",
                    design_.source, of_design.amount, of_design.concentration, of_design.biomarker, stored.source,
                    of_model.amount, of_model.concentration, of_model.biomarker));
  }

  void uncertainty(const StoredModels& stored) {
    const Models& models = stored.models;
    const bool joint = models.pd && models.pd->pk;  // its covariance is that of the PK, too
    std::vector<const nlme::FitSummary*> fits;
    if (!joint) fits.push_back(&models.pk);
    if (models.pd) fits.push_back(&*models.pd);
    for (const nlme::FitSummary* fit : fits) {
      if (fit->x.empty() || can_be_drawn(*fit)) continue;
      add("uncertainty " + stored.source + fit->description,
          fmt::format("{}: the parameters of {} cannot be drawn from their uncertainty: standard errors are {}; leave "
                      "out --uncertainty, or fit a model that the data determine",
                      stored.source, fit->description, fit->standard_error_method));
    }
  }

  void observations(const StoredModels& stored, const trial::Subject& subject) {
    if (stored.models.pd || subject.biomarkers.empty()) return;
    add("biomarker " + stored.source,
        fmt::format("{}: subject {} has biomarker values to be simulated, and {} has no model of a biomarker; leave "
                    "these records out with data.ignore",
                    design_.source, subject.id, stored.source));
  }

  /// What an infusion leaves to the model, and where it enters.
  void infusion(const StoredModels& stored, const trial::Subject& subject, const pkpd::Dose& dose) {
    const bool of_rate = dose.infusion == pkpd::InfusionBy::modelled_rate;
    if (dose.modelled() && !(of_rate ? stored.routes.modelled_rate : stored.routes.modelled_duration)) {
      add(fmt::format("infusion {} {}", of_rate, stored.source),
          fmt::format(
              "{}: subject {} has an infusion whose {} the model is to know (RATE {}), and {} was fitted without "
              "one; expected its number in RATE or DUR",
              design_.source, subject.id, of_rate ? "rate" : "duration", of_rate ? -1 : -2, stored.source));
    }
    const bool first_order = stored.models.pk.model.absorption.kind == pkpd::AbsorptionKind::first_order;
    if (dose.infused() && dose.into == pkpd::DoseInto::depot && !first_order) {
      add("depot " + stored.source,
          fmt::format("{}: subject {} has an infusion into the depot, which the absorption of {} (of zero order, or "
                      "through transit compartments) does not take; expected doses without RATE and DUR",
                      design_.source, subject.id, stored.source));
    }
  }

  /// Amounts under saturable elimination do not add up.
  void superposed(const StoredModels& stored, const trial::Subject& subject, const pkpd::Dose& dose) {
    if (!dose.superposed || !stored.models.pk.model.saturable()) return;
    add("superposed " + stored.source,
        fmt::format("{}: subject {} has a dose of SS 2, which adds a steady state to what is in the body, and the "
                    "elimination of {} is saturable; expected SS 1, or the doses before it",
                    design_.source, subject.id, stored.source));
  }

  void routes(const StoredModels& stored, const trial::Subject& subject) {
    for (const pkpd::Dose& dose : subject.doses) {
      superposed(stored, subject, dose);
      if (!dose.gives_drug()) continue;
      const bool absorbed = dose.into == pkpd::DoseInto::depot;
      infusion(stored, subject, dose);
      if (absorbed ? stored.routes.absorbed : stored.routes.intravenous) continue;
      add(fmt::format("route {} {}", absorbed, stored.source),
          absorbed
              ? fmt::format("{}: subject {} has an absorbed dose, and {} was fitted to intravenous doses alone, "
                            "which tell nothing of absorption; expected doses into the central compartment (CMT), "
                            "or data.route: iv",
                            design_.source, subject.id, stored.source)
              : fmt::format("{}: subject {} has an intravenous dose, and {} was fitted to absorbed doses alone: its "
                            "clearances and volumes are over a bioavailability that nothing tells; expected doses "
                            "into the depot (CMT), or data.route: oral",
                            design_.source, subject.id, stored.source));
    }
  }

  void covariates(const StoredModels& stored, const std::vector<pkpd::ParameterModel>& parameters,
                  const trial::Subject& subject) {
    for (const pkpd::ParameterModel& parameter : parameters) {
      for (const pkpd::CovariateEffect& effect : parameter.effects) {
        covariate(stored, parameter.name, effect, subject, subject.covariates);
        for (const trial::CovariateChange& change : subject.changes) {
          covariate(stored, parameter.name, effect, subject, change.covariates);
        }
      }
    }
  }

  void covariate(const StoredModels& stored, const std::string& parameter, const pkpd::CovariateEffect& effect,
                 const trial::Subject& subject, const pkpd::Covariates& values) {
    const auto found = values.find(effect.covariate);
    if (found == values.end()) {
      add("covariate " + effect.covariate,
          fmt::format(
              "{}: subject {} has no {}, on which {} of {} depends; add the column {}, or name the one that has "
              "it with --set data.covariates.{}=COLUMN",
              design_.source, subject.id, effect.covariate, parameter, stored.source, column_of(effect.covariate),
              effect.covariate));
    } else if (effect.kind == pkpd::EffectKind::power && !(found->second > 0.0)) {
      add("power " + effect.covariate,
          fmt::format("{}: subject {} has {} {:g}; its effect on {} of {} is a power, expected above 0", design_.source,
                      subject.id, effect.covariate, found->second, parameter, stored.source));
    }
  }

  void occasions(const StoredModels& stored, const trial::Subject& subject) {
    const pkpd::PopulationModel& pk = stored.models.pk.model;
    if (pk.kappa_count() == 0 || subject.covariates.contains(pk.occasion)) return;
    add("occasion", fmt::format("{}: subject {} has no {}, which tells the occasions of {} apart; add the column {}",
                                design_.source, subject.id, pk.occasion, stored.source, column_of(pk.occasion)));
  }

  /// Transit compartments do not follow parameters that change in time.
  void transit(const StoredModels& stored, const trial::Subject& subject) {
    const pkpd::PopulationModel& pk = stored.models.pk.model;
    if (pk.absorption.kind != pkpd::AbsorptionKind::transit) return;
    for (const pkpd::ParameterModel& parameter : pk.parameters) {
      for (const pkpd::CovariateEffect& effect : parameter.effects) {
        const auto first = subject.covariates.find(effect.covariate);
        const auto differs = [&](const trial::CovariateChange& change) {
          const auto later = change.covariates.find(effect.covariate);
          return first != subject.covariates.end() && later != change.covariates.end() &&
                 later->second != first->second;
        };
        if (std::none_of(subject.changes.begin(), subject.changes.end(), differs)) continue;
        add("transit " + effect.covariate,
            fmt::format("{}: {} changes in subject {}, and the transit compartments of {} do not follow changes; "
                        "expected one value in each subject",
                        design_.source, effect.covariate, subject.id, stored.source));
      }
    }
  }

  std::string column_of(const std::string& covariate) const {
    for (const protocol::CovariateSpec& spec : format_.covariates) {
      if (spec.name == covariate) return spec.column;
    }
    return covariate;
  }

  void size() {
    constexpr std::size_t most = 50'000'000;
    std::size_t values = 0;
    for (const trial::Subject& subject : design_.subjects) {
      values += subject.concentrations.size() + subject.biomarkers.size();
    }
    if (request_.replicates <= most / std::max<std::size_t>(values, 1)) return;
    add("size",
        fmt::format("--replicates {}: {} values each are more than {} in all; ask for fewer, or in several files "
                    "with seeds of their own",
                    request_.replicates, values, most));
  }

  const trial::Trial& design_;
  const SimulationRequest& request_;
  const trial::NonmemFormat& format_;
  std::set<std::string> said_;
  std::vector<std::string> faults_;
};

/// Numbers of a simulated observation in the slot of its subject.
constexpr std::size_t slot_width = 3;  // value, IPRED, PRED

std::size_t observations_of(const trial::Subject& subject) {
  return subject.concentrations.size() + subject.biomarkers.size();
}

/// Puts simulated values into observations, and their predictions into columns.
void take_values(std::vector<trial::Observation>& observations, std::span<const double> slot,
                 std::vector<double>& predictions) {
  for (std::size_t j = 0; j < observations.size(); ++j) {
    trial::Observation& one = observations[j];
    const std::span<const double> numbers = slot.subspan(j * slot_width, slot_width);
    one.value = numbers[0];
    predictions.push_back(numbers[2]);
    predictions.push_back(numbers[1]);
    if (!(one.value < one.limit)) continue;
    one.censored = true;
    one.value = one.limit;
    one.upper = one.limit;
    one.lower = -core::infinity;
  }
}

/// The slots of all subjects of one replicate, in slots of equal length: why a subject could not be simulated, or
/// nothing, then [observation][value, IPRED, PRED].
std::vector<double> simulate_replicate(const parallel::Communicator& ranks, const trial::Trial& design,
                                       const SimulationRequest& request, std::size_t replicate, std::size_t slot) {
  const std::vector<Models> models = models_of(request, replicate);
  const auto compute = [&](std::size_t i, std::span<double> out) {
    const Models& own = models[model_of(request, replicate, i)];
    const trial::Subject& planned = design.subjects[i];
    const bool biomarker = own.pd && !planned.biomarkers.empty();
    nlme::SimulatedSubject subject;
    try {
      subject = nlme::simulate_subject(planned, own.pk.model, biomarker ? &own.pd->model : nullptr,
                                       {request.seed, purpose, unit_of(replicate, i)}, request.variability);
    } catch (const pkpd::NoSteadyState& error) {
      return parallel::write_reason(error.what(), out);
    }
    std::size_t k = parallel::reason_slot;
    for (const auto* values : {&subject.concentrations, &subject.biomarkers}) {
      for (const nlme::SimulatedValue& one : *values) {
        out[k++] = one.value;
        out[k++] = one.individual;
        out[k++] = one.population;
      }
    }
  };
  return parallel::run(ranks, {.units = design.subjects.size(), .slot = slot, .compute = compute});
}

}  // namespace

void set_limits(trial::Trial& design, Limits limits, double limit) {
  bool any = false;
  for (trial::Subject& subject : design.subjects) {
    for (trial::Observation& one : subject.concentrations) {
      if (limits != Limits::design) one.limit = limits == Limits::given ? limit : 0.0;
      any = any || one.limit > 0.0;
    }
    for (trial::Observation& one : subject.biomarkers) {
      if (limits != Limits::design) one.limit = 0.0;
      any = any || one.limit > 0.0;
    }
  }
  if (limits == Limits::design && !any) {
    throw DataError(
        fmt::format("--lloq design: {} has no limits of quantification; expected a column of them "
                    "(data.columns.limit), or the limit of concentrations in {}",
                    design.source, design.units.concentration));
  }
}

void expect_simulable(const trial::Trial& design, const SimulationRequest& request, const trial::NonmemFormat& format) {
  DesignCheck(design, request, format).run();
}

SimulatedTrial simulate_design(const parallel::Communicator& ranks, const trial::Trial& design,
                               const SimulationRequest& request, const trial::NonmemFormat& format,
                               core::Progress& progress) {
  const bool several = request.replicates > 1;
  const bool mixture = request.models.size() > 1;
  SimulatedTrial result;
  result.format = format;
  result.trial.source = design.source;
  result.trial.units = design.units;
  result.trial.covariates = design.covariates;
  if (several) {
    result.columns.of_subjects = {"REP", format.id};
    result.format.id = format.id == "SUBJECT" ? "NUMBER" : "SUBJECT";
  }
  if (mixture) result.columns.of_subjects.emplace_back("MODEL");
  result.columns.of_observations = {"PRED", "IPRED"};
  std::size_t most = 0;
  for (const trial::Subject& subject : design.subjects) most = std::max(most, observations_of(subject));
  const std::size_t slot = parallel::reason_slot + slot_width * most;
  for (std::size_t replicate = 0; replicate < request.replicates; ++replicate) {
    const std::vector<double> slots = simulate_replicate(ranks, design, request, replicate, slot);
    progress.update(replicate + 1, request.replicates);
    if (!ranks.root()) continue;
    for (std::size_t i = 0; i < design.subjects.size(); ++i) {
      trial::Subject& subject = result.trial.subjects.emplace_back(design.subjects[i]);
      const std::span<const double> of_subject = std::span(slots).subspan(i * slot, slot);
      const std::span<const double> values = of_subject.subspan(parallel::reason_slot);
      const std::string unsteady = parallel::read_reason(of_subject);
      if (!unsteady.empty()) {
        subject.concentrations.clear();
        subject.biomarkers.clear();
      }
      const std::size_t first = slot_width * subject.concentrations.size();
      take_values(subject.concentrations, values.first(first), result.columns.concentrations.emplace_back());
      take_values(subject.biomarkers, values.subspan(first), result.columns.biomarkers.emplace_back());
      std::vector<std::string>& own = result.columns.subjects.emplace_back();
      if (several) {
        own = {std::to_string(replicate + 1), subject.id};
        subject.id = std::to_string(result.trial.subjects.size());
      }
      if (mixture) own.push_back(std::to_string(model_of(request, replicate, i) + 1));
      if (unsteady.empty()) continue;
      if (result.unsteady.empty()) result.unsteady_reason = unsteady;
      result.unsteady.push_back(subject.id);
    }
  }
  return result;
}

}  // namespace titrant::run
