#pragma once

#include <array>
#include <cmath>
#include <cstddef>

#include "biomarker_equation.hpp"
#include "panels.hpp"

/// \file
/// One panel of dy/dt = rate (production - loss y) by variation of constants. With G the integral of the loss,
///
///     y(end) = exp(-rate G(end)) y(begin) + rate integral of exp(-rate (G(end) - G(s))) production(s) ds,
///
/// the integrals by the rule of the panel. The map is affine in y, which makes periodic solutions fixed points.

namespace titrant::pkpd {

/// y(end) = fade y(begin) + gain.
struct AffineStep {
  double decay = 0.0;  ///< rate G(end)
  double fade = 1.0;   ///< exp(-decay)
  double gain = 0.0;
};

/// A panel is cut further where rate x loss x length exceeds this: the exponential would be too steep for the rule.
inline constexpr double steepest_panel = 6.0;

/// The largest loss that a biomarker can have at any concentration.
inline double largest_loss(const Biomarker& biomarker) {
  const bool rises = biomarker.structure == BiomarkerStructure::turnover_stimulation_of_loss ||
                     biomarker.structure == BiomarkerStructure::precursor_stimulation;
  return rises ? 1.0 + biomarker.imax : 1.0;
}

using NodeValues = std::array<double, panel_nodes>;

/// A panel of a structure whose production (loss 1) or loss (production 1) has these values at the nodes.
inline AffineStep affine_step(double rate, double length, bool of_loss, const NodeValues& factor) {
  const PanelRule& rule = panel_rule();
  AffineStep step;
  double sum = 0.0;
  if (!of_loss) {
    const double through = rate * length;
    step.decay = through;
    step.fade = std::exp(-through);
    for (std::size_t j = 0; j < panel_nodes; ++j) {
      sum += rule.weight[j] * std::exp(-through * (1.0 - rule.node[j])) * factor[j];
    }
  } else {
    double whole = 0.0;
    for (std::size_t j = 0; j < panel_nodes; ++j) whole += rule.weight[j] * factor[j];
    step.decay = rate * length * whole;
    step.fade = std::exp(-step.decay);
    for (std::size_t i = 0; i < panel_nodes; ++i) {
      double part = 0.0;
      for (std::size_t j = 0; j < panel_nodes; ++j) part += rule.partial[i][j] * factor[j];
      sum += rule.weight[i] * std::exp(-rate * length * (whole - part));
    }
  }
  step.gain = rate * length * sum;
  return step;
}

/// `Size` derivatives of such a panel: by the rate first, then by what the factors depend on.
template <std::size_t Size>
struct AffineGradient {
  std::array<double, Size> fade{};
  std::array<double, Size> gain{};
};

/// \param slope  [node]: derivatives of the factor, one for each of the other Size - 1
template <std::size_t Size>
AffineStep affine_step(double rate, double length, bool of_loss, const NodeValues& factor,
                       const std::array<std::array<double, Size - 1>, panel_nodes>& slope,
                       AffineGradient<Size>& gradient) {
  const PanelRule& rule = panel_rule();
  AffineStep step;
  double sum = 0.0;
  double by_rate = 0.0;
  std::array<double, Size - 1> by_factor{};
  if (!of_loss) {
    const double through = rate * length;
    step.decay = through;
    step.fade = std::exp(-through);
    for (std::size_t j = 0; j < panel_nodes; ++j) {
      const double kernel = rule.weight[j] * std::exp(-through * (1.0 - rule.node[j]));
      sum += kernel * factor[j];
      by_rate -= kernel * factor[j] * length * (1.0 - rule.node[j]);
      for (std::size_t t = 0; t + 1 < Size; ++t) by_factor[t] += kernel * slope[j][t];
    }
    gradient.fade[0] = -length * step.fade;
    for (std::size_t t = 0; t + 1 < Size; ++t) {
      gradient.fade[t + 1] = 0.0;
      gradient.gain[t + 1] = rate * length * by_factor[t];
    }
  } else {
    double whole = 0.0;
    std::array<double, Size - 1> whole_slope{};
    for (std::size_t j = 0; j < panel_nodes; ++j) {
      whole += rule.weight[j] * factor[j];
      for (std::size_t t = 0; t + 1 < Size; ++t) whole_slope[t] += rule.weight[j] * slope[j][t];
    }
    step.decay = rate * length * whole;
    step.fade = std::exp(-step.decay);
    for (std::size_t i = 0; i < panel_nodes; ++i) {
      double rest = whole;
      std::array<double, Size - 1> rest_slope = whole_slope;
      for (std::size_t j = 0; j < panel_nodes; ++j) {
        rest -= rule.partial[i][j] * factor[j];
        for (std::size_t t = 0; t + 1 < Size; ++t) rest_slope[t] -= rule.partial[i][j] * slope[j][t];
      }
      const double kernel = rule.weight[i] * std::exp(-rate * length * rest);
      sum += kernel;
      by_rate -= kernel * length * rest;
      for (std::size_t t = 0; t + 1 < Size; ++t) by_factor[t] -= kernel * rate * length * rest_slope[t];
    }
    gradient.fade[0] = -length * whole * step.fade;
    for (std::size_t t = 0; t + 1 < Size; ++t) {
      gradient.fade[t + 1] = -rate * length * whole_slope[t] * step.fade;
      gradient.gain[t + 1] = rate * length * by_factor[t];
    }
  }
  step.gain = rate * length * sum;
  gradient.gain[0] = length * (sum + rate * by_rate);
  return step;
}

}  // namespace titrant::pkpd
