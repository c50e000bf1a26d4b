#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "titrant/dose/attainment.hpp"
#include "titrant/dose/decision.hpp"
#include "titrant/dose/endpoint.hpp"
#include "titrant/parallel/reason.hpp"

namespace titrant::dose {

/// The population models and classifiers of one replicate: drawn parameters, or fits of a resampled trial, and
/// classifiers trained by them, in the order of the cohort's predictors.
struct Replicate {
  pkpd::PopulationModel pk;
  std::optional<pkpd::BiomarkerPopulation> biomarker;
  std::vector<std::unique_ptr<classifier::Classifier>> classifiers;
};

/// Makes one replicate; called on one rank, serially. Throws NumericalError or DataError where it cannot be made (a fit
/// that failed): the replicate is then left out and counted, and the first such reason kept.
using MakeReplicate = std::function<Replicate(std::size_t replicate)>;

/// What replicates are evaluated on. The predictors of `cohort` tell the names and their order; its `size` is that of
/// each replicate's own cohort, whose subjects are others in every replicate, so that intervals are not shifted by the
/// luck of one small cohort.
struct ReplicatePlan {
  CohortView cohort;
  std::vector<Panel> panels;
  /// Answered by "mechanistic" too, and, where the model of `cohort` has occasions, without these; empty: by none.
  std::vector<ResolvedEndpoint> endpoints;
  std::size_t replicates = 0;
};

/// Who answers for which endpoint.
struct MethodName {
  std::string method;
  std::string endpoint;
  bool operator==(const MethodName&) const = default;
};

/// Target attainment over replicates.
struct ReplicateAttainment {
  /// Predictors, then "mechanistic" for each endpoint, then "mechanistic_no_occasions" where there are any.
  std::vector<MethodName> methods;
  std::vector<std::vector<std::vector<Attainment>>> attainment;  ///< [replicate][panel][method], those that were made
  parallel::Failures left_out;                                   ///< replicates that could not be made, and why
};

/// Evaluates all doses of all panels for every replicate. A work unit is one whole replicate, its making included.
/// Collective. Throws NumericalError with the first reason where no replicate could be made.
ReplicateAttainment replicate_attainment(const parallel::Communicator& ranks, const ReplicatePlan& plan,
                                         const MakeReplicate& make,
                                         const std::function<void(std::size_t, std::size_t)>& progress = {});

/// Fills the intervals, probability_of_target and interval_source of those decisions whose method, endpoint and panel
/// the replicates know. A replicate without an answer counts as above the grid for the lowest dose, below it for the
/// highest. The probability is the share of replicates in which attainment at the answer (of windows at both ends)
/// reaches the target; 0 where there is no dose on the grid.
void add_intervals(std::vector<Decision>& decisions, const std::vector<Panel>& panels,
                   const ReplicateAttainment& replicates, const std::string& source);

/// Pointwise 5 % and 95 % quantiles (nearest rank) of attainment (mean rule) over replicates, [dose].
struct Band {
  std::vector<double> lower;
  std::vector<double> upper;
};
Band band(const ReplicateAttainment& replicates, std::size_t panel, std::size_t method);

}  // namespace titrant::dose
