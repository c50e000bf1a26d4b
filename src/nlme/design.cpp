#include "titrant/nlme/design.hpp"

#include <fmt/format.h>

#include "titrant/core/error.hpp"

namespace titrant::nlme {

Design::Design(const SubjectModel& model, const Population& population) {
  for (const Parameter& parameter : population.parameters) {
    first_effect_.push_back(effects_);
    effects_ += parameter.effects.size();
  }
  for (std::size_t subject = 0; subject < model.subjects(); ++subject) {
    const pkpd::Covariates& covariates = model.covariates(subject);
    for (const Parameter& parameter : population.parameters) {
      for (const Effect& effect : parameter.effects) {
        const auto found = covariates.find(effect.effect.covariate);
        if (found == covariates.end()) {
          throw DataError(fmt::format("{}: there is no covariate {}, which {} depends on", model.describe(subject, 0),
                                      effect.effect.covariate, parameter.name));
        }
        try {
          regressors_.push_back(effect_regressor(effect.effect, found->second));
        } catch (const NumericalError& error) {
          throw DataError(
              fmt::format("{}: {} (effect on {})", model.describe(subject, 0), error.what(), parameter.name));
        }
      }
    }
  }
}

std::vector<double> Design::mean(std::size_t subject, const Population& population) const {
  std::vector<double> mean;
  mean.reserve(population.parameters.size());
  std::size_t place = subject * effects_;
  for (const Parameter& parameter : population.parameters) {
    double value = parameter.scale.transform(parameter.typical);
    for (const Effect& effect : parameter.effects) value += effect_slope(effect.effect) * regressors_[place++];
    mean.push_back(value);
  }
  return mean;
}

double Design::regressor(std::size_t subject, std::size_t parameter, std::size_t effect) const {
  return regressors_[subject * effects_ + first_effect_[parameter] + effect];
}

}  // namespace titrant::nlme
