#include "titrant/protocol/protocol.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "titrant/core/error.hpp"

namespace titrant::protocol {

namespace {

template <class Named>
const Named& by_name(const std::vector<Named>& all, const std::string& name) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const Named& one) { return one.name == name; });
  TITRANT_EXPECTS(found != all.end());
  return *found;
}

}  // namespace

std::optional<double> CovariateSpec::value_of(const std::string& level) const {
  for (std::size_t i = 0; i < levels.size(); ++i) {
    if (levels[i].second == level) return static_cast<double>(i);
  }
  return std::nullopt;
}

bool matches(const Question& question, const Question& pattern) {
  const auto as = [](const std::string& name, const std::string& wanted) { return wanted.empty() || name == wanted; };
  return as(question.population, pattern.population) && as(question.regimen, pattern.regimen) &&
         as(question.endpoint, pattern.endpoint) && (!(pattern.target > 0.0) || question.target == pattern.target);
}

std::vector<Question> Protocol::questions() const {
  if (!asked.empty()) return asked;
  std::vector<Question> all;
  for (const Endpoint& endpoint : endpoints) {
    for (const Population& population : populations) {
      for (const Regimen& regimen : regimens) {
        for (const double target : targets) all.push_back({population.name, regimen.name, endpoint.name, target});
      }
    }
  }
  return all;
}

Question Protocol::headline() const {
  const std::vector<Question> all = questions();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Question& one) { return !first || matches(one, *first); });
  TITRANT_EXPECTS(found != all.end());
  return *found;
}

const Regimen& Protocol::regimen(const std::string& name) const { return by_name(regimens, name); }
const Endpoint& Protocol::endpoint(const std::string& name) const { return by_name(endpoints, name); }
const Population& Protocol::population(const std::string& name) const { return by_name(populations, name); }

std::vector<Endpoint> parts_of(const Endpoint& endpoint, const std::vector<Endpoint>& endpoints) {
  if (!endpoint.is_combined()) return {endpoint};
  std::vector<Endpoint> parts;
  for (const std::string& name : endpoint.all) {
    const auto found =
        std::find_if(endpoints.begin(), endpoints.end(), [&](const Endpoint& one) { return one.name == name; });
    if (found == endpoints.end() || found->is_combined()) {
      throw ConfigError(fmt::format(
          "endpoints.{}.all: '{}' is {}", endpoint.name, name,
          found == endpoints.end() ? "no endpoint" : "itself a combination; name the endpoints that it combines"));
    }
    parts.push_back(*found);
  }
  return parts;
}

}  // namespace titrant::protocol
