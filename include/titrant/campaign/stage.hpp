#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "titrant/campaign/configuration.hpp"
#include "titrant/campaign/results.hpp"
#include "titrant/core/console.hpp"
#include "titrant/parallel/communicator.hpp"
#include "titrant/store/store.hpp"

namespace titrant::campaign {

/// What a stage has at hand besides earlier results.
struct Context {
  parallel::Communicator ranks;
  Configuration configuration;
  core::Console console;
};

/// The trial of a configuration: its file, or the embedded synthetic trial.
trial::Trial load_trial(const Configuration& configuration);

/// One step of a run: a function from the configuration and earlier results to its own part of the results, and how
/// that part is written to its groups of the store. Collective over the ranks; the same results on any number of them.
///
/// To add a stage: one file in src/campaign with a factory, and one line in `stages` (run.cpp).
class Stage {
 public:
  virtual ~Stage() = default;
  virtual std::string name() const = 0;   ///< one word: data, fit, pd, ...
  virtual std::string title() const = 0;  ///< what the user sees while it runs
  /// Computes; returns what came out, in a few words.
  virtual std::string compute(const Context& context, Results& results, core::Progress& progress) const = 0;
  virtual void write(const Context& context, const Results& results, store::Writer& out) const = 0;
};

std::unique_ptr<Stage> data_stage();         ///< reads or simulates the trial: /trial
std::unique_ptr<Stage> fit_stage();          ///< population PK: /pk
std::unique_ptr<Stage> pd_stage();           ///< biomarker model: /pd
std::unique_ptr<Stage> diagnostics_stage();  ///< residuals, predictive checks, profiles: /pk/diagnostics, /pk/vpc, ...
std::unique_ptr<Stage> evaluate_stage();     ///< cross-validation on the trial: /classifier/<name>/evaluation
std::unique_ptr<Stage> train_stage();        ///< training for every question: /classifier/<name>
std::unique_ptr<Stage> search_stage();       ///< pass rates and decisions: /scenario, /decision
std::unique_ptr<Stage> interval_stage();     ///< intervals of the decisions, and bands beside the pass rates
std::unique_ptr<Stage> learning_stage();     ///< learning curves: /learning_curve
std::unique_ptr<Stage> ablation_stage();     ///< variants of the run side by side: /ablation
std::unique_ptr<Stage> coverage_stage();     ///< how often intervals hold the truth: /coverage

}  // namespace titrant::campaign
