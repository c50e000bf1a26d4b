#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "titrant/pkpd/biomarker_population.hpp"
#include "titrant/pkpd/population.hpp"
#include "titrant/protocol/protocol.hpp"
#include "titrant/trial/trial.hpp"

namespace titrant::trial {

/// What a simulated trial looks like: by default that of the Phase 1 trial of the proposal (section 2).
struct TrialDesign {
  std::vector<double> dose_groups = {0.0, 1.0, 3.0, 10.0};  ///< mg
  int subjects_per_group = 12;
  double interval = 24.0;  ///< h
  int doses = 21;
  std::vector<double> concentration_times;  ///< h
  std::vector<double> biomarker_times;      ///< h
  double weight_from = 50.0;                ///< kg, uniform
  std::string half;          ///< covariate that is 0 in the first half of each group and 1 in the others; empty: none
  double weight_to = 100.0;  ///< kg
};

/// The truth behind the embedded synthetic trial: parameters of its own, not those of any real trial.
TrialDesign default_design();
pkpd::PopulationModel default_population();
pkpd::BiomarkerPopulation default_biomarker();

/// What is asked of the embedded trial: the question of the proposal (section 5).
protocol::Protocol default_protocol();

/// Simulates a trial. Subjects are numbered from 1 through the groups; the covariate `half` of the
/// design is 0 in the first half of each group and 1 in the rest; weights are whole kilograms. A dose of 0 is placebo:
/// no doses, no concentrations. Measured values have normal errors with the variance of their error model, are drawn
/// again where they would not be positive (which shifts the mean of values near zero upwards), and have six significant
/// digits. Times of the design ascend. Depends on the seed and its arguments alone; each subject has streams of its own
/// for weight, etas and errors, so that other times or more groups leave them as they were.
Trial simulate_trial(const TrialDesign& design, const pkpd::PopulationModel& population,
                     const pkpd::BiomarkerPopulation& biomarker, std::uint64_t seed);

/// The embedded trial: simulate_trial with the defaults above.
Trial synthetic_trial(std::uint64_t seed);

}  // namespace titrant::trial
