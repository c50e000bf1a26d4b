#pragma once

#include <memory>
#include <span>

#include "titrant/pkpd/biomarker.hpp"
#include "titrant/pkpd/exposure.hpp"

namespace titrant::pkpd {

struct ResponseTable;

/// When a biomarker is judged.
struct ResponseWindow {
  /// The whole dosing interval at periodic steady state; else [from, to] in h since the first dose of a course that
  /// starts at the baseline, with doses at 0, interval, 2 interval, ... up to `to`.
  bool steady_state = true;
  double from = 480.0;
  double to = 504.0;  ///< above `from`
};

/// The biomarker of one person on one kind of regimen, prepared for many doses and many biomarkers: C is proportional
/// to the dose, so C per mg is tabulated once, and R follows by exact variation of constants (relative error below
/// 1e-7, typically 1e-11).
///
///     const BiomarkerResponse response(individual, 24.0, {.steady_state = true});
///     bool success = response.maximum(biomarker, dose) < threshold;
class BiomarkerResponse {
 public:
  /// \param interval  h between doses
  /// \param sampling  h, ascending: within the interval (0: when a dose is taken) at steady state, else within the
  ///                  window, since the first dose
  BiomarkerResponse(const Individual& individual, double interval, const ResponseWindow& window,
                    std::span<const double> sampling = {});
  ~BiomarkerResponse();
  BiomarkerResponse(BiomarkerResponse&& other) noexcept;
  BiomarkerResponse& operator=(BiomarkerResponse&& other) noexcept;

  /// The largest R over the whole window in ng/mL, between sampling times too. The dose is in mg, >= 0.
  /// Infinite where a full inhibition of loss leaves no steady state. Throws NumericalError where a parameter of the
  /// biomarker is not positive and finite, an inhibition exceeds 1, or rate or hill are too large to be followed.
  double maximum(const Biomarker& biomarker, double dose) const;

  /// R at the sampling times, ng/mL.
  void at_samples(const Biomarker& biomarker, double dose, std::span<double> values) const;

 private:
  std::unique_ptr<const ResponseTable> table_;
};

}  // namespace titrant::pkpd
