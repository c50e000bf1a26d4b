#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "titrant/hardware/scheme.hpp"

namespace titrant::hardware {

/// What a plan promises: its dose is at most one step of the grid from the answer of the same subjects by exact
/// probabilities, but for a small risk.
struct Promise {
  std::vector<double> grid;  ///< all doses of the regimen, ascending
  std::size_t answer = 0;    ///< place of the exact answer among them
  double risk = 0.05;        ///< probability that the dose is further away
};

/// Places on the grid of the doses that a plan needs: those of which one must answer (the exact answer and one step to
/// both sides) and the next ones on the failing side, so many steps of them: `reach` 1 is the least.
std::vector<std::size_t> bracket(const Promise& promise, protocol::Direction direction, std::size_t reach = 1);

/// Whether an answer, a place among `doses` (none: none of them), keeps the promise. "None of them" is one step beyond
/// the end of the grid where the doses reach that end.
bool keeps(const Promise& promise, const std::vector<double>& doses, protocol::Direction direction,
           std::optional<std::size_t> place);

/// Shots of each circuit of a kind, and what they lead to.
struct ShotPlan {
  std::uint64_t question = 0;
  std::uint64_t calibration = 0;
  double risk = 0.0;               ///< bound of the probability that the promise is broken
  std::vector<double> attainment;  ///< [dose] expected estimate of the target attainment
  std::vector<double> deviation;   ///< [dose] its standard deviation
  double slope_deviation = 0.0;    ///< of the calibration line, as a share of its slope
};

/// The calibration line must be known at least so well: beyond, the delta method says nothing.
inline constexpr double most_slope_deviation = 0.1;

/// The expected estimates and the risk with so many shots. Mean and variance over shots of each probability are those
/// of its binomial distribution (jackknife_moments); the calibration line adds its variance by the delta method and
/// moves the mean by its second derivatives; and attainment, a mean over subjects, is taken as normal. The risk is the
/// sum over the doses that must fail of the probability that they pass, and that the last dose that must pass fails.
/// \param recorded  probability that the device records 1, [circuit of the scheme]
ShotPlan judge_shots(const Scheme& scheme, std::span<const double> recorded, const Promise& promise,
                     std::uint64_t question, std::uint64_t calibration);

/// The fewest shots in all that keep the promise and know the slope well enough: of eight ratios of calibration shots
/// to those of questions the one that needs the fewest. At least `least` each. Throws ConfigError where none up to
/// `most` do, and says what stands in the way: noise that scale and offset do not undo, or too few shots.
ShotPlan plan_shots(const Scheme& scheme, std::span<const double> recorded, const Promise& promise, std::uint64_t least,
                    std::uint64_t most);

/// How many of so many simulated runs of the device keep the promise: counts are drawn from `recorded` (stream
/// device_run, by run and circuit) and go through `estimate`. A run without an estimate breaks it.
std::size_t simulate_runs(const Scheme& scheme, std::span<const double> recorded, const Promise& promise,
                          std::uint64_t seed, std::size_t runs);

}  // namespace titrant::hardware
