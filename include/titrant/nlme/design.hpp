#pragma once

#include <cstddef>
#include <vector>

#include "titrant/nlme/population.hpp"
#include "titrant/nlme/subject_model.hpp"

namespace titrant::nlme {

/// The covariates of all subjects as numbers that multiply effect slopes (see effect_regressor).
class Design {
 public:
  /// Throws DataError naming the subject where a covariate is missing or cannot be used by an effect.
  Design(const SubjectModel& model, const Population& population);

  /// The transformed parameters of a subject without eta: [parameter]. `population` has the effects this was made for.
  std::vector<double> mean(std::size_t subject, const Population& population) const;

  double regressor(std::size_t subject, std::size_t parameter, std::size_t effect) const;

 private:
  std::vector<std::size_t> first_effect_;  ///< [parameter], its first place among all effects
  std::size_t effects_ = 0;
  std::vector<double> regressors_;  ///< [subject][effect]
};

}  // namespace titrant::nlme
