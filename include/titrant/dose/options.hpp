#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace titrant::dose {

/// An even grid of doses in mg: from, from + step, ... up to and including `to`.
struct GridOptions {
  double from = 0.5;
  double to = 40.0;
  double step = 0.5;
  /// All doses of the grid, ascending, without accumulated rounding.
  std::vector<double> values() const;
};

/// How a pass rate is made of the probabilities of a population.
enum class Rule {
  mean,      ///< mean of p: the expected share of successes; the calibrated answer
  indicator  ///< share of subjects with p > 0.5 (proposal, equation 4); under-doses (qcnn: README of classifier)
};

enum class Search {
  grid,      ///< every dose of the grid
  bisection  ///< only the doses that decide, with a check that the pass rate rises with the dose
};

/// The `dose` section of the configuration.
struct DoseOptions {
  GridOptions daily{0.5, 40.0, 0.5};
  GridOptions weekly{5.0, 300.0, 5.0};
  std::vector<double> targets = {0.90, 0.75};
  Rule rule = Rule::mean;  ///< the rule of the headline answers; both are always reported
  Search search = Search::grid;
};

}  // namespace titrant::dose
