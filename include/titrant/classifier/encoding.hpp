#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "titrant/classifier/example.hpp"
#include "titrant/classifier/options.hpp"
#include "titrant/quantum/evaluator.hpp"

namespace titrant::classifier {

/// How an example becomes amplitudes and feature angles. Equations in README.md of src/classifier.
struct Encoding {
  Preset preset = Preset::exposure;
  double reference_concentration = 3.0;  ///< ng/mL (c_ref), > 0
  CurveInput curve = CurveInput::exposure;
};

/// The one side qubit that depends on the dose; all others hold covariates.
std::size_t dose_side(Preset preset);

/// Where a side qubit points: cosine and sine of its angle. cos^2 and sin^2 of half the angle, the probabilities of its
/// values, are (1 +- cosine) / 2.
struct Direction {
  double cosine = 1.0;
  double sine = 0.0;
};

/// What the side qubits of one person hold at any dose: all that a dose grid needs beside the normalised curve.
class PersonSides {
 public:
  /// Throws DataError where a covariate is missing.
  PersonSides(const Encoding& encoding, const Profile& profile);

  std::size_t size() const { return size_; }

  /// Of an amplitude side, the cosine is the difference of the squared norms of its blocks 0 and 1, and the sine not
  /// defined.
  Direction direction(std::size_t side, double dose) const;

  /// The angles of the sides that are rotated, rad, in their order.
  std::vector<double> angles(double dose) const;

 private:
  enum class Dependence {
    none,        ///< angle = value
    linear,      ///< angle = value dose
    saturating,  ///< angle = 2 atan(value dose)
    blocks       ///< no angle: block 0 has (value dose)^2 times the weight of block 1
  };
  struct SideOfPerson {
    Dependence dependence = Dependence::none;
    double value = 0.0;
  };

  std::array<SideOfPerson, 3> sides_;
  std::size_t size_ = 0;
};

/// What the feature angles of a preset tell of an example, in their order: average_concentration, dose, body_weight,
/// comed.
std::vector<std::string> feature_names(Preset preset);

/// Feature angles of an example, rad, in the order of the ansatz. Throws DataError where a covariate is missing.
std::vector<double> feature_angles(const Encoding& encoding, const Example& example);

/// The normalised curve that the data qubits hold at any dose but 0: C(t) / norm, or the uniform state for
/// CurveInput::uniform and for a curve that is 0 throughout.
void normalised_curve(const Encoding& encoding, const Profile& profile, std::span<double> state);

/// Amplitudes of an example, L2 norm 1: C(t) for presets exposure and proposal, [C(t) / c_ref ; 1] for homogeneous.
/// C = 0 has no direction: it becomes the uniform state.
std::vector<double> amplitudes(const Encoding& encoding, const Example& example);

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
