#pragma once

#include <algorithm>
#include <cmath>
#include <span>

#include "biomarker_timeline.hpp"
#include "biomarker_walk.hpp"
#include "precursor_step.hpp"

/// \file
/// Precursor and biomarker along a timeline, with derivatives.

namespace titrant::pkpd {

/// How many parts of equal length a panel is cut into, as panel_parts.
inline std::size_t precursor_parts(const Biomarker& biomarker, double length) {
  Biomarker faster = biomarker;
  faster.kp = std::max(biomarker.kp * steepest_panel / steepest_precursor, biomarker.kout / largest_loss(biomarker));
  return panel_parts(faster, length);
}

/// The parts of a panel for any structure.
inline std::size_t parts_of(const Biomarker& biomarker, double length) {
  return family(biomarker.structure) == BiomarkerFamily::precursor ? precursor_parts(biomarker, length)
                                                                   : panel_parts(biomarker, length);
}

/// Solves along panels [first, last); arguments as of solve_along. `decay` gains what p fades by.
template <std::size_t Size, class Nodes>
void solve_precursor(const Biomarker& biomarker, const Timeline& line, std::size_t first, std::size_t last,
                     const Nodes& nodes, PrecursorState<Size>& state, double& decay) {
  for (std::size_t p = first; p < last; ++p) {
    const double length = line.panels[p].since.length;
    const std::size_t parts = precursor_parts(biomarker, length);
    for (std::size_t part = 0; part < parts; ++part) {
      NodeValues factor;
      constexpr std::size_t slopes = Size > precursor_rates ? Size - precursor_rates : 1;
      std::array<std::array<double, slopes>, panel_nodes> slope;
      if constexpr (Size == 0) {
        nodes(p, part, parts, factor);
      } else {
        nodes(p, part, parts, factor, slope);
      }
      precursor_step<Size>(biomarker.kp, biomarker.kout, length / static_cast<double>(parts), factor, slope, state,
                           decay);
    }
  }
}

/// The periodic solution at the begin of a cycle. That of p is a fixed point of its own (see periodic()); with it r
/// goes through the cycle as r -> v + exp(-kout T) r. \param cycle  leads a state through the cycle and adds the decay
/// of p
template <std::size_t Size, class Cycle>
PrecursorState<Size> periodic_precursor(double kout, double interval, const Cycle& cycle) {
  PrecursorState<Size> fixed{.p = 0.0, .r = 0.0};
  double decay = 0.0;
  cycle(fixed, decay);
  const double p_lost = -std::expm1(-decay);
  const double r_lost = -std::expm1(-kout * interval);
  double unused = 0.0;
  fixed = {.p = fixed.p / p_lost, .r = 0.0};
  if constexpr (Size > 0) {
    PrecursorState<Size> moved = fixed;
    cycle(moved, unused);
    for (std::size_t t = 0; t < Size; ++t) fixed.p_slope[t] = moved.p_slope[t] / p_lost;
  }
  PrecursorState<Size> made = fixed;
  cycle(made, unused);
  fixed.r = made.r / r_lost;
  if constexpr (Size > 0) {
    made = fixed;
    cycle(made, unused);
    for (std::size_t t = 0; t < Size; ++t) fixed.r_slope[t] = made.r_slope[t] / r_lost;
  }
  return fixed;
}

/// Visits the state at every observation, in order.
template <std::size_t Size, class Nodes, class Visit>
void walk_precursor(const Biomarker& biomarker, const Timeline& line, const Nodes& nodes, const Visit& visit) {
  PrecursorState<Size> now;
  double unused = 0.0;
  std::size_t observation = 0;
  const auto solve = [&](std::size_t first, std::size_t last, PrecursorState<Size>& state, double& decay) {
    solve_precursor<Size>(biomarker, line, first, last, nodes, state, decay);
  };
  for (const Stretch& stretch : line.stretches) {
    if (stretch.start == Stretch::Start::rest) {
      now = {};
    } else if (stretch.start == Stretch::Start::periodic) {
      double interval = 0.0;
      for (std::size_t p = stretch.cycle_first; p < stretch.cycle_last; ++p) interval += line.panels[p].since.length;
      now = periodic_precursor<Size>(biomarker.kout, interval, [&](PrecursorState<Size>& state, double& decay) {
        solve(stretch.cycle_first, stretch.cycle_last, state, decay);
      });
      solve(stretch.cycle_last, stretch.approach_last, now, unused);
    }
    solve(stretch.first, stretch.last, now, unused);
    if (stretch.observed) visit(observation++, now);
  }
}

/// R over a constant baseline and its derivatives.
/// \param row  [biomarker_parameter_count + Size - precursor_rates - drug_slopes]
template <std::size_t Size>
double precursor_response(const Biomarker& biomarker, const PrecursorState<Size>& state, std::span<double> row) {
  std::fill(row.begin(), row.end(), 0.0);
  const auto at = [&](BiomarkerParameter which) -> double& { return row[static_cast<std::size_t>(which)]; };
  const double r0 = biomarker.baseline;
  at(BiomarkerParameter::baseline) = state.r;
  at(BiomarkerParameter::kp) = r0 * state.r_slope[0];
  at(BiomarkerParameter::kout) = r0 * state.r_slope[1];
  at(BiomarkerParameter::imax) = r0 * state.r_slope[2];
  at(BiomarkerParameter::ic50) = r0 * state.r_slope[3];
  at(BiomarkerParameter::hill) = r0 * state.r_slope[4];
  constexpr std::size_t first = precursor_rates + drug_slopes;
  for (std::size_t t = first; t < Size; ++t) row[biomarker_parameter_count + t - first] = r0 * state.r_slope[t];
  return r0 * state.r;
}

}  // namespace titrant::pkpd
