#include <algorithm>
#include <array>
#include <boost/math/quadrature/gauss.hpp>
#include <cmath>
#include <numbers>

#include "error_spread.hpp"
#include "titrant/core/constants.hpp"
#include "titrant/core/error.hpp"
#include "titrant/nlme/censored.hpp"

namespace titrant::nlme {

namespace {

using Rule = boost::math::quadrature::gauss<double, 30>;

// Where the density has fallen by e^-40 from its largest value in the interval, the rest is below rounding. With these
// panels the rule is exact to rounding for the largest range that this leaves: 18 standard deviations of a normal
// density, 40 decay lengths of its tail.
constexpr double negligible_exponent = 80.0;
constexpr int panels = 3;

/// Nodes and probabilities of a standard normal number known to lie in [lower, lower + width].
struct Truncated {
  static constexpr std::size_t size = panels * 30;
  std::array<double, size> z;
  std::array<double, size> probability;
  double minus_two_log = 0.0;  ///< -2 log of the probability of the interval

  Truncated(double lower, double width) : z{}, probability{} {
    const double upper = lower + width;
    const double peak = std::clamp(0.0, lower, upper);
    const double reach = std::sqrt(peak * peak + negligible_exponent);
    double first = lower;
    double range = width;
    if (lower < -reach || upper > reach) {
      first = std::max(lower, -reach);
      range = std::min(upper, reach) - first;
    }
    const double panel = range / panels;
    std::size_t count = 0;
    double sum = 0.0;
    for (int p = 0; p < panels; ++p) {
      for (std::size_t i = 0; i < Rule::abscissa().size(); ++i) {
        for (const double sign : {-1.0, 1.0}) {
          const double node = first + panel * (p + 0.5 + 0.5 * sign * Rule::abscissa()[i]);
          const double density = 0.5 * panel * Rule::weights()[i] * std::exp(-0.5 * (node - peak) * (node + peak));
          z[count] = node;
          probability[count++] = density;
          sum += density;
        }
      }
    }
    for (double& p : probability) p /= sum;
    minus_two_log = -2.0 * std::log(sum) + peak * peak + std::log(2.0 * std::numbers::pi);
  }

