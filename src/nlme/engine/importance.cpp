#include "titrant/nlme/importance.hpp"

#include <fmt/format.h>

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"
#include "titrant/core/sum.hpp"
#include "titrant/nlme/conditional.hpp"
#include "titrant/nlme/design.hpp"
#include "titrant/parallel/work.hpp"

namespace titrant::nlme {

namespace {

constexpr double poor_share = 0.05;  // of effective draws, below which a subject is named

/// A multivariate Student t distribution about a mode.
class Proposal {
 public:
  Proposal(const Mode& mode, const ImportanceOptions& options)
      : degrees_(options.degrees_of_freedom),
        widening_(options.widening),
        llt_(mode.conditional.information),
        log_density_at_mode_(0.0) {
    const auto etas = static_cast<double>(mode.eta.size());
    const double half = 0.5 * degrees_;
    log_density_at_mode_ = std::lgamma(half + 0.5 * etas) - std::lgamma(half) -
                           0.5 * etas * std::log(degrees_ * std::numbers::pi) - etas * std::log(widening_) +
                           llt_.matrixLLT().diagonal().array().log().sum();
  }

  /// A distance from the mode; its squared length in units of the information, t' H t, in `square`.
  SmallVector draw(core::Stream& stream, Eigen::Index etas, double& square) const {
    SmallVector z(etas);
    for (double& one : z) one = stream.normal();
    double chi_square = 0.0;
    for (int i = 0; i < degrees_; ++i) chi_square += std::pow(stream.normal(), 2);
    z *= widening_ * std::sqrt(degrees_ / chi_square);
    square = z.squaredNorm();
    return llt_.matrixU().solve(z);
  }

  /// The logarithm of its density at such a distance.
  double log_density(Eigen::Index etas, double square) const {
    return log_density_at_mode_ -
           0.5 * (degrees_ + static_cast<double>(etas)) * std::log1p(square / (degrees_ * widening_ * widening_));
  }

