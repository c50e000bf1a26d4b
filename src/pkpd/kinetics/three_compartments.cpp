#include "three_compartments.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace titrant::pkpd {

namespace {

/// A peripheral compartment: the rate constants to it and back.
struct Periphery {
  double out;
  double back;
};

/// f(s) = s (1 + k12 / (k21 - s) + k13 / (k31 - s)) - k10, the peripheral compartments in order of k21 and k31. It
/// grows everywhere between its poles.
struct Secular {
  double elimination;
  Periphery near;  ///< the one with the smaller rate back
  Periphery far;

  /// The zero of f at anchor + offset with the offset in (lower, upper), where f(lower) < 0 < f(upper), by Laguerre's
  /// method for the cubic f(s) (k21 - s) (k31 - s), which comes near any of its zeros in a few steps. Distances from
  /// the anchor keep their digits. \param to_near, to_far  the poles less the anchor
  double offset(double anchor, double to_near, double to_far, double start, double lower, double upper) const {
    constexpr int most_steps = 200;
    constexpr double rounding = 4.0 * std::numeric_limits<double>::epsilon();
    double x = start;
    for (int step = 0; step < most_steps; ++step) {
      const double s = anchor + x;
      const double u = 1.0 / (to_near - x);
      const double v = 1.0 / (to_far - x);
      const double first = near.out * u;
      const double second = far.out * v;
      const double value = s * (1.0 + first + second) - elimination;
      if (value == 0.0) return x;
      (value < 0.0 ? lower : upper) = x;
      const double first_slope = near.back * first * u;
      const double second_slope = far.back * second * v;
      const double newton = (1.0 + first_slope + second_slope) / value;
      const double g = newton - u - v;
      const double h = newton * newton - 2.0 * (first_slope * u + second_slope * v) / value + u * u + v * v;
      const double root = std::sqrt(std::max(0.0, 2.0 * (3.0 * h - g * g)));
      const double change = -3.0 / (g + std::copysign(root, g));
      const double size = s * (1.0 + std::abs(first) + std::abs(second)) + elimination;
      const bool done = std::abs(value) <= rounding * size || std::abs(change) <= rounding * std::abs(x);
      const bool inside = x + change > lower && x + change < upper;
      if (done) return inside ? x + change : x;
      x = inside ? x + change : 0.5 * (lower + upper);
    }
    return x;
  }
};

}  // namespace

ThreeCompartments::ThreeCompartments(const Individual& individual)
    : elimination(individual.clearance / individual.volume),
      out{individual.intercompartmental_clearance / individual.volume,
          individual.second_intercompartmental_clearance / individual.volume},
      back{individual.intercompartmental_clearance / individual.peripheral_volume,
           individual.second_intercompartmental_clearance / individual.second_peripheral_volume} {
  const std::size_t near = back[0] <= back[1] ? 0 : 1;
  const std::size_t far = 1 - near;
  const Secular f{elimination, {out[near], back[near]}, {out[far], back[far]}};
  const double p = back[near];
  const double q = back[far];
  const double between = q - p;

  // The smallest rate is below p, in either half of [0, p].
  const bool low = 0.5 * p + f.near.out + f.far.out * 0.5 * p / (q - 0.5 * p) >= elimination;
  const double slow_offset =
      low ? f.offset(0.0, p, q, 0.0, 0.0, 0.5 * p) : f.offset(p, 0.0, between, -0.5 * p, -0.5 * p, 0.0);
  const double slow = low ? slow_offset : p + slow_offset;
  const double slow_to_p = low ? p - slow_offset : -slow_offset;
  const double slow_to_q = slow_to_p + between;

  // The largest is above q, by no more than if both poles were there.
  const double constant = q - (elimination + f.near.out + f.far.out);
  const double residue = f.near.out * p + f.far.out * q;
  const double half = 0.5 * std::hypot(constant, 2.0 * std::sqrt(residue));
  const double bound = constant > 0.0 ? residue / (0.5 * constant + half) : half - 0.5 * constant;
  const double q_to_fast = f.offset(q, -between, 0.0, bound, 0.0, 2.0 * bound);
  const double fast = q + q_to_fast;
  const double p_to_fast = q_to_fast + between;

  // The middle one divides [p, q] as the residues of f at its poles, k12 k21 and k13 k31, demand. Where both rates
  // beside a pole are near it, this keeps the product of their distances.
  const double part = f.near.out * p / (slow_to_p * p_to_fast);
  const double rest = f.far.out * q / (slow_to_q * q_to_fast);
  const bool nearer_to_p = part <= rest;
  const double below = nearer_to_p ? part : 1.0 - rest;
  const double above = nearer_to_p ? 1.0 - part : rest;
  const double p_to_middle = below * between;
  const double middle_to_q = above * between;
  const double middle = nearer_to_p ? p + p_to_middle : q - middle_to_q;

  rate = {fast, middle, slow};
  const double fast_middle = middle_to_q + q_to_fast;
  const double middle_slow = slow_to_p + p_to_middle;
  const double fast_slow = slow_to_q + q_to_fast;
  difference = {fast_middle, middle_slow, -fast_slow};
  back_less_rate[near] = {-p_to_fast, -p_to_middle, slow_to_p};
  back_less_rate[far] = {-q_to_fast, middle_to_q, slow_to_q};

  const double of_fast = 1.0 / (fast_middle * fast_slow);
  const double of_middle = 1.0 / (fast_middle * middle_slow);
  const double of_slow = 1.0 / (middle_slow * fast_slow);
  share[0] = {p_to_fast * q_to_fast * of_fast, p_to_middle * middle_to_q * of_middle, slow_to_p * slow_to_q * of_slow};
  share[1 + near] = {below * slow_to_p * q_to_fast * of_fast, above * slow_to_p * p_to_fast * of_middle,
                     below * slow_to_q * p_to_fast * of_slow};
  share[1 + far] = {above * slow_to_q * p_to_fast * of_fast, below * slow_to_q * q_to_fast * of_middle,
                    above * slow_to_p * q_to_fast * of_slow};
}

