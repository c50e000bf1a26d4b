#include "titrant/nlme/conditional.hpp"

#include <fmt/format.h>

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

std::size_t occasions_of(const SubjectModel& model, std::size_t subject, const RandomEffects& effects) {
  if (effects.by_occasion().empty()) return 0;
  const std::span<const std::size_t> occasions = model.occasions(subject);
  return occasions.empty() ? 1 : 1 + *std::max_element(occasions.begin(), occasions.end());
}

std::size_t most_etas(const SubjectModel& model, const RandomEffects& effects) {
  std::size_t most = 0;
  for (std::size_t subject = 0; subject < model.subjects(); ++subject) {
    const std::size_t etas = effects.etas(occasions_of(model, subject, effects));
    if (etas > static_cast<std::size_t>(max_etas)) {
      throw DataError(fmt::format(
          "{}: {} random effects, {} of them of its occasions; at most {} are possible; let fewer parameters vary "
          "between occasions",
          model.describe(subject, 0), etas, etas - effects.lasting().size(), max_etas));
    }
    most = std::max(most, etas);
  }
  return most;
}

SubjectProblem subject_problem(const SubjectModel& model, std::size_t subject, const Population& population,
                               std::span<const double> mean, const RandomEffects& effects,
                               std::span<const pkpd::ErrorModel> errors, const Design* design) {
  const std::size_t occasions =
      design == nullptr && !effects.by_occasion().empty() ? 1 : occasions_of(model, subject, effects);
  return {.model = model,
          .subject = subject,
          .design = design,
          .shifts = design == nullptr ? std::vector<double>{} : design->shifts(subject, population),
          .parameters = population.parameters,
          .mean = mean,
          .effects = effects,
          .occasions = occasions,
          .precision = effects.precision(occasions),
          .log_determinant = effects.log_determinant(occasions),
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

/// The occasion of a stretch of time.
std::size_t occasion_of(const SubjectProblem& problem, std::size_t segment) {
  const std::span<const std::size_t> occasions = problem.model.occasions(problem.subject);
  return problem.occasions <= 1 || occasions.empty() ? 0 : occasions[segment];
}

/// False where a parameter has no finite value.
bool individuals(const SubjectProblem& problem, const SmallVector& eta, std::size_t segments, Individuals& result) {
  const std::size_t parameters = problem.parameters.size();
  std::array<double, max_parameters> transformed{};
  std::copy(problem.mean.begin(), problem.mean.end(), transformed.begin());
  const std::vector<std::size_t>& lasting = problem.effects.lasting();
  const std::vector<std::size_t>& by_occasion = problem.effects.by_occasion();
  for (std::size_t k = 0; k < problem.effects.of_parameters(); ++k) {
    transformed.at(lasting[k]) += eta[static_cast<Eigen::Index>(k)];
  }
  std::vector<double> kappas(problem.occasions == 0 ? 0 : segments * parameters, 0.0);
  for (std::size_t i = 0; i < kappas.size(); i += parameters) {
    const std::size_t first = lasting.size() + occasion_of(problem, i / parameters) * by_occasion.size();
    for (std::size_t k = 0; k < by_occasion.size(); ++k) {
      kappas[i + by_occasion[k]] = eta[static_cast<Eigen::Index>(first + k)];
    }
  }
  result.natural.resize(segments * parameters);
  result.stretch.resize(segments * parameters);
  for (std::size_t i = 0; i < segments * parameters; ++i) {
    const std::size_t p = i % parameters;
    const double moved =
        transformed.at(p) + (i < parameters ? 0.0 : problem.shifts[i]) + (kappas.empty() ? 0.0 : kappas[i]);
    result.natural[i] = problem.parameters[p].scale.natural(moved);
    result.stretch[i] = problem.parameters[p].scale.natural_derivative(moved);
    if (!std::isfinite(result.natural[i]) || !(result.stretch[i] > 0.0)) return false;
  }
  return true;
}

/// Derivatives of one prediction by means, slopes and etas of occasions, from those by the parameters of every stretch.
void add_derivatives(const SubjectProblem& problem, const Individuals& at, std::span<const double> by_segment,
                     std::span<double> row) {
  const std::size_t parameters = problem.parameters.size();
  for (std::size_t i = 0; i < by_segment.size(); ++i) row[i % parameters] += by_segment[i] * at.stretch[i];
  if (row.size() == parameters) return;
  const std::vector<std::size_t>& by_occasion = problem.effects.by_occasion();
  for (std::size_t segment = 0; problem.occasions > 0 && segment * parameters < by_segment.size(); ++segment) {
    const std::size_t first =
        problem.mean_columns() + problem.effects.errors().size() + occasion_of(problem, segment) * by_occasion.size();
    for (std::size_t k = 0; k < by_occasion.size(); ++k) {
      const std::size_t place = segment * parameters + by_occasion[k];
      row[first + k] += by_segment[place] * at.stretch[place];
    }
  }
  if (problem.design == nullptr) return;
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
  TITRANT_EXPECTS(problem.mean_columns() <= static_cast<std::size_t>(max_parameters) &&
                  columns <= static_cast<std::size_t>(max_columns));
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
  prediction.errors.clear();
  if (!problem.effects.errors().empty()) {
    prediction.errors.assign(problem.errors.begin(), problem.errors.end());
    for (std::size_t j = 0; j < observations; ++j) {
      const std::optional<std::size_t> own = problem.error_eta(j);
      if (own) prediction.errors[j] = problem.errors[j].of_subject(eta[static_cast<Eigen::Index>(*own)]);
    }
  }
  for (std::size_t j = 0; j < observations; ++j) {
    if (!std::isfinite(prediction.value[j])) return false;
    add_derivatives(problem, at,
                    std::span<const double>(by_segment).subspan(j * segments * parameters, segments * parameters),
                    std::span(prediction.gradient).subspan(j * columns, columns));
  }
  return true;
}

double data_value(const SubjectProblem& problem, const Prediction& prediction) {
  double value = 0.0;
  for (std::size_t j = 0; j < problem.observed.size(); ++j) {
    if (!(problem.error(j, prediction).variance(prediction.value[j]) > 0.0)) {
      return std::numeric_limits<double>::infinity();
    }
    value += problem.term(j, prediction).value;
  }
  return value;
}

Conditional conditional(const SubjectProblem& problem, const SmallVector& eta, const Prediction& prediction) {
  const std::size_t etas = problem.etas();
  const auto count = static_cast<Eigen::Index>(etas);
  const std::size_t columns = problem.columns();
  Conditional result;
  result.gradient = SmallVector::Zero(count);
  result.information = SmallMatrix::Zero(count, count);
  SmallVector f_eta(count);
  for (std::size_t j = 0; j < problem.observed.size(); ++j) {
    if (!(problem.error(j, prediction).variance(prediction.value[j]) > 0.0)) {
      result.value = std::numeric_limits<double>::infinity();
      return result;
    }
    const ResidualTerm term = problem.term(j, prediction);
    result.value += term.value;
    const double* slopes = prediction.gradient.data() + j * columns;
    for (std::size_t k = 0; k < etas; ++k) f_eta[static_cast<Eigen::Index>(k)] = slopes[problem.column(k)];
    for (Eigen::Index k = 0; k < count; ++k) {
      result.gradient[k] += term.slope * f_eta[k];
      for (Eigen::Index l = 0; l <= k; ++l) result.information(k, l) += term.weight * f_eta[k] * f_eta[l];
    }
    const std::optional<std::size_t> own = problem.error_eta(j);
    if (!own) continue;
    const auto u = static_cast<Eigen::Index>(*own);
    result.gradient[u] += term.factor.slope;
    for (Eigen::Index k = 0; k < count; ++k) {
      result.information(std::max(k, u), std::min(k, u)) +=
          k == u ? term.factor.own_weight : term.factor.shared_weight * f_eta[k];
    }
  }
  for (Eigen::Index k = 0; k < count; ++k) {
    for (Eigen::Index l = 0; l < k; ++l) result.information(l, k) = result.information(k, l);
  }
  const SmallVector pull = problem.precision * eta;
  result.value += eta.dot(pull) + problem.log_determinant;
  result.gradient += 2.0 * pull;
  result.information += problem.precision;
  return result;
}

}  // namespace titrant::nlme
