#pragma once

#include <optional>
#include <string>
#include <vector>

#include "titrant/protocol/covariate.hpp"
#include "titrant/protocol/endpoint.hpp"
#include "titrant/protocol/population.hpp"
#include "titrant/protocol/regimen.hpp"

namespace titrant::protocol {

/// One question: which doses of a regimen reach the target share of successes in a population?
struct Question {
  std::string population;
  std::string regimen;
  std::string endpoint;
  double target = 0.9;

  bool operator==(const Question&) const = default;
};

/// Whether a question is as another one says, which may leave names empty and the target 0.
bool matches(const Question& question, const Question& pattern);

/// All that a run is asked. Names are unique among regimens, endpoints and populations each.
struct Protocol {
  std::vector<Regimen> regimens;
  std::vector<Endpoint> endpoints;
  std::vector<Population> populations;
  std::vector<double> targets = {0.9, 0.75};
  std::vector<Question> asked;    ///< empty: every population, regimen, endpoint and target
  std::optional<Question> first;  ///< the headline as it is given: see matches

  /// The questions of the run, by endpoint, population, regimen and target, each in the order of the configuration.
  std::vector<Question> questions() const;

  /// The question that a reader wants answered first: the first that matches the one given. Expects that there is one.
  Question headline() const;

  const Regimen& regimen(const std::string& name) const;        ///< by name; must be there
  const Endpoint& endpoint(const std::string& name) const;      ///< by name; must be there
  const Population& population(const std::string& name) const;  ///< by name; must be there
};

/// The parts of an endpoint: itself, or those it combines. Throws ConfigError naming a part that is not there.
std::vector<Endpoint> parts_of(const Endpoint& endpoint, const std::vector<Endpoint>& endpoints);

}  // namespace titrant::protocol
