#pragma once

#include <map>
#include <string>
#include <vector>

#include "titrant/core/problems.hpp"
#include "titrant/nlme/population.hpp"

namespace titrant::nlme {

/// Parameters by name whose etas are correlated, block by block.
using NamedBlocks = std::vector<std::vector<std::string>>;

/// Adds a problem for each block that cannot be: fewer than two parameters, one twice, one that does not vary.
/// \param where     the key, for messages
/// \param variable  parameters that vary between subjects
void check_blocks(const std::string& where, const NamedBlocks& blocks, const std::vector<std::string>& variable,
                  core::Problems& problems);

/// "correlation.A.B" of all pairs, in the order that estimates have and in the other one.
std::vector<std::string> correlation_names(const NamedBlocks& blocks);

/// Adds a problem for each block of which some correlations are held and others not, or whose given correlations
/// contradict each other.
void check_correlations(const std::string& where, const NamedBlocks& blocks, const std::map<std::string, double>& given,
                        bool all_or_none, core::Problems& problems);

/// Gives a population the blocks among those of its parameters that have an eta. Correlations are those of `initial`
/// where it has them, else 0; where `fixed` has those of a block, they are held.
void set_blocks(Population& population, const NamedBlocks& blocks, const std::map<std::string, double>& fixed,
                const std::map<std::string, double>& initial);

/// The same in place of those blocks alone that have a parameter of a new one: where `initial` has no correlation of a
/// block, parameters that were in one block keep theirs.
void replace_blocks(Population& population, const NamedBlocks& blocks, const std::map<std::string, double>& fixed,
                    const std::map<std::string, double>& initial);

/// Correlations that are not held become those that another population has between the same parameters, else 0.
void take_correlations(Population& population, const Population& known);

/// Adds the correlations of a population to values by name, in place of those that are there.
void add_correlations(const Population& population, std::map<std::string, double>& values);

/// The blocks of a population between parameters of a list that it holds as well (by name), with their places in that.
std::vector<OmegaBlock> blocks_within(const Population& whole, const std::vector<Parameter>& part);

}  // namespace titrant::nlme
