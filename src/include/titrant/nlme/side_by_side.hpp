#pragma once

#include <cstddef>
#include <vector>

#include "titrant/nlme/method.hpp"
#include "titrant/nlme/population.hpp"
#include "titrant/nlme/subject_model.hpp"
#include "titrant/parallel/communicator.hpp"

namespace titrant::nlme {

/// A population to be fitted from its values on. `model` must outlive the fit.
struct QuickStart {
  const SubjectModel* model = nullptr;
  Population population;
};

/// A fit that is precise enough to rank models.
struct QuickFit {
  Population population;   ///< at the optimum; the start where it could not be fitted
  double objective = 0.0;  ///< infinite where it could not be fitted
  bool converged = false;
  std::size_t estimated = 0;
  double aic = 0.0;
  double bic = 0.0;
};

/// Fits populations side by side, each on one rank, from their starts and without standard errors. In the order given;
/// the same bits on any number of ranks. All models are of the same observations.
/// \param method  whose objective is minimised: fo, foce or focei
std::vector<QuickFit> fit_side_by_side(const parallel::Communicator& ranks, const std::vector<QuickStart>& starts,
                                       MethodKind method);

}  // namespace titrant::nlme
