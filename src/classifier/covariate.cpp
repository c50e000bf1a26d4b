#include "covariate.hpp"

#include <fmt/format.h>

#include "titrant/core/error.hpp"

namespace titrant::classifier {

double covariate(const Example& example, std::string_view name) {
  const pkpd::Covariates& covariates = example.profile->covariates;
  const auto found = covariates.find(name);
  if (found != covariates.end()) return found->second;
  std::string known;
  for (const auto& [other, value] : covariates) known += (known.empty() ? "" : ", ") + other;
  throw DataError(fmt::format("the classifier needs the covariate {} of every person; a person has only: {}", name,
                              known.empty() ? "none" : known));
}

double comedication(const Example& example) {
  const auto found = example.profile->covariates.find("comed");
  return found == example.profile->covariates.end() ? 0.0 : found->second;
}

}  // namespace titrant::classifier
