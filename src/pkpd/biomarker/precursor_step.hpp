#pragma once

#include <array>
#include <cmath>
#include <cstddef>

#include "biomarker_step.hpp"
#include "panels.hpp"

/// \file
/// One panel of a precursor and the biomarker made from it, relative to their values without drug: dp/dt = kp (1 - f
/// p), dr/dt = kout (f p - r). The equation of p is linear and knows nothing of r, that of r is driven by f p:
/// variation of constants twice. With F the integral of f over the panel,
///
///     p(s) = exp(-kp F(s)) (p(0) + kp integral of exp(kp F)),
///     r(h) = exp(-kout h) r(0) + kout integral of exp(-kout (h - s)) f(s) p(s) ds,
///
/// the integrals by the rule of the panel, those to its nodes by the interpolating polynomial: panels are shorter than
/// elsewhere (steepest_precursor).

namespace titrant::pkpd {

/// A panel is cut further where kp x f x length exceeds this: p is wanted at the nodes, where the rule is of lower
/// order.
inline constexpr double steepest_precursor = 1.0;

/// Precursor and biomarker with `Size` derivatives each: by kp, kout, then by what f depends on.
template <std::size_t Size>
struct PrecursorState {
  double p = 1.0;
  double r = 1.0;
  std::array<double, Size> p_slope{};
  std::array<double, Size> r_slope{};
};
inline constexpr std::size_t precursor_rates = 2;

/// The state at the end of a panel.
/// \param factor  [node] f
/// \param slope   [node]: derivatives of f, one for each of the other Size - precursor_rates; not read where Size is 0
/// \param decay   gains what p fades by, kp F(h)
template <std::size_t Size, class Slopes>
void precursor_step(double kp, double kout, double length, const NodeValues& factor, const Slopes& slope,
                    PrecursorState<Size>& state, double& decay) {
  const PanelRule& rule = panel_rule();
  NodeValues integral{};  // of f to a node
  double whole = 0.0;
  for (std::size_t i = 0; i < panel_nodes; ++i) {
    for (std::size_t j = 0; j < panel_nodes; ++j) integral[i] += length * rule.partial[i][j] * factor[j];
    whole += length * rule.weight[i] * factor[i];
  }
  NodeValues growth{};  // exp(kp F)
  NodeValues p{};
  for (std::size_t i = 0; i < panel_nodes; ++i) growth[i] = std::exp(kp * integral[i]);
  double gained = 0.0;  // integral of exp(kp F) over the panel
  NodeValues gained_to{};
  for (std::size_t i = 0; i < panel_nodes; ++i) {
    for (std::size_t j = 0; j < panel_nodes; ++j) gained_to[i] += length * rule.partial[i][j] * growth[j];
    gained += length * rule.weight[i] * growth[i];
    p[i] = (state.p + kp * gained_to[i]) / growth[i];
  }
  const double end_growth = std::exp(kp * whole);
  const double end_p = (state.p + kp * gained) / end_growth;
  const double fade = std::exp(-kout * length);
  NodeValues kernel{};
  double made = 0.0;
  for (std::size_t i = 0; i < panel_nodes; ++i) {
    kernel[i] = length * rule.weight[i] * std::exp(-kout * length * (1.0 - rule.node[i]));
    made += kernel[i] * factor[i] * p[i];
  }
  if constexpr (Size > 0) {
    for (std::size_t t = 0; t < Size; ++t) {
      const double by_kp = t == 0 ? 1.0 : 0.0;
      const double by_kout = t == 1 ? 1.0 : 0.0;
      NodeValues of_factor{};
      if (t >= precursor_rates) {
        for (std::size_t j = 0; j < panel_nodes; ++j) of_factor[j] = slope[j][t - precursor_rates];
      }
      NodeValues of_exponent{};  // of kp F
      NodeValues of_growth{};
      double of_end = by_kp * whole;
      for (std::size_t i = 0; i < panel_nodes; ++i) {
        double of_integral = 0.0;
        for (std::size_t j = 0; j < panel_nodes; ++j) of_integral += length * rule.partial[i][j] * of_factor[j];
        of_exponent[i] = by_kp * integral[i] + kp * of_integral;
        of_growth[i] = growth[i] * of_exponent[i];
        of_end += kp * length * rule.weight[i] * of_factor[i];
      }
      double of_gained = 0.0;
      double of_made = 0.0;
      for (std::size_t i = 0; i < panel_nodes; ++i) {
        double of_gained_to = 0.0;
        for (std::size_t j = 0; j < panel_nodes; ++j) of_gained_to += length * rule.partial[i][j] * of_growth[j];
        of_gained += length * rule.weight[i] * of_growth[i];
        const double of_p =
            (state.p_slope[t] + by_kp * gained_to[i] + kp * of_gained_to) / growth[i] - p[i] * of_exponent[i];
        of_made += kernel[i] * (of_factor[i] * p[i] + factor[i] * of_p -
                                by_kout * length * (1.0 - rule.node[i]) * factor[i] * p[i]);
      }
      state.p_slope[t] = (state.p_slope[t] + by_kp * gained + kp * of_gained) / end_growth - end_p * of_end;
      state.r_slope[t] = fade * (state.r_slope[t] - by_kout * length * state.r) + by_kout * made + kout * of_made;
    }
  }
  state.r = fade * state.r + kout * made;
  state.p = end_p;
  decay += kp * whole;
}

}  // namespace titrant::pkpd
