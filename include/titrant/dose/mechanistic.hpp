#pragma once

#include <cstddef>
#include <functional>
#include <string_view>
#include <vector>

#include "titrant/dose/attainment.hpp"
#include "titrant/dose/decision.hpp"
#include "titrant/dose/endpoint.hpp"
#include "titrant/dose/outcomes.hpp"

namespace titrant::dose {

/// How answers call the fitted model itself.
inline constexpr std::string_view mechanistic_method = "mechanistic";

/// The same of the fitted model without its variability between occasions (without_occasions).
inline constexpr std::string_view no_occasions_method = "mechanistic_no_occasions";

/// How often a direct look at the outcome of a dose contradicted the subject's range of successful doses.
struct MonotonicityCheck {
  std::size_t subjects = 0;    ///< looked at: every 64th
  std::size_t outcomes = 0;    ///< doses of these subjects that were looked at: every fifth of the grid
  std::size_t violations = 0;  ///< outcomes that the range does not predict
};

/// Ranges of successful doses of the subjects of one panel that this rank worked on, for the store. `from` is the
/// minimum effective dose of a subject where success rises with the dose.
struct LocalSuccessRanges {
  parallel::Block subjects;
  std::vector<std::vector<double>> from;  ///< [endpoint][subject], unit of the regimen's doses; see DoseRange
  std::vector<std::vector<double>> to;    ///< likewise
};

/// Target attainment by the fitted model itself: the share of a cohort that succeeds on a dose.
struct MechanisticAttainment {
  std::vector<std::vector<Attainment>> attainment;    ///< [panel][endpoint]; mean and indicator rule agree
  std::vector<std::vector<MonotonicityCheck>> check;  ///< [panel][endpoint]
  std::vector<LocalSuccessRanges> local;              ///< [panel]; empty unless kept
  /// [panel][dose] the share of the cohort whom the dose leaves without a periodic steady state, for more enters than
  /// saturable elimination takes. Such a dose counts as one with concentrations beyond all bounds.
  std::vector<std::vector<double>> without_steady_state = {};
};

/// Ranges of successful doses of a whole cohort, counted on the grids of the panels. Outcomes are integers, so
/// attainment is an exact share. Memory is bounded by the number of work units, not by the cohort, unless `keep` asks
/// for the ranges. The predictors of `cohort` are not used. Collective; the same on any number of ranks. Throws as
/// Cohort does, and ConfigError naming an endpoint of the biomarker where `cohort.models` has no model of it.
MechanisticAttainment mechanistic(const parallel::Communicator& ranks, const CohortView& cohort,
                                  const std::vector<Panel>& panels, const std::vector<ResolvedEndpoint>& endpoints,
                                  bool keep, const std::function<void(std::size_t, std::size_t)>& progress = {});

/// The decisions of the method "mechanistic", or of another name: for every question whose panel and endpoint are among
/// these, by both rules.
std::vector<Decision> mechanistic_decisions(const std::vector<Panel>& panels,
                                            const std::vector<ResolvedEndpoint>& endpoints,
                                            const MechanisticAttainment& found,
                                            const std::vector<protocol::Question>& questions,
                                            std::string_view method = mechanistic_method);

/// Fills without_steady_state of decisions, whoever made them, about endpoints at steady state on these panels: the
/// share at the dose that answers, of a window at its last dose.
void add_without_steady_state(std::vector<Decision>& decisions, const std::vector<Panel>& panels,
                              const std::vector<ResolvedEndpoint>& endpoints, const MechanisticAttainment& found);

/// Compares outcomes with what a range predicts, at the given doses; adds to `check`.
/// \param succeeds_at  the outcome by its definition
void check_monotonicity(const std::function<bool(double)>& succeeds_at, const DoseRange& range,
                        const std::vector<double>& doses, MonotonicityCheck& check);

}  // namespace titrant::dose
