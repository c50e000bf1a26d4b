#pragma once

#include <string_view>
#include <vector>

#include "titrant/classifier/covariate_input.hpp"
#include "titrant/classifier/example.hpp"

namespace titrant::classifier {

/// A covariate of a subject. Throws DataError where it is missing, naming those there are.
double covariate(const Profile& subject, std::string_view name);

/// The inputs of these covariates for a subject, in their order. Throws as above.
std::vector<double> covariate_inputs(const std::vector<CovariateInput>& covariates, const Profile& subject);

}  // namespace titrant::classifier
