#pragma once

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <span>
#include <utility>
#include <vector>

#include "toy_trials.hpp"

namespace titrant::tests {

/// f = log(a) + t log(b), whose parameters may differ from stretch to stretch of time.
class Stretches : public ToyModel {
 public:
  explicit Stretches(std::vector<std::size_t> occasions) : occasions_(std::move(occasions)) {}

  std::size_t segments(std::size_t /*subject*/) const override { return occasions_.size(); }
  std::span<const std::size_t> occasions(std::size_t /*subject*/) const override { return occasions_; }
  const pkpd::Covariates& covariates(std::size_t subject) const override { return data[subject].covariates; }

  /// Stretches are 3 h long, but for the last one.
  std::size_t segment_at(double time) const {
    return std::min(occasions_.size() - 1, static_cast<std::size_t>(time / 3.0));
  }

  void predict(std::size_t subject, std::span<const double> parameters, std::span<double> value,
               std::span<double> gradient) const override {
    std::vector<double> all;
    for (std::size_t s = 0; s < occasions_.size(); ++s) all.insert(all.end(), parameters.begin(), parameters.end());
    std::vector<double> by_segment(value.size() * all.size());
    predict_segments(subject, all, value, by_segment);
    for (std::size_t j = 0; j < value.size(); ++j) {
      for (std::size_t p = 0; p < 2; ++p) {
        gradient[2 * j + p] = 0.0;
        for (std::size_t s = 0; s < occasions_.size(); ++s)
          gradient[2 * j + p] += by_segment[j * all.size() + 2 * s + p];
      }
    }
  }

  void predict_segments(std::size_t subject, std::span<const double> parameters, std::span<double> value,
                        std::span<double> gradient) const override {
    std::fill(gradient.begin(), gradient.end(), 0.0);
    for (std::size_t j = 0; j < value.size(); ++j) {
      const double t = data[subject].times[j];
      const std::size_t s = segment_at(t);
      value[j] = std::log(parameters[2 * s]) + t * std::log(parameters[2 * s + 1]);
      gradient[j * parameters.size() + 2 * s] = 1.0 / parameters[2 * s];
      gradient[j * parameters.size() + 2 * s + 1] = t / parameters[2 * s + 1];
    }
  }

 private:
  std::vector<std::size_t> occasions_;
};

/// -2 log L without n log(2 pi), from the covariance of the observations.
inline double exact_objective(const Stretches& model, const nlme::Population& population, double correlation) {
  const auto& a = population.parameters[0];
  const auto& b = population.parameters[1];
  double total = 0.0;
  for (const ToySubject& subject : model.data) {
    const auto n = static_cast<Eigen::Index>(subject.times.size());
    Eigen::VectorXd residual(n);
    Eigen::MatrixXd covariance(n, n);
    for (Eigen::Index j = 0; j < n; ++j) {
      const double t = subject.times[static_cast<std::size_t>(j)];
      const double slope = a.effects[0].effect.coefficient;
      residual[j] = subject.values[static_cast<std::size_t>(j)] - std::log(a.typical) -
                    slope * std::log(subject.covariates.at("weight") / 70.0) - t * std::log(b.typical);
      for (Eigen::Index k = 0; k < n; ++k) {
        const double u = subject.times[static_cast<std::size_t>(k)];
        const bool same = model.occasions(0)[model.segment_at(t)] == model.occasions(0)[model.segment_at(u)];
        covariance(j, k) = a.omega * a.omega + t * u * b.omega * b.omega + correlation * a.omega * b.omega * (t + u) +
                           (same ? std::pow(a.occasion_omega, 2) + t * u * std::pow(b.occasion_omega, 2) : 0.0) +
                           (j == k ? std::pow(population.errors[0].model.additive, 2) : 0.0);
      }
    }
    const Eigen::LLT<Eigen::MatrixXd> llt(covariance);
    total += residual.dot(llt.solve(residual)) + 2.0 * llt.matrixLLT().diagonal().array().log().sum();
  }
  return total;
}

/// The same population with a correlation between its two etas.
inline nlme::Population correlated_population(double correlation) {
  nlme::Population population = log_linear_population();
  population.blocks = {{.parameters = {0, 1}, .correlations = {correlation}}};
  return population;
}

/// Data of four stretches, the first and the third of one occasion.
class Occasions : public Stretches {
 public:
  Occasions(const nlme::Population& population, std::uint64_t seed) : Stretches({0, 1, 0, 2}) {
    simulate(*this, population, 15, {0.5, 1.0, 2.0, 3.5, 5.0, 7.0, 8.0, 10.0, 11.0}, seed);
  }
};

}  // namespace titrant::tests
