#pragma once

#include <cstdint>
#include <vector>

#include "titrant/core/stream.hpp"
#include "titrant/pkpd/biomarker_population.hpp"
#include "titrant/pkpd/population.hpp"
#include "titrant/trial/trial.hpp"

namespace titrant::nlme {

/// Streams of the random numbers of one simulated subject: sub-units 0 (etas of the PK), 1 (etas of the biomarker), 2
/// (errors of concentrations) and 3 (errors of biomarker values) of (seed, purpose, unit).
struct SubjectStreams {
  std::uint64_t seed = 0;
  core::Purpose purpose{};
  std::uint64_t unit = 0;
};

/// What is drawn for a subject.
enum class Variability {
  all,     ///< etas and residual errors
  typical  ///< neither: the subject is the typical one of its covariates, and is measured without error
};

/// One simulated observation, in the units of its kind.
struct SimulatedValue {
  double value = 0.0;       ///< as measured
  double individual = 0.0;  ///< prediction of the subject's own parameters (IPRED)
  double population = 0.0;  ///< prediction at the typical parameters of its covariates, all etas 0 (PRED)
};

/// Observations of one subject, in the order of the subject.
struct SimulatedSubject {
  std::vector<SimulatedValue> concentrations;
  std::vector<SimulatedValue> biomarkers;  ///< empty without a model of them
};

/// Simulates the observations of a subject (covariates, doses, times; its own values are not looked at). Errors are
/// normal; values of observations without a limit of quantification are drawn again where they would not be positive,
/// those with one may be anything, for they are known only to be below it. `biomarker` may be null. Depends on streams
/// and arguments alone. Throws NumericalError naming the subject where a prediction is not finite, pkpd::NoSteadyState
/// where a steady-state record has none, DataError naming a covariate that is missing.
SimulatedSubject simulate_subject(const trial::Subject& subject, const pkpd::PopulationModel& pk,
                                  const pkpd::BiomarkerPopulation* biomarker, const SubjectStreams& streams,
                                  Variability variability);

}  // namespace titrant::nlme
