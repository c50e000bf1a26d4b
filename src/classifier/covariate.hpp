#pragma once

#include <string_view>

#include "titrant/classifier/example.hpp"

namespace titrant::classifier {

/// A covariate of the example's person. Throws DataError where it is missing, naming those there are.
double covariate(const Example& example, std::string_view name);

}  // namespace titrant::classifier
