#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "analytic_models.hpp"
#include "titrant/core/stream.hpp"
#include "titrant/nlme/population.hpp"

namespace titrant::tests {

/// f = log(a) + t log(b) with etas on both parameters and a weight effect on a: a linear mixed model.
inline nlme::Population log_linear_population() {
  return {.parameters = {{.name = "a",
                          .units = "1",
                          .scale = {},
                          .typical = 3.0,
                          .omega = 0.4,
                          .effects = {{.effect = {.covariate = "weight",
                                                  .kind = pkpd::EffectKind::power,
                                                  .coefficient = 0.75,
                                                  .reference = 70.0},
                                       .fixed = false}}},
                         {.name = "b", .units = "1", .scale = {}, .typical = 1.5, .omega = 0.2, .effects = {}}},
          .errors = {{.model = {.additive = 0.25, .proportional = 0.0}}}};
}

/// f = top t^shape / (half^shape + t^shape) with all scales, effects and error terms in use.
inline nlme::Population saturation_population() {
  return {.parameters = {{.name = "top",
                          .units = "1",
                          .scale = {},
                          .typical = 8.0,
                          .omega = 0.3,
                          .effects = {{.effect = {.covariate = "comed",
                                                  .kind = pkpd::EffectKind::categorical,
                                                  .coefficient = -0.3,
                                                  .reference = 0.0},
                                       .fixed = false}}},
                         {.name = "half",
                          .units = "h",
                          .scale = {.kind = nlme::Scale::Kind::logit, .lower = 0.0, .upper = 10.0},
                          .typical = 3.0,
                          .omega = 0.5,
                          .effects = {{.effect = {.covariate = "weight",
                                                  .kind = pkpd::EffectKind::exponential,
                                                  .coefficient = 0.01,
                                                  .reference = 70.0},
                                       .fixed = false}}},
                         {.name = "shape", .units = "1", .scale = {}, .typical = 2.0, .omega = 0.0, .effects = {}}},
          .errors = {{.model = {.additive = 0.2, .proportional = 0.1}}}};
}

/// Fills a toy model with data drawn from a population: weights 50 .. 100 kg, every second subject with comed.
inline void simulate(ToyModel& model, const nlme::Population& population, std::size_t subjects,
                     const std::vector<double>& times, std::uint64_t seed) {
  model.data.clear();
  for (std::size_t subject = 0; subject < subjects; ++subject) {
    core::Stream stream(seed, core::Purpose::test, subject);
    ToySubject drawn;
    drawn.times = times;
    drawn.values.assign(times.size(), 0.0);
    drawn.covariates = {{"weight", stream.uniform(50.0, 100.0)}, {"comed", subject % 2 == 0 ? 0.0 : 1.0}};
    std::vector<double> parameters;
    for (const nlme::Parameter& parameter : population.parameters) {
      double transformed = parameter.scale.transform(parameter.typical);
      for (const nlme::Effect& effect : parameter.effects) {
        transformed += nlme::effect_slope(effect.effect) *
                       nlme::effect_regressor(effect.effect, drawn.covariates.at(effect.effect.covariate));
      }
      if (parameter.omega > 0.0) transformed += parameter.omega * stream.normal();
      parameters.push_back(parameter.scale.natural(transformed));
    }
    model.data.push_back(drawn);
    std::vector<double> value(times.size());
    std::vector<double> gradient(times.size() * parameters.size());
    model.predict(subject, parameters, value, gradient);
    const pkpd::ErrorModel own = pkpd::draw_error(population.errors[0].model, stream);
    for (std::size_t j = 0; j < times.size(); ++j) {
      model.data.back().values[j] = own.measured(value[j], stream.normal());
    }
  }
}

}  // namespace titrant::tests