  template <class Function>
  double mean(const Function& of) const {
    double sum = 0.0;
    for (std::size_t i = 0; i < size; ++i) sum += probability[i] * of(z[i]);
    return sum;
  }
};

/// What such an interval says of its subject's factor of the error, which moves z by -z: with q = z (a + b z), the
/// share of the move a + b z by f, and r = -z^2, that of the move -z by the factor,
///
///     w_fu = -E[z (a + b z)] - b - Cov[q, r],   w_uu = E[z^2] + 1 - Var[r].
///
/// An error moves z by its share sigma of what the factor does, and b besides.
FactorTerm factor_of_interval(const Truncated& known, const ErrorSpread& spread) {
  const double a = -1.0 / spread.sd;
  const double b = -spread.log_slope;
  const auto move = [&](double z) { return a + b * z; };
  const double square = known.mean([](double z) { return z * z; });
  const double q = known.mean([&](double z) { return z * move(z); });
  const auto apart = [&](double z) { return z * z - square; };
  const double variance = known.mean([&](double z) { return apart(z) * apart(z); });
  const double together = known.mean([&](double z) { return (z * move(z) - q) * apart(z); });

  // Derivatives where a and b change at these rates, z at move_by(z) and the log density at tilt(z).
  struct Change {
    double square;
    double own;
    double shared;
  };
  const auto change = [&](double a_rate, double b_rate, const auto& move_by, const auto& tilt) {
    const double mean_tilt = known.mean(tilt);
    const auto q_rate = [&](double z) { return a_rate * z + b_rate * z * z + (a + 2.0 * b * z) * move_by(z); };
    Change result{};
    result.square = known.mean([&](double z) { return 2.0 * z * move_by(z) + apart(z) * (tilt(z) - mean_tilt); });
    const double variance_rate = known.mean([&](double z) {
      return 4.0 * apart(z) * z * move_by(z) + (apart(z) * apart(z) - variance) * (tilt(z) - mean_tilt);
    });
    result.own = result.square - variance_rate;
    const double mean_rate =
        known.mean([&](double z) { return q_rate(z) + (z * move(z) - q) * (tilt(z) - mean_tilt); });
    const double together_rate = known.mean([&](double z) {
      const double centred = z * move(z) - q;
      return q_rate(z) * apart(z) + 2.0 * centred * z * move_by(z) +
             (centred * apart(z) - together) * (tilt(z) - mean_tilt);
    });
    result.shared = -mean_rate - b_rate + together_rate;
    return result;
  };

  const auto shrink = [](double z) { return -z; };
  const auto shrink_tilt = [](double z) { return z * z; };
  const Change by_f =
      change(-a * spread.log_slope, -spread.log_curvature, move, [&](double z) { return -z * move(z); });
  const Change by_factor = change(-a, 0.0, shrink, shrink_tilt);
  FactorTerm term{};
  term.slope = 2.0 * (1.0 - square);
  term.curvature = -2.0 * by_factor.square;
  term.mixed = -2.0 * by_f.square;
  term.own_weight = std::max(square + 1.0 - variance, 0.0);
  term.own_weight_slope = by_f.own;
  term.own_weight_by_factor = by_factor.own;
  term.shared_weight = -q - b + together;
  term.shared_weight_slope = by_f.shared;
  term.shared_weight_by_factor = by_factor.shared;
  for (std::size_t e = 0; e < error_terms; ++e) {
    const double sigma = spread.log_by_error[e];
    const Change by_error = change(
        -a * sigma, -spread.log_slope_by_error[e], [&](double z) { return -sigma * z; },
        [&](double z) { return sigma * z * z; });
    term.slope_by_error[e] = -2.0 * by_error.square;
    term.own_weight_by_error[e] = by_error.own;
    term.shared_weight_by_error[e] = by_error.shared;
  }
  return term;
}

/// The term of an interval closed at both ends. When f (or the logarithm of an error) moves by d, a standardised value
/// z moves by d (a + b z) and with it both ends; by this change of variables
///
///     dP/P = E[b - q],   q = z (a + b z),   -d^2 log P = E[(a + b z)^2] + b^2 - Var[q]   (a, b held),
///
/// the expectations being those of the truncated normal distribution. The derivative of an expectation E[g] is
/// E[g' (move of z)] + Cov(g, tilt), tilt = the derivative of the log density, -q.
ResidualTerm closed_interval(const Interval& interval, double predicted, const pkpd::ErrorModel& error) {
  const ErrorSpread spread = error_spread(error, predicted);
  const double s = spread.sd;
  const double u = spread.log_slope;
  const double a = -1.0 / s;
  const double b = -u;
  const double width = (interval.upper - interval.lower) / s;
  const Truncated known((interval.lower - predicted) / s, width);
  const auto move = [&](double z) { return a + b * z; };
  const double mean_q = known.mean([&](double z) { return z * move(z); });
  const double mean_square = known.mean([&](double z) { return move(z) * move(z); });
  const double variance_q = known.mean([&](double z) {
    const double q = z * move(z) - mean_q;
    return q * q;
  });

  ResidualTerm term{};
  term.value = known.minus_two_log;
  term.slope = 2.0 * (mean_q - b);
  term.weight = std::max(mean_square + b * b - variance_q, 0.0);

  // Derivatives of mean_q - b and of the weight where a and b change at these rates, z at move_by(z), log density at
  // tilt(z).
  struct Change {
    double slope;
    double weight;
  };
  const auto change = [&](double a_rate, double b_rate, const auto& move_by, const auto& tilt) {
    const double mean_tilt = known.mean(tilt);
    Change result{};
    const auto q_rate = [&](double z) { return a_rate * z + b_rate * z * z + (a + 2.0 * b * z) * move_by(z); };
    result.slope =
        known.mean([&](double z) { return q_rate(z) + (z * move(z) - mean_q) * (tilt(z) - mean_tilt); }) - b_rate;
    const double square_rate = known.mean([&](double z) {
      return 2.0 * move(z) * (a_rate + b_rate * z + b * move_by(z)) +
             (move(z) * move(z) - mean_square) * (tilt(z) - mean_tilt);
    });
    const double variance_rate = known.mean([&](double z) {
      const double q = z * move(z) - mean_q;
      return 2.0 * q * q_rate(z) + (q * q - variance_q) * (tilt(z) - mean_tilt);
    });
    result.weight = square_rate + 2.0 * b * b_rate - variance_rate;
    return result;
  };

  const Change by_f = change(-a * u, -spread.log_curvature, move, [&](double z) { return -z * move(z); });
  term.curvature = 2.0 * by_f.slope;
  term.weight_slope = by_f.weight;
  const double second_moment = known.mean([](double z) { return z * z; });
  for (std::size_t e = 0; e < error_terms; ++e) {
    const double sigma = spread.log_by_error[e];
    const Change by_error = change(
        -a * sigma, -spread.log_slope_by_error[e], [&](double z) { return -sigma * z; },
        [&](double z) { return sigma * z * z; });
    term.value_by_error[e] = 2.0 * sigma * (1.0 - second_moment);
    term.slope_by_error[e] = 2.0 * by_error.slope;
    term.weight_by_error[e] = by_error.weight;
  }
  if (error.omega > 0.0) {
    term.factor = factor_of_interval(known, spread);
    term.factor.weight_by_factor = change(
                                       -a, 0.0, [](double z) { return -z; }, [](double z) { return z * z; })
                                       .weight;
  }
  return term;
}

/// Of an interval open above: that of (-infinity, -lower) at -f, since the density is symmetric and v is even in f.
ResidualTerm above(double lower, double predicted, const pkpd::ErrorModel& error) {
  ResidualTerm term = censored_term(-lower, -predicted, error);
  term.slope = -term.slope;
  term.weight_slope = -term.weight_slope;
  for (double& slope : term.slope_by_error) slope = -slope;
  FactorTerm& factor = term.factor;
  for (double* odd : {&factor.mixed, &factor.own_weight_slope, &factor.shared_weight, &factor.shared_weight_by_factor,
                      &factor.shared_weight_by_error[0], &factor.shared_weight_by_error[1]}) {
    *odd = -*odd;
  }
  return term;
}

}  // namespace

ResidualTerm interval_term(const Interval& interval, double predicted, const pkpd::ErrorModel& error) {
  TITRANT_EXPECTS(interval.lower < interval.upper);
  if (error.form == pkpd::ErrorForm::log_normal) {
    const Interval logarithms{interval.lower > 0.0 ? std::log(interval.lower) : -core::infinity,
                              std::log(interval.upper)};
    return of_logarithm(interval_term(logarithms, std::log(predicted), on_log_scale(error)), predicted);
  }
  const bool below = std::isfinite(interval.lower);
  const bool over = std::isfinite(interval.upper);
  if (below && over) return closed_interval(interval, predicted, error);
  if (over) return censored_term(interval.upper, predicted, error);
  if (below) return above(interval.lower, predicted, error);
  return {};
}

}  // namespace titrant::nlme
