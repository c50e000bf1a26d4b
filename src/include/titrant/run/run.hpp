#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "titrant/run/checkpoint.hpp"
#include "titrant/run/results.hpp"
#include "titrant/run/stage.hpp"

namespace titrant::run {

/// The whole story, in order: data, fit, pd, diagnostics, evaluate, train, search, intervals, learning, ablation,
/// coverage.
std::vector<std::unique_ptr<Stage>> all_stages();

/// The stages that a command needs: "run" all of them; "fit", "evaluate", "train", "search" what leads to that stage.
/// "variant" is what a row of an ablation goes through.
std::vector<std::unique_ptr<Stage>> stages_for(const std::string& command);

/// Runs the stages in order and writes them to `output` (nothing is written where that is empty). Collective.
/// \param command_line  as the user typed it, for /provenance
/// \param checkpointing  keeps the run's work, where the context has its ranks; null: nobody does
/// Throws parallel::Interrupted where it was asked to stop; what was done is in the checkpoint then.
Results run(const Context& context, const std::vector<std::unique_ptr<Stage>>& stages,
            const std::filesystem::path& output, const std::string& command_line,
            Checkpointing* checkpointing = nullptr);

/// The answers as a table for a terminal: one line per scenario, regimen, target and classifier. Empty without a
/// search.
std::string answer_table(const Configuration& configuration, const Results& results);

/// Cross-validated metrics as a table for a terminal. Empty where nothing was evaluated.
std::string metrics_table(const Results& results);

/// Estimates of the population fit as a table for a terminal, with units.
std::string fit_table(const nlme::PkFit& fit);
std::string pd_table(const nlme::PdFit& fit);

/// The same of ablations, learning curves and coverage; empty where there are none.
std::string ablation_table(const Results& results);
std::string learning_table(const Results& results);
std::string coverage_table(const Results& results);

}  // namespace titrant::run
