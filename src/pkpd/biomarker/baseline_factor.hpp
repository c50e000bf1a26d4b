#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "titrant/pkpd/biomarker.hpp"

/// \file
/// The baseline over time relative to R0, b(t) of BaselineModel.

namespace titrant::pkpd {

/// b at a time with its derivatives.
struct BaselineFactor {
  double value = 1.0;
  double by_time = 0.0;
  double by_slope = 0.0;
  double by_amplitude = 0.0;
  double by_phase = 0.0;
};
BaselineFactor baseline_factor(const Biomarker& biomarker, double time);

/// The largest (sign 1) or smallest (-1) b in [from, to].
double extreme_baseline_factor(const Biomarker& biomarker, double from, double to, double sign);

/// Makes R over the baseline R0 b(t) from R over the constant R0, with its derivatives.
/// \param row  those by the parameters of the biomarker, then by any others; empty: none are wanted
void follow_baseline(const Biomarker& biomarker, double time, double& value, std::span<double> row = {});

}  // namespace titrant::pkpd
