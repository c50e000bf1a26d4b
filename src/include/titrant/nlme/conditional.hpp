#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <span>
#include <vector>

#include "titrant/nlme/censored.hpp"
#include "titrant/nlme/design.hpp"
#include "titrant/nlme/population.hpp"
#include "titrant/nlme/residual.hpp"
#include "titrant/nlme/subject_model.hpp"

namespace titrant::nlme {

/// Most parameters of a structural model; small matrices live on the stack.
inline constexpr int max_parameters = 16;
using SmallVector = Eigen::Matrix<double, Eigen::Dynamic, 1, 0, max_parameters, 1>;
using SmallMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, 0, max_parameters, max_parameters>;

/// One subject's share of the problem at given population parameters. Refers to its parts, owns nothing.
struct SubjectProblem {
  /// What observation j adds, given its prediction.
  ResidualTerm term(std::size_t j, double predicted) const {
    if (!is_censored(j)) return residual_term(observed[j], predicted, errors[j]);
    return intervals.empty() ? censored_term(observed[j], predicted, errors[j])
                             : interval_term(intervals[j], predicted, errors[j]);
  }
  bool is_censored(std::size_t j) const { return !censored.empty() && censored[j] != 0; }
  std::size_t response(std::size_t j) const { return responses.empty() ? 0 : responses[j]; }
  /// Derivatives of a prediction: by the mean of each parameter, then by each slope of Design::slopes.
  std::size_t columns() const { return parameters.size() + (design == nullptr ? 0 : design->slopes().size()); }

  const SubjectModel& model;
  std::size_t subject;
  const Design* design;        ///< none: covariates do not change in time
  std::vector<double> shifts;  ///< of that for this subject
  std::span<const Parameter> parameters;
  std::span<const double> mean;                 ///< [parameter], transformed scale: typical value and covariate effects
  std::span<const std::size_t> eta_parameters;  ///< [eta], place of its parameter
  std::span<const pkpd::ErrorModel> errors;     ///< [observation]
  std::size_t response_count;                   ///< kinds of measurement
  std::span<const double> observed;             ///< these four as in SubjectModel: [observation]
  std::span<const unsigned char> responses;
  std::span<const unsigned char> censored;
  std::span<const Interval> intervals;
};

/// The residual error of each observation of a subject.
std::vector<pkpd::ErrorModel> observation_errors(const SubjectModel& model, std::size_t subject,
                                                 const Population& population);

/// The problem of a subject at a population. All arguments but the number must outlive it; `mean` as Design gives it,
/// `errors` as observation_errors does. Without a design, covariates that change in time count as those of the first
/// stretch.
SubjectProblem subject_problem(const SubjectModel& model, std::size_t subject, const Population& population,
                               std::span<const double> mean, std::span<const std::size_t> eta_parameters,
                               std::span<const pkpd::ErrorModel> errors, const Design* design = nullptr);

/// Predictions of one subject and their derivatives on the transformed scale.
struct Prediction {
  std::vector<double> value;     ///< [observation]
  std::vector<double> gradient;  ///< [observation][SubjectProblem::columns]
};

/// Predicts at mean + eta; false where the model has no finite answer there.
bool predict(const SubjectProblem& problem, const SmallVector& eta, Prediction& prediction);

/// The conditional objective of the etas, Phi = sum l(f) + sum (eta / omega)^2 + log omega^2.
struct Conditional {
  double value = 0.0;  ///< infinite where the model has no answer or a variance is not positive
  SmallVector gradient;
  SmallMatrix information;  ///< sum w f_k f_l + 1 / omega^2: FOCEI's half Hessian of Phi, positive definite
};
Conditional conditional(const SubjectProblem& problem, const SmallVector& eta, const Prediction& prediction);

/// The most probable etas of one subject, the empirical Bayes estimate.
struct Mode {
  SmallVector eta;
  Prediction prediction;  ///< there
  Conditional conditional;
  int evaluations = 0;     ///< of the model
  bool converged = false;  ///< whether the last step promised a change that rounding hides
};

/// Minimises Phi from `start`, until a step is shorter than 1e-8 posterior standard deviations: Gauss-Newton steps
/// whose matrix is corrected by structured BFGS updates (Dennis, Gay and Welsch 1981), with a backtracking line search.
/// \param correction  d^2 Phi - 2 information where known from nearby parameters, else zeros
/// Throws NumericalError naming the observation where Phi is infinite at `start` and at 0.
Mode find_mode(const SubjectProblem& problem, const SmallVector& start, const SmallMatrix& correction);

}  // namespace titrant::nlme
