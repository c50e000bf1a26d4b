#include "shifts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "batch.hpp"
#include "half_turns.hpp"
#include "reverse.hpp"
#include "titrant/core/error.hpp"
#include "titrant/quantum/evaluator.hpp"

/// \file
/// The gradients that a device could be asked for: differences of the probabilities of shifted circuits.

namespace titrant::quantum {

namespace {

void check_two_terms(const Program& program) {
  for (const Occurrence& occurrence : program.occurrences) {
    if (!occurrence.two_terms) {
      throw ConfigError(
          fmt::format("parameter {} is the angle of a controlled rotation (crx, cry or crz), whose "
                      "derivative two shifts do not give: use the adjoint gradient",
                      occurrence.parameter));
    }
  }
}

/// Half the difference of shifts + and - of place `k`; circuits are numbered 0, then + and - of each place.
double half_difference(double plus, double minus, std::size_t k, const Shots* shots, std::uint64_t unit) {
  if (shots == nullptr) return 0.5 * (plus - minus);
  return 0.5 * (sampled_share(plus, *shots, unit, 1 + 2 * k) - sampled_share(minus, *shots, unit, 2 + 2 * k));
}

std::vector<bool> used_before_tail(const Program& program) {
  std::vector<bool> used(program.parameters, false);
  for (const ForwardStep& step : program.steps) {
    for (const std::size_t occurrence : step.occurrences)
      if (occurrence != no_occurrence) used[program.occurrences[occurrence].parameter] = true;
  }
  return used;
}

}  // namespace

void Evaluator::shifted_probabilities(std::span<const double> parameters, std::span<const Input> inputs,
                                      std::span<double> probability, std::span<double> shifted) const {
  const std::size_t count = program_->occurrences.size();
  TITRANT_EXPECTS(probability.size() == inputs.size());
  TITRANT_EXPECTS(shifted.size() == inputs.size() * count * 2);
  check_two_terms(*program_);
  std::vector<std::size_t> by_occurrence(count);
  std::iota(by_occurrence.begin(), by_occurrence.end(), std::size_t{0});
  Batch batch(*program_, parameters, inputs);
  const Changes changes(batch.binding());
  Reverse reverse(batch.binding(), batch.kernels(), batch.examples(), batch.observables(), changes, by_occurrence,
                  count);
  HalfTurns half_turns(batch.binding(), batch.kernels(), batch.examples(), batch.observables(), changes);
  const std::size_t width = batch.width();
  AlignedVector sum(width);
  AlignedVector derivative(count * width);
  AlignedVector turned(count * width);
  batch.for_each_few([&](std::size_t first, std::size_t few) {
    reverse.run(sum.data(), derivative.data());
    half_turns.run(turned.data());
    for (std::size_t lane = 0; lane < few; ++lane) {
      probability[first + lane] = sum[lane];
      for (std::size_t k = 0; k < count; ++k) {
        const std::size_t place = (first + lane) * count + k;
        const double middle = 0.5 * (sum[lane] + turned[k * width + lane]);
        shifted[2 * place] = middle + derivative[k * width + lane];
        shifted[2 * place + 1] = middle - derivative[k * width + lane];
      }
    }
  });
}

void Evaluator::parameter_shift(std::span<const double> parameters, std::span<const Input> inputs, const Shots* shots,
                                std::span<const std::uint64_t> units, std::span<double> probability,
                                std::span<double> gradient) const {
  if (shots == nullptr) {
    // Half the difference of the two shifts is the derivative itself, for every occurrence: nothing is left to be
    // shifted.
    check_two_terms(*program_);
    adjoint(parameters, inputs, probability, gradient);
    return;
  }
  const std::size_t count = program_->occurrences.size();
  TITRANT_EXPECTS(gradient.size() == inputs.size() * program_->parameters);
  TITRANT_EXPECTS(units.size() == inputs.size());
  std::vector<double> shifted(inputs.size() * count * 2);
  shifted_probabilities(parameters, inputs, probability, shifted);
  std::fill(gradient.begin(), gradient.end(), 0.0);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    probability[i] = sampled_share(probability[i], *shots, units[i], 0);
    for (std::size_t k = 0; k < count; ++k) {
      const std::size_t place = 2 * (i * count + k);
      gradient[i * program_->parameters + program_->occurrences[k].parameter] +=
          half_difference(shifted[place], shifted[place + 1], k, shots, units[i]);
    }
  }
}

void Evaluator::shared_shift(std::span<const double> parameters, std::span<const Input> inputs, const Shots* shots,
                             std::span<const std::uint64_t> units, std::span<double> probability,
                             std::span<double> gradient) const {
  const std::size_t count = program_->parameters;
  TITRANT_EXPECTS(probability.size() == inputs.size());
  TITRANT_EXPECTS(gradient.size() == inputs.size() * count);
  TITRANT_EXPECTS(shots == nullptr || units.size() == inputs.size());
  const auto unit = [&](std::size_t i) { return shots == nullptr ? 0 : units[i]; };
  const auto moved = [&](std::size_t k, double shift) {
    std::vector<double> changed(parameters.begin(), parameters.end());
    changed[k] += shift;
    return changed;
  };

  // A parameter of the tail alone leaves the states that reach it as they are: one pass serves all of these.
  const std::vector<bool> before_tail = used_before_tail(*program_);
  Batch batch(*program_, parameters, inputs);
  std::vector<TailObservables> tails = {batch.observables()};
  for (std::size_t k = 0; k < count; ++k) {
    for (const double shift : {quarter_turn, -quarter_turn}) {
      if (before_tail[k]) continue;
      const std::vector<double> changed = moved(k, shift);
      tails.emplace_back(Binding(*program_, std::span(changed).first(count)), batch.kernels());
    }
  }
  Forward forward(batch.binding(), batch.kernels(), batch.examples(), tails);
  AlignedVector sum(tails.size() * batch.width());
  batch.for_each_few([&](std::size_t first, std::size_t few) {
    std::fill(sum.begin(), sum.end(), 0.0);
    forward.run(0, 0, batch.examples().start(), sum.data());
    for (std::size_t lane = 0; lane < few; ++lane) {
      const std::size_t i = first + lane;
      const double* value = sum.data() + lane;
      probability[i] = *value;
      for (std::size_t k = 0; k < count; ++k) {
        if (before_tail[k]) continue;
        value += 2 * batch.width();
        gradient[i * count + k] = half_difference(*(value - batch.width()), *value, k, shots, unit(i));
      }
    }
  });

  std::vector<double> plus(inputs.size());
  std::vector<double> minus(inputs.size());
  for (std::size_t k = 0; k < count; ++k) {
    if (!before_tail[k]) continue;
    probabilities(moved(k, quarter_turn), inputs, plus);
    probabilities(moved(k, -quarter_turn), inputs, minus);
    for (std::size_t i = 0; i < inputs.size(); ++i)
      gradient[i * count + k] = half_difference(plus[i], minus[i], k, shots, unit(i));
  }
  if (shots != nullptr) {
    for (std::size_t i = 0; i < inputs.size(); ++i) probability[i] = sampled_share(probability[i], *shots, unit(i), 0);
  }
}

}  // namespace titrant::quantum
