#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "titrant/nlme/population.hpp"
#include "titrant/nlme/subject_model.hpp"

namespace titrant::nlme {

/// The covariates of all subjects as numbers that multiply effect slopes (see effect_regressor).
class Design {
 public:
  /// Throws DataError naming the subject where a covariate is missing or cannot be used by an effect.
  Design(const SubjectModel& model, const Population& population);

  /// The transformed parameters of a subject without eta in its first stretch of time: [parameter]. `population` has
  /// the effects this was made for.
  std::vector<double> mean(std::size_t subject, const Population& population) const;

  double regressor(std::size_t subject, std::size_t parameter, std::size_t effect) const {
    return regressor(subject, 0, parameter, effect);
  }

  /// Stretches of time between which an effect on a parameter of this subject or its occasion changes; 1: none does.
  std::size_t segments(std::size_t subject) const { return segments_[subject]; }

  /// What the transformed parameters of later stretches have more than those of the first: [segment][parameter].
  std::vector<double> shifts(std::size_t subject, const Population& population) const;

  /// An estimated effect whose covariate changes in time in some subject. Its slope then moves parameters by more than
  /// their mean, so predictions are differentiated by it as well.
  struct Slope {
    std::size_t parameter;
    std::size_t effect;
  };
  const std::vector<Slope>& slopes() const { return slopes_; }
  /// The place of an effect among them; none: it is not.
  std::optional<std::size_t> slope_of(std::size_t parameter, std::size_t effect) const;

  double regressor(std::size_t subject, std::size_t segment, std::size_t parameter, std::size_t effect) const {
    return regressors_[first_row_[subject] + segment * effects_ + first_effect_[parameter] + effect];
  }

 private:
  void find_changes(const SubjectModel& model, const Population& population);

  std::vector<std::size_t> first_effect_;  ///< [parameter], its first place among all effects
  std::size_t effects_ = 0;
  std::vector<double> regressors_;      ///< [subject][segment][effect]
  std::vector<std::size_t> first_row_;  ///< [subject], in regressors_
  std::vector<std::size_t> segments_;   ///< [subject]
  std::vector<Slope> slopes_;
};

}  // namespace titrant::nlme
