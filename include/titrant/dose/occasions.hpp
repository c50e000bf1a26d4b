#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "titrant/core/stream.hpp"
#include "titrant/pkpd/population.hpp"

namespace titrant::dose {

/// What the occasions of all subjects of a cohort are drawn from. Every parameter that varies between occasions has two
/// random streams in each subject: one for the dosing intervals of a course, counted from the first dose on, and one
/// for those at steady state, counted back from the judged one. So a longer course, a longer past or another parameter
/// changes no kappa that was there.
struct OccasionStreams {
  const pkpd::PopulationModel* model = nullptr;  ///< outlives all subjects
  std::uint64_t seed = 0;
  core::Purpose purpose{};
  std::vector<std::uint32_t> course_keys;  ///< [kappa]
  std::vector<std::uint32_t> steady_keys;  ///< [kappa]
};

/// The names of these streams, whose keys they are, [kappa].
std::vector<std::string> course_occasion_names(const pkpd::PopulationModel& model);
std::vector<std::string> steady_occasion_names(const pkpd::PopulationModel& model);

/// The PK parameters of a subject on its occasions, of which each dosing interval is one.
class SubjectOccasions {
 public:
  /// A subject who is the same on all occasions.
  SubjectOccasions() = default;
  SubjectOccasions(std::shared_ptr<const OccasionStreams> streams, std::uint64_t number, pkpd::Covariates covariates,
                   std::vector<double> etas);

  /// Whether occasions differ.
  bool differ() const { return streams_ != nullptr; }

  /// The parameters in the first `count` dosing intervals of a course. Expects occasions that differ.
  std::vector<pkpd::Individual> of_course(std::size_t count) const;

  /// Those of `count` intervals at steady state, the last of which is judged. Likewise.
  std::vector<pkpd::Individual> at_steady_state(std::size_t count) const;

 private:
  std::vector<pkpd::Individual> drawn(const std::vector<std::uint32_t>& keys, std::size_t count) const;

  std::shared_ptr<const OccasionStreams> streams_;  ///< null: occasions do not differ
  std::uint64_t number_ = 0;
  pkpd::Covariates covariates_;
  std::vector<double> etas_;
};

/// The same model with the same parameters on all occasions: all kappas are 0.
pkpd::PopulationModel without_occasions(pkpd::PopulationModel model);

}  // namespace titrant::dose
