#pragma once

#include <string>
#include <vector>

#include "titrant/core/problems.hpp"
#include "titrant/nlme/fit_pd.hpp"
#include "titrant/trial/trial.hpp"

namespace titrant::nlme {

/// Adds a problem for each block of PdOptions::joint_blocks that cannot be: another method than joint, parameters of
/// one kind alone, one that does not vary or is in two blocks, one of whose own block some members are missing. \param
/// pk_variable  PK parameters that vary between subjects \param pk_blocks    blocks of these alone
void check_joint_blocks(const PdOptions& options, const std::vector<std::string>& pk_variable,
                        const std::vector<std::vector<std::string>>& pk_blocks, core::Problems& problems);

/// Throws ConfigError for the same, given the PK of a fit.
void expect_joint_blocks(const PdOptions& options, const Population& pk);

/// Throws ConfigError for a block with more variances and correlations than subjects of the trial have concentrations
/// and biomarker values, which alone tell them.
void expect_joint_subjects(const PdOptions& options, const trial::Trial& trial);

/// These blocks by the names that parameters have in the population of a joint fit.
std::vector<std::vector<std::string>> named_blocks(const std::vector<std::vector<std::string>>& joint_blocks);

/// A sentence for each member that has no random effect in the population of a joint fit.
std::vector<std::string> remarks_on_joint_blocks(const PdOptions& options, const Population& joint);

}  // namespace titrant::nlme
