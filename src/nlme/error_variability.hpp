#pragma once

#include <string>

#include "titrant/nlme/population.hpp"
#include "titrant/nlme/subject_model.hpp"

namespace titrant::nlme {

/// Throws ConfigError naming the key where a residual error is to vary between subjects and no subject has two values
/// of its kind: one value does not tell a subject's own error from the common one. \param key  "pk.omega.variable"
void expect_error_variability(const SubjectModel& model, const Population& population, const std::string& key);

}  // namespace titrant::nlme
