#pragma once

#include <string_view>

#include "titrant/classifier/example.hpp"

namespace titrant::classifier {

/// A covariate of the example's person. Throws DataError where it is missing, naming those there are.
double covariate(const Example& example, std::string_view name);

/// Co-medication of the person of an example, 0 or 1; 0 where the trial records none, so that it tells nobody apart.
double comedication(const Example& example);

}  // namespace titrant::classifier
