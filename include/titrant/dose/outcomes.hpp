#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <optional>
#include <vector>

#include "titrant/dose/cohort.hpp"
#include "titrant/dose/endpoint.hpp"
#include "titrant/pkpd/biomarker_response.hpp"
#include "titrant/pkpd/concentration_response.hpp"
#include "titrant/protocol/regimen.hpp"

namespace titrant::dose {

/// Range of doses in which success on a biomarker is sought; beyond it no dose is told from placebo or from infinity.
inline constexpr double smallest_dose = 1e-9;
inline constexpr double largest_dose = 1e9;

/// The doses on which a subject succeeds: exactly from <= dose < to. From 0: already on placebo; to infinity: on every
/// dose. Where `from` is not below `to` there is no such dose.
struct DoseRange {
  double from = 0.0;
  double to = std::numeric_limits<double>::infinity();

  bool holds(double dose) const { return dose >= from && dose < to; }
  bool empty() const { return !(from < to); }
  bool operator==(const DoseRange&) const = default;
};

inline DoseRange intersection(const DoseRange& a, const DoseRange& b) {
  return {std::max(a.from, b.from), std::min(a.to, b.to)};
}

/// Several endpoints on one regimen, with what they share worked out once: endpoints of equal window share the course
/// of a subject, and equal limits are answered once. Refer to it from many subjects.
class EndpointSet {
 public:
  /// Expects endpoints made by resolve().
  EndpointSet(protocol::Regimen regimen, std::vector<ResolvedEndpoint> endpoints);

  /// How one course of the biomarker or of the concentration is looked at.
  struct View {
    protocol::Quantity of;
    pkpd::ResponseWindow window;
    std::vector<double> times;  ///< sampling times, h; empty where only the whole window matters
  };

  /// One limit of an endpoint: all values that it looks at are below it, or all are above it.
  struct Condition {
    std::size_t view = 0;
    protocol::Values values = protocol::Values::latent;
    bool at_trough = false;
    bool below = true;
    bool of_change = false;  ///< the limit is a change from the subject's baseline, as a fraction of it
    double limit = 0.0;

    bool operator==(const Condition&) const = default;
  };

  const protocol::Regimen& regimen() const { return regimen_; }
  const std::vector<ResolvedEndpoint>& endpoints() const { return endpoints_; }
  const std::vector<View>& views() const { return views_; }
  const std::vector<Condition>& conditions() const { return conditions_; }
  /// The conditions that must all hold for endpoint `k`, as places in conditions().
  const std::vector<std::size_t>& conditions_of(std::size_t k) const { return conditions_of_[k]; }

 private:
  std::size_t view_of(const protocol::Endpoint& part);
  std::vector<std::size_t> conditions_of(const protocol::Endpoint& part);

  protocol::Regimen regimen_;
  std::vector<ResolvedEndpoint> endpoints_;
  std::vector<View> views_;
  std::vector<Condition> conditions_;
  std::vector<std::vector<std::size_t>> conditions_of_;  ///< [endpoint]
};

/// What becomes of one subject, dose by dose. Doses are those of the regimen: a subject is given its own amount of them
/// (Regimen::dose_factor). The exposure of the subject is worked out once. Where the subject's occasions differ each
/// dosing interval is one, on every dose the same.
///
///     const EndpointSet endpoints(regimen, resolve(protocol.endpoints, lowers));
///     const Outcomes outcomes(subject, endpoints);
///     outcomes.succeeds(0, 10.0) == outcomes.success_range(0).holds(10.0);
class Outcomes {
 public:
  /// Both must outlive the outcomes. Throws DataError where the subject has fewer errors than an endpoint has sampling
  /// times (a longer list serves by its first ones), or where its amount cannot be told.
  Outcomes(const VirtualSubject& subject, const EndpointSet& endpoints);

  /// Whether the subject meets endpoint `k` on a dose (0: placebo). This is the definition of success. With X the
  /// biomarker or the concentration and L a limit (of a change: baseline (1 + change)):
  ///
  /// - latent: X(t) < L (above: X(t) > L) for every t of the window; at trough for that t alone;
  /// - measured: X(t_j) + sd(X(t_j)) error_j < L (> L) at every sampling time, sd^2 the residual variance at X. The
  ///   errors are the same for every dose.
  ///
  /// Where an endpoint has several limits or parts all must hold.
  bool succeeds(std::size_t k, double dose) const;

  /// The doses that meet endpoint `k`; of a biomarker that rebounds, the lowest of them in a row
  /// (pkpd::rebounds). Elsewhere, at every instant X is monotone in the dose, and X + sd(X) error is monotone in X
  /// where it is positive, hence each limit holds from one dose on, or below one dose, and an endpoint between the
  /// largest and the smallest of these.
  ///
  /// Of concentrations the range is a quotient; of the biomarker it is sought (relative accuracy 1e-8, three to four
  /// evaluations of the course; dose_solver.hpp in the sources). Under saturable elimination that of concentrations is
  /// sought as well (relative accuracy 1e-9), for C follows anew on every dose.
  DoseRange success_range(std::size_t k) const;

 private:
  bool holds(const EndpointSet::Condition& condition, double dose) const;
  DoseRange range_of(const EndpointSet::Condition& condition) const;
  DoseRange concentration_range(const EndpointSet::Condition& condition) const;
  DoseRange saturable_range(const EndpointSet::Condition& condition) const;
  /// C on a dose over a view of the concentration, per unit of it; none: C has no bound on such a dose.
  std::optional<pkpd::ConcentrationResponse> exposure_on(std::size_t view, double dose) const;
  DoseRange biomarker_range(const EndpointSet::Condition& condition) const;
  double limit_of(const EndpointSet::Condition& condition) const;

  const VirtualSubject& subject_;
  const EndpointSet& endpoints_;
  pkpd::Individual individual_;  ///< per unit of the regimen's dose
  /// [view] the same on the occasions that the view depends on; none: they do not differ
  std::vector<std::optional<pkpd::OccasionIndividual>> occasions_;
  std::vector<std::optional<pkpd::BiomarkerResponse>> responses_;  ///< [view], those of the biomarker
  /// [view], those of the concentration; under saturable elimination its limit for small doses
  std::vector<std::optional<pkpd::ConcentrationResponse>> exposure_;
  mutable std::vector<std::optional<DoseRange>> ranges_;  ///< [condition], those that were asked
};

}  // namespace titrant::dose
