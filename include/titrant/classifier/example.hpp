#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "titrant/pkpd/biomarker_response.hpp"
#include "titrant/pkpd/dosing.hpp"
#include "titrant/pkpd/exposure.hpp"
#include "titrant/pkpd/population.hpp"
#include "titrant/pkpd/varying.hpp"

namespace titrant::classifier {

/// The exposure that belongs to an outcome, per unit of dose: C(t) over what the outcome is judged on, the window of
/// the endpoint or one dosing interval at steady state. It is all that classifiers may know of the pharmacokinetics.
/// All doses of a regimen share it, unless elimination is saturable: then it is that of one dose.
struct Profile {
  pkpd::Course course;  ///< how the doses follow one another
  std::vector<double>
      curve;  ///< [curve_points] C at midpoints of equal parts of the window, in the trial's unit per unit of dose
  pkpd::ExposureMetrics per_mg;  ///< auc, average, maximum, minimum over the window, per unit of dose
  pkpd::Covariates covariates;   ///< those that are known, by name
  pkpd::Individual individual;   ///< whose exposure this is: for classifiers that simulate the biomarker
};

/// Points of C(t) over so many hours: `chosen`, or where that is 0, 64 up to 48 h and 128 above. Throws ConfigError
/// unless `chosen` is 0, 64, 128, 256 or 512.
std::size_t curve_points(double length, std::size_t chosen = 0);

/// How many points the profiles of a dosing interval (h) have.
std::size_t curve_points(double interval, const pkpd::ResponseWindow& window, std::size_t chosen = 0);

/// The profile of a subject on a course of doses: one dosing interval at periodic steady state, which loading doses do
/// not change, or a window of the course. Curves have curve_points(..., points) points.
/// \param dose  what it is the profile of, which matters under saturable elimination alone; 0: of small doses. A dose
///              that has no steady state has the profile of one just below those.
Profile profile(const pkpd::Individual& individual, const pkpd::Covariates& covariates, const pkpd::Course& course,
                const pkpd::ResponseWindow& window, std::size_t points = 0, double dose = 0.0);

/// The same of a subject whose parameters change with every dose (pkpd::occasion_intervals many intervals). At steady
/// state that is the judged interval.
Profile profile(const pkpd::OccasionIndividual& individual, const pkpd::Covariates& covariates,
                const pkpd::Course& course, const pkpd::ResponseWindow& window, std::size_t points = 0,
                double dose = 0.0);

/// What a subject took: its own records, and the regimen that they are counted as.
struct TakenDoses {
  std::span<const pkpd::Dose> records;
  pkpd::Regimen nominal;  ///< its dose is above 0
};

/// The profile of a subject's own history over [from, to] h: C(t) over the nominal dose, so that dose x profile is the
/// exposure that the subject had, whatever it took when.
/// \param covariates  those of the window
Profile profile(const pkpd::VaryingIndividual& individual, const pkpd::Covariates& covariates, const TakenDoses& taken,
                double from, double to, std::size_t points = 0);

/// A subject-regimen pair to be classified.
struct Example {
  const Profile* profile = nullptr;  ///< the owner keeps it alive
  double dose = 0.0;                 ///< mg; 0 for placebo
  std::uint64_t unit = 0;            ///< stable number: keys the random streams of shots
};

/// Examples with their labels; `group` tells the subject, so that splits never tear one apart.
struct LabelledExamples {
  std::vector<Example> examples;
  std::vector<int> labels;         ///< 0/1
  std::vector<std::size_t> group;  ///< subject

  std::size_t size() const { return examples.size(); }
  /// Those at the given places (repeats allowed, as in a bootstrap).
  LabelledExamples subset(std::span<const std::size_t> places) const;
};

}  // namespace titrant::classifier
