#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "yaml_forms.hpp"

namespace titrant::protocol::yaml {

namespace {

using core::Range;
using core::YamlReader;

constexpr double share_rounding = 1e-9;

void read_levels(const YamlReader& node, Distribution& distribution) {
  distribution.kind = Distribution::Kind::levels;
  double sum = 0.0;
  for (const std::string& level : node.keys()) {
    const auto share = node.at(level).number(Range::between(0.0, 1.0));
    if (!share) return;
    distribution.named_shares.emplace_back(level, *share);
    sum += *share;
  }
  if (std::abs(sum - 1.0) > share_rounding) node.fault(fmt::format("shares add up to {:g}; expected 1", sum));
}

void read_within(const YamlReader& node, const DistributionFamily* family, Distribution& distribution) {
  const auto within = node.pair(Range::any());
  if (family == nullptr || !family->cut_off) {
    std::vector<std::string> names;
    for (const DistributionFamily& one : families()) {
      if (one.cut_off) names.push_back(one.name);
    }
    node.fault(fmt::format("cuts off {} distributions alone", fmt::join(names, " and ")));
  } else if (within && !(within->second > within->first)) {
    node.fault("expected [low, high] with low < high");
  } else if (within && !(within->second > family->lowest)) {
    node.fault(fmt::format("{} values are above {:g}; expected [low, high] with high > {:g}", family->name,
                           family->lowest, family->lowest));
  } else if (within) {
    std::tie(distribution.low, distribution.high) = *within;
  }
}

Distribution read_distribution(const YamlReader& node) {
  Distribution result;
  if (node.is_scalar()) {
    // A number, or the name of a level, in everybody.
    if (const auto word = node.word()) result.named_shares = {{*word, 1.0}};
    return result;
  }
  std::vector<std::string> keys = {"share", "levels", "within"};
  std::string forms;
  for (const DistributionFamily& family : families()) {
    keys.push_back(family.name);
    forms += fmt::format("{}: {}, ", family.name, family.parameters);
  }
  if (!node.expect_map(keys)) return result;
  int given = 0;
  const DistributionFamily* chosen = nullptr;
  for (const DistributionFamily& family : families()) {
    if (!node.has(family.name)) continue;
    ++given;
    chosen = &family;
    const auto pair = node.at(family.name).pair(Range::any());
    if (!pair) continue;
    result = Distribution::of(family.name, pair->first, pair->second);
    const std::string fault = family.fault(pair->first, pair->second);
    if (!fault.empty()) node.at(family.name).fault(fault);
  }
  if (node.has("share")) {
    ++given;
    result.kind = Distribution::Kind::levels;
    result.share_of_second = node.at("share").number(Range::between(0.0, 1.0));
  }
  if (node.has("levels")) {
    ++given;
    read_levels(node.at("levels"), result);
  }
  if (given != 1) {
    node.fault(fmt::format("expected one distribution: a number, {}share: s, or levels: {{name: share}}", forms));
  }
  if (node.has("within")) read_within(node.at("within"), chosen, result);
  return result;
}

void read_correlations(const YamlReader& node, Population& population) {
  for (const YamlReader& element : node.elements()) {
    const std::vector<YamlReader> parts = element.elements();
    constexpr std::size_t three = 3;
    if (parts.size() != three) {
      element.fault("expected [covariate, covariate, correlation of their normal scores]");
      continue;
    }
    const auto first = parts[0].word();
    const auto second = parts[1].word();
    const auto coefficient = parts[2].number(Range::inside(-1.0, 1.0));
    if (!first || !second || !coefficient) continue;
    const bool twice = std::any_of(population.correlations.begin(), population.correlations.end(), [&](const auto& c) {
      return (c.first == *first && c.second == *second) || (c.first == *second && c.second == *first);
    });
    if (twice) element.fault(fmt::format("the correlation of {} and {} is given twice", *first, *second));
    population.correlations.push_back({*first, *second, *coefficient});
  }
}

Population read_population(const YamlReader& node, const std::string& name) {
  Population population;
  population.name = name;
  for (const std::string& key : node.keys()) {
    const YamlReader value = node.at(key);
    if (key == "from") {
      if (const auto from = value.word()) {
        population.source = *from == "trial" ? Population::Source::trial : Population::Source::file;
        if (*from != "trial") population.file = *from;
      }
    } else if (key == "where") {
      population.where = value.word().value_or("");
    } else if (key == "correlation") {
      read_correlations(value, population);
    } else if (is_plain_name(node, key)) {
      population.covariates.emplace_back(key, read_distribution(value));
    }
  }
  const bool rows = population.source != Population::Source::distributions;
  if (rows && (!population.covariates.empty() || !population.correlations.empty())) {
    node.fault("whole rows are resampled where from is given; expected from and where alone");
  }
  if (!rows && !population.where.empty()) node.fault("where chooses among rows; give from: trial or a file too");
  return population;
}

std::string distribution_text(const Distribution& one) {
  const auto two = [&](const std::string& family) {
    Pairs pairs;
    pairs.add(family, fmt::format("[{}, {}]", core::yaml_text(one.first), core::yaml_text(one.second)));
    if (std::isfinite(one.low) || std::isfinite(one.high)) {
      pairs.add("within", fmt::format("[{}, {}]", core::yaml_text(one.low), core::yaml_text(one.high)));
    }
    return pairs.map();
  };
  if (one.kind == Distribution::Kind::continuous) return two(one.family);
  if (one.kind == Distribution::Kind::fixed) {
    return one.named_shares.empty() ? core::yaml_text(one.first) : core::yaml_text(one.named_shares.front().first);
  }
  if (one.share_of_second) return Pairs().add("share", core::yaml_text(*one.share_of_second)).map();
  Pairs levels;
  for (const auto& [level, share] : one.named_shares) levels.add(level, core::yaml_text(share));
  return Pairs().add("levels", levels.map()).map();
}

}  // namespace

std::vector<Population> read_populations(const YamlReader& node) {
  std::vector<Population> all;
  for (const std::string& name : node.keys()) {
    if (is_plain_name(node, name)) all.push_back(read_population(node.at(name), name));
  }
  return all;
}

std::string text(const std::vector<Population>& populations) {
  Pairs all;
  for (const Population& population : populations) {
    Pairs one;
    if (population.source != Population::Source::distributions) {
      one.add("from", population.source == Population::Source::trial ? "trial" : core::yaml_text(population.file));
    }
    if (!population.where.empty()) one.add("where", core::yaml_text(population.where));
    for (const auto& [name, distribution] : population.covariates) one.add(name, distribution_text(distribution));
    if (!population.correlations.empty()) {
      std::string list;
      for (const Correlation& c : population.correlations) {
        list += fmt::format("{}[{}, {}, {}]", list.empty() ? "" : ", ", core::yaml_text(c.first),
                            core::yaml_text(c.second), core::yaml_text(c.coefficient));
      }
      one.add("correlation", fmt::format("[{}]", list));
    }
    all.add(population.name, one.map());
  }
  return all.map();
}

std::vector<CovariateSpec> read_covariates(const YamlReader& node) {
  std::vector<CovariateSpec> all;
  for (const std::string& name : node.keys()) {
    const YamlReader value = node.at(name);
    CovariateSpec spec{name, "", {}, std::nullopt};
    if (!is_plain_name(node, name)) continue;
    if (value.is_scalar()) {
      spec.column = value.word().value_or("");
    } else if (value.expect_map({"column", "levels", "reference"})) {
      spec.column = value.has("column") ? value.at("column").word().value_or("") : name;
      if (value.has("reference")) spec.reference = value.at("reference").number(Range::any());
      if (value.has("levels")) {
        const YamlReader levels = value.at("levels");
        for (const std::string& code : levels.keys()) {
          if (const auto level = levels.at(code).word()) spec.levels.emplace_back(code, *level);
        }
        if (spec.levels.size() < 2) levels.fault("expected two levels or more, as {1: male, 2: female}");
      }
    }
    all.push_back(std::move(spec));
  }
  return all;
}

std::string text(const std::vector<CovariateSpec>& covariates) {
  Pairs all;
  for (const CovariateSpec& spec : covariates) {
    if (spec.levels.empty() && !spec.reference) {
      all.add(spec.name, core::yaml_text(spec.column));
      continue;
    }
    Pairs one;
    one.add("column", core::yaml_text(spec.column));
    Pairs levels;
    for (const auto& [code, level] : spec.levels) levels.add(code, core::yaml_text(level));
    if (!spec.levels.empty()) one.add("levels", levels.map());
    if (spec.reference) one.add("reference", core::yaml_text(*spec.reference));
    all.add(spec.name, one.map());
  }
  return all.map();
}

}  // namespace titrant::protocol::yaml
