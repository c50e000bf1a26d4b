#pragma once

#include <iostream>
#include <limits>
#include <string>
#include <vector>

#include "titrant/core/stream.hpp"
#include "titrant/run/run.hpp"

/// \file
/// Runs that take seconds, for tests that compute their numbers again.

namespace titrant::run::fixtures {

/// The synthetic trial with one compartment and classifiers that learn a little from its subjects; `sets` come last.
inline Context small_context(std::vector<std::string> sets) {
  std::vector<std::string> all = {
      "pk={structure: one_compartment, starts: 1}",
      "pd.structure=none",
      "training={on: trial, steps: 15, folds: 3, batch: 0}",
      "classifier.compare=[logistic]",
      "populations={base: {weight: {uniform: [50, 100]}, comed: {share: 0.5}}}",
      "cohort.size=100",
      "regimens={daily: {interval: 24, doses: {from: 1, to: 31, step: 3}}, weekly: {interval: 168, doses: {from: 10, "
      "to: "
      "210, step: 20}}}",
      "endpoints={control: {of: biomarker, values: measured, hours: [480, 504], below: 3.3}}",
      "targets=[0.5]",
      "uncertainty.source=none",
      "diagnostics.simulations=0",
      "output.trajectories=none"};
  all.insert(all.end(), sets.begin(), sets.end());
  return {parallel::Communicator(), load_configuration({"", all}), core::Console(std::cerr, false, true)};
}

/// The stages of a command, but those named, without a store.
inline Results results_of(const Context& context, const std::string& command) {
  return run(context, stages_for(command), "", "test");
}

/// The nearest-rank quantile by its definition: the smallest value that at least this share does not exceed.
inline double nearest_rank(const std::vector<double>& values, double share) {
  double best = std::numeric_limits<double>::quiet_NaN();
  for (const double candidate : values) {
    double below = 0.0;
    for (const double value : values) below += value <= candidate ? 1.0 : 0.0;
    if (below >= share * static_cast<double>(values.size()) && !(best <= candidate)) best = candidate;
  }
  return best;
}

}  // namespace titrant::run::fixtures
