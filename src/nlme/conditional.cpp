#include "titrant/nlme/conditional.hpp"

#include <Eigen/Cholesky>
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
                               std::span<const pkpd::ErrorModel> errors) {
  return {.model = model,
          .subject = subject,
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

bool predict(const SubjectProblem& problem, const SmallVector& eta, Prediction& prediction) {
  const std::size_t parameters = problem.parameters.size();
  const std::size_t observations = problem.observed.size();
  TITRANT_EXPECTS(parameters <= static_cast<std::size_t>(max_parameters));
  std::array<double, max_parameters> transformed{};
  std::array<double, max_parameters> natural{};
  std::copy(problem.mean.begin(), problem.mean.end(), transformed.begin());
  for (std::size_t k = 0; k < problem.eta_parameters.size(); ++k) {
    transformed.at(problem.eta_parameters[k]) += eta[static_cast<Eigen::Index>(k)];
  }
  std::array<double, max_parameters> stretch{};
  for (std::size_t p = 0; p < parameters; ++p) {
    natural.at(p) = problem.parameters[p].scale.natural(transformed.at(p));
    stretch.at(p) = problem.parameters[p].scale.natural_derivative(transformed.at(p));
    if (!std::isfinite(natural.at(p)) || !(stretch.at(p) > 0.0)) return false;
  }
  prediction.value.resize(observations);
  prediction.gradient.resize(observations * parameters);
  try {
    problem.model.predict(problem.subject, std::span<const double>(natural).first(parameters), prediction.value,
                          prediction.gradient);
  } catch (const NumericalError&) {
    return false;
  }
  for (std::size_t j = 0; j < observations; ++j) {
    if (!std::isfinite(prediction.value[j])) return false;
    for (std::size_t p = 0; p < parameters; ++p) prediction.gradient[j * parameters + p] *= stretch.at(p);
  }
  return true;
}

Conditional conditional(const SubjectProblem& problem, const SmallVector& eta, const Prediction& prediction) {
  const auto count = static_cast<Eigen::Index>(problem.eta_parameters.size());
  const std::size_t parameters = problem.parameters.size();
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
    const double* slopes = prediction.gradient.data() + j * parameters;
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
