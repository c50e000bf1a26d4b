#include "titrant/hardware/estimate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "titrant/core/error.hpp"
#include "titrant/core/sum.hpp"
#include "titrant/dose/decision.hpp"
#include "titrant/hardware/binomial.hpp"

namespace titrant::hardware {

std::string_view word(Role role) {
  switch (role) {
    case Role::marker_zero:
      return "marker_zero";
    case Role::marker_one:
      return "marker_one";
    case Role::calibration:
      return "calibration";
    case Role::question:
      break;
  }
  return "question";
}

double amplification(const quantum::ReadoutError& error) {
  const double left = 1.0 - error.one_given_zero - error.zero_given_one;
  if (!(left > 0.0))
    throw NumericalError(fmt::format("readout errors {:g} and {:g} add up to 1 or more: such records say nothing",
                                     error.one_given_zero, error.zero_given_one));
  return 1.0 / left;
}

double corrected(double fraction, const quantum::ReadoutError& error) {
  return (fraction - error.one_given_zero) * amplification(error);
}

double sensitivity(const classifier::Readout& readout, double p_one) {
  if (readout.kind == classifier::ReadoutKind::raw) return 1.0;
  const double p = classifier::sigmoid(readout.scale * (2.0 * p_one - 1.0) + readout.offset);
  return 2.0 * readout.scale * p * (1.0 - p);
}

double probability_of(const classifier::Readout& readout, const CalibrationLine& line, double share) {
  const double p_one = (share - line.level) / line.slope;
  if (readout.kind == classifier::ReadoutKind::raw) return p_one;
  return classifier::sigmoid(readout.scale * (2.0 * p_one - 1.0) + readout.offset);
}

std::vector<double> line_weights(const classifier::Readout& readout, std::span<const double> p_one,
                                 std::span<const double> shots) {
  std::vector<double> weights;
  for (std::size_t c = 0; c < p_one.size(); ++c) {
    const double slope = sensitivity(readout, p_one[c]);
    weights.push_back(shots[c] * slope * slope);
  }
  return weights;
}

FittedLine fit_line(std::span<const double> p_one, std::span<const double> shares, std::span<const double> weights) {
  TITRANT_EXPECTS(p_one.size() == shares.size() && p_one.size() == weights.size());
  double total = 0.0;
  double middle = 0.0;
  double mean = 0.0;
  for (std::size_t c = 0; c < p_one.size(); ++c) {
    total += weights[c];
    middle += weights[c] * p_one[c];
    mean += weights[c] * shares[c];
  }
  middle /= total;
  mean /= total;
  double spread = 0.0;
  double product = 0.0;
  for (std::size_t c = 0; c < p_one.size(); ++c) {
    spread += weights[c] * (p_one[c] - middle) * (p_one[c] - middle);
    product += weights[c] * (p_one[c] - middle) * (shares[c] - mean);
  }
  constexpr double least = 1e-12;  // of the variance of P(1)
  if (!(spread > least * total))
    throw NumericalError("calibration: fewer than two circuits of different P(1); scale and offset cannot be refitted");
  FittedLine fitted;
  fitted.line.slope = product / spread;
  fitted.line.level = mean - fitted.line.slope * middle;
  for (std::size_t c = 0; c < p_one.size(); ++c) {
    fitted.slope_by.push_back(weights[c] * (p_one[c] - middle) / spread);
    fitted.level_by.push_back(weights[c] / total - middle * fitted.slope_by.back());
  }
  return fitted;
}

namespace {

double share_of(const Counted& counted) {
  return static_cast<double>(counted.ones) / static_cast<double>(counted.shots);
}

/// The variance of a corrected share; of a share of 0 or 1, too, it is not 0.
double variance_of(const Counted& counted, const quantum::ReadoutError& error) {
  const auto n = static_cast<double>(counted.shots);
  const double share = (static_cast<double>(counted.ones) + 0.5) / (n + 1.0);
  const double factor = amplification(error);
  return factor * factor * share * (1.0 - share) / n;
}

/// The line of the calibration circuits that have counts, and the covariance of level and slope.
struct Calibration {
  CalibrationLine line;
  double level_variance = 0.0;
  double slope_variance = 0.0;
  double covariance = 0.0;
};

std::optional<Calibration> calibration_of(const Scheme& scheme, std::span<const Counted> counts) {
  std::vector<double> p_one;
  std::vector<double> shares;
  std::vector<double> shots;
  std::vector<double> variances;
  for (std::size_t k = 0; k < scheme.circuits.size(); ++k) {
    const PlannedCircuit& circuit = scheme.circuits[k];
    if (circuit.role != Role::calibration || counts[k].shots < least_counted) continue;
    p_one.push_back(circuit.p_one);
    shares.push_back(corrected(share_of(counts[k]), circuit.readout));
    shots.push_back(static_cast<double>(counts[k].shots));
    variances.push_back(variance_of(counts[k], circuit.readout));
  }
  if (p_one.size() < 2 ||
      *std::max_element(p_one.begin(), p_one.end()) == *std::min_element(p_one.begin(), p_one.end()))
    return std::nullopt;
  const FittedLine fitted = fit_line(p_one, shares, line_weights(scheme.readout, p_one, shots));
  if (!(fitted.line.slope > 0.0)) return std::nullopt;
  Calibration result{fitted.line};
  for (std::size_t c = 0; c < p_one.size(); ++c) {
    result.level_variance += variances[c] * fitted.level_by[c] * fitted.level_by[c];
    result.slope_variance += variances[c] * fitted.slope_by[c] * fitted.slope_by[c];
    result.covariance += variances[c] * fitted.level_by[c] * fitted.slope_by[c];
  }
  return result;
}

/// [subject][dose] places of circuits, of the subjects that have counts on every dose.
std::vector<std::vector<std::size_t>> complete_subjects(const Scheme& scheme, std::span<const Counted> counts) {
  std::map<std::uint64_t, std::map<double, std::size_t>> found;
  for (std::size_t k = 0; k < scheme.circuits.size(); ++k) {
    const PlannedCircuit& circuit = scheme.circuits[k];
    if (circuit.role == Role::question && counts[k].shots >= least_counted) found[circuit.subject][circuit.dose] = k;
  }
  std::vector<std::vector<std::size_t>> complete;
  for (const auto& [subject, by_dose] : found) {
    if (by_dose.size() != scheme.doses.size()) continue;
    auto& places = complete.emplace_back();
    for (const auto& [dose, place] : by_dose) places.push_back(place);
  }
  return complete;
}

}  // namespace

std::optional<Estimate> estimate(const Scheme& scheme, std::span<const Counted> counts) {
  TITRANT_EXPECTS(counts.size() == scheme.circuits.size());
  const std::optional<Calibration> calibration = calibration_of(scheme, counts);
  const std::vector<std::vector<std::size_t>> subjects = complete_subjects(scheme, counts);
  if (!calibration || subjects.empty()) return std::nullopt;
  const CalibrationLine& line = calibration->line;
  Estimate result;
  result.line = line;
  result.subjects = subjects.size();
  const auto number = static_cast<double>(subjects.size());
  for (std::size_t d = 0; d < scheme.doses.size(); ++d) {
    std::vector<double> probabilities;
    double variance = 0.0;
    double by_level = 0.0;  // d attainment / d level
    double by_slope = 0.0;
    for (const std::vector<std::size_t>& places : subjects) {
      const Counted& counted = counts[places[d]];
      const quantum::ReadoutError& error = scheme.circuits[places[d]].readout;
      probabilities.push_back(jackknife(counted.ones, counted.shots, [&](double share) {
        return probability_of(scheme.readout, line, corrected(share, error));
      }));
      const double share = corrected(share_of(counted), error);
      if (share < 0.0 || share > 1.0) ++result.outside;
      const double p_one = (share - line.level) / line.slope;
      const double slope = sensitivity(scheme.readout, p_one) / line.slope;
      variance += slope * slope * variance_of(counted, error) / (number * number);
      by_level -= slope / number;
      by_slope -= slope * p_one / number;
    }
    variance += by_level * by_level * calibration->level_variance + by_slope * by_slope * calibration->slope_variance +
                2.0 * by_level * by_slope * calibration->covariance;
    result.attainment.push_back(std::clamp(core::ordered_mean(probabilities), 0.0, 1.0));
    result.deviation.push_back(std::sqrt(variance));
  }
  result.place = dose::doses_reaching(result.attainment, scheme.target, scheme.direction).answer(scheme.direction);
  return result;
}

}  // namespace titrant::hardware
