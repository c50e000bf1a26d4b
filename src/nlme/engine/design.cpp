#include "titrant/nlme/design.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "titrant/core/error.hpp"
#include "titrant/nlme/conditional.hpp"

namespace titrant::nlme {

namespace {

/// The regressors of all effects in one stretch of a subject's time.
void add_row(std::vector<double>& row, const SubjectModel& model, std::size_t subject, std::size_t segment,
             const Population& population) {
  const pkpd::Covariates& covariates = model.covariates(subject, segment);
  for (const Parameter& parameter : population.parameters) {
    for (const Effect& effect : parameter.effects) {
      const auto found = covariates.find(effect.effect.covariate);
      if (found == covariates.end()) {
        throw DataError(fmt::format(
            "{}: there is no covariate {}, which {} depends on; see data.covariates, and data.covariate_missing",
            model.describe(subject, 0), effect.effect.covariate, parameter.name));
      }
      try {
        row.push_back(effect_regressor(effect.effect, found->second));
      } catch (const NumericalError& error) {
        throw DataError(fmt::format("{}: {} (effect on {})", model.describe(subject, 0), error.what(), parameter.name));
      }
    }
  }
}

}  // namespace

Design::Design(const SubjectModel& model, const Population& population) {
  for (const Parameter& parameter : population.parameters) {
    first_effect_.push_back(effects_);
    effects_ += parameter.effects.size();
  }
  for (std::size_t subject = 0; subject < model.subjects(); ++subject) {
    first_row_.push_back(regressors_.size());
    segments_.push_back(model.segments(subject));
    for (std::size_t segment = 0; segment < segments_.back(); ++segment) {
      add_row(regressors_, model, subject, segment, population);
    }
  }
  find_changes(model, population);
}

/// Which subjects have changes that matter, and which slopes they are differentiated by.
void Design::find_changes(const SubjectModel& model, const Population& population) {
  const auto changes = [&](std::size_t subject, std::size_t parameter, std::size_t effect) {
    for (std::size_t segment = 1; segment < segments_[subject]; ++segment) {
      if (regressor(subject, segment, parameter, effect) != regressor(subject, parameter, effect)) return true;
    }
    return false;
  };
  std::vector<bool> matters(segments_.size(), false);
  for (std::size_t p = 0; p < population.parameters.size(); ++p) {
    for (std::size_t k = 0; k < population.parameters[p].effects.size(); ++k) {
      bool any = false;
      for (std::size_t subject = 0; subject < segments_.size(); ++subject) {
        if (!changes(subject, p, k)) continue;
        any = matters[subject] = true;
      }
      if (any && !population.parameters[p].effects[k].fixed) slopes_.push_back({p, k});
    }
  }
  const bool by_occasion = !population.occasion_parameters().empty();
  for (std::size_t subject = 0; subject < segments_.size(); ++subject) {
    const std::span<const std::size_t> occasions = model.occasions(subject);
    const bool several = by_occasion && !occasions.empty() &&
                         std::any_of(occasions.begin(), occasions.end(), [](std::size_t one) { return one > 0; });
    if (!matters[subject] && !several) segments_[subject] = 1;
  }
  if (population.parameters.size() + slopes_.size() > static_cast<std::size_t>(max_parameters)) {
    throw DataError(
        fmt::format("{} effects of covariates that change in time are estimated, more than fit beside {} "
                    "parameters; fix some of their coefficients",
                    slopes_.size(), population.parameters.size()));
  }
}

std::optional<std::size_t> Design::slope_of(std::size_t parameter, std::size_t effect) const {
  for (std::size_t k = 0; k < slopes_.size(); ++k) {
    if (slopes_[k].parameter == parameter && slopes_[k].effect == effect) return k;
  }
  return std::nullopt;
}

std::vector<double> Design::mean(std::size_t subject, const Population& population) const {
  std::vector<double> mean;
  mean.reserve(population.parameters.size());
  std::size_t place = first_row_[subject];
  for (const Parameter& parameter : population.parameters) {
    double value = parameter.scale.transform(parameter.typical);
    for (const Effect& effect : parameter.effects) value += effect_slope(effect.effect) * regressors_[place++];
    mean.push_back(value);
  }
  return mean;
}

std::vector<double> Design::shifts(std::size_t subject, const Population& population) const {
  const std::size_t parameters = population.parameters.size();
  std::vector<double> shifts(segments_[subject] * parameters, 0.0);
  for (std::size_t segment = 1; segment < segments_[subject]; ++segment) {
    for (std::size_t p = 0; p < parameters; ++p) {
      const std::vector<Effect>& effects = population.parameters[p].effects;
      for (std::size_t k = 0; k < effects.size(); ++k) {
        shifts[segment * parameters + p] +=
            effect_slope(effects[k].effect) * (regressor(subject, segment, p, k) - regressor(subject, p, k));
      }
    }
  }
  return shifts;
}

}  // namespace titrant::nlme
