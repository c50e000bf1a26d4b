#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "titrant/core/stream.hpp"
#include "titrant/pkpd/biomarker_population.hpp"
#include "titrant/pkpd/population.hpp"

namespace titrant::dose {

/// How body weights of a population are distributed over [body_weight_from, body_weight_to].
enum class BodyWeight {
  uniform,
  normal,  ///< normal, cut off at both ends
  trial    ///< those of the trial's subjects that lie within, each equally likely
};

/// A population to which doses are to be given (proposal, section 5.2).
struct ScenarioOptions {
  double body_weight_from = 50.0;  ///< kg
  double body_weight_to = 100.0;   ///< kg
  double comed = 0.5;              ///< share of people with co-medication
  BodyWeight body_weight = BodyWeight::uniform;
  double body_weight_mean = 75.0;  ///< kg, of the normal distribution before it is cut off
  double body_weight_sd = 12.0;    ///< kg, the same
};

/// How often a dose is taken.
struct RegimenKind {
  std::string name;  ///< daily, weekly
  double interval;   ///< h
};
inline const RegimenKind daily{"daily", 24.0};
inline const RegimenKind weekly{"weekly", 168.0};

/// The fitted models that people are drawn from.
struct PopulationModels {
  const pkpd::PopulationModel* pk = nullptr;
  const pkpd::BiomarkerPopulation* biomarker = nullptr;  ///< null: none, people then have exposure only
  std::vector<double> trial_weights;                     ///< kg, of the trial's subjects, for BodyWeight::trial
  /// Whether virtual people have the covariates body_weight and comed: not where the trial records none.
  bool with_body_weight = true;
  bool with_comed = true;
};

/// A virtual person.
struct VirtualSubject {
  pkpd::Covariates covariates;
  pkpd::Individual individual;
  pkpd::Biomarker biomarker;
  pkpd::ErrorModel error;      ///< of a measured biomarker value
  std::vector<double> errors;  ///< standard normal, one per sampling time; the same for every dose
};

/// Sub-units of a person's random streams.
enum class PersonStream : std::uint32_t { covariates_and_pk, biomarker, measurement_errors, dose };

/// The people of a scenario, by number. The same number has the same random numbers in every scenario, so scenarios
/// differ by their definition and not by chance; body weight, co-medication and PK come from one stream, PD and
/// measurement errors from one of their own each, so PK does not depend on whether there is a PD model.
///
///     const Population people(scenario, models, seed, criterion.sampling.size());
///     const VirtualSubject person = people.subject(17);
class Population {
 public:
  /// `models` must outlive the population.
  /// \param errors   measurement errors of each person
  /// \param purpose  whom the random numbers are for
  /// Throws DataError where no body weight of the trial lies in the range, or where a model depends on a covariate
  /// other than those that its people have.
  Population(const ScenarioOptions& scenario, const PopulationModels& models, std::uint64_t seed,
             std::size_t errors = 0, core::Purpose purpose = core::Purpose::cohort);

  VirtualSubject subject(std::uint64_t index) const;

 private:
  double body_weight(double uniform) const;

  ScenarioOptions scenario_;
  PopulationModels models_;
  std::uint64_t seed_;
  std::size_t errors_;
  core::Purpose purpose_;
  std::vector<double> weights_;  ///< ascending, of the trial
  double below_ = 0.0;           ///< share of the uncut normal distribution below the range
  double within_ = 1.0;          ///< and in it
};

}  // namespace titrant::dose
