#pragma once

#include <Eigen/Core>
#include <string>
#include <vector>

#include "titrant/nlme/estimate.hpp"
#include "titrant/nlme/importance.hpp"
#include "titrant/nlme/optimise.hpp"

namespace titrant::nlme {

/// Where a start converged.
struct OtherOptimum {
  double objective = 0.0;
  std::vector<double> x;  ///< [coordinate]
};

/// What a verdict is made from.
struct Evidence {
  const SubjectModel& model;
  const Layout& layout;
  const Box& box;                         ///< as the optimiser left it: held coordinates have no width
  const std::vector<double>& x;           ///< the estimates
  const std::vector<std::size_t>& free;   ///< coordinates inside the box
  const Eigen::MatrixXd& hessian;         ///< of the objective: [free][free]
  const Eigen::MatrixXd& covariance;      ///< [free][free]; empty: none
  const std::vector<std::size_t>& stuck;  ///< subjects whose etas did not converge
  std::vector<OtherOptimum> others;       ///< where the starts converged, the best among them
  std::string stop;                       ///< why the optimiser stopped, where it did not converge; else empty
};

/// Adds identified, verdict, condition_number and message to an estimation whose other members are known.
///
/// A coordinate counts as identified where no direction that it has a share in is flat: along each eigenvector of the
/// scaled Hessian the standard error is at most 1, a factor e on the log scale (of a covariate coefficient, over the
/// range of its covariate in the data).
void judge(Estimation& estimation, const Evidence& evidence);

/// Adds what importance sampling says of the likelihood at the estimates, and a line to the verdict where the
/// objective differs from it by more than three standard errors of the sampling and more than half a point.
void judge_approximation(Estimation& estimation, const ImportanceSampled& sampled);

/// Largest over smallest eigenvalue of the correlation matrix; NaN where there is none, infinite where it is singular.
double condition_number(const Eigen::MatrixXd& covariance);

}  // namespace titrant::nlme
