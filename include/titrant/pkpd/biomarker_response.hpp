#pragma once

#include <memory>
#include <span>

#include "titrant/pkpd/biomarker.hpp"
#include "titrant/pkpd/dosing.hpp"
#include "titrant/pkpd/occasions.hpp"
#include "titrant/pkpd/response_window.hpp"

namespace titrant::pkpd {

struct ResponseTable;
struct CourseOfDoses;

/// The biomarker of one subject on one course of doses, prepared for many doses and many biomarkers: C is proportional
/// to the dose, so C per mg is tabulated once, and R follows by exact variation of constants (relative error below
/// 1e-7, typically 1e-11). Under saturable elimination C is integrated and tabulated anew on every dose that is asked.
///
///     const BiomarkerResponse response(individual, {.interval = 24.0}, {.steady_state = true});
///     bool success = response.maximum(biomarker, dose) < threshold;
class BiomarkerResponse {
 public:
  /// \param course    how doses follow one another; at steady state loading doses are long forgotten
  /// \param sampling  h, ascending: within the interval (0: when a dose is taken) at steady state, else up to the end
  ///                  of the window, since the first dose
  BiomarkerResponse(const Individual& individual, const Course& course, const ResponseWindow& window,
                    std::span<const double> sampling = {});

  /// The same of a subject whose parameters change with every dose; sampling times at steady state are those of the
  /// judged interval. R of a direct effect at the time of a dose within a window is that before the change.
  BiomarkerResponse(const OccasionIndividual& individual, const Course& course, const ResponseWindow& window,
                    std::span<const double> sampling = {});
  ~BiomarkerResponse();
  BiomarkerResponse(BiomarkerResponse&& other) noexcept;
  BiomarkerResponse& operator=(BiomarkerResponse&& other) noexcept;

  /// The largest R over the whole window in ng/mL, between sampling times too. The dose is in mg, >= 0; loading doses
  /// are their factor times it. Infinite where a full inhibition of loss leaves no steady state. On a dose that
  /// saturable elimination has no steady state of, R is that of the full effect (with tolerance, a precursor or a
  /// moving baseline that of the largest dose with a steady state). The clock of a moving baseline begins with the
  /// first dose; at steady state doses are taken at its 0. Throws NumericalError where a parameter of the biomarker is
  /// not positive and finite, an inhibition exceeds 1, or rate or hill are too large to be followed; ConfigError where
  /// a steady state is asked for that the baseline does not have (has_steady_state).
  double maximum(const Biomarker& biomarker, double dose) const;

  /// The smallest R likewise.
  double minimum(const Biomarker& biomarker, double dose) const;

  /// R at the sampling times, ng/mL.
  void at_samples(const Biomarker& biomarker, double dose, std::span<double> values) const;

 private:
  std::unique_ptr<const ResponseTable> table_;       ///< none: elimination is saturable
  std::unique_ptr<const CourseOfDoses> with_doses_;  ///< what tables are made of then
};

}  // namespace titrant::pkpd
