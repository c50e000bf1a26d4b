#pragma once

#include "titrant/nlme/conditional.hpp"

namespace titrant::nlme {

/// One subject's share of the objective by FOCE with interaction, as NONMEM defines it (Wang 2007, J Pharmacokinet
/// Pharmacodyn 34:575): Phi(eta*) + log det(information(eta*)), which is -2 log L without n log(2 pi), by Laplace's
/// approximation with the expected Hessian. With its exact gradient, the change of eta* included (Almquist, Leander and
/// Jirstrand 2015, J Pharmacokinet Pharmacodyn 42:191).
struct SubjectObjective {
  using Vector = Eigen::VectorXd;
  using Matrix = Eigen::MatrixXd;

  double value = 0.0;
  Vector gradient;         ///< with respect to [mean of each parameter and slope, the numbers of RandomEffects, log
                           ///< additive and log proportional error of each response]
  Matrix eta_gradient;     ///< [eta][the same], d eta*
  SmallMatrix correction;  ///< d^2 Phi - 2 information at eta*
};

/// d^2 f / d eta_k d column: [eta][observation][column of the prediction], by central differences of the model's first
/// derivatives about `eta`, where it predicts `at`; where a neighbour has no prediction, by the one-sided difference.
/// Throws NumericalError where neither has.
std::vector<double> second_derivatives(const SubjectProblem& problem, const SmallVector& eta, const Prediction& at);

/// The value alone.
double focei_value(const Mode& mode);

/// Value and derivatives. Second derivatives of the predictions are central differences of the model's exact first ones
/// (step 1e-4 on the transformed scale: relative error near 1e-8), so a call costs two predictions per eta. Of a
/// problem whose errors are frozen, by those of the population, on which they depend.
SubjectObjective focei(const SubjectProblem& problem, const Mode& mode);

}  // namespace titrant::nlme
