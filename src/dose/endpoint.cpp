#include "titrant/dose/endpoint.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "titrant/core/error.hpp"
#include "titrant/protocol/protocol.hpp"

namespace titrant::dose {

namespace {

void require_limits(const protocol::Endpoint& part) {
  const protocol::Limits& limits = part.limits;
  const auto fail = [&](const std::string& fault) {
    throw ConfigError(fmt::format("endpoints.{}: {}", part.name, fault));
  };
  const bool changes = limits.change_below || limits.change_above;
  if (!limits.below && !limits.above && !changes) fail("there is no limit; write below: or above:");
  for (const std::optional<double>& limit : {limits.below, limits.above}) {
    if (limit && !(*limit > 0.0)) fail(fmt::format("a limit is {:g}; expected a value above 0", *limit));
  }
  for (const std::optional<double>& change : {limits.change_below, limits.change_above}) {
    constexpr double percent = 100.0;
    if (change && !(*change > -1.0)) {
      fail(fmt::format("a change from baseline is {:g} %; expected one above -100 %", percent * *change));
    }
  }
  if (changes && part.of != protocol::Quantity::biomarker) fail("a concentration has no baseline to change from");
  if (part.at_trough && part.of != protocol::Quantity::concentration) fail("a trough is one of the concentration");
  if (part.at_trough && (!part.steady_state || part.values != protocol::Values::latent)) {
    fail("a trough is a latent value at steady state");
  }
  if (part.values == protocol::Values::measured && part.times.empty()) {
    fail("values are measured, but no sampling times are known; write times: [...]");
  }
}

}  // namespace

bool ResolvedEndpoint::needs_biomarker() const {
  return std::any_of(parts.begin(), parts.end(),
                     [](const protocol::Endpoint& part) { return part.of == protocol::Quantity::biomarker; });
}

ResolvedEndpoint resolve(const protocol::Endpoint& endpoint, const std::vector<protocol::Endpoint>& all, bool lowers) {
  ResolvedEndpoint resolved{endpoint, protocol::parts_of(endpoint, all), {}};
  for (const protocol::Endpoint& part : resolved.parts) require_limits(part);
  resolved.direction = protocol::direction(endpoint, all, lowers);
  return resolved;
}

std::vector<ResolvedEndpoint> resolve(const std::vector<protocol::Endpoint>& endpoints, bool lowers) {
  std::vector<ResolvedEndpoint> resolved;
  for (const protocol::Endpoint& one : endpoints) resolved.push_back(resolve(one, endpoints, lowers));
  return resolved;
}

pkpd::ResponseWindow exposure_window(const ResolvedEndpoint& endpoint) {
  TITRANT_EXPECTS(!endpoint.parts.empty());
  return endpoint.parts.front().window();
}

ErrorCounts errors_needed(const std::vector<ResolvedEndpoint>& endpoints) {
  ErrorCounts most;
  for (const ResolvedEndpoint& endpoint : endpoints) {
    for (const protocol::Endpoint& part : endpoint.parts) {
      if (part.values != protocol::Values::measured) continue;
      std::size_t& count = part.of == protocol::Quantity::biomarker ? most.biomarker : most.concentration;
      count = std::max(count, part.times.size());
    }
  }
  return most;
}

void require_models(const std::vector<ResolvedEndpoint>& endpoints, const PopulationModels& models) {
  if (models.biomarker != nullptr) return;
  for (const ResolvedEndpoint& endpoint : endpoints) {
    if (!endpoint.needs_biomarker()) continue;
    throw ConfigError(fmt::format(
        "endpoints.{}: virtual subjects have no biomarker without a model of it; set pd.structure", endpoint.name()));
  }
}

}  // namespace titrant::dose
