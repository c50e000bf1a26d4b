#include "titrant/run/cost.hpp"

#include <malloc.h>

#include <algorithm>
#include <numeric>

#include "titrant/run/check.hpp"
#include "titrant/run/contract.hpp"
#include "titrant/run/provenance.hpp"
#include "titrant/run/resources.hpp"
#include "titrant/run/run.hpp"
#include "titrant/store/store.hpp"

namespace titrant::run {

namespace {

constexpr std::size_t few_subjects = 200;  // of a cohort
constexpr int fewer_steps = 5;             // a fifth of a training
constexpr int least_steps = 10;

/// The configuration with which a stage is tried, and what share of its work that is.
struct Piece {
  Configuration configuration;
  std::string unit;
  double units = 1.0;
  double measured = 1.0;
};

int some_of(int steps) { return std::min(steps, std::max(steps / fewer_steps, least_steps)); }

/// As many units as keep all ranks busy.
template <class Count>
void take(Count& count, std::size_t most, Piece& piece) {
  piece.units = static_cast<double>(count);
  count = std::min(count, static_cast<Count>(most));
  piece.measured = static_cast<double>(count);
}

Piece piece_of(const std::string& stage, const Context& context) {
  Piece piece{context.configuration, "whole"};
  Configuration& c = piece.configuration;
  const std::size_t ranks = context.ranks.size();
  constexpr std::size_t least_replicates = 2;  // an interval needs two ends
  if (stage == "evaluate") {
    piece.unit = "training steps";
    piece.units = static_cast<double>(c.training.folds) * c.training.replicates * c.training.steps;
    c.training.replicates = 1;
    c.training.steps = some_of(c.training.steps);
    piece.measured = static_cast<double>(c.training.folds) * c.training.steps;
  } else if (stage == "train") {
    piece.unit = "training steps";
    const bool on_trial = c.training_set.on == std::vector<std::string>{"trial"};
    int& steps = on_trial ? c.training.steps : c.training_set.steps;
    piece.units = steps;
    c.training.steps = some_of(c.training.steps);
    c.training_set.steps = some_of(c.training_set.steps);
    piece.measured = steps;
  } else if (stage == "search") {
    piece.unit = "virtual subjects";
    take(c.cohort.size, few_subjects, piece);
  } else if (stage == "intervals" && c.uncertainty.source != IntervalSource::none) {
    piece.unit = "replicates";
    take(c.uncertainty.replicates, std::max(ranks, least_replicates), piece);
  } else if (stage == "learning" && !(c.learning.trial.empty() && c.learning.simulated.empty())) {
    piece.unit = "replicates";
    take(c.learning.replicates, 1, piece);
  } else if (stage == "ablation" && !c.ablation.empty()) {
    piece.unit = "variants";
    piece.units = static_cast<double>(c.ablation.size());
    c.ablation.erase(std::next(c.ablation.begin()), c.ablation.end());
  } else if (stage == "coverage" && c.coverage.trials > 0) {
    piece.unit = "simulated trials";
    take(c.coverage.trials, ranks, piece);
  }
  return piece;
}

using Stages = std::vector<std::unique_ptr<Stage>>;

/// The size of the store of a run, as far as stages have come to results.
double store_size(const Stages& stages, std::vector<Context> contexts, const Results& results, bool trajectories,
                  const std::filesystem::path& file) {
  const parallel::Communicator& ranks = contexts.front().ranks;
  {
    store::Writer out(ranks, file, run_contract(), unit_symbols(results));
    for (std::size_t i = 0; i < stages.size(); ++i) {
      if (!trajectories) contexts[i].configuration.output.trajectories = 0;
      stages[i]->write(contexts[i], results, out);
    }
    out.commit();
  }
  std::uintmax_t size = 0;
  parallel::on_root(ranks, [&] {
    size = std::filesystem::file_size(file);
    std::filesystem::remove(file);
  });
  return static_cast<double>(ranks.maximum(size));
}

}  // namespace

double RunCost::core_seconds() const {
  return std::accumulate(stages.begin(), stages.end(), 0.0,
                         [](double sum, const StageCost& stage) { return sum + stage.core_seconds(); });
}

namespace {

/// Bytes that this process holds by new and malloc (glibc).
double memory_in_use() {
  const struct mallinfo2 heap = mallinfo2();
  return static_cast<double>(heap.uordblks) + static_cast<double>(heap.hblkhd);
}

/// What the store would take, and how long its writing.
void measure_store(const Stages& stages, const std::vector<Context>& contexts, const Results& results,
                   double share_of_cohort, const std::filesystem::path& folder, RunCost& cost) {
  const core::Console& console = contexts.front().console;
  const std::filesystem::path file = folder / ".measured.h5";
  const double without = store_size(stages, contexts, results, false, file);
  core::Progress progress(console, "Writing");
  const double with = store_size(stages, contexts, results, true, file);
  progress.finish("removed again");
  cost.store_bytes = without + (with - without) / share_of_cohort;
  constexpr double megabyte = 1e6;
  cost.stages.push_back({"write", "megabytes", cost.store_bytes / megabyte, with / megabyte,
                         progress.seconds() * static_cast<double>(contexts.front().ranks.size())});
}

}  // namespace

RunCost measure(const Context& context, const std::filesystem::path& folder, const std::string& command) {
  const Stages stages = stages_for(command);
  const auto ranks = static_cast<double>(context.ranks.size());
  RunCost cost;
  Results results;
  std::vector<Context> contexts;
  double share_of_cohort = 1.0;
  double kept = 0.0;  // bytes of results of the cohort that was run
  for (const std::unique_ptr<Stage>& stage : stages) {
    const Piece piece = piece_of(stage->name(), context);
    contexts.push_back({context.ranks, piece.configuration, context.console});
    const double before = memory_in_use();
    core::Progress progress(context.console, stage->title());
    progress.finish(stage->compute(contexts.back(), results, progress));
    cost.stages.push_back({stage->name(), piece.unit, piece.units, piece.measured, progress.seconds() * ranks});
    if (stage->name() == "data") {
      parallel::collectively(context.ranks, [&] { expect_usable(context.configuration, results.trial, stages); });
    }
    if (stage->name() != "search") continue;
    share_of_cohort = piece.measured / piece.units;
    kept = memory_in_use() - before;
  }
  if (!folder.empty()) measure_store(stages, contexts, results, share_of_cohort, folder, cost);
  const double memory = static_cast<double>(peak_memory()) + kept * (1.0 / share_of_cohort - 1.0);
  cost.memory_bytes = static_cast<double>(context.ranks.maximum(static_cast<std::uint64_t>(memory)));
  const Resources wanted = resources(context.configuration, results);
  cost.circuits = wanted.training_circuits + wanted.prediction_circuits + wanted.search_circuits;
  cost.answers = results.search.decisions.size();
  return cost;
}

}  // namespace titrant::run
