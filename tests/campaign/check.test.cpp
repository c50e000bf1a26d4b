#include "titrant/campaign/check.hpp"

#include <gmock/gmock.h>

#include <functional>

#include "small_run.hpp"
#include "titrant/core/error.hpp"

/// \file
/// What a check refuses is what the stages of a run refuse, in the same words: each case goes through both.

using namespace titrant;
using namespace titrant::campaign;
using ::testing::HasSubstr;
using titrant::campaign::testing::small_context;

namespace {

using Change = std::function<void(trial::Trial&)>;

struct Case {
  std::string name;
  std::string command;
  std::vector<std::string> sets;
  Change change;        ///< of the synthetic trial; null: none
  std::string message;  ///< a part of it
};

std::string message_of_check(const Configuration& c, const trial::Trial& trial, const std::string& command) {
  try {
    expect_usable(c, trial, stages_for(command));
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

/// The message of the stage that refuses, without a check before them.
std::string message_of_stages(const Context& context, const trial::Trial& trial, const std::string& command) {
  Results results;
  results.trial = trial;
  try {
    for (const auto& stage : stages_for(command)) {
      if (stage->name() == "data") continue;
      core::Progress progress(context.console, stage->title());
      stage->compute(context, results, progress);
    }
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

trial::Trial synthetic(const Configuration& c) { return load_trial(c); }

void each(trial::Trial& trial, const std::function<void(trial::Subject&)>& change) {
  for (trial::Subject& subject : trial.subjects) change(subject);
}

const std::vector<std::string> direct = {"pd={structure: direct_inhibition, search: {enabled: false}}"};

std::vector<Case> cases() {
  return {
      {"no concentrations",
       "fit",
       {},
       [](trial::Trial& t) { each(t, [](auto& s) { s.concentrations.clear(); }); },
       "no subject has a concentration"},
      {"no biomarker", "fit", direct, [](trial::Trial& t) { each(t, [](auto& s) { s.biomarkers.clear(); }); },
       "no subject has a biomarker value"},
      {"a constant biomarker", "fit", direct,
       [](trial::Trial& t) {
         each(t, [](auto& s) {
           for (auto& one : s.biomarkers) one.value = 4.0;
         });
       },
       "all biomarker values are 4"},
      {"no parameter of this name", "fit", {"pk.variability=[lag]"}, {}, "the model has no parameter lag"},
      {"a value for no parameter", "fit", {"pk.fixed={clearence: 4}"}, {}, "did you mean clearance?"},
      {"a value out of range", "fit", {"pk.fixed={volume: -4}"}, {}, "volume is -4"},
      {"a biomarker parameter of another structure",
       "fit",
       {"pd={structure: direct_inhibition, variability: [loss_rate]}"},
       {},
       "the model has no parameter loss_rate"},
      {"a covariate that nobody has", "fit", {"pk.covariates={clearance: {age: power}}"}, {}, "covariate age"},
      {"a covariate that never varies",
       "fit",
       {"pk.covariates={clearance: {body_weight: power}}"},
       [](trial::Trial& t) { each(t, [](auto& s) { s.covariates["body_weight"] = 70.0; }); },
       "body_weight is 70 in all subjects"},
      {"nobody in the window",
       "evaluate",
       {},
       [](trial::Trial& t) { each(t, [](auto& s) { s.biomarkers.clear(); }); },
       "no active subject has a biomarker value between 480 and 504 h"},
      {"one outcome", "evaluate", {"response.threshold=1e-6"}, {}, "subjects of both outcomes"},
      {"more folds than successes", "evaluate", {"training.folds=30"}, {}, "training.folds is 30"},
      {"weights that nobody of the trial has",
       "search",
       {"scenarios={giants: {body_weight: [200, 300], distribution: trial}}"},
       {},
       "no subject of the trial weighs between 200 and 300 kg"},
      {"weights that a distribution does not have",
       "search",
       {"scenarios={giants: {body_weight: [200, 300], distribution: normal, mean: 70, sd: 5}}"},
       {},
       "practically never lie between 200 and 300 kg"},
      {"a covariate that scenarios lack",
       "search",
       {"pk.covariates={clearance: {age: 0.5}}"},
       [](trial::Trial& t) { each(t, [](auto& s) { s.covariates["age"] = 40.0; }); },
       "depends on the covariate 'age', which a scenario cannot supply"},
      {"a curve on more subjects than there are",
       "run",
       {"learning={trial: [4, 200], replicates: 1}"},
       {},
       "a subset of 200 persons to learn from"},
      {"a curve that leaves nobody",
       "run",
       {"learning={trial: [36], replicates: 1}"},
       {},
       "a learning curve on all 36 persons leaves nobody to test"},
      {"a row of an ablation", "run", {"ablation={many: {set: ['training.folds=30']}}"}, {}, "training.folds is 30"},
  };
}

}  // namespace

TEST(Check, RefusesWhatTheStagesRefuseInTheirWords) {
  for (const Case& one : cases()) {
    const Context context = small_context(one.sets);
    trial::Trial trial = synthetic(context.configuration);
    if (one.change) one.change(trial);
    const std::string checked = message_of_check(context.configuration, trial, one.command);
    EXPECT_THAT(checked, HasSubstr(one.message)) << one.name;
    const std::string refused = message_of_stages(context, trial, one.command);
    EXPECT_NE(refused, "") << one.name << ": refused for nothing";
    EXPECT_THAT(checked, HasSubstr(refused)) << one.name;
  }
}

TEST(Check, LetsPassWhatTheStagesCanUse) {
  const std::vector<std::pair<std::string, std::vector<std::string>>> good = {
      {"run", {"learning={trial: [35], replicates: 1}", "ablation={two: {set: ['training.folds=2']}}"}},
      {"fit", {"response.threshold=1e-6"}},  // nobody succeeds, and nobody asks
      {"fit", {"training.folds=30"}},
      {"search", {"scenarios={all: {body_weight: [40, 120], distribution: trial}}"}},
  };
  for (const auto& [command, sets] : good) {
    const Context context = small_context(sets);
    const trial::Trial trial = synthetic(context.configuration);
    EXPECT_EQ(message_of_check(context.configuration, trial, command), "") << sets.front();
    EXPECT_EQ(message_of_stages(context, trial, command), "") << sets.front();
  }
}

// Faults that do not hide each other are all there, each once.
TEST(Check, CollectsEverything) {
  const Context context = small_context({"pk.variability=[lag]", "training.folds=30",
                                         "scenarios={giants: {body_weight: [200, 300], distribution: trial}}",
                                         "ablation={same: {set: ['training.steps=15']}}"});
  const std::string message = message_of_check(context.configuration, synthetic(context.configuration), "run");
  EXPECT_THAT(message, HasSubstr("pk.variability: the model has no parameter lag"));
  EXPECT_THAT(message, HasSubstr("\ntraining.folds is 30"));
  EXPECT_THAT(message, HasSubstr("\nno subject of the trial weighs"));
  EXPECT_THAT(message, HasSubstr("\nablation.same: training.folds is 30"));
}

// A run checks itself before its first fit: this one would fit for minutes.
TEST(Check, ComesFirstInARun) {
  const Context context = small_context({"pk={structure: auto, starts: 100, iterations: 100000}", "training.folds=30"});
  EXPECT_THROW(titrant::campaign::testing::results_of(context, "run"), ConfigError);
}
