#include "covariate.hpp"

#include <fmt/format.h>

#include "titrant/core/error.hpp"

namespace titrant::classifier {

double covariate(const Profile& subject, std::string_view name) {
  const auto found = subject.covariates.find(name);
  if (found != subject.covariates.end()) return found->second;
  std::string known;
  for (const auto& [other, value] : subject.covariates) known += (known.empty() ? "" : ", ") + other;
  throw DataError(fmt::format("the classifier needs the covariate {} of every subject; a subject has only: {}", name,
                              known.empty() ? "none" : known));
}

std::vector<double> covariate_inputs(const std::vector<CovariateInput>& covariates, const Profile& subject) {
  std::vector<double> inputs;
  inputs.reserve(covariates.size());
  for (const CovariateInput& one : covariates) inputs.push_back(one.input(covariate(subject, one.name)));
  return inputs;
}

}  // namespace titrant::classifier