ThreeCompartmentsGradient gradient(const ThreeCompartments& rates, const Individual& individual, std::size_t shares) {
  constexpr std::size_t size = ThreeCompartments::size;
  // Components of the eigenvectors, those of the central compartment >= 0; (k21 - s_i) u_i1 = a u_i0.
  std::array<std::array<double, size>, size> u;  // [compartment][mode]
  for (std::size_t i = 0; i < size; ++i) {
    u[0][i] = std::sqrt(rates.share[0][i]);
    for (std::size_t c = 1; c < size; ++c) {
      u[c][i] = std::copysign(std::sqrt(rates.share[c][i]), rates.back_less_rate[c - 1][i]);
    }
  }
  // Each rate constant times u_j' dM/dk u_i, simplified by the same equation so that little cancels.
  struct Perturbation {
    double elimination;
    std::array<double, 2> out;
    std::array<double, 2> back;
  };
  std::array<double, 2> ratio;  // sqrt(k12 / k21)
  for (std::size_t c = 0; c < 2; ++c) ratio[c] = std::sqrt(rates.out[c] / rates.back[c]);
  const auto perturbation = [&](std::size_t i, std::size_t j) {
    Perturbation result{.elimination = rates.elimination * u[0][i] * u[0][j], .out = {}, .back = {}};
    for (std::size_t c = 0; c < 2; ++c) {
      const std::array<double, size>& here = u[1 + c];
      result.out[c] = -0.5 * ratio[c] * (rates.rate[i] * u[0][j] * here[i] + rates.rate[j] * u[0][i] * here[j]);
      result.back[c] = 0.5 * (rates.rate[i] + rates.rate[j]) * here[i] * here[j];
    }
    return result;
  };
  constexpr std::array<PkParameter, 2> flow = {PkParameter::intercompartmental_clearance,
                                               PkParameter::second_intercompartmental_clearance};
  constexpr std::array<PkParameter, 2> volume = {PkParameter::peripheral_volume, PkParameter::second_peripheral_volume};
  const auto add = [&](const Perturbation& d, double factor, ThreeCompartmentsGradient::ByParameter& by) {
    const auto to = [&](PkParameter which, double value) {
      by[static_cast<std::size_t>(which)] += factor * value / parameter(individual, which);
    };
    to(PkParameter::clearance, d.elimination);
    to(PkParameter::volume, -(d.elimination + d.out[0] + d.out[1]));
    for (std::size_t c = 0; c < 2; ++c) {
      to(flow[c], d.out[c] + d.back[c]);
      to(volume[c], -d.back[c]);
    }
  };
  ThreeCompartmentsGradient result;
  for (std::size_t i = 0; i < size; ++i) {
    add(perturbation(i, i), 1.0, result.rate[i]);
    const std::size_t j = (i + 1) % size;  // every pair once
    const Perturbation both = perturbation(i, j);
    for (std::size_t c = 0; c < shares; ++c) {
      const double factor = 2.0 * u[c][i] * u[c][j] / rates.difference[i];
      add(both, factor, result.share[c][i]);
      add(both, -factor, result.share[c][j]);
    }
  }
  return result;
}

}  // namespace titrant::pkpd
