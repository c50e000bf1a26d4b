#include "titrant/hardware/shots.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"
#include "titrant/hardware/binomial.hpp"
#include "titrant/hardware/estimate.hpp"

namespace titrant::hardware {

namespace {

using protocol::Direction;

/// Where the doses stand that fail, as steps on the grid: below the answer where attainment rises.
std::ptrdiff_t failing_side(Direction direction) { return direction == Direction::falling ? 1 : -1; }

/// How many steps towards success a dose is from the exact answer.
std::ptrdiff_t steps_ahead(const Promise& promise, Direction direction, std::size_t place) {
  const auto distance = static_cast<std::ptrdiff_t>(place) - static_cast<std::ptrdiff_t>(promise.answer);
  return -failing_side(direction) * distance;
}

std::size_t place_of(const Promise& promise, double dose) {
  const auto found = std::find(promise.grid.begin(), promise.grid.end(), dose);
  TITRANT_EXPECTS(found != promise.grid.end());
  return static_cast<std::size_t>(found - promise.grid.begin());
}

/// The doses that must fail, and the last one of those of which one must pass; none where the grid ends before.
struct Duties {
  std::vector<std::size_t> fail;  ///< places among the doses
  std::optional<std::size_t> pass;
};

Duties duties_of(const Scheme& scheme, const Promise& promise) {
  Duties duties;
  for (std::size_t d = 0; d < scheme.doses.size(); ++d) {
    const std::ptrdiff_t ahead = steps_ahead(promise, scheme.direction, place_of(promise, scheme.doses[d]));
    if (ahead < -1) duties.fail.push_back(d);
    if (ahead == 1) duties.pass = d;
  }
  return duties;
}

double above(double z) { return 0.5 * std::erfc(z / std::sqrt(2.0)); }

/// Probability that an estimate reaches the target.
double passes(double mean, double deviation, double target) {
  if (!(deviation > 0.0)) return mean >= target ? 1.0 : 0.0;
  return above((target - mean) / deviation);
}

double risk_of(const Scheme& scheme, const Duties& duties, const ShotPlan& plan) {
  double risk = 0.0;
  for (const std::size_t d : duties.fail) risk += passes(plan.attainment[d], plan.deviation[d], scheme.target);
  if (duties.pass) risk += 1.0 - passes(plan.attainment[*duties.pass], plan.deviation[*duties.pass], scheme.target);
  return risk;
}

/// What does not depend on shots of the questions: the expected line, how it depends on each calibration circuit.
struct ExpectedLine {
  FittedLine fitted;
  std::vector<double> variances;  ///< of each corrected share, times shots
};

ExpectedLine expected_line(const Scheme& scheme, std::span<const double> recorded) {
  std::vector<double> p_one;
  std::vector<double> shares;
  ExpectedLine result;
  for (std::size_t k = 0; k < scheme.circuits.size(); ++k) {
    const PlannedCircuit& circuit = scheme.circuits[k];
    if (circuit.role != Role::calibration) continue;
    const double factor = amplification(circuit.readout);
    p_one.push_back(circuit.p_one);
    shares.push_back(corrected(recorded[k], circuit.readout));
    result.variances.push_back(factor * factor * recorded[k] * (1.0 - recorded[k]));
  }
  const std::vector<double> equal(p_one.size(), 1.0);
  result.fitted = fit_line(p_one, shares, line_weights(scheme.readout, p_one, equal));
  return result;
}

/// Means and variances over the shots of questions, and the gradient by the line, [dose].
struct OverQuestions {
  std::vector<double> mean;
  std::vector<double> variance;
  std::vector<double> by_level;
  std::vector<double> by_slope;
};

OverQuestions over_questions(const Scheme& scheme, std::span<const double> recorded, const CalibrationLine& line,
                             std::uint64_t shots) {
  const std::size_t doses = scheme.doses.size();
  OverQuestions result{std::vector<double>(doses), std::vector<double>(doses), std::vector<double>(doses),
                       std::vector<double>(doses)};
  std::vector<double> subjects(doses, 0.0);
  for (std::size_t k = 0; k < scheme.circuits.size(); ++k) {
    const PlannedCircuit& circuit = scheme.circuits[k];
    if (circuit.role != Role::question) continue;
    const auto found = std::find(scheme.doses.begin(), scheme.doses.end(), circuit.dose);
    const auto d = static_cast<std::size_t>(found - scheme.doses.begin());
    const Moments moments = jackknife_moments(shots, recorded[k], [&](double share) {
      return probability_of(scheme.readout, line, corrected(share, circuit.readout));
    });
    const double p_one = (corrected(recorded[k], circuit.readout) - line.level) / line.slope;
    const double slope = sensitivity(scheme.readout, p_one) / line.slope;
    subjects[d] += 1.0;
    result.mean[d] += moments.mean;
    result.variance[d] += moments.variance;
    result.by_level[d] -= slope;
    result.by_slope[d] -= slope * p_one;
  }
  for (std::size_t d = 0; d < doses; ++d) {
    result.mean[d] /= subjects[d];
    result.variance[d] /= subjects[d] * subjects[d];
    result.by_level[d] /= subjects[d];
    result.by_slope[d] /= subjects[d];
  }
  return result;
}

/// Attainment at exact shares, read by a line: [dose].
std::vector<double> read_by(const Scheme& scheme, std::span<const double> recorded, const CalibrationLine& line) {
  std::vector<double> sum(scheme.doses.size(), 0.0);
  std::vector<double> subjects(scheme.doses.size(), 0.0);
  for (std::size_t k = 0; k < scheme.circuits.size(); ++k) {
    const PlannedCircuit& circuit = scheme.circuits[k];
    if (circuit.role != Role::question) continue;
    const auto found = std::find(scheme.doses.begin(), scheme.doses.end(), circuit.dose);
    const auto d = static_cast<std::size_t>(found - scheme.doses.begin());
    sum[d] += probability_of(scheme.readout, line, corrected(recorded[k], circuit.readout));
    subjects[d] += 1.0;
  }
  for (std::size_t d = 0; d < sum.size(); ++d) sum[d] /= subjects[d];
  return sum;
}

/// How far a line that is not known exactly moves the mean of the attainment: its mean over the four points
/// +- sqrt(2) L of the line's distribution, L L^T its covariance, less its value at the line, which holds the second
/// derivatives exactly (cubature of degree 3: Stroud 1971, Approximate Calculation of Multiple Integrals, E_n^(r^2)).
std::vector<double> shift_of(const Scheme& scheme, std::span<const double> recorded, const ExpectedLine& line,
                             std::uint64_t calibration) {
  double level = 0.0;
  double both = 0.0;
  double slope = 0.0;
  for (std::size_t c = 0; c < line.variances.size(); ++c) {
    const double variance = line.variances[c] / static_cast<double>(calibration);
    level += variance * line.fitted.level_by[c] * line.fitted.level_by[c];
    both += variance * line.fitted.level_by[c] * line.fitted.slope_by[c];
    slope += variance * line.fitted.slope_by[c] * line.fitted.slope_by[c];
  }
  std::vector<double> shift(scheme.doses.size(), 0.0);
  if (!(level > 0.0)) return shift;
  const double first = std::sqrt(2.0 * level);
  const double across = 2.0 * both / first;
  const double second = std::sqrt(std::max(0.0, 2.0 * slope - across * across));
  const CalibrationLine& middle = line.fitted.line;
  const std::vector<double> at_line = read_by(scheme, recorded, middle);
  constexpr double least = 0.05;  // of the slope: further out, lines have no meaning
  for (const auto& [by_level, by_slope] :
       {std::pair{first, across}, {-first, -across}, {0.0, second}, {0.0, -second}}) {
    const CalibrationLine other{middle.level + by_level, std::max(middle.slope + by_slope, least * middle.slope)};
    const std::vector<double> there = read_by(scheme, recorded, other);
    for (std::size_t d = 0; d < shift.size(); ++d) shift[d] += 0.25 * (there[d] - at_line[d]);
  }
  return shift;
}

ShotPlan combined(const Scheme& scheme, std::span<const double> recorded, const Promise& promise,
                  const ExpectedLine& line, const OverQuestions& questions, std::uint64_t question,
                  std::uint64_t calibration) {
  ShotPlan plan{question, calibration, 0.0, shift_of(scheme, recorded, line, calibration), {}, 0.0};
  double slope_variance = 0.0;
  for (std::size_t c = 0; c < line.variances.size(); ++c)
    slope_variance += line.fitted.slope_by[c] * line.fitted.slope_by[c] * line.variances[c];
  plan.slope_deviation = std::sqrt(slope_variance / static_cast<double>(calibration)) / line.fitted.line.slope;
  for (std::size_t d = 0; d < scheme.doses.size(); ++d) {
    plan.attainment[d] += questions.mean[d];
    double variance = questions.variance[d];
    for (std::size_t c = 0; c < line.variances.size(); ++c) {
      const double by =
          questions.by_level[d] * line.fitted.level_by[c] + questions.by_slope[d] * line.fitted.slope_by[c];
      variance += by * by * line.variances[c] / static_cast<double>(calibration);
    }
    plan.deviation.push_back(std::sqrt(variance));
  }
  plan.risk = risk_of(scheme, duties_of(scheme, promise), plan);
  return plan;
}

void expect_signal(const CalibrationLine& line) {
  constexpr double least_slope = 1e-3;
  if (line.slope > least_slope) return;
  throw ConfigError(fmt::format(
      "the noise of the device leaves nothing of the answer: P(1) changes by {:.2g} of what it does without noise; "
      "expected a better device, or a network of fewer gates",
      line.slope));
}

}  // namespace

std::vector<std::size_t> bracket(const Promise& promise, Direction direction, std::size_t reach) {
  std::vector<std::size_t> places;
  for (std::size_t place = 0; place < promise.grid.size(); ++place) {
    const std::ptrdiff_t ahead = steps_ahead(promise, direction, place);
    const auto wide = static_cast<std::ptrdiff_t>(reach);
    if (ahead >= -wide - 1 && ahead <= wide) places.push_back(place);
  }
  return places;
}

bool keeps(const Promise& promise, const std::vector<double>& doses, Direction direction,
           std::optional<std::size_t> place) {
  if (place) {
    const std::ptrdiff_t ahead = steps_ahead(promise, direction, place_of(promise, doses[*place]));
    return ahead >= -1 && ahead <= 1;
  }
  // None of the doses: beyond the end of the grid if they reach it, which is one step from its last dose.
  const std::size_t last = direction == Direction::falling ? 0 : promise.grid.size() - 1;
  const double end = direction == Direction::falling ? doses.front() : doses.back();
  return place_of(promise, end) == last && promise.answer == last;
}

ShotPlan judge_shots(const Scheme& scheme, std::span<const double> recorded, const Promise& promise,
                     std::uint64_t question, std::uint64_t calibration) {
  TITRANT_EXPECTS(recorded.size() == scheme.circuits.size());
  const ExpectedLine line = expected_line(scheme, recorded);
  expect_signal(line.fitted.line);
  const OverQuestions questions = over_questions(scheme, recorded, line.fitted.line, question);
  return combined(scheme, recorded, promise, line, questions, question, calibration);
}

namespace {

/// Numbers of shots that are tried: each a tenth more than the one before.
std::vector<std::uint64_t> ladder(std::uint64_t least, std::uint64_t most) {
  std::vector<std::uint64_t> numbers;
  for (std::uint64_t n = least; n < most; n = std::max(n + 1, n + n / 10)) numbers.push_back(n);
  numbers.push_back(most);
  return numbers;
}

[[noreturn]] void throw_impossible(const Scheme& scheme, const ShotPlan& best, const Promise& promise,
                                   std::uint64_t most) {
  const Duties duties = duties_of(scheme, promise);
  const auto expected = [&](std::size_t d) {
    return fmt::format("{:.4f} +- {:.4f} on {:g}", best.attainment[d], best.deviation[d], scheme.doses[d]);
  };
  std::vector<std::string> needed;
  for (const std::size_t d : duties.fail) needed.push_back(fmt::format("{} (must be below the target)", expected(d)));
  if (duties.pass) needed.push_back(fmt::format("{} (must reach it)", expected(*duties.pass)));
  bool biased = false;
  for (const std::size_t d : duties.fail) biased = biased || best.attainment[d] >= scheme.target;
  if (duties.pass) biased = biased || best.attainment[*duties.pass] < scheme.target;
  throw ConfigError(fmt::format(
      "no {} shots a circuit find the dose within one step of {:g} at a risk of {:g}: target attainment for the target "
      "{:g} would be {}. {}",
      most, promise.grid[promise.answer], promise.risk, scheme.target, fmt::join(needed, ", "),
      biased ? "More shots do not help: scale and offset do not undo this device's noise. Expected a better device, a "
               "network of fewer gates, or more calibration subjects (--calibration)"
             : "Expected more shots (--most-shots), more subjects (--subjects), or a coarser grid of doses"));
}

}  // namespace

ShotPlan plan_shots(const Scheme& scheme, std::span<const double> recorded, const Promise& promise, std::uint64_t least,
                    std::uint64_t most) {
  TITRANT_EXPECTS(recorded.size() == scheme.circuits.size() && least >= 2 && most >= least);
  const ExpectedLine line = expected_line(scheme, recorded);
  expect_signal(line.fitted.line);
  const std::vector<std::uint64_t> numbers = ladder(least, most);
  std::map<std::uint64_t, OverQuestions> known;  // it takes the time
  const auto plan_of = [&](std::uint64_t question, std::uint64_t calibration) {
    auto found = known.find(question);
    if (found == known.end())
      found = known.emplace(question, over_questions(scheme, recorded, line.fitted.line, question)).first;
    return combined(scheme, recorded, promise, line, found->second, question, calibration);
  };
  const auto of_role = [&](Role role) {
    return static_cast<double>(std::count_if(scheme.circuits.begin(), scheme.circuits.end(),
                                             [role](const PlannedCircuit& one) { return one.role == role; }));
  };
  std::optional<ShotPlan> best;
  double fewest = 0.0;
  for (const double ratio : {0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 64.0, 256.0}) {
    const auto calibration_of = [&](std::uint64_t question) {
      return std::clamp(static_cast<std::uint64_t>(std::ceil(ratio * static_cast<double>(question))), least, most);
    };
    const auto enough = [&](std::uint64_t question) {
      const ShotPlan plan = plan_of(question, calibration_of(question));
      return plan.risk <= promise.risk && plan.slope_deviation <= most_slope_deviation;
    };
    const auto found =
        std::partition_point(numbers.begin(), numbers.end(), [&](std::uint64_t n) { return !enough(n); });
    if (found == numbers.end()) continue;
    const ShotPlan plan = plan_of(*found, calibration_of(*found));
    const double all = of_role(Role::question) * static_cast<double>(plan.question) +
                       of_role(Role::calibration) * static_cast<double>(plan.calibration);
    if (best && all >= fewest) continue;
    best = plan;
    fewest = all;
  }
  if (!best) throw_impossible(scheme, plan_of(most, most), promise, most);
  return *best;
}

std::size_t simulate_runs(const Scheme& scheme, std::span<const double> recorded, const Promise& promise,
                          std::uint64_t seed, std::size_t runs) {
  TITRANT_EXPECTS(recorded.size() == scheme.circuits.size());
  std::size_t kept = 0;
  std::vector<Counted> counts(scheme.circuits.size());
  for (std::size_t run = 0; run < runs; ++run) {
    for (std::size_t k = 0; k < counts.size(); ++k) {
      core::Stream stream(seed, core::Purpose::device_run, run, static_cast<std::uint32_t>(k));
      const std::uint64_t shots = scheme.circuits[k].shots;
      counts[k] = {shots, stream.binomial(static_cast<std::uint32_t>(shots), recorded[k])};
    }
    const std::optional<Estimate> found = estimate(scheme, counts);
    if (found && keeps(promise, scheme.doses, scheme.direction, found->place)) ++kept;
  }
  return kept;
}

}  // namespace titrant::hardware
