#include "parts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <set>

#include "names.hpp"
#include "titrant/core/build.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/problems.hpp"
#include "titrant/nlme/pd_model.hpp"
#include "titrant/nlme/pk_model.hpp"
#include "titrant/run/models.hpp"
#include "titrant/trial/individual.hpp"

namespace titrant::run::exchange {

namespace {

using nlme::OmegaBlock;
using nlme::Parameter;
using nlme::Population;

bool is_pk(const Parameter& parameter) {
  const auto& names = pkpd::pk_parameter_names;
  return std::find(names.begin(), names.end(), parameter.name) != names.end();
}

/// PK parameters as they were held for a biomarker fit to individual exposures, then those of the biomarker.
Population one_population(const Population& pk, const Population& pd) {
  Population both = pk;
  for (Parameter& parameter : both.parameters) {
    parameter.typical_fixed = true;
    parameter.omega_fixed = true;
    parameter.occasion_omega_fixed = true;
    for (nlme::Effect& effect : parameter.effects) effect.fixed = true;
  }
  for (OmegaBlock& block : both.blocks) block.fixed = true;
  both.errors.front().additive_fixed = true;
  both.errors.front().proportional_fixed = true;
  both.errors.front().exponent_fixed = true;
  both.errors.front().omega_fixed = true;
  const std::size_t first = both.parameters.size();
  both.parameters.insert(both.parameters.end(), pd.parameters.begin(), pd.parameters.end());
  for (OmegaBlock block : pd.blocks) {
    for (std::size_t& place : block.parameters) place += first;
    both.blocks.push_back(std::move(block));
  }
  both.errors.push_back(pd.errors.back());
  both.baseline = pd.baseline;
  return both;
}

void take_population(const Results& results, Parts& parts) {
  parts.population = results.pk.best.population;
  parts.method = nlme::objective_of(results.pk.best.methods);
  if (!results.pd) return;
  const nlme::BiomarkerFit& pd = results.pd->best;
  parts.method = nlme::objective_of(pd.methods);
  parts.biomarker = pd.model.structure;
  switch (pd.how) {
    case nlme::PdMethod::individual:
      parts.population = one_population(parts.population, pd.population);
      parts.notes.emplace_back(
          "The biomarker was fitted with each subject's own PK estimates held. Here the population PK parameters are "
          "fixed and the PK data kept (PPP&D), so that another estimation is of a slightly different kind");
      break;
    case nlme::PdMethod::population:
    case nlme::PdMethod::joint:
      parts.population = pd.population;
      break;
  }
}

/// Random effects that the data do not need ended at their lower bound, where others would search in vain.
void hold_negligible(Parts& parts) {
  constexpr double bound = 1.001e-3;
  for (Parameter& one : parts.population.parameters) {
    const bool lasting = one.omega > 0.0 && one.omega < bound && !one.omega_fixed;
    const bool by_occasion = one.occasion_omega > 0.0 && one.occasion_omega < bound && !one.occasion_omega_fixed;
    if (!lasting && !by_occasion) continue;
    one.omega_fixed = one.omega_fixed || lasting;
    one.occasion_omega_fixed = one.occasion_omega_fixed || by_occasion;
    parts.notes.push_back(
        fmt::format("The data do not need the random effect of {}{}: it ended at its lower bound, and "
                    "is fixed there",
                    by_occasion ? "occasions on " : "", one.name));
  }
}

/// Appends observations as a fit has them.
void append(FittedSubject& subject, bool biomarker, std::span<const double> times, std::span<const double> values,
            std::span<const unsigned char> censored, std::span<const nlme::Interval> intervals,
            pkpd::RecordsBefore records_before) {
  for (std::size_t j = 0; j < times.size(); ++j) {
    Observed one{.time = times[j], .value = values[j], .biomarker = biomarker};
    one.records_before = records_before.empty() ? trial::Observation::after_all : records_before[j];
    one.censored = !censored.empty() && censored[j] != 0;
    if (one.censored && intervals.empty()) one.upper = one.value;
    if (one.censored && !intervals.empty()) {
      one.lower = intervals[j].lower;
      one.upper = intervals[j].upper;
    }
    subject.observations.push_back(one);
  }
}

void take_observations(const Results& results, Parts& parts) {
  const trial::Trial& trial = results.trial;
  const nlme::PkModel concentrations(trial, results.pk.best);
  const std::vector<std::size_t> with_concentrations = concentrations.places();
  for (std::size_t place = 0; place < trial.subjects.size(); ++place) {
    FittedSubject subject{.place = place, .observations = {}};
    const auto found = std::find(with_concentrations.begin(), with_concentrations.end(), place);
    if (found != with_concentrations.end()) {
      const auto s = static_cast<std::size_t>(found - with_concentrations.begin());
      append(subject, false, concentrations.times(s), concentrations.observed(s), concentrations.censored(s),
             concentrations.intervals(s), concentrations.records_before(s));
    }
    if (results.pd) {
      const nlme::BiomarkerValues values = nlme::biomarker_values(trial, trial.subjects[place]);
      append(subject, true, values.times, values.values, values.censored, values.intervals, values.records_before);
    }
    if (!subject.observations.empty()) parts.subjects.push_back(std::move(subject));
  }
  for (const FittedSubject& subject : parts.subjects) {
    for (const Observed& one : subject.observations) {
      parts.censored = parts.censored || one.censored;
      parts.between = parts.between || one.between();
    }
  }
  for (const std::string& remark : results.pk.best.remarks) parts.notes.push_back(remark);
}

/// The values that a covariate has in a subject, the first record's first.
std::vector<double> values_of(const trial::Subject& subject, const CovariateColumn& column) {
  std::vector<double> values = {nlme::with_baseline(subject).at(column.covariate)};
  if (column.first) return values;
  for (const trial::CovariateChange& change : subject.changes) {
    const auto found = change.covariates.find(column.covariate);
    if (found != change.covariates.end()) values.push_back(found->second);
  }
  return values;
}

/// The column of a covariate; that of the biomarker model keeps the value of the first record, as its fit does.
std::size_t column_for(const std::string& covariate, bool first, Parts& parts) {
  CovariateColumn column;
  column.covariate = covariate;
  for (const FittedSubject& subject : parts.subjects) {
    const std::vector<double> values = values_of(parts.trial->subjects[subject.place], column);
    column.varies =
        column.varies || std::any_of(values.begin(), values.end(), [&](double x) { return x != values[0]; });
  }
  column.first = first && column.varies;
  column.varies = column.varies && !column.first;
  std::set<double> found;
  for (const FittedSubject& subject : parts.subjects) {
    const std::vector<double> values = values_of(parts.trial->subjects[subject.place], column);
    found.insert(values.begin(), values.end());
  }
  column.values.assign(found.begin(), found.end());
  for (std::size_t i = 0; i < parts.columns.size(); ++i) {
    if (parts.columns[i].covariate == covariate && parts.columns[i].first == column.first) return i;
  }
  std::vector<std::string> taken;
  for (const CovariateColumn& other : parts.columns) taken.push_back(other.name);
  column.name = column_name(column.first ? "first_" + covariate : covariate, taken);
  parts.columns.push_back(std::move(column));
  return parts.columns.size() - 1;
}

void take_covariates(Parts& parts) {
  for (const Parameter& parameter : parts.population.parameters) {
    std::vector<std::size_t>& columns = parts.effect_columns.emplace_back();
    for (const nlme::Effect& effect : parameter.effects) {
      columns.push_back(column_for(effect.effect.covariate, !is_pk(parameter), parts));
    }
  }
  for (const CovariateColumn& column : parts.columns) {
    std::string note = fmt::format("Column {}: {}{}", column.name, column.covariate,
                                   column.first ? " at the first record of the subject" : "");
    for (const protocol::CovariateSpec& spec : parts.trial->covariates) {
      if (spec.name != column.covariate) continue;
      for (std::size_t level = 0; level < spec.levels.size(); ++level) {
        note += fmt::format("{}{} = {}", level == 0 ? ", " : "; ", level, spec.levels[level].second);
      }
    }
    parts.notes.push_back(std::move(note));
  }
}

void take_doses(Parts& parts) {
  core::Problems problems;
  for (const FittedSubject& fitted : parts.subjects) {
    const trial::Subject& subject = parts.trial->subjects[fitted.place];
    parts.routes |= trial::routes_of(subject);
    for (const pkpd::Dose& dose : subject.doses) {
      if (!dose.gives_drug()) continue;
      const bool absorbed = dose.into == pkpd::DoseInto::depot;
      const auto where = [&] { return fmt::format("subject {}: dose at {} h", subject.id, dose.time); };
      if (absorbed && !parts.depot() && !parts.zero_order()) {
        problems.add(where(),
                     "is absorbed, and the fitted model has no absorption; leave the subject out (data.where)");
      }
      if (dose.infusion == pkpd::InfusionBy::duration && absorbed && parts.has("bioavailability")) {
        problems.add(where(),
                     "has its duration in the data and enters the depot with a bioavailability; other programs would "
                     "scale its duration and not its rate. Give it as RATE, or leave pk.bioavailability out");
      }
      if (dose.infusion == pkpd::InfusionBy::modelled_rate) parts.modelled_rate = dose.into;
      if (dose.infusion == pkpd::InfusionBy::modelled_duration) parts.modelled_duration = dose.into;
    }
  }
  problems.throw_if_any<DataError>();
}

void take_occasions(Parts& parts) {
  if (parts.population.occasion_parameters().empty()) return;
  for (const FittedSubject& fitted : parts.subjects) {
    const auto occasions = trial::occasions_by(parts.population.occasion, parts.trial->subjects[fitted.place]);
    parts.occasions = std::max(parts.occasions, 1 + *std::max_element(occasions.begin(), occasions.end()));
  }
  parts.notes.push_back(
      fmt::format("Column OCC: occasions of each subject, numbered by the values of {}", parts.population.occasion));
}

/// Of blocks, NONMEM and nlmixr2 fix all or nothing.
void note_blocks_fixed_in_part(Parts& parts) {
  const Population& population = parts.population;
  for (const OmegaBlock& block : population.blocks) {
    const bool any =
        block.fixed || std::any_of(block.parameters.begin(), block.parameters.end(),
                                   [&](std::size_t place) { return population.parameters[place].omega_fixed; });
    if (!any || all_fixed(population, block)) continue;
    std::vector<std::string> names;
    for (const std::size_t place : block.parameters) names.push_back(population.parameters[place].name);
    parts.notes.push_back(
        fmt::format("The random effects of {} were fixed in part, for which NONMEM and nlmixr2 have no form",
                    fmt::join(names, ", ")));
  }
}

}  // namespace

const Parameter* Parts::find(std::string_view parameter) const {
  const auto found = std::find_if(population.parameters.begin(), population.parameters.end(),
                                  [&](const Parameter& one) { return one.name == parameter; });
  return found == population.parameters.end() ? nullptr : &*found;
}

bool Parts::binary() const {
  return biomarker.has_value() && nlme::error_kind(population.errors.back().model) == nlme::ErrorKind::binary;
}

bool Parts::hill_is_one() const {
  const Parameter* hill = find("hill");
  return hill == nullptr || (constant(*hill) && hill->typical_fixed && hill->typical == 1.0);
}

std::vector<std::size_t> Parts::written_parameters() const {
  std::vector<std::size_t> places;
  for (std::size_t place = 0; place < population.parameters.size(); ++place) {
    if (population.parameters[place].name != "hill" || !hill_is_one()) places.push_back(place);
  }
  return places;
}

Parts parts_of(const Results& results) {
  Parts parts;
  parts.trial = &results.trial;
  parts.structure = results.pk.best.model.structure;
  parts.notes.push_back(
      fmt::format("Written by Titrant {} from a fit to {}", core::build::version, results.trial.source));
  const trial::Units& units = results.trial.units;
  parts.notes.push_back(fmt::format("Units: h, L, {}, {}{}", units.amount, units.concentration,
                                    results.pd ? ", biomarker in " + units.biomarker : std::string()));
  parts.notes.push_back(fmt::format("Concentrations: {}; {}; objective {:.3f}", results.pk.best.method,
                                    results.pk.best.message, results.pk.best.objective));
  if (results.pd) {
    parts.notes.push_back(fmt::format("Biomarker ({}): {}; {}; objective {:.3f}",
                                      pkpd::name(results.pd->best.model.structure), results.pd->best.method,
                                      results.pd->best.message, results.pd->best.objective));
  }
  take_population(results, parts);
  hold_negligible(parts);
  take_observations(results, parts);
  take_covariates(parts);
  take_doses(parts);
  take_occasions(parts);
  note_blocks_fixed_in_part(parts);
  return parts;
}

const OmegaBlock* block_of(const Population& population, std::size_t parameter) {
  const auto found = std::find_if(population.blocks.begin(), population.blocks.end(),
                                  [&](const OmegaBlock& block) { return block.parameters.front() == parameter; });
  return found == population.blocks.end() ? nullptr : &*found;
}

std::vector<std::vector<std::size_t>> eta_groups(const Population& population) {
  std::vector<std::vector<std::size_t>> groups;
  std::set<std::size_t> placed;
  for (const std::size_t parameter : population.eta_parameters()) {
    if (placed.contains(parameter)) continue;
    const OmegaBlock* block = block_of(population, parameter);
    groups.push_back(block == nullptr ? std::vector<std::size_t>{parameter} : block->parameters);
    placed.insert(groups.back().begin(), groups.back().end());
  }
  return groups;
}

double block_covariance(const Population& population, const OmegaBlock& block, std::size_t row, std::size_t column) {
  const double first = population.parameters[block.parameters[row]].omega;
  const double second = population.parameters[block.parameters[column]].omega;
  if (row == column) return first * second;
  return first * second * block.correlations[OmegaBlock::pair(std::max(row, column), std::min(row, column))];
}

bool all_fixed(const Population& population, const OmegaBlock& block) {
  return block.fixed && std::all_of(block.parameters.begin(), block.parameters.end(),
                                    [&](std::size_t place) { return population.parameters[place].omega_fixed; });
}

}  // namespace titrant::run::exchange
