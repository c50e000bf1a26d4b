#include "titrant/nlme/covariate_steps.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>

#include "covariate_effect.hpp"

namespace titrant::nlme {

namespace {

std::size_t lowest_of(const std::vector<FittedEffects>& round) {
  const auto lowest = std::min_element(round.begin(), round.end(), [](const FittedEffects& a, const FittedEffects& b) {
    return a.objective < b.objective;
  });
  return static_cast<std::size_t>(lowest - round.begin());
}

/// The effect that enters and what the others of the round would have given.
std::string entry(const FittedEffects& before, const FittedEffects& chosen, std::vector<FittedEffects> round) {
  const double drop = before.objective - chosen.objective;
  std::stable_sort(round.begin(), round.end(),
                   [](const FittedEffects& a, const FittedEffects& b) { return a.objective < b.objective; });
  std::vector<std::string> others;
  for (const FittedEffects& other : round) {
    if (other.effects == chosen.effects) continue;
    others.push_back(
        fmt::format("{} {:.1f}", effect_added(before.effects, other.effects), before.objective - other.objective));
  }
  std::string text = fmt::format("{} lowers -2 log L by {:.1f} (p {:.2g})",
                                 effect_added(before.effects, chosen.effects), drop, likelihood_ratio_p(drop));
  if (!others.empty()) text += fmt::format(", where {} would", fmt::join(others, ", "));
  return text;
}

}  // namespace

Effects effects_of(const Population& population) {
  Effects effects;
  for (const Parameter& parameter : population.parameters) {
    for (const Effect& one : parameter.effects) {
      CovariateSetting& setting = effects[parameter.name][one.effect.covariate];
      if (one.fixed && one.effect.kind == pkpd::EffectKind::power) {
        setting = one.effect.coefficient;
      } else {
        setting = one.effect.kind;
      }
    }
  }
  return effects;
}

std::string describe_effects(const Effects& effects) {
  std::string text;
  for (const auto& [parameter, of_parameter] : effects) {
    for (const auto& [covariate, setting] : of_parameter) {
      text += fmt::format("; {} on {}", covariate, parameter);
      if (const double* exponent = std::get_if<double>(&setting)) text += fmt::format(" ({:g})", *exponent);
    }
  }
  return text;
}

pkpd::EffectKind usual_kind(const SubjectModel& model, const std::string& covariate, const CovariateMeaning& meaning) {
  if (meaning.categorical.contains(covariate)) return pkpd::EffectKind::categorical;
  const std::vector<double> values = values_at_any_time(model, covariate);
  const bool binary = std::all_of(values.begin(), values.end(), [](double x) { return x == 0.0 || x == 1.0; });
  return binary ? pkpd::EffectKind::categorical : pkpd::EffectKind::power;
}

std::string why_not_searched(const SubjectModel& model, const std::string& covariate, const CovariateMeaning& meaning,
                             const std::function<std::string(std::size_t)>& id) {
  for (std::size_t subject = 0; subject < model.subjects(); ++subject) {
    if (!model.covariates(subject).contains(covariate)) {
      return fmt::format("subject {} has no value of it", id(subject));
    }
  }
  const std::vector<double> values = values_at_any_time(model, covariate);
  if (values.front() == values.back()) return fmt::format("it is {:g} in all subjects", values.front());
  if (usual_kind(model, covariate, meaning) == pkpd::EffectKind::power && !(values.front() > 0.0)) {
    return fmt::format("a power effect needs values above 0, and there is {:g}", values.front());
  }
  return {};
}

bool has_effect(const Effects& effects, const std::string& parameter, const std::string& covariate) {
  const auto found = effects.find(parameter);
  return found != effects.end() && found->second.contains(covariate);
}

std::vector<std::pair<std::string, std::string>> searched_effects(const Effects& effects, const Effects& kept) {
  std::vector<std::pair<std::string, std::string>> result;
  for (const auto& [parameter, of_parameter] : effects) {
    for (const auto& [covariate, setting] : of_parameter) {
      if (!has_effect(kept, parameter, covariate)) result.emplace_back(parameter, covariate);
    }
  }
  return result;
}

Effects without_effect(Effects effects, const std::string& parameter, const std::string& covariate) {
  const auto found = effects.find(parameter);
  found->second.erase(covariate);
  if (found->second.empty()) effects.erase(found);
  return effects;
}

std::vector<Effects> with_one_more(const Effects& now, const std::vector<std::string>& parameters,
                                   const std::vector<SearchedCovariate>& candidates) {
  std::vector<Effects> all;
  for (const std::string& parameter : parameters) {
    for (const auto& [covariate, kind] : candidates) {
      if (has_effect(now, parameter, covariate)) continue;
      all.push_back(now);
      all.back()[parameter][covariate] = kind;
    }
  }
  return all;
}

std::vector<Effects> with_one_less(const Effects& now, const Effects& kept) {
  std::vector<Effects> all;
  for (const auto& [parameter, covariate] : searched_effects(now, kept)) {
    all.push_back(without_effect(now, parameter, covariate));
  }
  return all;
}

std::string effect_added(const Effects& smaller, const Effects& larger) {
  for (const auto& [parameter, covariate] : searched_effects(larger, smaller)) {
    return fmt::format("{} on {}", covariate, parameter);
  }
  return {};
}

double likelihood_ratio_p(double drop) {
  if (!(drop > 0.0)) return 1.0;
  return boost::math::cdf(boost::math::complement(boost::math::chi_squared(1.0), drop));
}

std::optional<CovariateStep> forward_step(const FittedEffects& now, const std::vector<FittedEffects>& round,
                                          double level) {
  if (round.empty()) return std::nullopt;
  const std::size_t place = lowest_of(round);
  if (!(likelihood_ratio_p(now.objective - round[place].objective) < level)) return std::nullopt;
  return CovariateStep{place, entry(now, round[place], round)};
}

std::optional<CovariateStep> backward_step(const FittedEffects& now, const std::vector<FittedEffects>& round,
                                           double level) {
  if (round.empty()) return std::nullopt;
  const std::size_t place = lowest_of(round);
  const double rise = round[place].objective - now.objective;
  if (!(likelihood_ratio_p(rise) > level)) return std::nullopt;
  return CovariateStep{place,
                       fmt::format("{} left again: -2 log L up {:.1f} (p {:.2g})",
                                   effect_added(round[place].effects, now.effects), rise, likelihood_ratio_p(rise))};
}

}  // namespace titrant::nlme
