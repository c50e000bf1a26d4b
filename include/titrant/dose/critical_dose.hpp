#pragma once

#include <cstddef>
#include <vector>

#include "titrant/dose/criterion.hpp"
#include "titrant/dose/scenario.hpp"
#include "titrant/pkpd/biomarker_response.hpp"

namespace titrant::dose {

/// Range of doses in which a critical dose is looked for (mg); beyond it no dose is told from placebo or from infinity.
inline constexpr double smallest_dose = 1e-9;
inline constexpr double largest_dose = 1e9;

/// Several criteria for the same regimen, with what they share worked out once: criteria of equal window share the
/// exposure of a person. Refer to it from many persons.
class Questions {
 public:
  Questions(double interval, std::vector<Criterion> criteria);

  /// How one course of the biomarker is looked at.
  struct View {
    pkpd::ResponseWindow window;
    std::vector<double> times;  ///< sampling times, h; empty where only the whole window matters
  };

  double interval() const { return interval_; }
  const std::vector<Criterion>& criteria() const { return criteria_; }
  const std::vector<View>& views() const { return views_; }
  /// The view that answers a criterion.
  std::size_t view_of(std::size_t criterion) const { return view_of_[criterion]; }

 private:
  double interval_;
  std::vector<Criterion> criteria_;
  std::vector<View> views_;
  std::vector<std::size_t> view_of_;
};

/// What becomes of one person, dose by dose. The exposure of the person is worked out once.
///
///     const Questions questions(24.0, {criterion});
///     const Outcomes outcomes(person, questions);
///     outcomes.passes(0, 10.0) == succeeds(person, outcomes.critical_dose(0), 10.0);
class Outcomes {
 public:
  /// Both must outlive the outcomes. Throws DataError where the person has fewer errors than a criterion has sampling
  /// times; a longer list serves by its first ones.
  Outcomes(const VirtualSubject& subject, const Questions& questions);

  /// Whether the person meets criterion `k` on `dose` mg (0: placebo). This is the definition of success:
  ///
  /// - latent: R(t) < threshold for every t of the window;
  /// - measured: R(t_j) + sd(R(t_j)) error_j < threshold at every sampling time, sd^2 the residual variance at R. The
  ///   errors are the same for every dose.
  bool passes(std::size_t k, double dose) const;

  /// The dose (mg) at which the outcome changes. At every instant the biomarker is monotone in the dose, and so is R +
  /// sd(R) error where it is positive, hence there is one such dose:
  ///
  /// - structures that lower the biomarker (pkpd::lowers): success exactly from this dose on. 0: success on placebo;
  ///   infinite: no dose up to largest_dose succeeds.
  /// - structures that raise it: success exactly below this dose. 0: failure on placebo; infinite: success on every
  /// dose
  ///   up to largest_dose.
  ///
  /// Relative accuracy 1e-8. Sought is the zero of the logit of the share of the full effect, less the logit of the
  /// share that is needed, over the logarithm of the dose: for a direct effect a straight line of slope `hill`, for the
  /// others nearly so. A secant from the dose whose average concentration would do takes three to four evaluations.
  double critical_dose(std::size_t k) const;

 private:
  const VirtualSubject& subject_;
  const Questions& questions_;
  std::vector<pkpd::BiomarkerResponse> responses_;  // [view]
};

/// Whether a dose succeeds, by the critical dose of a person.
inline bool succeeds(const VirtualSubject& subject, double critical_dose, double dose) {
  return (dose >= critical_dose) == pkpd::lowers(subject.biomarker.structure);
}

}  // namespace titrant::dose
