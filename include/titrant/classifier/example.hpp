#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "titrant/pkpd/exposure.hpp"
#include "titrant/pkpd/population.hpp"

namespace titrant::classifier {

/// The exposure of one person over one dosing interval at steady state, per mg of dose: all that classifiers may know
/// of the pharmacokinetics. All doses of a person share it.
struct Profile {
  double interval = 24.0;        ///< h
  std::vector<double> curve;     ///< [64 daily, 128 weekly] C at the midpoints of the interval, ng/mL per mg
  pkpd::ExposureMetrics per_mg;  ///< auc, average, maximum, minimum per mg
  pkpd::Covariates covariates;   ///< body_weight, comed, ...
  pkpd::Individual individual;   ///< whose exposure this is: for classifiers that simulate the biomarker
};

/// Points of C(t) for a dosing interval: 64 up to 24 h, else 128 (proposal, section 4.1).
std::size_t curve_points(double interval);

/// The profile of a person; points = 64 for intervals up to 24 h, else 128 (proposal, section 4.1).
Profile profile(const pkpd::Individual& individual, const pkpd::Covariates& covariates, double interval);

/// A subject-regimen pair to be classified.
struct Example {
  const Profile* profile = nullptr;  ///< the owner keeps it alive
  double dose = 0.0;                 ///< mg; 0 for placebo
  std::uint64_t unit = 0;            ///< stable number: keys the random streams of shots
};

/// Examples with their labels; `group` tells the person, so that splits never tear one apart.
struct LabelledExamples {
  std::vector<Example> examples;
  std::vector<int> labels;         ///< 0/1
  std::vector<std::size_t> group;  ///< person

  std::size_t size() const { return examples.size(); }
  /// Those at the given places (repeats allowed, as in a bootstrap).
  LabelledExamples subset(std::span<const std::size_t> places) const;
};

}  // namespace titrant::classifier
