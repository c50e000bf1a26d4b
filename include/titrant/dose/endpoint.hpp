#pragma once

#include <string>
#include <vector>

#include "titrant/dose/cohort.hpp"
#include "titrant/protocol/endpoint.hpp"

namespace titrant::dose {

/// An endpoint that is ready to be answered: its parts, and which way success moves with the dose.
struct ResolvedEndpoint {
  protocol::Endpoint definition;
  std::vector<protocol::Endpoint> parts;  ///< itself, or those that it combines: all must be met
  protocol::Direction direction = protocol::Direction::rising;

  const std::string& name() const { return definition.name; }
  /// Whether it takes a model of the biomarker to answer it.
  bool needs_biomarker() const;
};

/// Resolves one of the endpoints. Measured ones must have their `times`.
/// \param all     the endpoints that a combined one may name
/// \param lowers  whether a higher concentration lowers the biomarker (pkpd::lowers)
/// Throws ConfigError naming a part that is not there, or an endpoint whose limits cannot be judged: none given, one of
/// 0 or below, a change of -100 % or below, a change of a concentration, measured values without times.
ResolvedEndpoint resolve(const protocol::Endpoint& endpoint, const std::vector<protocol::Endpoint>& all, bool lowers);

/// The same of all endpoints, in their order.
std::vector<ResolvedEndpoint> resolve(const std::vector<protocol::Endpoint>& endpoints, bool lowers);

/// The window of C(t) that classifiers see of an endpoint: its own, or that of the first part of a combined one.
pkpd::ResponseWindow exposure_window(const ResolvedEndpoint& endpoint);

/// The residual errors that a subject needs for all of these endpoints.
ErrorCounts errors_needed(const std::vector<ResolvedEndpoint>& endpoints);

/// Throws ConfigError naming the first endpoint that needs a model of the biomarker where there is none.
void require_models(const std::vector<ResolvedEndpoint>& endpoints, const PopulationModels& models);

}  // namespace titrant::dose
