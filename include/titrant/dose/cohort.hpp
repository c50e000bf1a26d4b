#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "titrant/core/stream.hpp"
#include "titrant/dose/occasions.hpp"
#include "titrant/pkpd/biomarker_population.hpp"
#include "titrant/pkpd/occasions.hpp"
#include "titrant/pkpd/population.hpp"
#include "titrant/protocol/population.hpp"
#include "titrant/protocol/regimen.hpp"

namespace titrant::dose {

/// The fitted models that subjects are drawn from.
struct PopulationModels {
  const pkpd::PopulationModel* pk = nullptr;
  const pkpd::BiomarkerPopulation* biomarker = nullptr;  ///< null: none, subjects then have exposure only
};

/// A population with the rows that it is resampled from.
struct VirtualPopulation {
  protocol::Population definition;
  /// The covariates of one subject each, those that meet `where` alone; empty where distributions are given.
  std::vector<pkpd::Covariates> rows;
};

/// How many residual errors a subject is given, of each kind.
struct ErrorCounts {
  std::size_t biomarker = 0;
  std::size_t concentration = 0;
};

struct VirtualSubject {
  pkpd::Covariates covariates;
  pkpd::Individual individual;  ///< with all kappas 0
  pkpd::Biomarker biomarker;
  pkpd::ErrorModel biomarker_error;          ///< the subject's own
  std::vector<double> biomarker_errors;      ///< standard normal, one per sampling time; the same for every dose
  pkpd::ErrorModel concentration_error;      ///< likewise
  std::vector<double> concentration_errors;  ///< likewise
  SubjectOccasions occasions = {};
};

/// The parameters of a subject whose concentrations are per unit of the regimen's dose: the amount that the subject is
/// given for a dose of 1 (per kg, by bands) is part of its concentration scale. Throws DataError as
/// Regimen::dose_factor.
pkpd::Individual per_unit_dose(const VirtualSubject& subject, const protocol::Regimen& regimen);

/// The same on the occasions that a window depends on (pkpd::occasion_intervals). Expects occasions that differ.
/// \param biomarker  whose memory counts besides; null: concentrations alone
pkpd::OccasionIndividual per_unit_dose(const VirtualSubject& subject, const protocol::Regimen& regimen,
                                       const pkpd::ResponseWindow& window, const pkpd::Biomarker* biomarker = nullptr);

/// Throws DataError naming population, covariate, what needs it and the line to write, where the population does not
/// supply the covariate to every subject.
/// \param needed_by  "clearance", "the dose of the regimen by_weight": begins a sentence about what depends on it
void require_supplied(const VirtualPopulation& population, const std::string& covariate, const std::string& needed_by);

/// The same of the covariates that a regimen's amounts depend on.
void require_supplied(const VirtualPopulation& population, const protocol::Regimen& regimen);

/// The name of a stream of a subject that a virtual trial draws its dose from; no cohort uses it for anything else.
inline constexpr std::string_view dose_stream = "dose";

/// The subjects of a population, by number. Every covariate, every random effect and every kind of residual error has a
/// random stream of its own, keyed by its name (core::name_key): adding one changes nobody else's numbers. The same
/// number has the same random numbers in every population, so populations differ by their definition and not by chance.
/// Where the PK model has variability between occasions, each dosing interval is one (SubjectOccasions).
///
///     const Cohort cohort(population, models, seed, {.biomarker = 5});
///     const VirtualSubject subject = cohort.subject(17);
class Cohort {
 public:
  /// `population` and the models must outlive the cohort.
  /// \param errors   residual errors of each subject
  /// \param purpose  whom the random numbers are for
  /// Throws DataError where a fitted model depends on a covariate that the population does not supply, or where rows
  /// are to be resampled and there are none; ConfigError where no such correlations exist, or where two names have the
  /// same key.
  Cohort(const VirtualPopulation& population, const PopulationModels& models, std::uint64_t seed,
         ErrorCounts errors = {}, core::Purpose purpose = core::Purpose::cohort);

  VirtualSubject subject(std::uint64_t index) const;

 private:
  core::Stream stream(std::uint64_t index, std::uint32_t key) const { return {seed_, purpose_, index, key}; }
  pkpd::Covariates covariates(std::uint64_t index) const;
  double uniform_of(std::uint64_t index, std::size_t covariate) const;
  std::vector<double> normals(std::uint64_t index, const std::vector<std::uint32_t>& effects) const;
  pkpd::ErrorModel own_error(std::uint64_t index, std::string_view model, const pkpd::ErrorModel& error) const;
  std::vector<double> errors(std::uint64_t index, std::uint32_t key, std::size_t count) const;

  const VirtualPopulation& population_;
  PopulationModels models_;
  std::uint64_t seed_;
  ErrorCounts errors_;
  core::Purpose purpose_;
  std::vector<std::uint32_t> covariate_keys_;         ///< [covariate]
  std::vector<double> correlation_factor_;            ///< [covariate][covariate]; see protocol::correlation_factor
  std::vector<std::uint32_t> pk_effects_;             ///< key of each random effect
  std::vector<std::uint32_t> biomarker_effects_;      ///< likewise
  std::shared_ptr<const OccasionStreams> occasions_;  ///< null: the PK model has no variability between them
};

}  // namespace titrant::dose
