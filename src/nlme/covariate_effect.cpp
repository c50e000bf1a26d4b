#include "covariate_effect.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "titrant/core/error.hpp"
#include "titrant/core/statistics.hpp"

namespace titrant::nlme {

namespace {

constexpr double reference_weight = 70.0;  // kg

}  // namespace

std::vector<double> sorted_values(const SubjectModel& model, const std::string& covariate) {
  std::vector<double> values;
  for (std::size_t subject = 0; subject < model.subjects(); ++subject) {
    const auto found = model.covariates(subject).find(covariate);
    if (found == model.covariates(subject).end()) {
      throw DataError(fmt::format("{}: there is no covariate {}", model.describe(subject, 0), covariate));
    }
    values.push_back(found->second);
  }
  std::sort(values.begin(), values.end());
  return values;
}

std::vector<double> values_at_any_time(const SubjectModel& model, const std::string& covariate) {
  std::vector<double> values = sorted_values(model, covariate);
  for (std::size_t subject = 0; subject < model.subjects(); ++subject) {
    for (std::size_t segment = 1; segment < model.segments(subject); ++segment) {
      const auto found = model.covariates(subject, segment).find(covariate);
      if (found != model.covariates(subject, segment).end()) values.push_back(found->second);
    }
  }
  std::sort(values.begin(), values.end());
  return values;
}

Effect covariate_effect(const SubjectModel& model, std::string_view of, const std::string& covariate,
                        const CovariateSetting& setting, const CovariateMeaning& meaning) {
  Effect effect;
  effect.effect.covariate = covariate;
  const std::vector<double> values = sorted_values(model, covariate);
  const std::vector<double> all = values_at_any_time(model, covariate);
  if (const double* exponent = std::get_if<double>(&setting)) {
    effect.effect.coefficient = *exponent;
  } else {
    effect.effect.kind = std::get<pkpd::EffectKind>(setting);
    effect.fixed = false;
    if (all.front() == all.back()) {
      throw DataError(
          fmt::format("{} is {} in all subjects: its effect on {} cannot be estimated; give a number, or leave it out",
                      covariate, all.front(), of));
    }
  }
  if (effect.effect.kind == pkpd::EffectKind::categorical) {
    effect.effect.reference = all.front();
  } else {
    const auto given = meaning.reference.find(covariate);
    const double usual = covariate == "weight" ? reference_weight : core::median(values);
    effect.effect.reference = given == meaning.reference.end() ? usual : given->second;
  }
  return effect;
}

}  // namespace titrant::nlme
