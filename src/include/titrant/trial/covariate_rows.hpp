#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "titrant/pkpd/population.hpp"
#include "titrant/protocol/covariate.hpp"
#include "titrant/trial/trial.hpp"

namespace titrant::trial {

/// The covariates of a CSV file, a row for each subject of a population. Columns are called like the covariates, or
/// like their columns in the trial's file; levels by name or code; weight in kg. Rows for which `where` (comparisons on
/// columns; empty: all) does not hold are left out. Throws DataError with file:line:column for a value that is missing
/// or cannot be read, ConfigError for comparisons that cannot be read.
std::vector<pkpd::Covariates> read_covariate_rows(const std::filesystem::path& file,
                                                  const std::vector<protocol::CovariateSpec>& covariates,
                                                  const std::string& where);

/// The same from text; `name` stands for the file in messages.
std::vector<pkpd::Covariates> parse_covariate_rows(std::string_view text, std::string_view name,
                                                   const std::vector<protocol::CovariateSpec>& covariates,
                                                   const std::string& where);

/// The covariates of a trial's subjects (at their first record) for which `where` holds, which knows covariates by name
/// and levels by theirs: "sex == male and weight >= 50". Of a value that a subject lacks no comparison holds but != and
/// == . (missing).
std::vector<pkpd::Covariates> covariate_rows(const Trial& trial, const std::string& where);

}  // namespace titrant::trial
