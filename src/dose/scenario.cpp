#include "titrant/dose/scenario.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>

#include "titrant/core/error.hpp"

namespace titrant::dose {

namespace {

void require_known_covariates(const std::vector<pkpd::ParameterModel>& parameters, const PopulationModels& models) {
  for (const pkpd::ParameterModel& parameter : parameters) {
    for (const pkpd::CovariateEffect& effect : parameter.effects) {
      if (effect.covariate == "body_weight" && models.with_body_weight) continue;
      if (effect.covariate == "comed" && models.with_comed) continue;
      throw DataError(fmt::format(
          "{} depends on the covariate '{}', which a scenario cannot supply: virtual subjects have "
          "body_weight and comed alone, and these only where the trial has them; take the effect out of the model",
          parameter.name, effect.covariate));
    }
  }
}

double standard_normal_below(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

}  // namespace

Population::Population(const ScenarioOptions& scenario, const PopulationModels& models, std::uint64_t seed,
                       std::size_t errors, core::Purpose purpose)
    : scenario_(scenario), models_(models), seed_(seed), errors_(errors), purpose_(purpose) {
  TITRANT_EXPECTS(models.pk != nullptr && scenario.body_weight_to >= scenario.body_weight_from);
  require_known_covariates(models.pk->parameters, models);
  if (models.biomarker != nullptr) require_known_covariates(models.biomarker->parameters, models);
  if (scenario.body_weight == BodyWeight::trial) {
    for (const double weight : models.trial_weights) {
      if (weight >= scenario.body_weight_from && weight <= scenario.body_weight_to) weights_.push_back(weight);
    }
    std::sort(weights_.begin(), weights_.end());
    if (weights_.empty()) {
      throw DataError(
          fmt::format("no subject of the trial weighs between {} and {} kg, so body weights cannot be "
                      "resampled from it; widen the range or choose another distribution",
                      scenario.body_weight_from, scenario.body_weight_to));
    }
  }
  models_.trial_weights.clear();
  if (scenario.body_weight == BodyWeight::normal) {
    TITRANT_EXPECTS(scenario.body_weight_sd > 0.0);
    const auto below = [&](double weight) {
      return standard_normal_below((weight - scenario.body_weight_mean) / scenario.body_weight_sd);
    };
    below_ = below(scenario.body_weight_from);
    within_ = below(scenario.body_weight_to) - below_;
    constexpr double smallest_share = 1e-6;  // beyond, the inverse of the distribution function has few digits left
    if (within_ < smallest_share) {
      throw DataError(fmt::format("body weights around {} kg with sd {} kg practically never lie between {} and {} kg",
                                  scenario.body_weight_mean, scenario.body_weight_sd, scenario.body_weight_from,
                                  scenario.body_weight_to));
    }
  }
}

/// The quantile function of the distribution: heavier people have larger random numbers in every scenario.
double Population::body_weight(double uniform) const {
  const double from = scenario_.body_weight_from;
  const double to = scenario_.body_weight_to;
  switch (scenario_.body_weight) {
    case BodyWeight::normal: {
      const boost::math::normal distribution(scenario_.body_weight_mean, scenario_.body_weight_sd);
      return std::clamp(boost::math::quantile(distribution, below_ + uniform * within_), from, to);
    }
    case BodyWeight::trial:
      return weights_[static_cast<std::size_t>(uniform * static_cast<double>(weights_.size()))];
    case BodyWeight::uniform:
      break;
  }
  return from + (to - from) * uniform;
}

VirtualSubject Population::subject(std::uint64_t index) const {
  const auto stream_for = [&](PersonStream part) {
    return core::Stream(seed_, purpose_, index, static_cast<std::uint32_t>(part));
  };
  core::Stream stream = stream_for(PersonStream::covariates_and_pk);
  VirtualSubject subject;
  // Both are drawn in any case: the numbers that follow must not depend on what a trial records.
  const double weight = body_weight(stream.uniform());
  const double comed = stream.uniform() < scenario_.comed ? 1.0 : 0.0;
  if (models_.with_body_weight) subject.covariates["body_weight"] = weight;
  if (models_.with_comed) subject.covariates["comed"] = comed;
  subject.individual = pkpd::individual(*models_.pk, subject.covariates, pkpd::draw_etas(*models_.pk, stream));
  if (models_.biomarker == nullptr) return subject;

  core::Stream pd = stream_for(PersonStream::biomarker);
  subject.biomarker =
      pkpd::individual_biomarker(*models_.biomarker, subject.covariates, pkpd::draw_etas(*models_.biomarker, pd));
  subject.error = models_.biomarker->error;
  core::Stream errors = stream_for(PersonStream::measurement_errors);
  subject.errors.resize(errors_);
  for (double& error : subject.errors) error = errors.normal();
  return subject;
}

}  // namespace titrant::dose
