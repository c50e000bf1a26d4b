#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "titrant/classifier/example.hpp"
#include "titrant/classifier/options.hpp"
#include "titrant/quantum/evaluator.hpp"

namespace titrant::classifier {

/// How an example becomes amplitudes and feature angles. Equations in README.md of src/classifier.
struct Encoding {
  Preset preset = Preset::exposure;
  double reference_concentration = 3.0;  ///< ng/mL (c_ref), > 0
};

/// Feature angles of an example, rad, in the order of the ansatz. Throws DataError where a covariate is missing.
std::vector<double> feature_angles(const Encoding& encoding, const Example& example);

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
