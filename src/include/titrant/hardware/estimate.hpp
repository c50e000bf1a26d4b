#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "titrant/hardware/scheme.hpp"

namespace titrant::hardware {

/// The share of ones that a qubit had before its record was wrong, (f - e) / (1 - e - e'), with e = P(1 | 0) and
/// e' = P(0 | 1): the inverse of the confusion matrix of one qubit (Maciejewski, Zimboras and Oszmaniec 2020, Quantum
/// 4, 257, for one qubit). It may leave [0, 1] by chance; nothing is clipped here. Throws NumericalError where
/// e + e' >= 1: such records say nothing.
double corrected(double fraction, const quantum::ReadoutError& error);

/// What it does to the standard deviation of a share: a factor 1 / (1 - e - e').
double amplification(const quantum::ReadoutError& error);

/// What noise makes of P(1): the corrected share of ones is level + slope P(1). Equivalent to the refitted readout
/// scale' = scale / slope, offset' = offset + scale ((1 - 2 level) / slope - 1).
struct CalibrationLine {
  double level = 0.0;
  double slope = 1.0;
};

/// How a probability of success depends on P(1): dp / dP.
double sensitivity(const classifier::Readout& readout, double p_one);

/// The weights that calibration circuits have in the fit of the line, [calibration circuit]: shots times the square of
/// `sensitivity`, so that the line is best where probabilities depend on it. They do not depend on what was counted.
std::vector<double> line_weights(const classifier::Readout& readout, std::span<const double> p_one,
                                 std::span<const double> shots);

/// The line through known P(1) and measured shares by weighted least squares, and how both ends depend on each share:
/// d level / d share and d slope / d share, [calibration circuit]. As the noise is in the shares alone, neither is
/// biased (a regression of P(1) on shares would be: errors in variables). Throws NumericalError for fewer than two
/// different P(1).
struct FittedLine {
  CalibrationLine line;
  std::vector<double> level_by;
  std::vector<double> slope_by;
};
FittedLine fit_line(std::span<const double> p_one, std::span<const double> shares, std::span<const double> weights);

/// The probability of success that a corrected share means: readout at (share - level) / slope.
double probability_of(const classifier::Readout& readout, const CalibrationLine& line, double share);

/// Target attainment of the doses from counts.
struct Estimate {
  CalibrationLine line;
  std::vector<double> attainment;    ///< [dose] mean over subjects, within [0, 1]
  std::vector<double> deviation;     ///< [dose] its standard deviation over shots, by the delta method
  std::optional<std::size_t> place;  ///< the dose that answers; none: no dose reaches the target
  std::size_t subjects = 0;          ///< with counts on every dose; others are left out
  std::size_t outside = 0;           ///< corrected shares outside [0, 1]
};

/// Shots of a circuit that counts; with fewer it is missing, for a jackknife leaves one out.
inline constexpr std::uint64_t least_counted = 2;

/// Estimates from counts, [circuit]. Each probability is freed
/// from its bias of first order in 1 / shots (jackknife over shots). None where no subject is complete or fewer than
/// two calibration circuits of different P(1) have counts, or where the fitted slope is not above 0.
std::optional<Estimate> estimate(const Scheme& scheme, std::span<const Counted> counts);

}  // namespace titrant::hardware
