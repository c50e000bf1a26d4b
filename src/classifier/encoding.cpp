#include "titrant/classifier/encoding.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <numeric>
#include <utility>

#include "covariate.hpp"
#include "titrant/core/error.hpp"
#include "titrant/quantum/synthesis/matrix_product_state.hpp"

namespace titrant::classifier {

namespace {

using std::numbers::pi;

constexpr std::size_t device_points = 64;  // amplitudes of preset device: one for each state of its line of six qubits

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

double root_mean_square(std::span<const double> curve) {
  double squares = 0.0;
  for (const double value : curve) squares += value * value;
  return std::sqrt(squares / static_cast<double>(curve.size()));
}

}  // namespace

Encoding encoding_of(const ClassifierOptions& options) {
  return {options.preset, options.reference_concentration, options.curve, options.covariates, options.highest_dose};
}

std::size_t dose_auxiliary(const Encoding& encoding) {
  return encoding.preset == Preset::proposal && !encoding.covariates.empty() ? 1 : 0;
}

AuxiliaryStates::State AuxiliaryStates::dose_state(const Encoding& encoding, const Profile& profile) {
  switch (encoding.preset) {
    case Preset::exposure:
    case Preset::device:
      return {Dependence::saturating, profile.per_mg.average / encoding.reference_concentration};
    case Preset::homogeneous:
      return {Dependence::blocks, root_mean_square(profile.curve) / encoding.reference_concentration};
    case Preset::proposal:
      return {Dependence::linear, pi / encoding.highest_dose};
  }
  throw ConfigError("this preset of the classifier does not exist");
}

AuxiliaryStates::AuxiliaryStates(const Encoding& encoding, const Profile& profile) {
  auxiliaries_.reserve(encoding.covariates.size() + 1);
  for (const CovariateInput& one : encoding.covariates) {
    const double x = covariate(profile, one.name);
    const bool linear = encoding.preset == Preset::proposal && one.kind == CovariateInput::Kind::continuous;
    auxiliaries_.push_back({Dependence::none, linear ? pi * (x - one.low) / (one.high - one.low) : pi * one.input(x)});
  }
  auxiliaries_.insert(auxiliaries_.begin() + static_cast<std::ptrdiff_t>(dose_auxiliary(encoding)),
                      dose_state(encoding, profile));
}

Direction AuxiliaryStates::direction(std::size_t auxiliary, double dose) const {
  const auto& [dependence, value] = auxiliaries_[auxiliary];
  const double scaled = value * dose;
  if (dependence == Dependence::none) return {std::cos(value), std::sin(value)};
  if (dependence == Dependence::linear) return {std::cos(scaled), std::sin(scaled)};
  // cos(2 atan x) = (1 - x^2) / (1 + x^2), and the blocks of (x, 1) the other way round.
  const double square = scaled * scaled;
  if (dependence == Dependence::blocks) return {(square - 1.0) / (1.0 + square), 0.0};
  return {(1.0 - square) / (1.0 + square), 2.0 * scaled / (1.0 + square)};
}

std::vector<double> AuxiliaryStates::angles(double dose) const {
  std::vector<double> angles;
  for (const auto& [dependence, value] : auxiliaries_) {
    if (dependence == Dependence::none) angles.push_back(value);
    if (dependence == Dependence::linear) angles.push_back(value * dose);
    if (dependence == Dependence::saturating) angles.push_back(2.0 * std::atan(value * dose));
  }
  return angles;
}

std::vector<std::string> feature_names(const Encoding& encoding) {
  std::vector<std::string> names = input_names(encoding.covariates);
  const auto place = names.begin() + static_cast<std::ptrdiff_t>(dose_auxiliary(encoding));
  if (encoding.preset == Preset::exposure || encoding.preset == Preset::device)
    names.insert(place, "average_concentration");
  if (encoding.preset == Preset::proposal) names.insert(place, "dose");
  return names;
}

std::vector<double> feature_angles(const Encoding& encoding, const Example& example) {
  return AuxiliaryStates(encoding, *example.profile).angles(example.dose);
}

std::size_t encoded_points(const Encoding& encoding, std::size_t curve_points) {
  return encoding.preset == Preset::device ? device_points : curve_points;
}

void normalised_curve(const Encoding& encoding, const Profile& profile, std::span<double> state) {
  const std::vector<double>& curve = profile.curve;
  TITRANT_EXPECTS(state.size() == encoded_points(encoding, curve.size()) && curve.size() % state.size() == 0);
  const std::size_t together = curve.size() / state.size();
  std::fill(state.begin(), state.end(), 0.0);
  if (encoding.curve != CurveInput::uniform)
    for (std::size_t i = 0; i < curve.size(); ++i) state[i / together] += curve[i];
  normalise(state);
  if (encoding.preset == Preset::device) quantum::cut_bonds(state);
}

std::vector<double> amplitudes(const Encoding& encoding, const Example& example) {
  const std::vector<double>& curve = example.profile->curve;
  if (encoding.preset == Preset::homogeneous) {
    std::vector<double> state(2 * curve.size(), 1.0);
    const bool uniform = encoding.curve == CurveInput::uniform;
    const double level = uniform ? root_mean_square(curve) : 0.0;
    for (std::size_t i = 0; i < curve.size(); ++i)
      state[i] = example.dose * (uniform ? level : curve[i]) / encoding.reference_concentration;
    normalise(state);
    return state;
  }
  std::vector<double> state(encoded_points(encoding, curve.size()), 0.0);
  if (example.dose > 0.0) {
    normalised_curve(encoding, *example.profile, state);
  } else {
    normalise(state);
  }
  return state;
}

double encoding_fidelity(const Encoding& encoding, const Example& example) {
  if (encoding.preset != Preset::device || !(example.dose > 0.0)) return 1.0;
  Encoding whole = encoding;
  whole.preset = Preset::exposure;
  const std::vector<double> wanted = amplitudes(whole, example);
  const std::vector<double> held = amplitudes(encoding, example);
  const std::size_t together = wanted.size() / held.size();
  double overlap = 0.0;
  double squares = 0.0;
  for (std::size_t i = 0; i < held.size(); ++i) {
    const auto part = wanted.begin() + static_cast<std::ptrdiff_t>(i * together);
    const double mean = std::accumulate(part, part + static_cast<std::ptrdiff_t>(together), 0.0);
    overlap += held[i] * mean;
    squares += mean * mean;
  }
  return overlap * overlap / squares;
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
    const std::size_t points = encoded_points(encoding, example.profile->curve.size());
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
