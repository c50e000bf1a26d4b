#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "titrant/parallel/communicator.hpp"
#include "titrant/pkpd/biomarker_population.hpp"
#include "titrant/pkpd/population.hpp"
#include "titrant/protocol/endpoint.hpp"
#include "titrant/trial/trial.hpp"

namespace titrant::nlme {

/// The quantiles that a visual predictive check compares.
inline constexpr std::array<double, 3> check_quantiles = {0.05, 0.5, 0.95};

/// Observations of one dose group at one nominal time: their quantiles beside those of simulated trials.
struct CheckBin {
  double dose = 0.0;                  ///< mg, Subject::dose
  double time = 0.0;                  ///< h, median of the bin
  std::size_t count = 0;              ///< observations
  std::array<double, 3> observed{};   ///< quantiles of the observed values
  std::array<double, 3> simulated{};  ///< median over the simulated trials of the same quantile
  std::array<double, 3> lower{};      ///< its 5 %
  std::array<double, 3> upper{};      ///< and 95 %
};

/// How many of a dose group succeeded, beside what the model expects.
struct AttainmentCheck {
  std::string endpoint;
  double dose = 0.0;   ///< mg
  int observed = 0;    ///< successes
  int count = 0;       ///< subjects with a label
  double lower = 0.0;  ///< 5 % quantile of the simulated number of successes, a whole number
  double median = 0.0;
  double upper = 0.0;  ///< 95 %
};

/// Predictive checks of a fitted model by simulating the trial again: new random effects and residual errors for the
/// same subjects, doses and times (Holford 2005, PAGE 14, abstract 738; Post et al. 2008, J Pharmacokinet
/// Pharmacodyn 35:185).
struct PredictiveChecks {
  std::vector<CheckBin> concentration;      ///< by dose, then time
  std::vector<CheckBin> biomarker;          ///< empty where there is no biomarker model
  std::vector<AttainmentCheck> attainment;  ///< by endpoint, then dose
};

/// Simulates the trial `simulations` times. Values below a record's limit of quantification count as below everything
/// above it. Work is shared over the ranks by simulated trials; the same bits on any number of them. `biomarker` may be
/// null.
PredictiveChecks predictive_checks(const parallel::Communicator& ranks, const trial::Trial& trial,
                                   const pkpd::PopulationModel& pk, const pkpd::BiomarkerPopulation* biomarker,
                                   const std::vector<protocol::Endpoint>& endpoints, std::size_t simulations,
                                   std::uint64_t seed);

/// A trial of the same subjects (covariates, doses, sampling times) with values simulated from the models: normal
/// errors, drawn again where a value would not be positive; what is below the limit of its record is censored. Without
/// a biomarker model, biomarker values stay as they are. Depends on (seed, number, place of the subject) alone.
/// Throws NumericalError naming the subject where a prediction is not finite.
trial::Trial simulate_again(const trial::Trial& trial, const pkpd::PopulationModel& pk,
                            const pkpd::BiomarkerPopulation* biomarker, std::uint64_t seed, std::size_t number);

}  // namespace titrant::nlme
