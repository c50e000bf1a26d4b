#include "titrant/hardware/binomial.hpp"

#include <algorithm>
#include <cmath>

#include "titrant/core/error.hpp"

namespace titrant::hardware {

namespace {

constexpr std::uint64_t most_summed = 2000;  // shots

double log_binomial(double n, double k) {
  return std::lgamma(n + 1.0) - std::lgamma(k + 1.0) - std::lgamma(n - k + 1.0);
}

Moments by_delta(std::uint64_t shots, double probability, const OfShare& function) {
  constexpr double step = 1e-4;
  const double slope = (function(probability + step) - function(probability - step)) / (2.0 * step);
  return {function(probability), slope * slope * probability * (1.0 - probability) / static_cast<double>(shots)};
}

}  // namespace

double jackknife(std::uint64_t ones, std::uint64_t shots, const OfShare& function) {
  TITRANT_EXPECTS(shots >= 2 && ones <= shots);
  const auto n = static_cast<double>(shots);
  const auto x = static_cast<double>(ones);
  const double share = x / n;
  double without = 0.0;  // mean over the shots that are left out
  if (ones > 0) without += share * function((x - 1.0) / (n - 1.0));
  if (ones < shots) without += (1.0 - share) * function(x / (n - 1.0));
  return n * function(share) - (n - 1.0) * without;
}

Moments jackknife_moments(std::uint64_t shots, double probability, const OfShare& function) {
  TITRANT_EXPECTS(shots >= 2 && probability >= 0.0 && probability <= 1.0);
  if (probability == 0.0 || probability == 1.0)
    return {jackknife(probability == 0.0 ? 0 : shots, shots, function), 0.0};
  if (shots > most_summed) return by_delta(shots, probability, function);
  const auto n = static_cast<double>(shots);
  constexpr double widths = 9.0;  // what lies further out has a probability below 1e-15
  const double width = widths * std::sqrt(n * probability * (1.0 - probability)) + widths;
  const double from = std::max(0.0, std::floor(n * probability - width));
  const double to = std::min(n, std::ceil(n * probability + width));
  double weight = 0.0;
  double sum = 0.0;
  double squares = 0.0;
  const double middle = function(probability);  // deviations from it keep their digits
  for (double x = from; x <= to; x += 1.0) {
    const double p = std::exp(log_binomial(n, x) + x * std::log(probability) + (n - x) * std::log1p(-probability));
    const double value = jackknife(static_cast<std::uint64_t>(x), shots, function) - middle;
    weight += p;
    sum += p * value;
    squares += p * value * value;
  }
  const double mean = sum / weight;
  return {middle + mean, std::max(0.0, squares / weight - mean * mean)};
}

}  // namespace titrant::hardware