 private:
  int degrees_;
  double widening_;
  Eigen::LLT<SmallMatrix> llt_;
  double log_density_at_mode_;
};

/// The mean of the weights of pairs, with that of the controls known to be 1.
struct Controlled {
  double mean;
  double error;  ///< standard error of the mean
};

Controlled controlled_mean(const std::vector<double>& weights, const std::vector<double>& controls) {
  const auto count = static_cast<double>(weights.size());
  const double weight = core::ordered_mean(weights);
  const double control = core::ordered_mean(controls);
  std::vector<double> products(weights.size());
  std::vector<double> squares(weights.size());
  for (std::size_t i = 0; i < weights.size(); ++i) {
    products[i] = (weights[i] - weight) * (controls[i] - control);
    squares[i] = std::pow(controls[i] - control, 2);
  }
  const double square = core::ordered_sum(squares);
  const double slope = square > 0.0 ? core::ordered_sum(products) / square : 0.0;
  const auto error_with = [&](double factor) {
    for (std::size_t i = 0; i < weights.size(); ++i) {
      squares[i] = std::pow(weights[i] - weight - factor * (controls[i] - control), 2);
    }
    return std::sqrt(core::ordered_sum(squares) / (count - 1.0) / count);
  };
  const double mean = weight - slope * (control - 1.0);
  // Few good weights may leave nothing above 0; then the weights alone are what is known.
  if (!(mean > 0.0)) return {weight, error_with(0.0)};
  return {mean, error_with(slope)};
}

/// -2 log of one subject's likelihood, its standard error and the share of effective draws.
void sample(const SubjectProblem& problem, const ImportanceOptions& options, core::Stream& stream,
            std::span<double> slot) {
  const auto etas = static_cast<Eigen::Index>(problem.etas());
  const Mode mode = find_mode(problem, SmallVector::Zero(etas), SmallMatrix::Zero(etas, etas));
  if (etas == 0) {
    slot[0] = mode.conditional.value;
    slot[1] = 0.0;
    slot[2] = 1.0;
    return;
  }
  const Proposal proposal(mode, options);
  const Eigen::LLT<SmallMatrix> llt(mode.conditional.information);
  if (llt.info() != Eigen::Success) {
    throw NumericalError(problem.model.describe(problem.subject, 0) +
                         ": the individual fit of this subject has no finite information matrix");
  }
  // Weights are relative to the normal approximation, whose integral is e^-laplace/2.
  const double log_determinant = 2.0 * llt.matrixLLT().diagonal().array().log().sum();
  const double laplace = mode.conditional.value + log_determinant;
  const double log_normal = 0.5 * (log_determinant - static_cast<double>(etas) * std::log(2.0 * std::numbers::pi));
  Prediction prediction;
  const auto weight = [&](const SmallVector& eta, double ratio) {
    if (!predict(problem, eta, prediction)) return 0.0;
    const double phi = data_value(problem, prediction) + eta.dot(problem.precision * eta) + problem.log_determinant;
    return std::isfinite(phi) ? ratio * std::exp(0.5 * (mode.conditional.value - phi)) : 0.0;
  };
  std::vector<double> weights;
  std::vector<double> controls;
  std::vector<double> each;
  for (std::size_t pair = 0; pair < options.pairs; ++pair) {
    double square = 0.0;
    const SmallVector distance = proposal.draw(stream, etas, square);
    const double log_ratio = log_normal - proposal.log_density(etas, square);
    controls.push_back(std::exp(log_ratio - 0.5 * square));
    const double one = weight(mode.eta + distance, std::exp(log_ratio));
    const double opposite = weight(mode.eta - distance, std::exp(log_ratio));
    weights.push_back(0.5 * (one + opposite));
    each.push_back(one);
    each.push_back(opposite);
  }
  const Controlled mean = controlled_mean(weights, controls);
  if (!(mean.mean > 0.0)) {
    throw NumericalError(problem.model.describe(problem.subject, 0) +
                         ": no etas drawn about the most probable ones have a likelihood above 0");
  }
  slot[0] = laplace - 2.0 * std::log(mean.mean);
  slot[1] = 2.0 * mean.error / mean.mean;
  const double sum = core::ordered_sum(each);
  for (double& one : each) one *= one;
  slot[2] = sum * sum / core::ordered_sum(each) / static_cast<double>(each.size());
}

}  // namespace

ImportanceSampled importance_sampled(const parallel::Communicator& ranks, const SubjectModel& model,
                                     const Population& population, const ImportanceOptions& options,
                                     std::uint64_t seed) {
  TITRANT_EXPECTS(options.pairs >= 2 && options.degrees_of_freedom > 0 && options.widening > 0.0);
  const Design design(model, population);
  const RandomEffects effects(population);
  most_etas(model, effects);
  constexpr std::size_t width = 3;
  const std::vector<double> slots = parallel::run(
      ranks, {.units = model.subjects(),
              .slot = width,
              .compute =
                  [&](std::size_t subject, std::span<double> slot) {
                    const std::vector<double> mean = design.mean(subject, population);
                    const std::vector<pkpd::ErrorModel> errors = observation_errors(model, subject, population);
                    const SubjectProblem problem =
                        subject_problem(model, subject, population, mean, effects, errors, &design);
                    core::Stream stream(seed, core::Purpose::importance, subject);
                    sample(problem, options, stream, slot);
                  },
              .progress = {}});
  ImportanceSampled result;
  std::vector<double> variances;
  for (std::size_t subject = 0; subject < model.subjects(); ++subject) {
    const double* slot = slots.data() + subject * width;
    result.subject_values.push_back(slot[0]);
    result.subject_errors.push_back(slot[1]);
    result.effective_share.push_back(slot[2]);
    variances.push_back(slot[1] * slot[1]);
    if (slot[2] < result.effective_share[result.least_effective]) result.least_effective = subject;
    if (slot[2] < poor_share) {
      result.poorly_sampled.push_back(
          fmt::format("{}: only {:.2g} % of this subject's {} draws are effective; its likelihood by sampling is in "
                      "doubt",
                      model.describe(subject, 0), 100.0 * slot[2], 2 * options.pairs));
    }
  }
  result.value = core::ordered_sum(result.subject_values);
  result.standard_error = std::sqrt(core::ordered_sum(variances));
  return result;
}

}  // namespace titrant::nlme
