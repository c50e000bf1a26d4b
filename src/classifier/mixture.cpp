#include "mixture.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numbers>
#include <tuple>

#include "titrant/core/error.hpp"

namespace titrant::classifier {

namespace {

// A circuit with less weight cannot change a probability; co-medication 0 or 1 leaves half of all circuits without any.
constexpr double negligible = 1e-20;

double squared_norm(std::span<const double> values) {
  double squares = 0.0;
  for (const double value : values) squares += value * value;
  return squares;
}

std::span<const double> block(const std::vector<double>& state, bool one) {
  const std::size_t half = state.size() / 2;
  return std::span(state).subspan(one ? half : 0, half);
}

// The weights of a side's values 0 and 1. Both are computed: 1 - weight would leave rounding where there is no weight
// at all.
using SideWeights = std::array<double, 2>;

std::vector<SideWeights> side_weights(const Ansatz& ansatz, const Encoding& encoding, const Example& example) {
  const std::vector<double> angles = feature_angles(encoding, example);
  std::vector<SideWeights> weights;
  std::size_t feature = 0;
  for (const Side side : ansatz.sides) {
    if (side == Side::amplitude) {
      const std::vector<double> state = amplitudes(encoding, example);
      weights.push_back({squared_norm(block(state, false)), squared_norm(block(state, true))});
    } else {
      const double half = 0.5 * angles[feature++];
      weights.push_back({std::cos(half) * std::cos(half), std::sin(half) * std::sin(half)});
    }
  }
  return weights;
}

double weight(const std::vector<SideWeights>& sides, std::size_t setting) {
  double product = 1.0;
  for (std::size_t side = 0; side < sides.size(); ++side) product *= sides[side].at(setting >> side & 1U);
  return product;
}

// The state of the data qubits beside an amplitude side that is 0 or 1: that block alone, normalised.
std::vector<double> one_block(std::vector<double> state, bool one) {
  const double norm = std::sqrt(squared_norm(block(state, one)));
  const std::size_t half = state.size() / 2;
  for (std::size_t i = 0; i < state.size(); ++i) state[i] = (i >= half) == one ? state[i] / norm : 0.0;
  return state;
}

}  // namespace

Mixture::Mixture(const Ansatz& ansatz, const Encoding& encoding, std::span<const Example> examples) {
  TITRANT_EXPECTS(std::count(ansatz.sides.begin(), ansatz.sides.end(), Side::amplitude) <= 1);
  std::map<std::tuple<const Profile*, bool, std::size_t>, std::size_t> known;
  for (const Example& example : examples) {
    TITRANT_EXPECTS(example.profile != nullptr && example.dose >= 0.0);
    const bool active = example.dose > 0.0;
    const std::vector<SideWeights> sides = side_weights(ansatz, encoding, example);
    std::vector<Term> terms;
    for (std::size_t setting = 0; setting < std::size_t{1} << ansatz.sides.size(); ++setting) {
      const double share = weight(sides, setting);
      if (share < negligible) continue;
      const auto [entry, is_new] = known.try_emplace({example.profile, active, setting}, circuits_.size());
      if (is_new) {
        // The state at 1 mg stands for all doses, so that its last bits do not depend on which dose came first.
        Circuit circuit{example.profile->curve.size(),
                        amplitudes(encoding, {example.profile, active ? 1.0 : 0.0, example.unit}),
                        {}};
        for (std::size_t side = 0; side < ansatz.sides.size(); ++side) {
          const bool one = (setting >> side & 1U) != 0;
          if (ansatz.sides[side] == Side::amplitude) {
            circuit.amplitudes = one_block(std::move(circuit.amplitudes), one);
          } else {
            circuit.angles.push_back(one ? std::numbers::pi : 0.0);
          }
        }
        circuits_.push_back(std::move(circuit));
      }
      terms.push_back({entry->second, share});
    }
    examples_.push_back(std::move(terms));
  }
}

quantum::Input Mixture::input(std::size_t circuit) const {
  return {circuits_[circuit].amplitudes, circuits_[circuit].angles};
}

std::vector<double> Mixture::mix(std::span<const double> p_one) const {
  std::vector<double> mixed;
  mixed.reserve(examples_.size());
  for (const std::vector<Term>& terms : examples_) {
    double sum = 0.0;
    for (const Term& term : terms) sum += term.weight * p_one[term.circuit];
    mixed.push_back(sum);
  }
  return mixed;
}

}  // namespace titrant::classifier
