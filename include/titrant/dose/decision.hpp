#pragma once

#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "titrant/dose/options.hpp"
#include "titrant/dose/pass_rate.hpp"

namespace titrant::dose {

/// The answer to one question: the lowest dose of a grid that reaches a target.
struct Decision {
  std::string scenario;
  std::string regimen;
  double target = 0.9;
  std::string classifier;
  Rule rule = Rule::mean;
  std::string label;                   ///< what success means: "measured" or "latent"
  std::string window;                  ///< when it is judged: "day_21" or "steady_state"
  std::optional<double> minimal_dose;  ///< mg; none on this grid
  double lower = 0.0;                  ///< 90 % interval, mg; infinite: above the grid; NaN: not asked for
  double upper = 0.0;
  double pass_rate = 0.0;        ///< at the minimal dose; where there is none, at the highest dose of the grid
  double pass_rate_below = 0.0;  ///< one step below; NaN where the minimal dose is the first of the grid
  bool monotone = true;          ///< pass rates never fall with the dose among the doses evaluated
  double probability_of_target = std::numeric_limits<double>::quiet_NaN();  ///< that minimal_dose meets the target,
                                                                            ///< over the replicates behind the interval
  std::string interval_source;  ///< which uncertainty the interval holds; empty where there is none
};

/// The first dose whose pass rate reaches the target, as a place in the grid. Rates that were not evaluated are NaN and
/// never reach it.
std::optional<std::size_t> first_reaching(const std::vector<double>& rates, double target);

/// Whether the evaluated rates never fall (by more than rounding) from dose to dose.
bool never_falls(const std::vector<double>& rates);

/// The answer of one cell from the pass rates of its panel. The interval is left NaN, label and window empty.
Decision decide(const Panel& panel, const std::string& classifier, const PassRates& rates, double target, Rule rule);

/// A 90 % interval over replicates.
struct Interval {
  double lower;
  double upper;
};

/// The nearest-rank 5 % and 95 % quantiles of values (at least one).
Interval interval(std::vector<double> values);

/// The same of minimal doses, where "none on this grid" counts as infinite.
Interval interval(const std::vector<std::optional<double>>& doses);

}  // namespace titrant::dose
