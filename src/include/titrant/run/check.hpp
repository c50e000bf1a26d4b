#pragma once

#include <memory>
#include <string>
#include <vector>

#include "titrant/run/configuration.hpp"
#include "titrant/run/stage.hpp"
#include "titrant/trial/trial.hpp"

namespace titrant::run {

/// Everything for which stages would refuse a configuration and its trial, found before their first iteration: by the
/// functions that the stages themselves call, so in the same words. A run checks itself so when it has read its trial;
/// `titrant check` does it for `titrant run`, or another command, and stops.
///
///     expect_usable(configuration, load_trial(configuration), stages_for("run"));
///
/// Throws one error with all faults that do not hide each other, a line each: ConfigError where all are of the
/// configuration alone, else DataError.
///
/// What it cannot know: whether fits have finite objectives and converge, and what a search of models ends with.
/// Returns remarks, a sentence each, on what can be used but may be a slip.
std::vector<std::string> expect_usable(const Configuration& configuration, const trial::Trial& trial,
                                       const std::vector<std::unique_ptr<Stage>>& stages);

}  // namespace titrant::run
