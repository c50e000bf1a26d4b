#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "titrant/core/console.hpp"
#include "titrant/parallel/communicator.hpp"
#include "titrant/run/configuration.hpp"
#include "titrant/run/results.hpp"
#include "titrant/run/stage_list.hpp"
#include "titrant/store/contract.hpp"
#include "titrant/store/store.hpp"

namespace titrant::run {

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
/// To add a stage `half_life`: one file in src/run/stages that defines `half_life_stage`, and its line in
/// stage_list.hpp.
class Stage {
 public:
  virtual ~Stage() = default;
  virtual std::string name() const = 0;   ///< one word: data, fit, pd, ...
  virtual std::string title() const = 0;  ///< what the user sees while it runs
  /// Computes; returns what came out, in a few words.
  virtual std::string compute(const Context& context, Results& results, core::Progress& progress) const = 0;
  virtual void write(const Context& context, const Results& results, store::Writer& out) const = 0;
  /// Groups of the store that this stage alone writes, where src/run/contract does not have them.
  virtual std::vector<store::GroupDescription> contract() const { return {}; }
};

#define TITRANT_DECLARE_STAGE(stage) std::unique_ptr<Stage> stage##_stage();
TITRANT_STAGES(TITRANT_DECLARE_STAGE)
#undef TITRANT_DECLARE_STAGE

}  // namespace titrant::run
