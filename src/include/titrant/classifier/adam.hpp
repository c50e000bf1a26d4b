#pragma once

#include <span>
#include <string>
#include <vector>

namespace titrant::classifier {

/// Adam (Kingma and Ba 2015, algorithm 1) with beta_1 = 0.9, beta_2 = 0.999, epsilon = 1e-8.
class Adam {
 public:
  explicit Adam(std::size_t parameters) : first_(parameters), second_(parameters) {}

  /// Moves the parameters one step against the gradient.
  void step(std::span<double> parameters, std::span<const double> gradient, double learning_rate);

 private:
  std::vector<double> first_;   ///< running mean of the gradient
  std::vector<double> second_;  ///< running mean of its square
  double first_decay_ = 1.0;    ///< beta_1^t
  double second_decay_ = 1.0;   ///< beta_2^t
};

/// The learning rate of a step, 0 <= step < steps: `initial` throughout (constant), or
/// initial (1 + cos(pi step / steps)) / 2 (cosine). Throws ConfigError for another schedule.
double scheduled_rate(const std::string& schedule, double initial, int step, int steps);

}  // namespace titrant::classifier
