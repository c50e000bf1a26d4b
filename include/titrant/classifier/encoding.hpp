#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "titrant/classifier/example.hpp"
#include "titrant/classifier/options.hpp"
#include "titrant/quantum/input.hpp"

namespace titrant::classifier {

/// How an example becomes amplitudes and feature angles. Equations in README.md of src/classifier.
struct Encoding {
  Preset preset = Preset::exposure;
  double reference_concentration = 3.0;  ///< c_ref, > 0, in the trial's unit of concentration
  CurveInput curve = CurveInput::exposure;
  std::vector<CovariateInput> covariates = {};
  double highest_dose = 10.0;  ///< preset proposal: the dose of the angle pi, > 0
};

/// The encoding of a network with these options.
Encoding encoding_of(const ClassifierOptions& options);

/// The one auxiliary qubit that depends on the dose; all others hold covariates, in their order. It is the first; in
/// preset proposal it follows the first covariate.
std::size_t dose_auxiliary(const Encoding& encoding);

/// Where an auxiliary qubit points: cosine and sine of its angle. cos^2 and sin^2 of half the angle, the probabilities
/// of its values, are (1 +- cosine) / 2.
struct Direction {
  double cosine = 1.0;
  double sine = 0.0;
};

/// What the auxiliary qubits of one subject hold at any dose: all that a dose grid needs beside the normalised curve.
class AuxiliaryStates {
 public:
  /// Throws DataError where a covariate is missing.
  AuxiliaryStates(const Encoding& encoding, const Profile& profile);

  std::size_t size() const { return auxiliaries_.size(); }

  /// Of an amplitude qubit, the cosine is the difference of the squared norms of its blocks 0 and 1, and the sine not
  /// defined.
  Direction direction(std::size_t auxiliary, double dose) const;

  /// The angles of the auxiliary qubits that are rotated, rad, in their order.
  std::vector<double> angles(double dose) const;

 private:
  enum class Dependence {
    none,        ///< angle = value
    linear,      ///< angle = value dose
    saturating,  ///< angle = 2 atan(value dose)
    blocks       ///< no angle: block 0 has (value dose)^2 times the weight of block 1
  };
  struct State {
    Dependence dependence = Dependence::none;
    double value = 0.0;
  };
  static State dose_state(const Encoding& encoding, const Profile& profile);

  std::vector<State> auxiliaries_;
};

/// What the feature angles tell of an example, in their order: average_concentration, dose, or the name of an input
/// (input_names).
std::vector<std::string> feature_names(const Encoding& encoding);

/// Feature angles of an example, rad, in the order of the ansatz. Throws DataError where a covariate is missing.
std::vector<double> feature_angles(const Encoding& encoding, const Example& example);

/// Amplitudes that the data qubits have for a curve of so many points: as many; in preset device always 64.
std::size_t encoded_points(const Encoding& encoding, std::size_t curve_points);

/// The normalised curve that the data qubits hold at any dose but 0: C(t) / norm, or the uniform state for
/// CurveInput::uniform and for a curve that is 0 throughout. Preset device: means over equal parts of the curve, cut
/// to a matrix product state of bond dimension 2. `state`: [encoded_points].
void normalised_curve(const Encoding& encoding, const Profile& profile, std::span<double> state);

/// Amplitudes of an example, L2 norm 1: C(t) for presets exposure and proposal, [C(t) / c_ref ; 1] for homogeneous,
/// normalised_curve for device. C = 0 has no direction: it becomes the uniform state.
std::vector<double> amplitudes(const Encoding& encoding, const Example& example);

/// |<amplitudes | C(t) / norm>|^2, C(t) as means over encoded_points parts: what preset device loses by cutting; 1 in
/// all others.
double encoding_fidelity(const Encoding& encoding, const Example& example);

/// Examples packed for the evaluator. Curves that do not depend on the dose are normalised once per profile.
class EncodedExamples {
 public:
  EncodedExamples(const Encoding& encoding, std::span<const Example> examples);

  std::size_t size() const { return rows_.size(); }
  std::size_t points(std::size_t place) const { return rows_[place].points; }  ///< of C(t)
  quantum::Input input(std::size_t place) const;                               ///< a view into this object

 private:
  struct Row {
    std::size_t points;
    std::size_t begin;  ///< in amplitudes_
    std::size_t count;
  };
  std::vector<Row> rows_;
  std::vector<double> amplitudes_;
  std::vector<double> angles_;
  std::size_t features_ = 0;
};

}  // namespace titrant::classifier
