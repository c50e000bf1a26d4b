#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "titrant/classifier/example.hpp"
#include "titrant/dose/criterion.hpp"
#include "titrant/dose/scenario.hpp"
#include "titrant/parallel/communicator.hpp"

namespace titrant::dose {

/// A regimen with the doses that answers are sought among.
struct RegimenDoses {
  RegimenKind regimen;
  std::vector<double> doses;  ///< mg, ascending, > 0
};

/// Whom a virtual trial enrols.
struct VirtualTrialOptions {
  std::size_t subjects = 2000;
  double body_weight_from = 50.0;      ///< kg, uniform
  double body_weight_to = 140.0;       ///< kg
  double comed = 0.5;                  ///< share of people with co-medication
  std::vector<RegimenDoses> regimens;  ///< taken in turn: subject i is on regimen i modulo their number
};

/// Simulated people with their outcome, to learn from. Not to be copied: the examples point into `profiles`.
struct VirtualTrial {
  std::vector<classifier::Profile> profiles;
  classifier::LabelledExamples labelled;  ///< one example per person

  VirtualTrial() = default;
  VirtualTrial(VirtualTrial&&) = default;
  VirtualTrial& operator=(VirtualTrial&&) = default;
  VirtualTrial(const VirtualTrial&) = delete;
  VirtualTrial& operator=(const VirtualTrial&) = delete;
  ~VirtualTrial() = default;
};

/// Simulates a trial from fitted models and labels everybody by the criterion. Collective; all ranks get all of it,
/// with the same bits on any number of them. `models` needs a biomarker model (ConfigError otherwise). `replicate`
/// numbers the virtual trial: two of a run share no random numbers.
VirtualTrial virtual_trial(const parallel::Communicator& ranks, const PopulationModels& models,
                           const VirtualTrialOptions& options, const Criterion& criterion, std::uint64_t seed,
                           std::uint64_t replicate);

}  // namespace titrant::dose
