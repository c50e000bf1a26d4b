#include "population_values.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "titrant/core/error.hpp"
#include "titrant/core/problems.hpp"
#include "titrant/run/methods.hpp"

namespace titrant::run {

namespace {

using EffectSettings = std::map<std::string, std::map<std::string, nlme::CovariateSetting>>;
using Kind = protocol::Distribution::Kind;
using Source = protocol::Population::Source;

/// What the trial's subjects have of a covariate at any time.
std::set<double> values_in(const trial::Trial& trial, const std::string& covariate) {
  std::set<double> values;
  const auto add = [&](const pkpd::Covariates& covariates) {
    const auto found = covariates.find(covariate);
    if (found != covariates.end()) values.insert(found->second);
  };
  for (const trial::Subject& subject : trial.subjects) {
    add(subject.covariates);
    for (const trial::CovariateChange& change : subject.changes) add(change.covariates);
  }
  return values;
}

const protocol::CovariateSpec* declared(const trial::Trial& trial, const std::string& covariate) {
  const auto found = std::find_if(trial.covariates.begin(), trial.covariates.end(),
                                  [&](const protocol::CovariateSpec& one) { return one.name == covariate; });
  return found == trial.covariates.end() ? nullptr : &*found;
}

void take_effects(const EffectSettings& effects, CovariateUse& use) {
  for (const auto& [parameter, of_parameter] : effects) {
    for (const auto& [covariate, setting] : of_parameter) {
      use.used.insert(covariate);
      const pkpd::EffectKind* const kind = std::get_if<pkpd::EffectKind>(&setting);
      if (kind != nullptr && *kind == pkpd::EffectKind::categorical) {
        use.categorical.insert(covariate);
        continue;
      }
      use.continuous.insert(covariate);
      if (kind == nullptr || *kind == pkpd::EffectKind::power) {
        use.positive.emplace(covariate, fmt::format("{} depends on it by a power effect", parameter));
      }
    }
  }
}

/// Whether the search may find a power effect: everybody has a value above 0, and not all the same.
bool may_have_power_effect(const trial::Trial& trial, const std::string& covariate) {
  const std::set<double> values = values_in(trial, covariate);
  const bool everybody = std::all_of(trial.subjects.begin(), trial.subjects.end(), [&](const trial::Subject& subject) {
    return subject.biomarkers.empty() || subject.covariates.contains(covariate);
  });
  return everybody && values.size() > 1 && *values.begin() > 0.0;
}

/// A value as the configuration would have it.
std::string value_text(const protocol::CovariateSpec* spec, double value) {
  const bool is_level =
      spec != nullptr && spec->is_categorical() && value >= 0.0 && value < static_cast<double>(spec->levels.size());
  return is_level ? spec->levels[static_cast<std::size_t>(value)].second : fmt::format("{:g}", value);
}

/// The row of a population that is resampled, and from what.
std::string row_text(const dose::VirtualPopulation& population, std::size_t row) {
  const protocol::Population& definition = population.definition;
  return fmt::format("row {} of its {} from {}", row + 1, population.rows.size(),
                     definition.source == Source::trial ? "the trial" : definition.file);
}

/// The smallest value that a subject can be given.
double smallest_value(const protocol::Distribution& distribution) {
  constexpr double least_uniform = 0x1.0p-54;  // as of core::Stream::uniform
  return distribution.quantile(least_uniform);
}

/// What stands before a message about a covariate of a population.
std::string key_of(const protocol::Population& population, const std::string& covariate) {
  return fmt::format("populations.{}.{}", population.name, covariate);
}

std::string rows_remedy(const dose::VirtualPopulation& population) {
  const protocol::Population& definition = population.definition;
  return fmt::format("leave such rows out by populations.{}.where{}", definition.name,
                     definition.source == Source::file ? fmt::format(", or correct {}", definition.file) : "");
}

/// The levels of one covariate: those of the trial, and what is said of another.
struct Levels {
  const protocol::CovariateSpec* spec;
  std::set<double> known;
  std::string covariate;

