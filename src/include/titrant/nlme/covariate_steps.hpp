#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "titrant/nlme/covariate_setting.hpp"
#include "titrant/nlme/population.hpp"
#include "titrant/nlme/subject_model.hpp"

namespace titrant::nlme {

/// \file
/// What stepwise searches for covariate effects have in common, whatever model they are for: forward and backward by
/// the likelihood-ratio test with one degree of freedom (Jonsson and Karlsson 1998, Pharm Res 15:1463).

/// The effects of a model: parameter -> covariate -> fixed exponent, or kind of an estimated effect.
using Effects = std::map<std::string, std::map<std::string, CovariateSetting>>;

/// Those of a fitted population.
Effects effects_of(const Population& population);

/// "; comed on baseline; weight on clearance (0.75)": what they add to the description of a model.
std::string describe_effects(const Effects& effects);

/// A covariate that is searched and how it acts.
using SearchedCovariate = std::pair<std::string, pkpd::EffectKind>;

/// How a covariate acts where the kind is not given: categorical if it is 0 or 1 in everybody, else power.
pkpd::EffectKind usual_kind(const SubjectModel& model, const std::string& covariate, const CovariateMeaning& meaning);

/// Why the effect of a covariate cannot be searched, in words (somebody has no value of it, all have the same, a power
/// effect meets a value that is not above 0); empty where it can.
/// \param id  names a subject of the model
std::string why_not_searched(const SubjectModel& model, const std::string& covariate, const CovariateMeaning& meaning,
                             const std::function<std::string(std::size_t)>& id);

bool has_effect(const Effects& effects, const std::string& parameter, const std::string& covariate);

/// Parameter and covariate of those effects that are not among `kept`.
std::vector<std::pair<std::string, std::string>> searched_effects(const Effects& effects, const Effects& kept);

Effects without_effect(Effects effects, const std::string& parameter, const std::string& covariate);

/// All effects with one more, by parameter, then covariate; with one less of those that are not `kept`.
std::vector<Effects> with_one_more(const Effects& now, const std::vector<std::string>& parameters,
                                   const std::vector<SearchedCovariate>& candidates);
std::vector<Effects> with_one_less(const Effects& now, const Effects& kept);

/// "comed on baseline", the effect that `larger` has and `smaller` has not.
std::string effect_added(const Effects& smaller, const Effects& larger);

/// The probability that a chi-square number with one degree of freedom exceeds `drop`.
double likelihood_ratio_p(double drop);

/// A fitted model as far as a step looks at it.
struct FittedEffects {
  Effects effects;
  double objective = 0.0;
};

/// What a step goes on to.
struct CovariateStep {
  std::size_t place = 0;  ///< in the round
  std::string note;       ///< what entered or left, beside its competitors, in words
};

/// The effect that enters: that of the lowest objective, if its p is below `level`.
std::optional<CovariateStep> forward_step(const FittedEffects& now, const std::vector<FittedEffects>& round,
                                          double level);

/// The effect that leaves: that of the lowest objective, if its p is above `level`.
std::optional<CovariateStep> backward_step(const FittedEffects& now, const std::vector<FittedEffects>& round,
                                           double level);

}  // namespace titrant::nlme
