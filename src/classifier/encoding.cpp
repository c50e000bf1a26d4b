#include "titrant/classifier/encoding.hpp"

#include <cmath>
#include <map>
#include <numbers>
#include <utility>

#include "covariate.hpp"
#include "titrant/core/error.hpp"

namespace titrant::classifier {

namespace {

constexpr double pi = std::numbers::pi;

// The linear angles of preset `proposal` reach from 0 to pi over the trial: 50 .. 100 kg and 0 .. 10 mg.
constexpr double lowest_body_weight = 50.0;  // kg
constexpr double body_weight_range = 50.0;   // kg
constexpr double highest_dose = 10.0;        // mg

// Scales to unit norm; a vector without direction becomes the uniform state.
void normalise(std::span<double> amplitudes) {
  double squares = 0.0;
  for (const double amplitude : amplitudes) squares += amplitude * amplitude;
  if (squares == 0.0) {
    for (double& amplitude : amplitudes) amplitude = 1.0 / std::sqrt(static_cast<double>(amplitudes.size()));
    return;
  }
  const double norm = std::sqrt(squares);
  for (double& amplitude : amplitudes) amplitude /= norm;
}

bool amplitudes_depend_on_dose(Preset preset) { return preset == Preset::homogeneous; }

}  // namespace

std::vector<double> feature_angles(const Encoding& encoding, const Example& example) {
  const double comed = pi * covariate(example, "comed");
  switch (encoding.preset) {
    case Preset::exposure: {
      const double average = example.dose * example.profile->per_mg.average;
      return {2.0 * std::atan(average / encoding.reference_concentration), comed};
    }
    case Preset::homogeneous:
      return {comed};
    case Preset::proposal: {
      const double weight = (covariate(example, "body_weight") - lowest_body_weight) / body_weight_range;
      return {pi * weight, pi * example.dose / highest_dose, comed};
    }
  }
  throw ConfigError("this preset of the classifier does not exist");
}

std::vector<double> amplitudes(const Encoding& encoding, const Example& example) {
  const std::vector<double>& curve = example.profile->curve;
  std::vector<double> state;
  if (encoding.preset == Preset::homogeneous) {
    state.assign(2 * curve.size(), 1.0);
    for (std::size_t i = 0; i < curve.size(); ++i)
      state[i] = example.dose * curve[i] / encoding.reference_concentration;
  } else {
    state.assign(curve.size(), 0.0);
    if (example.dose > 0.0) state = curve;
  }
  normalise(state);
  return state;
}

EncodedExamples::EncodedExamples(const Encoding& encoding, std::span<const Example> examples) {
  rows_.reserve(examples.size());
  std::map<std::pair<const Profile*, bool>, std::size_t>
      known;  // where the amplitudes of a profile (and placebo) begin
  for (const Example& example : examples) {
    TITRANT_EXPECTS(example.profile != nullptr && example.dose >= 0.0);
    const std::vector<double> angles = feature_angles(encoding, example);
    features_ = angles.size();
    angles_.insert(angles_.end(), angles.begin(), angles.end());
    const std::size_t points = example.profile->curve.size();
    const std::size_t count = encoding.preset == Preset::homogeneous ? 2 * points : points;
    std::size_t begin = amplitudes_.size();
    if (!amplitudes_depend_on_dose(encoding.preset)) {
      begin = known.try_emplace({example.profile, example.dose > 0.0}, begin).first->second;
    }
    if (begin == amplitudes_.size()) {
      const std::vector<double> state = amplitudes(encoding, example);
      amplitudes_.insert(amplitudes_.end(), state.begin(), state.end());
    }
    rows_.push_back({points, begin, count});
  }
}

quantum::Input EncodedExamples::input(std::size_t place) const {
  const Row& row = rows_[place];
  return {std::span(amplitudes_).subspan(row.begin, row.count),
          std::span(angles_).subspan(place * features_, features_)};
}

}  // namespace titrant::classifier
