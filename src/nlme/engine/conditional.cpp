#include "titrant/nlme/conditional.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "titrant/core/error.hpp"

namespace titrant::nlme {

std::vector<pkpd::ErrorModel> observation_errors(const SubjectModel& model, std::size_t subject,
                                                 const Population& population) {
  const std::span<const unsigned char> responses = model.responses(subject);
  std::vector<pkpd::ErrorModel> errors(model.observed(subject).size(), population.errors.front().model);
  TITRANT_EXPECTS(responses.empty() || responses.size() == errors.size());
  for (std::size_t j = 0; j < responses.size(); ++j) errors[j] = population.errors.at(responses[j]).model;
  return errors;
}

SubjectProblem subject_problem(const SubjectModel& model, std::size_t subject, const Population& population,
                               std::span<const double> mean, std::span<const std::size_t> eta_parameters,
                               std::span<const pkpd::ErrorModel> errors, const Design* design) {
  return {.model = model,
          .subject = subject,
          .design = design,
          .shifts = design == nullptr ? std::vector<double>{} : design->shifts(subject, population),
          .parameters = population.parameters,
          .mean = mean,
          .eta_parameters = eta_parameters,
          .errors = errors,
          .response_count = population.errors.size(),
          .observed = model.observed(subject),
          .responses = model.responses(subject),
          .censored = model.censored(subject),
          .intervals = model.intervals(subject)};
}

namespace {

/// Individual parameters of every stretch of time on their natural scale, with how these move with the transformed
/// ones: [segment][parameter].
struct Individuals {
  std::vector<double> natural;
  std::vector<double> stretch;
};

/// False where a parameter has no finite value.
bool individuals(const SubjectProblem& problem, const SmallVector& eta, std::size_t segments, Individuals& result) {
  const std::size_t parameters = problem.parameters.size();
  std::array<double, max_parameters> transformed{};
  std::copy(problem.mean.begin(), problem.mean.end(), transformed.begin());
  for (std::size_t k = 0; k < problem.eta_parameters.size(); ++k) {
    transformed.at(problem.eta_parameters[k]) += eta[static_cast<Eigen::Index>(k)];
  }
  result.natural.resize(segments * parameters);
  result.stretch.resize(segments * parameters);
  for (std::size_t i = 0; i < segments * parameters; ++i) {
    const std::size_t p = i % parameters;
    const double moved = transformed.at(p) + (i < parameters ? 0.0 : problem.shifts[i]);
    result.natural[i] = problem.parameters[p].scale.natural(moved);
    result.stretch[i] = problem.parameters[p].scale.natural_derivative(moved);
    if (!std::isfinite(result.natural[i]) || !(result.stretch[i] > 0.0)) return false;
  }
  return true;
}

/// Derivatives of one prediction by means and slopes, from those by the parameters of every stretch.
void add_derivatives(const SubjectProblem& problem, const Individuals& at, std::span<const double> by_segment,
                     std::span<double> row) {
  const std::size_t parameters = problem.parameters.size();
  for (std::size_t i = 0; i < by_segment.size(); ++i) row[i % parameters] += by_segment[i] * at.stretch[i];
  if (row.size() == parameters) return;
  const std::vector<Design::Slope>& slopes = problem.design->slopes();
  for (std::size_t k = 0; k < slopes.size(); ++k) {
    const auto [parameter, effect] = slopes[k];
    for (std::size_t segment = 0; segment * parameters < by_segment.size(); ++segment) {
      const std::size_t place = segment * parameters + parameter;
      row[parameters + k] += by_segment[place] * at.stretch[place] *
                             problem.design->regressor(problem.subject, segment, parameter, effect);
    }
  }
}

}  // namespace

bool predict(const SubjectProblem& problem, const SmallVector& eta, Prediction& prediction) {
  const std::size_t parameters = problem.parameters.size();
  const std::size_t observations = problem.observed.size();
  const std::size_t columns = problem.columns();
  const std::size_t segments = problem.design == nullptr ? 1 : problem.design->segments(problem.subject);
  TITRANT_EXPECTS(columns <= static_cast<std::size_t>(max_parameters));
  Individuals at;
  if (!individuals(problem, eta, segments, at)) return false;
  prediction.value.resize(observations);
  std::vector<double> by_segment(observations * segments * parameters);
  try {
    if (segments == 1) {
      problem.model.predict(problem.subject, at.natural, prediction.value, by_segment);
    } else {
      problem.model.predict_segments(problem.subject, at.natural, prediction.value, by_segment);
    }
  } catch (const NumericalError&) {
    return false;
  }
  prediction.gradient.assign(observations * columns, 0.0);
  for (std::size_t j = 0; j < observations; ++j) {
    if (!std::isfinite(prediction.value[j])) return false;
    add_derivatives(problem, at,
                    std::span<const double>(by_segment).subspan(j * segments * parameters, segments * parameters),
                    std::span(prediction.gradient).subspan(j * columns, columns));
  }
  return true;
}

Conditional conditional(const SubjectProblem& problem, const SmallVector& eta, const Prediction& prediction) {
  const auto count = static_cast<Eigen::Index>(problem.eta_parameters.size());
  const std::size_t columns = problem.columns();
  Conditional result;
  result.gradient = SmallVector::Zero(count);
  result.information = SmallMatrix::Zero(count, count);
  for (std::size_t j = 0; j < problem.observed.size(); ++j) {
    if (!(problem.errors[j].variance(prediction.value[j]) > 0.0)) {
      result.value = std::numeric_limits<double>::infinity();
      return result;
    }
    const ResidualTerm term = problem.term(j, prediction.value[j]);
    result.value += term.value;
    const double* slopes = prediction.gradient.data() + j * columns;
    for (Eigen::Index k = 0; k < count; ++k) {
      const double f_k = slopes[problem.eta_parameters[static_cast<std::size_t>(k)]];
      result.gradient[k] += term.slope * f_k;
      for (Eigen::Index l = 0; l <= k; ++l) {
        result.information(k, l) += term.weight * f_k * slopes[problem.eta_parameters[static_cast<std::size_t>(l)]];
      }
    }
  }
  for (Eigen::Index k = 0; k < count; ++k) {
    const double omega = problem.parameters[problem.eta_parameters[static_cast<std::size_t>(k)]].omega;
    const double precision = 1.0 / (omega * omega);
    result.value += eta[k] * eta[k] * precision + 2.0 * std::log(omega);
    result.gradient[k] += 2.0 * eta[k] * precision;
    result.information(k, k) += precision;
    for (Eigen::Index l = 0; l < k; ++l) result.information(l, k) = result.information(k, l);
  }
  return result;
}

}  // namespace titrant::nlme
