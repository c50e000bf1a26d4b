#include "blocks.hpp"

#include <fmt/format.h>

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include "titrant/core/contains.hpp"
#include "titrant/nlme/layout.hpp"

namespace titrant::nlme {

namespace {

std::string pair_name(const std::string& first, const std::string& second) {
  return fmt::format("correlation.{}.{}", first, second);
}

/// The value given for a pair, whichever of the two is named first.
std::optional<double> given_for(const std::map<std::string, double>& values, const std::string& first,
                                const std::string& second) {
  for (const std::string& name : {pair_name(first, second), pair_name(second, first)}) {
    const auto found = values.find(name);
    if (found != values.end()) return found->second;
  }
  return std::nullopt;
}

/// The correlation of two parameters of a population by name; none where they are in no common block.
std::optional<double> correlation_between(const Population& population, const std::string& first,
                                          const std::string& second) {
  for (const OmegaBlock& block : population.blocks) {
    for (std::size_t row = 1; row < block.parameters.size(); ++row) {
      for (std::size_t column = 0; column < row; ++column) {
        const std::string& a = population.parameters[block.parameters[row]].name;
        const std::string& b = population.parameters[block.parameters[column]].name;
        if ((a == first && b == second) || (a == second && b == first)) {
          return block.correlations[OmegaBlock::pair(row, column)];
        }
      }
    }
  }
  return std::nullopt;
}

/// Calls action(row, column) for the pairs of so many members, in the order of OmegaBlock::correlations.
template <class Action>
void each_pair(std::size_t members, Action action) {
  for (std::size_t row = 1; row < members; ++row) {
    for (std::size_t column = 0; column < row; ++column) action(row, column);
  }
}

}  // namespace

void check_blocks(const std::string& where, const NamedBlocks& blocks, const std::vector<std::string>& variable,
                  core::Problems& problems) {
  std::set<std::string> seen;
  for (const std::vector<std::string>& block : blocks) {
    if (block.size() < 2) {
      problems.add(where, fmt::format("a block of {} parameter{}; expected two at least, whose random effects are "
                                      "correlated",
                                      block.size(), block.size() == 1 ? "" : "s"));
    }
    for (const std::string& name : block) {
      if (name == error_word) {
        problems.add(where,
                     "error is in a block; the random effect on the residual error is independent of all "
                     "others: leave it out of omega.blocks");
      } else if (!core::contains(variable, name)) {
        problems.add(where, fmt::format("{} does not vary between subjects: name it in omega.variable as well", name));
      } else if (!seen.insert(name).second) {
        problems.add(where, fmt::format("{} is named twice; each parameter may be in one block, once", name));
      }
    }
  }
}

std::vector<std::string> correlation_names(const NamedBlocks& blocks) {
  std::vector<std::string> names;
  for (const std::vector<std::string>& block : blocks) {
    for (const std::string& first : block) {
      for (const std::string& second : block) {
        if (first != second) names.push_back(pair_name(first, second));
      }
    }
  }
  return names;
}

void check_correlations(const std::string& where, const NamedBlocks& blocks, const std::map<std::string, double>& given,
                        bool all_or_none, core::Problems& problems) {
  for (const std::vector<std::string>& block : blocks) {
    std::size_t count = 0;
    const auto size = static_cast<Eigen::Index>(block.size());
    Eigen::MatrixXd matrix = Eigen::MatrixXd::Identity(size, size);
    each_pair(block.size(), [&](std::size_t row, std::size_t column) {
      const std::optional<double> value = given_for(given, block[row], block[column]);
      if (!value) return;
      ++count;
      const auto i = static_cast<Eigen::Index>(row);
      const auto j = static_cast<Eigen::Index>(column);
      matrix(i, j) = matrix(j, i) = *value;
      if (!(std::abs(*value) < 1.0)) {
        problems.add(where, fmt::format("{} is {}; a correlation must be between -1 and 1",
                                        pair_name(block[column], block[row]), *value));
      }
    });
    const std::size_t pairs = block.size() * (block.size() - 1) / 2;
    if (all_or_none && count > 0 && count < pairs) {
      problems.add(
          where, fmt::format("{} of the {} correlations of the block of {}; all of a block can be held, or none", count,
                             pairs, block.front()));
    }
    const double largest = (matrix - Eigen::MatrixXd::Identity(size, size)).cwiseAbs().maxCoeff();
    if (largest < 1.0 && Eigen::LLT<Eigen::MatrixXd>(matrix).info() != Eigen::Success) {
      problems.add(where, fmt::format("the correlations of the block of {} contradict each other: their matrix is not "
                                      "positive definite",
                                      block.front()));
    }
  }
}

void set_blocks(Population& population, const NamedBlocks& blocks, const std::map<std::string, double>& fixed,
                const std::map<std::string, double>& initial) {
  population.blocks.clear();
  replace_blocks(population, blocks, fixed, initial);
}

void replace_blocks(Population& population, const NamedBlocks& blocks, const std::map<std::string, double>& fixed,
                    const std::map<std::string, double>& initial) {
  const Population before = population;
  for (const std::vector<std::string>& names : blocks) {
    const auto named = [&](std::size_t place) { return core::contains(names, population.parameters[place].name); };
    OmegaBlock block;
    for (std::size_t p = 0; p < population.parameters.size(); ++p) {
      if (population.parameters[p].omega > 0.0 && named(p)) block.parameters.push_back(p);
    }
    if (block.parameters.size() < 2) continue;
    std::erase_if(population.blocks, [&](const OmegaBlock& one) {
      return std::any_of(one.parameters.begin(), one.parameters.end(), named);
    });
    const std::vector<std::string> pairs = correlation_names({names});
    const bool given = std::any_of(pairs.begin(), pairs.end(), [&](const auto& one) { return initial.contains(one); });
    each_pair(block.parameters.size(), [&](std::size_t row, std::size_t column) {
      const std::string& first = population.parameters[block.parameters[column]].name;
      const std::string& second = population.parameters[block.parameters[row]].name;
      const std::optional<double> held = given_for(fixed, first, second);
      const std::optional<double> start =
          given ? given_for(initial, first, second) : correlation_between(before, first, second);
      block.fixed = block.fixed || held;
      block.correlations.push_back(held ? *held : start.value_or(0.0));
    });
    population.blocks.push_back(std::move(block));
  }
}

void take_correlations(Population& population, const Population& known) {
  for (OmegaBlock& block : population.blocks) {
    if (block.fixed) continue;
    each_pair(block.parameters.size(), [&](std::size_t row, std::size_t column) {
      block.correlations[OmegaBlock::pair(row, column)] =
          correlation_between(known, population.parameters[block.parameters[column]].name,
                              population.parameters[block.parameters[row]].name)
              .value_or(0.0);
    });
  }
}

void add_correlations(const Population& population, std::map<std::string, double>& values) {
  for (const OmegaBlock& block : population.blocks) {
    each_pair(block.parameters.size(), [&](std::size_t row, std::size_t column) {
      values[pair_name(population.parameters[block.parameters[column]].name,
                       population.parameters[block.parameters[row]].name)] =
          block.correlations[OmegaBlock::pair(row, column)];
    });
  }
}

std::vector<OmegaBlock> blocks_within(const Population& whole, const std::vector<Parameter>& part) {
  std::vector<OmegaBlock> result;
  for (const OmegaBlock& block : whole.blocks) {
    OmegaBlock own{.parameters = {}, .correlations = {}, .fixed = block.fixed};
    for (std::size_t p = 0; p < part.size(); ++p) {
      const bool member = std::any_of(block.parameters.begin(), block.parameters.end(),
                                      [&](std::size_t place) { return whole.parameters[place].name == part[p].name; });
      if (member) own.parameters.push_back(p);
    }
    if (own.parameters.size() < 2) continue;
    each_pair(own.parameters.size(), [&](std::size_t row, std::size_t column) {
      own.correlations.push_back(
          correlation_between(whole, part[own.parameters[column]].name, part[own.parameters[row]].name).value_or(0.0));
    });
    result.push_back(std::move(own));
  }
  return result;
}

}  // namespace titrant::nlme