  std::string unknown(double value, const std::string& where) const {
    std::vector<std::string> texts;
    for (const double level : known) texts.push_back(value_text(spec, level));
    return fmt::format("no subject of the trial has {} = {}{}, so nothing is known of such subjects; it has {}",
                       covariate, value_text(spec, value), where, fmt::join(texts, ", "));
  }
};

void expect_levels(const std::string& key, const protocol::Distribution& distribution, const Levels& levels,
                   core::Problems& problems) {
  if (distribution.kind == Kind::continuous) {
    std::vector<std::string> texts;
    for (const double level : levels.known) texts.push_back(value_text(levels.spec, level));
    problems.add(key,
                 fmt::format("a {} distribution has values between levels, and {} is categorical: the trial has {}; "
                             "write {{share: of the second level}} or {{levels: {{level: share}}}}",
                             distribution.family, levels.covariate, fmt::join(texts, ", ")));
    return;
  }
  std::vector<std::pair<double, double>> shares = distribution.shares;
  if (distribution.kind == Kind::fixed) shares = {{distribution.first, 1.0}};
  for (const auto& [value, share] : shares) {
    if (share > 0.0 && !levels.known.contains(value)) problems.add(key, levels.unknown(value, ""));
  }
}

/// The same of rows, where the first that is wrong stands for all of its covariate.
void expect_levels(const std::string& key, const dose::VirtualPopulation& population, const Levels& levels,
                   core::Problems& problems) {
  for (std::size_t row = 0; row < population.rows.size(); ++row) {
    const auto found = population.rows[row].find(levels.covariate);
    if (found == population.rows[row].end() || levels.known.contains(found->second)) continue;
    const std::string where = fmt::format(", as {} has", row_text(population, row));
    problems.add(key, fmt::format("{}; {}", levels.unknown(found->second, where), rows_remedy(population)));
    return;
  }
}

void expect_positive(const std::string& key, const protocol::Distribution& distribution, const std::string& needed,
                     core::Problems& problems) {
  const double smallest = smallest_value(distribution);
  if (smallest > 0.0) return;
  if (distribution.kind != Kind::continuous) {
    problems.add(key, fmt::format("{:g} is not above 0, and {}; write values above 0", smallest, needed));
    return;
  }
  const auto& families = protocol::families();
  const auto family =
      std::find_if(families.begin(), families.end(), [&](const auto& one) { return one.name == distribution.family; });
  problems.add(
      key,
      fmt::format("the {} distribution has values that are not above 0, and {}; {}", distribution.family, needed,
                  family != families.end() && family->cut_off ? "cut them off by within: [LOW, HIGH] with LOW above 0"
                                                              : "let it begin above 0"));
}

void expect_positive(const std::string& key, const dose::VirtualPopulation& population, const std::string& covariate,
                     const std::string& needed, core::Problems& problems) {
  for (std::size_t row = 0; row < population.rows.size(); ++row) {
    const auto found = population.rows[row].find(covariate);
    if (found == population.rows[row].end() || !(found->second <= 0.0)) continue;
    problems.add(key, fmt::format("{:g} in {} is not above 0, and {}; {}", found->second, row_text(population, row),
                                  needed, rows_remedy(population)));
    return;
  }
}

}  // namespace

CovariateUse covariate_use(const Configuration& configuration, const trial::Trial& trial, bool weighed) {
  CovariateUse use;
  if (weighed) take_effects(configuration.pk.covariates, use);
  const bool biomarker = configuration.pd.structure != "none";
  if (biomarker) take_effects(configuration.pd.fit.covariates, use);
  for (const protocol::CovariateSpec& spec : trial.covariates) {
    const std::set<double> values = values_in(trial, spec.name);
    const bool binary = std::all_of(values.begin(), values.end(), [](double x) { return x == 0.0 || x == 1.0; });
    if (spec.is_categorical() || (binary && !use.continuous.contains(spec.name))) use.categorical.insert(spec.name);
  }
  for (const protocol::Regimen& regimen : configuration.protocol.regimens) {
    use.used.insert({regimen.per, regimen.bands.covariate});
    if (regimen.per.empty()) continue;
    use.positive.emplace(regimen.per, fmt::format("the dose of the regimen {} is multiplied by it", regimen.name));
  }
  const auto searched = [&](const std::vector<std::string>& covariates, const std::string& reason) {
    for (const std::string& covariate : covariates) {
      use.used.insert(covariate);
      if (use.categorical.contains(covariate) || !may_have_power_effect(trial, covariate)) continue;
      use.positive.emplace(covariate, reason);
    }
  };
  searched(configuration.pk.search.covariates, "pk.search may let a PK parameter depend on it by a power effect");
  const nlme::PdOptions pd = pd_options(configuration, trial);
  if (biomarker && pd.search.enabled) {
    searched(pd.search.covariates, "pd.search may let the biomarker depend on it by a power effect");
  }
  return use;
}

void expect_known_levels(const dose::VirtualPopulation& population, const trial::Trial& trial,
                         const CovariateUse& use) {
  core::Problems problems;
  const protocol::Population& definition = population.definition;
  const auto levels_of = [&](const std::string& covariate) {
    return Levels{declared(trial, covariate), values_in(trial, covariate), covariate};
  };
  for (const auto& [covariate, distribution] : definition.covariates) {
    const Levels levels = levels_of(covariate);
    // A share is of a level where nothing says that the covariate is a number.
    const bool by_level = use.categorical.contains(covariate) ||
                          (distribution.kind == Kind::levels && !use.continuous.contains(covariate));
    if (by_level && !levels.known.empty()) {
      expect_levels(key_of(definition, covariate), distribution, levels, problems);
    }
  }
  for (const std::string& covariate : use.categorical) {
    const Levels levels = levels_of(covariate);
    if (!levels.known.empty()) expect_levels(key_of(definition, covariate), population, levels, problems);
  }
  problems.throw_if_any<ConfigError>();
}

void expect_positive_values(const dose::VirtualPopulation& population, const CovariateUse& use) {
  core::Problems problems;
  const protocol::Population& definition = population.definition;
  for (const auto& [covariate, distribution] : definition.covariates) {
    const auto needed = use.positive.find(covariate);
    if (needed == use.positive.end()) continue;
    expect_positive(key_of(definition, covariate), distribution, needed->second, problems);
  }
  for (const auto& [covariate, needed] : use.positive) {
    expect_positive(key_of(definition, covariate), population, covariate, needed, problems);
  }
  problems.throw_if_any<ConfigError>();
}

}  // namespace titrant::run
