#pragma once

#include <Eigen/Core>
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "titrant/nlme/censored.hpp"
#include "titrant/nlme/design.hpp"
#include "titrant/nlme/population.hpp"
#include "titrant/nlme/random_effects.hpp"
#include "titrant/nlme/residual.hpp"
#include "titrant/nlme/small_matrix.hpp"
#include "titrant/nlme/subject_model.hpp"

namespace titrant::nlme {

/// Predictions of one subject and their derivatives on the transformed scale.
struct Prediction {
  std::vector<double> value;             ///< [observation]
  std::vector<double> gradient;          ///< [observation][SubjectProblem::columns]
  std::vector<pkpd::ErrorModel> errors;  ///< [observation], the subject's own; empty: those of the population
};

/// Residual errors of one subject that do not depend on its etas (see approximation.hpp).
struct FrozenErrors {
  std::vector<pkpd::ErrorModel> errors;  ///< [observation], additive ones but for log-normal ones
  std::vector<double> by_mean;           ///< [observation][SubjectProblem::mean_columns], d log sd
  std::vector<std::array<double, 2>>
      by_error;  ///< [observation], d log sd / d log a, d log b of the population's error
};

/// One subject's share of the problem at given population parameters. Refers to its parts, owns nothing.
struct SubjectProblem {
  /// The residual error of observation j at the etas of a prediction.
  const pkpd::ErrorModel& error(std::size_t j, const Prediction& prediction) const {
    return prediction.errors.empty() ? errors[j] : prediction.errors[j];
  }
  /// What observation j adds, given its prediction.
  ResidualTerm term(std::size_t j, const Prediction& prediction) const {
    const double predicted = prediction.value[j];
    const pkpd::ErrorModel& own = error(j, prediction);
    if (!is_censored(j)) return residual_term(observed[j], predicted, own);
    return intervals.empty() ? censored_term(observed[j], predicted, own) : interval_term(intervals[j], predicted, own);
  }
  /// The eta of the residual error of observation j; none: it has none.
  std::optional<std::size_t> error_eta(std::size_t j) const {
    const std::vector<std::size_t>& varying = effects.errors();
    for (std::size_t k = 0; k < varying.size(); ++k) {
      if (varying[k] == response(j)) return effects.of_parameters() + k;
    }
    return std::nullopt;
  }
  bool is_censored(std::size_t j) const { return !censored.empty() && censored[j] != 0; }
  std::size_t response(std::size_t j) const { return responses.empty() ? 0 : responses[j]; }
  /// Derivatives of a prediction by what describes the population: by the mean of each parameter, then by each slope of
  /// Design::slopes.
  std::size_t mean_columns() const { return parameters.size() + (design == nullptr ? 0 : design->slopes().size()); }
  /// These, those by the etas of residual errors (0: predictions do not depend on them) and by those of each occasion.
  std::size_t columns() const { return mean_columns() + etas() - effects.of_parameters(); }
  std::size_t etas() const { return effects.etas(occasions); }
  /// The column of an eta: that of its parameter's mean where it holds on all occasions, else one of its own.
  std::size_t column(std::size_t eta) const {
    const std::size_t of_parameters = effects.of_parameters();
    return eta < of_parameters ? effects.lasting()[eta] : mean_columns() + eta - of_parameters;
  }

  const SubjectModel& model;
  std::size_t subject;
  const Design* design;        ///< none: covariates do not change in time
  std::vector<double> shifts;  ///< of that for this subject
  std::span<const Parameter> parameters;
  std::span<const double> mean;              ///< [parameter], transformed scale: typical value and covariate effects
  const RandomEffects& effects;              ///< of the population
  std::size_t occasions;                     ///< of this subject; 0 where no parameter varies between occasions
  SmallMatrix precision;                     ///< [eta][eta], Omega^-1 for this subject
  double log_determinant;                    ///< log det Omega
  std::span<const pkpd::ErrorModel> errors;  ///< [observation]
  std::size_t response_count;                ///< kinds of measurement
  std::span<const double> observed;          ///< these four as in SubjectModel: [observation]
  std::span<const unsigned char> responses;
  std::span<const unsigned char> censored;
  std::span<const Interval> intervals;
  const FrozenErrors* frozen = nullptr;  ///< where `errors` are these
};

/// The residual error of each observation of a subject.
std::vector<pkpd::ErrorModel> observation_errors(const SubjectModel& model, std::size_t subject,
                                                 const Population& population);

/// The problem of a subject at a population. All arguments but the number must outlive it; `mean` as Design gives it,
/// `effects` those of the population, `errors` as observation_errors does. Without a design, covariates that change in
/// time count as those of the first stretch, and so do occasions.
SubjectProblem subject_problem(const SubjectModel& model, std::size_t subject, const Population& population,
                               std::span<const double> mean, const RandomEffects& effects,
                               std::span<const pkpd::ErrorModel> errors, const Design* design = nullptr);

/// Occasions of a subject that a population tells apart: 0 where none of its parameters varies between them.
std::size_t occasions_of(const SubjectModel& model, std::size_t subject, const RandomEffects& effects);

/// The largest number of etas of a subject. Throws DataError naming a subject that has more than max_etas.
std::size_t most_etas(const SubjectModel& model, const RandomEffects& effects);

/// Predicts at mean + eta; false where the model has no finite answer there.
bool predict(const SubjectProblem& problem, const SmallVector& eta, Prediction& prediction);

/// What the data add to Phi, sum l(f): infinite where a variance is not positive.
double data_value(const SubjectProblem& problem, const Prediction& prediction);

/// The conditional objective of the etas, Phi = sum l(f) + eta' Omega^-1 eta + log det Omega.
struct Conditional {
  double value = 0.0;  ///< infinite where the model has no answer or a variance is not positive
  SmallVector gradient;
  /// sum w f_k f_l + Omega^-1, and the same of etas of residual errors (FactorTerm): FOCEI's half Hessian of Phi,
  /// positive definite
  SmallMatrix information;
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
