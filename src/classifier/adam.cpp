#include "titrant/classifier/adam.hpp"

#include <cmath>
#include <numbers>

#include "titrant/core/error.hpp"

namespace titrant::classifier {

namespace {
constexpr double beta_1 = 0.9;
constexpr double beta_2 = 0.999;
constexpr double epsilon = 1e-8;
}  // namespace

void Adam::step(std::span<double> parameters, std::span<const double> gradient, double learning_rate) {
  TITRANT_EXPECTS(parameters.size() == first_.size() && gradient.size() == first_.size());
  first_decay_ *= beta_1;
  second_decay_ *= beta_2;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    first_[i] = beta_1 * first_[i] + (1.0 - beta_1) * gradient[i];
    second_[i] = beta_2 * second_[i] + (1.0 - beta_2) * gradient[i] * gradient[i];
    const double mean = first_[i] / (1.0 - first_decay_);
    const double square = second_[i] / (1.0 - second_decay_);
    parameters[i] -= learning_rate * mean / (std::sqrt(square) + epsilon);
  }
}

double scheduled_rate(const std::string& schedule, double initial, int step, int steps) {
  TITRANT_EXPECTS(step >= 0 && step < steps);
  if (schedule == "constant") return initial;
  if (schedule == "cosine") return 0.5 * initial * (1.0 + std::cos(std::numbers::pi * step / steps));
  throw ConfigError("training.schedule is \"" + schedule + "\", but only cosine and constant exist");
}

}  // namespace titrant::classifier
