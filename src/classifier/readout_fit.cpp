#include "readout_fit.hpp"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "titrant/classifier/readout.hpp"
#include "titrant/core/error.hpp"

namespace titrant::classifier {

namespace {

constexpr int most_newton_steps = 100;
constexpr int most_halvings = 60;
// What the last full step may still promise to gain per example, half the squared Newton decrement: far above rounding,
// and what is left after the step is of its square.
constexpr double last_gain = 1e-10;
constexpr double ridge = 1e-12;  // keeps the Hessian regular where all P(1) are the same

Eigen::Vector2d point(double p_one) { return {2.0 * p_one - 1.0, 1.0}; }

// log(1 + e^x) - wanted x, summed.
double summed_cross_entropy(std::span<const double> p_one, std::span<const double> wanted,
                            const Eigen::Vector2d& line) {
  double sum = 0.0;
  for (std::size_t i = 0; i < p_one.size(); ++i) {
    const double x = line.dot(point(p_one[i]));
    sum += std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x))) - wanted[i] * x;
  }
  return sum;
}

}  // namespace

Line fitted_line(std::span<const double> p_one, std::span<const double> wanted) {
  TITRANT_EXPECTS(p_one.size() == wanted.size());
  const auto count = static_cast<double>(p_one.size());
  Eigen::Vector2d line = Eigen::Vector2d::Zero();
  double loss = summed_cross_entropy(p_one, wanted, line);
  for (int step = 0; step < most_newton_steps; ++step) {
    Eigen::Vector2d gradient = Eigen::Vector2d::Zero();
    Eigen::Matrix2d hessian = ridge * count * Eigen::Matrix2d::Identity();
    for (std::size_t i = 0; i < p_one.size(); ++i) {
      const Eigen::Vector2d x = point(p_one[i]);
      const double p = sigmoid(line.dot(x));
      gradient += (p - wanted[i]) * x;
      hessian += p * (1.0 - p) * x * x.transpose();
    }
    Eigen::Vector2d move = hessian.ldlt().solve(gradient);
    if (0.5 * gradient.dot(move) <= last_gain * count) return {line(0) - move(0), line(1) - move(1)};
    double next = summed_cross_entropy(p_one, wanted, line - move);
    for (int halving = 0; !(next <= loss) && halving < most_halvings; ++halving) {
      move *= 0.5;
      next = summed_cross_entropy(p_one, wanted, line - move);
    }
    if (!(next <= loss) || !(move.norm() > 0.0)) break;
    line -= move;
    loss = next;
  }
  throw NumericalError(fmt::format(
      "the readout could not be refitted to {} probabilities: Newton's method stopped at scale {} and offset "
      "{}; are all P(1) and probabilities finite?",
      p_one.size(), line(0), line(1)));
}

}  // namespace titrant::classifier
