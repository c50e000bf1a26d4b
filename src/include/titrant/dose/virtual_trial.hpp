#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "titrant/classifier/example.hpp"
#include "titrant/dose/cohort.hpp"
#include "titrant/dose/endpoint.hpp"
#include "titrant/parallel/communicator.hpp"

namespace titrant::dose {

/// Whom a virtual trial enrols, and what they are given: subject i is on regimen i modulo their number R, and of
/// population i / R modulo theirs. Doses are among those of the regimen, or between them.
struct VirtualTrialOptions {
  std::size_t subjects = 2000;
  std::vector<VirtualPopulation> populations;  ///< at least one
  std::vector<protocol::Regimen> regimens;     ///< at least one
  std::size_t points = 0;                      ///< of a curve C(t); 0: by the length of the window
};

/// Simulated subjects with their outcome, to learn from. Not to be copied: the examples point into `profiles`.
struct VirtualTrial {
  std::vector<classifier::Profile> profiles;
  classifier::LabelledExamples labelled;  ///< one example per subject

  VirtualTrial() = default;
  VirtualTrial(VirtualTrial&&) = default;
  VirtualTrial& operator=(VirtualTrial&&) = default;
  VirtualTrial(const VirtualTrial&) = delete;
  VirtualTrial& operator=(const VirtualTrial&) = delete;
  ~VirtualTrial() = default;
};

/// Simulates a trial from fitted models and labels every subject by the endpoint. Collective; all ranks get all of it,
/// with the same bits on any number of them. Throws ConfigError where the endpoint is of a biomarker that has no model.
/// `replicate` numbers the virtual trial: two of a run share no random numbers.
VirtualTrial virtual_trial(const parallel::Communicator& ranks, const PopulationModels& models,
                           const VirtualTrialOptions& options, const ResolvedEndpoint& endpoint, std::uint64_t seed,
                           std::uint64_t replicate);

}  // namespace titrant::dose
