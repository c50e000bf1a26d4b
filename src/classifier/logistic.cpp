#include "titrant/classifier/logistic.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "covariate.hpp"
#include "titrant/classifier/readout.hpp"
#include "titrant/classifier/training.hpp"
#include "titrant/core/error.hpp"

namespace titrant::classifier {

namespace {

constexpr std::array exposures = {"log_average", "log_minimum", "log_maximum"};  // features that need no covariate
constexpr int most_steps = 100;
constexpr double gradient_tolerance = 1e-10;  // per example

// Sum of cross-entropies plus the ridge penalty, for the rows (1, features) of X.
double penalised_loss(const Eigen::MatrixXd& rows, const Eigen::VectorXd& labels, const Eigen::VectorXd& weights,
                      double ridge) {
  const Eigen::VectorXd logit = rows * weights;
  double loss = 0.5 * ridge * weights.tail(weights.size() - 1).squaredNorm();
  for (Eigen::Index i = 0; i < logit.size(); ++i) {
    loss += std::max(logit[i], 0.0) + std::log1p(std::exp(-std::abs(logit[i]))) - labels[i] * logit[i];
  }
  return loss;
}

}  // namespace

LogisticRegression::LogisticRegression(double reference_concentration, double ridge,
                                       std::vector<CovariateInput> covariates)
    : reference_concentration_(reference_concentration),
      ridge_(ridge),
      covariates_(std::move(covariates)),
      weights_(exposures.size() + covariates_.size() + 1, 0.0),
      mean_(exposures.size() + covariates_.size(), 0.0),
      deviation_(mean_.size(), 1.0) {
  if (!(reference_concentration > 0.0)) throw ConfigError("classifier.reference_concentration must be positive");
  if (!(ridge >= 0.0)) throw ConfigError("classifier.ridge must not be negative");
  check_inputs(covariates_);
}

std::vector<double> LogisticRegression::row(const Example& example) const {
  const pkpd::ExposureMetrics& per_mg = example.profile->per_mg;
  const auto log_exposure = [&](double concentration) {
    return std::log1p(example.dose * concentration / reference_concentration_);
  };
  std::vector<double> values = {log_exposure(per_mg.average), log_exposure(per_mg.minimum),
                                log_exposure(per_mg.maximum)};
  const std::vector<double> inputs = covariate_inputs(covariates_, *example.profile);
  values.insert(values.end(), inputs.begin(), inputs.end());
  return values;
}

std::vector<double> LogisticRegression::standardised(const Example& example) const {
  std::vector<double> values = row(example);
  for (std::size_t k = 0; k < features(); ++k) values[k] = (values[k] - mean_[k]) / deviation_[k];
  return values;
}

History LogisticRegression::train(const parallel::Communicator&, const LabelledExamples& examples,
                                  const TrainingOptions&, std::uint64_t, std::uint64_t) {
  require_both_outcomes(examples);
  const auto count = static_cast<Eigen::Index>(examples.size());
  const auto columns = static_cast<Eigen::Index>(features() + 1);
  Eigen::MatrixXd rows = Eigen::MatrixXd::Ones(count, columns);
  Eigen::VectorXd labels(count);
  for (Eigen::Index i = 0; i < count; ++i) {
    const auto place = static_cast<std::size_t>(i);
    const std::vector<double> values = row(examples.examples[place]);
    for (std::size_t k = 0; k < features(); ++k) rows(i, static_cast<Eigen::Index>(k + 1)) = values[k];
    labels[i] = examples.labels[place];
  }
  for (std::size_t k = 0; k < features(); ++k) {
    auto column = rows.col(static_cast<Eigen::Index>(k + 1));
    mean_[k] = column.mean();
    const double deviation = std::sqrt((column.array() - mean_[k]).square().mean());
    deviation_[k] = deviation > 0.0 ? deviation : 1.0;  // a feature that never varies has nothing to say
    column = (column.array() - mean_[k]) / deviation_[k];
  }

  History history;
  Eigen::VectorXd weights = Eigen::VectorXd::Zero(columns);
  Eigen::VectorXd shrinkage = Eigen::VectorXd::Constant(columns, ridge_);
  shrinkage[0] = 0.0;
  double loss = penalised_loss(rows, labels, weights, ridge_);
  for (int step = 0; step < most_steps; ++step) {
    const Eigen::VectorXd p = (rows * weights).unaryExpr([](double logit) { return sigmoid(logit); });
    const Eigen::VectorXd gradient = rows.transpose() * (p - labels) + shrinkage.cwiseProduct(weights);
    Eigen::MatrixXd hessian = rows.transpose() * p.cwiseProduct((1.0 - p.array()).matrix()).asDiagonal() * rows;
    hessian.diagonal() += shrinkage;
    const Eigen::VectorXd direction = hessian.ldlt().solve(gradient);
    // The loss is convex, so a shorter step always lowers it; without halving, Newton may overshoot.
    double length = 1.0;
    double next = penalised_loss(rows, labels, weights - direction, ridge_);
    while (!(next <= loss) && length > 1e-6) {
      length *= 0.5;
      next = penalised_loss(rows, labels, weights - length * direction, ridge_);
    }
    if (!std::isfinite(next)) throw NumericalError("logistic regression: the loss is not finite; check the exposures");
    const double gradient_norm = gradient.norm() / static_cast<double>(count);
    history.loss.push_back(loss / static_cast<double>(count));
    history.gradient_norm.push_back(gradient_norm);
    history.learning_rate.push_back(length);
    if (gradient_norm < gradient_tolerance || next > loss) break;
    weights -= length * direction;
    loss = next;
  }
  std::copy(weights.begin(), weights.end(), weights_.begin());
  return history;
}

std::vector<double> LogisticRegression::probabilities(std::span<const Example> examples, std::uint64_t) const {
  std::vector<double> p;
  p.reserve(examples.size());
  for (const Example& example : examples) {
    const std::vector<double> values = standardised(example);
    double logit = weights_[0];
    for (std::size_t k = 0; k < features(); ++k) logit += weights_[k + 1] * values[k];
    p.push_back(sigmoid(logit));
  }
  return p;
}

std::vector<double> LogisticRegression::parameters() const {
  std::vector<double> all(weights_.begin(), weights_.end());
  all.insert(all.end(), mean_.begin(), mean_.end());
  all.insert(all.end(), deviation_.begin(), deviation_.end());
  return all;
}

std::vector<std::string> LogisticRegression::parameter_names() const {
  std::vector<std::string> features(exposures.begin(), exposures.end());
  const std::vector<std::string> inputs = input_names(covariates_);
  features.insert(features.end(), inputs.begin(), inputs.end());
  std::vector<std::string> names = {"intercept"};
  for (const char* const figure : {"weight", "mean", "deviation"}) {
    for (const std::string& feature : features) names.push_back(std::string(figure) + "." + feature);
  }
  return names;
}

void LogisticRegression::set_parameters(std::span<const double> parameters) {
  TITRANT_EXPECTS(parameters.size() == 3 * features() + 1);
  const auto weights_end = parameters.begin() + static_cast<std::ptrdiff_t>(weights_.size());
  const auto mean_end = weights_end + static_cast<std::ptrdiff_t>(features());
  std::copy(parameters.begin(), weights_end, weights_.begin());
  std::copy(weights_end, mean_end, mean_.begin());
  std::copy(mean_end, parameters.end(), deviation_.begin());
}

}  // namespace titrant::classifier
