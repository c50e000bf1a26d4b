#pragma once

namespace titrant::dose {

/// How target attainment is made of the probabilities of a population.
enum class Rule {
  mean,      ///< mean of p: the expected share of successes; the calibrated answer
  indicator  ///< share of subjects with p > 0.5 (proposal, equation 4); under-doses (qcnn: README of classifier)
};

enum class Search {
  grid,      ///< every dose of the grid
  bisection  ///< only the doses that decide, with a check that attainment moves one way with the dose
};

/// The `dose` section of the configuration.
struct DoseOptions {
  Rule rule = Rule::mean;  ///< the rule of the headline answers; both are always reported
  Search search = Search::grid;
};

}  // namespace titrant::dose
