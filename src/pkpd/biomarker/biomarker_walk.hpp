#pragma once

#include <algorithm>
#include <array>
#include <cmath>

#include "biomarker_step.hpp"
#include "biomarker_timeline.hpp"
#include "titrant/core/error.hpp"

/// \file
/// The solution y of the biomarker's equation along a timeline, with derivatives.

namespace titrant::pkpd {

/// The drug's effect at a concentration with what it depends on.
struct SaturationSlopes {
  Saturation u;
  double by_c50 = 0.0;
  double by_hill = 0.0;
  double by_concentration = 0.0;
};

inline SaturationSlopes saturation_slopes(const Biomarker& biomarker, double concentration) {
  SaturationSlopes slopes{.u = saturation(biomarker, concentration)};
  constexpr double nothing = 1e-300;  // below, quotients by C would overflow
  if (!(concentration > nothing)) {
    if (biomarker.hill == 1.0) slopes.by_concentration = 1.0 / biomarker.ic50;
    return slopes;
  }
  const double spread = slopes.u.reached * slopes.u.missing;
  slopes.by_c50 = -biomarker.hill / biomarker.ic50 * spread;
  slopes.by_hill = std::log(concentration / biomarker.ic50) * spread;
  slopes.by_concentration = biomarker.hill / concentration * spread;
  return slopes;
}

/// Derivatives are listed as: rate of the equation, effect, ic50, hill, then (for fits of both) the PK parameters.
inline constexpr std::size_t drug_slopes = 3;

/// y with `Size` derivatives; 0: none.
template <std::size_t Size>
struct Walked {
  double y = 0.0;
  std::array<double, Size> slope{};
};

/// How many parts of equal length a panel is cut into for a biomarker: more where it is fast or its effect sets in
/// steeply. Throws NumericalError beyond some thousands: so fast a biomarker is none.
inline std::size_t panel_parts(const Biomarker& biomarker, double length) {
  constexpr double most = 4096.0;
  constexpr double steepest_hill = 4.0;
  const double fast = equation_rate(biomarker) * largest_loss(biomarker) * length / steepest_panel;
  const double steep = follows_concentration(biomarker.structure) ? 0.0 : biomarker.hill / steepest_hill;
  const double parts = std::ceil(std::max(fast, steep));
  if (!(parts <= most)) {
    throw NumericalError(
        fmt::format("the biomarker's rate of {} 1/h or its hill of {} is too much to be followed over {} h",
                    equation_rate(biomarker), biomarker.hill, length));
  }
  return parts < 1.0 ? 1 : static_cast<std::size_t>(parts);
}

/// How many of the first parts of a panel leave no trace at its end: y fades by exp(-6) in a part, so that of eight the
/// first is below rounding. Not where the loss can be inhibited, for then y need not fade.
inline std::size_t faded_parts(BiomarkerStructure structure, std::size_t parts) {
  constexpr std::size_t remembered = 8;
  if (structure == BiomarkerStructure::turnover_inhibition_of_loss || parts <= remembered) return 0;
  return parts - remembered;
}

/// Production (or loss) at a concentration.
inline double node_factor(const Biomarker& biomarker, double concentration) {
  const BiomarkerFactors factors = biomarker_factors(biomarker, concentration);
  return changes_loss(biomarker.structure) ? factors.loss : factors.production;
}

/// The same for all nodes of a panel at once, in place of their concentrations.
inline void node_factors(const Biomarker& biomarker, NodeValues& values) {
  if (follows_concentration(biomarker.structure)) return;
  if (biomarker.hill == 1.0) {
    const double full = inhibits(biomarker.structure) ? 1.0 - biomarker.imax : 1.0 + biomarker.imax;
    for (double& value : values) value = (biomarker.ic50 + full * value) / (biomarker.ic50 + value);
  } else {
    for (double& value : values) value = effect_factor(biomarker, saturation(biomarker, value));
  }
}

/// The same with its derivatives by effect, ic50, hill and C.
template <std::size_t Extra>
double node_factor(const Biomarker& biomarker, double concentration, std::array<double, Extra>& slope,
                   double& by_concentration) {
  if (follows_concentration(biomarker.structure)) {
    slope[0] = slope[1] = slope[2] = 0.0;
    by_concentration = 1.0;
    return concentration;
  }
  const SaturationSlopes slopes = saturation_slopes(biomarker, concentration);
  const double sign = inhibits(biomarker.structure) ? -1.0 : 1.0;
  slope[0] = sign * slopes.u.reached;
  slope[1] = sign * biomarker.imax * slopes.by_c50;
  slope[2] = sign * biomarker.imax * slopes.by_hill;
  by_concentration = sign * biomarker.imax * slopes.by_concentration;
  return effect_factor(biomarker, slopes.u);
}

/// Solves along panels [first, last). \param nodes  nodes(panel, part, parts, factor[, slopes]) fills what one part of
/// a panel needs.
template <std::size_t Size, class Nodes>
void solve_along(const Biomarker& biomarker, const Timeline& line, std::size_t first, std::size_t last,
                 const Nodes& nodes, Walked<Size>& walked, double* decay) {
  const double rate = equation_rate(biomarker);
  const bool of_loss = changes_loss(biomarker.structure);
  for (std::size_t p = first; p < last; ++p) {
    const double length = line.panels[p].since.length;
    const std::size_t parts = panel_parts(biomarker, length);
    const double of_part = length / static_cast<double>(parts);
    const std::size_t faded = faded_parts(biomarker.structure, parts);
    if (decay != nullptr) *decay += rate * of_part * static_cast<double>(faded);
    for (std::size_t part = faded; part < parts; ++part) {
      NodeValues factor;
      if constexpr (Size == 0) {
        nodes(p, part, parts, factor);
        const AffineStep step = affine_step(rate, of_part, of_loss, factor);
        walked.y = step.fade * walked.y + step.gain;
        if (decay != nullptr) *decay += step.decay;
      } else {
        std::array<std::array<double, Size - 1>, panel_nodes> slope;
        nodes(p, part, parts, factor, slope);
        AffineGradient<Size> gradient;
        const AffineStep step = affine_step<Size>(rate, of_part, of_loss, factor, slope, gradient);
        for (std::size_t t = 0; t < Size; ++t) {
          walked.slope[t] = step.fade * walked.slope[t] + gradient.fade[t] * walked.y + gradient.gain[t];
        }
        walked.y = step.fade * walked.y + step.gain;
        if (decay != nullptr) *decay += step.decay;
      }
    }
  }
}

/// y at the periodic solution of a cycle: the fixed point of y -> v + f y, from two passes.
template <std::size_t Size, class Nodes>
Walked<Size> periodic(const Biomarker& biomarker, const Timeline& line, const Stretch& stretch, const Nodes& nodes) {
  // One pass from 0 gives v and the decay, of which 1 - f keeps its digits where little fades. A second from the fixed
  // point, where all slopes are those of the map itself, gives its derivative dv + df y, and the slopes of the fixed
  // point are that over 1 - f.
  Walked<Size> fixed;
  double decay = 0.0;
  solve_along<Size>(biomarker, line, stretch.cycle_first, stretch.cycle_last, nodes, fixed, &decay);
  const double lost = -std::expm1(-decay);
  fixed = {.y = fixed.y / lost};
  if constexpr (Size > 0) {
    solve_along<Size>(biomarker, line, stretch.cycle_first, stretch.cycle_last, nodes, fixed, nullptr);
    for (double& slope : fixed.slope) slope /= lost;
  }
  return fixed;
}

/// Visits y at every observation, in order.
template <std::size_t Size, class Nodes, class Visit>
void walk(const Biomarker& biomarker, const Timeline& line, const Nodes& nodes, const Visit& visit) {
  const double rest = equation_rest(biomarker.structure);
  Walked<Size> now;
  now.y = rest;
  std::size_t observation = 0;
  for (const Stretch& stretch : line.stretches) {
    if (stretch.start == Stretch::Start::rest) {
      now = {};
      now.y = rest;
    } else if (stretch.start == Stretch::Start::periodic) {
      now = periodic<Size>(biomarker, line, stretch, nodes);
      solve_along<Size>(biomarker, line, stretch.cycle_last, stretch.approach_last, nodes, now, nullptr);
    }
    solve_along<Size>(biomarker, line, stretch.first, stretch.last, nodes, now, nullptr);
    if (stretch.observed) visit(observation++, now);
  }
}

/// C at an observation with its derivatives by the PK parameters that are wanted.
struct ObservedConcentration {
  double value = 0.0;
  std::span<const double> by_pk = {};
};

/// R over a constant baseline and its derivatives from y and those of y, and from the concentration of its time;
/// `slope` empty of derivatives by PK where Size is 1 + drug_slopes. \param row  [biomarker_parameter_count + Size - 1
/// - drug_slopes]
template <std::size_t Size>
double response_and_gradient(const Biomarker& biomarker, const Walked<Size>& walked,
                             const ObservedConcentration& observed, std::span<double> row) {
  constexpr std::size_t pk = Size - 1 - drug_slopes;
  std::fill(row.begin(), row.end(), 0.0);
  const auto at = [&](BiomarkerParameter which) -> double& { return row[static_cast<std::size_t>(which)]; };
  const double r0 = biomarker.baseline;
  if (family(biomarker.structure) == BiomarkerFamily::turnover) {
    at(BiomarkerParameter::baseline) = walked.y;
    at(BiomarkerParameter::kout) = r0 * walked.slope[0];
    at(BiomarkerParameter::imax) = r0 * walked.slope[1];
    at(BiomarkerParameter::ic50) = r0 * walked.slope[2];
    at(BiomarkerParameter::hill) = r0 * walked.slope[3];
    for (std::size_t t = 0; t < pk; ++t) row[biomarker_parameter_count + t] = r0 * walked.slope[1 + drug_slopes + t];
    return r0 * walked.y;
  }
  // y is a concentration: C, that of the effect compartment, or that of tolerance, which leaves a part of C.
  const bool tolerance = family(biomarker.structure) == BiomarkerFamily::tolerance;
  const double left = tolerance ? tolerated(biomarker, 1.0, walked.y) : 1.0;
  const SaturationSlopes slopes = saturation_slopes(biomarker, tolerance ? left * observed.value : walked.y);
  const EffectResponse response = effect_response(biomarker, slopes.u);
  const double by_c = response.by_u * slopes.by_concentration;
  const double by_y = tolerance ? -by_c * observed.value * left * left / biomarker.tol50 : by_c;
  at(BiomarkerParameter::baseline) = response.by_baseline;
  at(BiomarkerParameter::imax) = response.by_imax;
  at(BiomarkerParameter::ic50) = response.by_u * slopes.by_c50;
  at(BiomarkerParameter::hill) = response.by_u * slopes.by_hill;
  at(tolerance ? BiomarkerParameter::ktol : BiomarkerParameter::ke0) = by_y * walked.slope[0];
  for (std::size_t t = 0; t < pk; ++t) row[biomarker_parameter_count + t] = by_y * walked.slope[1 + drug_slopes + t];
  if (tolerance) {
    at(BiomarkerParameter::tol50) = -by_y * walked.y / biomarker.tol50;
    for (std::size_t t = 0; t < observed.by_pk.size(); ++t) {
      row[biomarker_parameter_count + t] += by_c * left * observed.by_pk[t];
    }
  }
  return response.value;
}

}  // namespace titrant::pkpd
