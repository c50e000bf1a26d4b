#pragma once

#include <cstddef>
#include <functional>
#include <string_view>
#include <vector>

#include "titrant/dose/criterion.hpp"
#include "titrant/dose/decision.hpp"
#include "titrant/dose/pass_rate.hpp"

namespace titrant::dose {

/// How answers call the fitted model itself.
inline constexpr std::string_view mechanistic_method = "mechanistic";

/// How often a direct look at the outcome of a dose contradicted the person's critical dose.
struct MonotonicityCheck {
  std::size_t subjects = 0;    ///< looked at: every 64th
  std::size_t outcomes = 0;    ///< doses of these subjects that were looked at: every fifth of the grid
  std::size_t violations = 0;  ///< outcomes that the critical dose does not predict
};

/// Critical doses of the people of one panel that this rank worked on, for the store.
struct LocalCriticalDoses {
  parallel::Block subjects;
  std::vector<std::vector<double>> dose;  ///< [criterion][subject], mg; see Outcomes::critical_dose
};

/// Pass rates by the fitted model itself: the share of a cohort whose critical dose a dose reaches.
struct MechanisticRates {
  std::vector<std::vector<PassRates>> rates;          ///< [panel][criterion]; mean and indicator rule agree
  std::vector<std::vector<MonotonicityCheck>> check;  ///< [panel][criterion]
  std::vector<LocalCriticalDoses> local;              ///< [panel]; empty unless kept
};

/// Critical doses of a whole cohort, counted on the grids of the panels. Outcomes are integers, so pass rates are exact
/// shares. Memory is bounded by the number of work units, not by the cohort, unless `keep` asks for the critical doses.
/// `cohort.models` needs a biomarker model; its predictors are not used. Collective; the same on any number of ranks.
MechanisticRates mechanistic(const parallel::Communicator& ranks, const CohortView& cohort,
                             const std::vector<Panel>& panels, const std::vector<Criterion>& criteria, bool keep,
                             const std::function<void(std::size_t, std::size_t)>& progress = {});

/// The decisions of the method "mechanistic", by criterion, panel, target and rule.
std::vector<Decision> mechanistic_decisions(const std::vector<Panel>& panels, const std::vector<Criterion>& criteria,
                                            const MechanisticRates& found, const std::vector<double>& targets);

/// Compares outcomes with what a critical dose predicts, at the given doses; adds to `check`.
/// \param succeeds_at  the outcome by its definition  \param lowers  whether success is from the critical dose on
void check_monotonicity(const std::function<bool(double)>& succeeds_at, double critical, bool lowers,
                        const std::vector<double>& doses, MonotonicityCheck& check);

}  // namespace titrant::dose
