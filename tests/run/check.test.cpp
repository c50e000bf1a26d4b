#include "titrant/run/check.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <functional>

#include "small_run.hpp"
#include "titrant/core/error.hpp"
#include "titrant/trial/synthetic.hpp"

/// \file
/// What a check refuses is what the stages of a run refuse, in the same words: each case goes through both.

using namespace titrant;
using namespace titrant::run;
using ::testing::HasSubstr;
using titrant::run::fixtures::small_context;

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
      {"no parameter of this name", "fit", {"pk.omega.variable=[lag]"}, {}, "the model has no parameter lag"},
      {"a value for no parameter", "fit", {"pk.fixed={clearence: 4}"}, {}, "did you mean clearance?"},
      {"a value out of range", "fit", {"pk.fixed={volume: -4}"}, {}, "volume is -4"},
      {"a biomarker parameter of another structure",
       "fit",
       {"pd={structure: direct_inhibition, omega: {variable: [kout]}}"},
       {},
       "the model has no parameter kout"},
      {"a biomarker parameter by its old name",
       "fit",
       {"pd={structure: turnover_inhibition, fixed: {loss_rate: 0.1}}"},
       {},
       "loss_rate is called kout now"},
      {"a covariate that nobody has",
       "fit",
       {"pk.covariates={clearance: {comed: categorical}}"},
       [](trial::Trial& t) { each(t, [](auto& s) { s.covariates.erase("comed"); }); },
       "covariate comed"},
      {"a covariate that never varies",
       "fit",
       {"pk.covariates={clearance: {weight: power}}"},
       [](trial::Trial& t) { each(t, [](auto& s) { s.covariates["weight"] = 70.0; }); },
       "weight is 70 in all subjects"},
      {"nobody in the window",
       "evaluate",
       {},
       [](trial::Trial& t) { each(t, [](auto& s) { s.biomarkers.clear(); }); },
       "no active subject has a value between 480 and 504 h; see endpoints.control.hours"},
      {"one outcome",
       "evaluate",
       {"endpoints={control: {of: biomarker, values: measured, hours: [480, 504], below: 1e-6}}"},
       {},
       "subjects of both outcomes"},
      {"more folds than successes", "evaluate", {"training.folds=30"}, {}, "training.folds is 30"},
      {"weights that nobody of the trial has",
       "search",
       {"populations={giants: {from: trial, where: 'weight >= 200'}}"},
       {},
       "populations.giants: no subject of the trial meets 'weight >= 200'; widen populations.giants.where"},
      {"a condition on what the trial has not",
       "search",
       {"populations={girls: {from: trial, where: 'sex == female'}}"},
       {},
       "populations.girls: synthetic:1:1: no column 'sex' for where: sex == female; the header has weight, comed"},
      {"a covariate that populations lack",
       "search",
       {"data.covariates={weight: BW, comed: COMED, age: AGE}", "pk.covariates={clearance: {age: 0.5}}"},
       [](trial::Trial& t) { each(t, [](auto& s) { s.covariates["age"] = 40.0; }); },
       "populations.base: clearance depends on the covariate age, which the population does not supply; write "
       "populations.base.age: {uniform: [FROM, TO]}"},
      {"doses by what populations lack",
       "search",
       {"populations={base: {comed: {share: 0.5}}}", "pk.covariates={}",
        "regimens={by_weight: {interval: 24, doses: [0.1, 0.2], per: kg}}"},
       {},
       "populations.base: the dose of the regimen by_weight depends on the covariate weight, which the population does "
       "not supply"},
      {"hours before the first dose",
       "train",
       {},
       [](trial::Trial& t) {
         each(t, [](auto& s) {
           for (auto& dose : s.doses) dose.time += 500.0;
         });
       },
       "endpoints.control.hours begin at 480 h, before treatment does at 500 h"},
      {"hours that nobody was sampled in",
       "train",
       {"endpoints={control: {of: biomarker, values: measured, hours: [505, 540], below: 3.3}}"},
       {},
       "endpoints.control: the trial has no biomarker values between 505 and 540 h, so no times at which it is "
       "measured; give times: [...]"},
      {"a covariate for classifiers that nobody has",
       "train",
       {"classifier.covariates=[smoker]"},
       {},
       "classifier.covariates: no subject of the trial has the covariate smoker; see data.covariates"},
      {"a curve on more subjects than there are",
       "run",
       {"learning={trial: [4, 200], replicates: 1}"},
       {},
       "a subset of 200 subjects to learn from"},
      {"a curve that leaves nobody",
       "run",
       {"learning={trial: [36], replicates: 1}"},
       {},
       "a learning curve on all 36 subjects leaves nobody to test"},
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
      {"fit",
       {"endpoints={control: {of: biomarker, values: measured, hours: [480, 504], below: 1e-6}}"}},  // nobody succeeds,
                                                                                                     // and nobody asks
      {"fit", {"training.folds=30"}},
      {"search", {"populations={all: {from: trial, where: 'weight >= 40'}}"}},
      {"search", {"populations={wild: {weight: {uniform: [50, 100]}, comed: {share: 0}}}"}},
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
  const Context context = small_context({"pk.omega.variable=[lag]", "training.folds=30",
                                         "populations={giants: {from: trial, where: 'weight >= 200'}}",
                                         "ablation={same: {set: ['training.steps=15']}}"});
  const std::string message = message_of_check(context.configuration, synthetic(context.configuration), "run");
  EXPECT_THAT(message, HasSubstr("pk.omega.variable: the model has no parameter lag"));
  EXPECT_THAT(message, HasSubstr("\ntraining.folds is 30"));
  EXPECT_THAT(message, HasSubstr("\npopulations.giants: no subject of the trial meets"));
  EXPECT_THAT(message, HasSubstr("\nablation.same: training.folds is 30"));
}

// A run checks itself before its first fit: this one would fit for minutes.
TEST(Check, ComesFirstInARun) {
  const Context context = small_context({"pk={structure: auto, starts: 100, iterations: 100000}", "training.folds=30"});
  EXPECT_THROW(titrant::run::fixtures::results_of(context, "run"), ConfigError);
}

// Nothing is known of subjects with a level that the trial lacks: a model that was fitted would run all the same.
TEST(Check, RefusesSharesOfLevelsThatTheTrialLacks) {
  const Context context = small_context({});
  trial::Trial trial = synthetic(context.configuration);
  each(trial, [](auto& s) { s.covariates["comed"] = 0.0; });
  EXPECT_THAT(message_of_check(context.configuration, trial, "search"),
              HasSubstr("populations.base.comed: no subject of the trial has comed = 1, so nothing is known of such "
                        "subjects; it has 0"));
  const Context none = small_context({"populations={base: {weight: {uniform: [50, 100]}, comed: {share: 0}}}"});
  EXPECT_EQ(message_of_check(none.configuration, trial, "search"), "");
}

namespace {

/// A file of a population's rows, gone with the test.
class RowsFile {
 public:
  explicit RowsFile(const std::string& text)
      : path_(fmt::format("{}{}.csv", testing::TempDir(),
                          testing::UnitTest::GetInstance()->current_test_info()->name())) {
    std::ofstream(path_) << text;
  }
  ~RowsFile() { std::filesystem::remove(path_); }
  RowsFile(const RowsFile&) = delete;
  RowsFile& operator=(const RowsFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::string message_of_population(const std::string& population, std::vector<std::string> sets = {}) {
  sets.push_back(fmt::format("populations={{asked: {}}}", population));
  const Context context = small_context(sets);
  return message_of_check(context.configuration, synthetic(context.configuration), "search");
}

}  // namespace

// However a level comes into a population: as a number for everybody, between levels, from a file.
TEST(Check, RefusesLevelsThatTheTrialLacksInWhateverForm) {
  const std::string weight = "weight: {uniform: [50, 100]}";
  EXPECT_THAT(message_of_population(fmt::format("{{{}, comed: 2}}", weight)),
              HasSubstr("populations.asked.comed: no subject of the trial has comed = 2, so nothing is known of such "
                        "subjects; it has 0, 1"));
  EXPECT_EQ(message_of_population(fmt::format("{{{}, comed: 1}}", weight)), "");
  for (const char* distribution : {"{uniform: [0, 1]}", "{normal: [0.5, 0.1]}", "{log_normal: [1, 0.1]}"}) {
    EXPECT_THAT(message_of_population(fmt::format("{{{}, comed: {}}}", weight, distribution)),
                HasSubstr("distribution has values between levels, and comed is categorical: the trial has 0, 1; write "
                          "{share: of the second level} or {levels: {level: share}}"))
        << distribution;
  }
  const RowsFile rows("weight,comed\n70,0\n75,2\n80,2\n");
  EXPECT_THAT(message_of_population(fmt::format("{{from: {}}}", rows.path())),
              HasSubstr(fmt::format("populations.asked.comed: no subject of the trial has comed = 2, as row 2 of its 3 "
                                    "from {} has, so nothing is known of such subjects; it has 0, 1; leave such rows "
                                    "out by populations.asked.where, or correct {}",
                                    rows.path(), rows.path())));
  EXPECT_EQ(message_of_population(fmt::format("{{from: {}, where: comed < 2}}", rows.path())), "");
}

// Levels by their names, also those that somebody has later than at the first record.
TEST(Check, KnowsLevelsByNameAndInTime) {
  const std::vector<std::string> sets = {
      "data.covariates={weight: BW, comed: {column: COMED, levels: {0: without, 1: with, 2: twice}}}",
      "populations={asked: {weight: 70, comed: with}}"};
  const Context context = small_context(sets);
  trial::Trial trial = trial::synthetic_trial(1);
  trial.covariates = context.configuration.data.format.covariates;
  each(trial, [](auto& s) { s.covariates["comed"] = 0.0; });
  EXPECT_THAT(
      message_of_check(context.configuration, trial, "search"),
      HasSubstr("populations.asked.comed: no subject of the trial has comed = with, so nothing is known of such "
                "subjects; it has without"));
  trial.subjects.front().changes = {{24.0, {{"weight", 70.0}, {"comed", 1.0}}}};
  EXPECT_EQ(message_of_check(context.configuration, trial, "search"), "");
}

// Values of a covariate with a power effect, or that multiplies a dose, are above 0.
TEST(Check, RefusesValuesThatNoPowerEffectCanTake) {
  const std::string needed = "and clearance depends on it by a power effect; ";
  EXPECT_THAT(message_of_population("{weight: -5, comed: 0}"),
              HasSubstr("populations.asked.weight: -5 is not above 0, " + needed + "write values above 0"));
  EXPECT_THAT(message_of_population("{weight: {uniform: [-1, 100]}, comed: 0}"),
              HasSubstr("populations.asked.weight: the uniform distribution has values that are not above 0, " +
                        needed + "let it begin above 0"));
  EXPECT_THAT(message_of_population("{weight: {normal: [20, 15]}, comed: 0}"),
              HasSubstr("populations.asked.weight: the normal distribution has values that are not above 0, " + needed +
                        "cut them off by within: [LOW, HIGH] with LOW above 0"));
  EXPECT_EQ(message_of_population("{weight: {normal: [20, 15], within: [1, 60]}, comed: 0}"), "");
  EXPECT_EQ(message_of_population("{weight: {normal: [90, 10]}, comed: 0}"), "") << "9 sd: no random number is there";
  EXPECT_EQ(message_of_population("{weight: {log_normal: [70, 2]}, comed: 0}"), "");
  EXPECT_EQ(message_of_population("{weight: -5, comed: 0}", {"pk.covariates={}"}), "") << "no model uses it";
  EXPECT_THAT(
      message_of_population("{weight: -5, comed: 0}",
                            {"pk.covariates={}", "regimens={by_weight: {interval: 24, doses: [0.1], per: kg}}"}),
      HasSubstr("-5 is not above 0, and the dose of the regimen by_weight is multiplied by it"));
}

TEST(Check, RefusesRowsThatNoPowerEffectCanTake) {
  const RowsFile rows("weight,comed,age\n70,0,40\n75,1,0\n80,1,-3\n");
  const std::vector<std::string> sets = {"data.covariates={weight: BW, comed: COMED, age: AGE}",
                                         "pk.covariates={clearance: {age: power}}",
                                         fmt::format("populations={{asked: {{from: {}}}}}", rows.path())};
  const Context context = small_context(sets);
  trial::Trial trial = trial::synthetic_trial(1);
  double age = 20.0;
  each(trial, [&](auto& s) { s.covariates["age"] = age++; });
  EXPECT_THAT(message_of_check(context.configuration, trial, "search"),
              HasSubstr(fmt::format("populations.asked.age: 0 in row 2 of its 3 from {} is not above 0, and clearance "
                                    "depends on it by a power effect; leave such rows out by populations.asked.where, "
                                    "or correct {}",
                                    rows.path(), rows.path())));
}

// The biomarker model is not known yet: what the search may find counts.
TEST(Check, RefusesValuesThatTheSearchMayNeedAboveZero) {
  const std::vector<std::string> age = {"data.covariates={weight: BW, comed: COMED, age: AGE}", "pk.covariates={}",
                                        "training.on=virtual",
                                        "populations={asked: {weight: 70, comed: 0, age: {normal: [30, 20]}}}"};
  const auto message = [&](const std::string& pd) {
    std::vector<std::string> sets = {pd};
    sets.insert(sets.end(), age.begin(), age.end());
    const Context context = small_context(sets);
    trial::Trial trial = trial::synthetic_trial(1);
    trial.covariates = context.configuration.data.format.covariates;
    double years = 20.0;
    each(trial, [&](auto& s) { s.covariates["age"] = years++; });
    return message_of_check(context.configuration, trial, "search");
  };
  EXPECT_THAT(message("pd={structure: direct_inhibition}"),
              HasSubstr("populations.asked.age: the normal distribution has values that are not above 0, and pd.search "
                        "may let the biomarker depend on it by a power effect"));
  EXPECT_EQ(message("pd={structure: direct_inhibition, search: {covariates: [comed]}}"), "");
  EXPECT_EQ(message("pd={structure: direct_inhibition, search: {enabled: false}}"), "");
}

// What nothing looks at may be a slip; it is said, and refused nowhere.
TEST(Check, RemarksOnCovariatesThatNothingUses) {
  const auto remarks_of = [](std::vector<std::string> sets, const std::string& command) {
    sets.emplace_back(
        "populations={asked: {weight: {uniform: [50, 100]}, comed: {share: 0.5}, age: {uniform: [20, 80]}}}");
    const Context context = small_context(sets);
    return expect_usable(context.configuration, synthetic(context.configuration), stages_for(command));
  };
  const std::vector<std::string> none;
  const std::vector<std::string> age = {"populations.asked.age is not used by any model, classifier or dose."};
  EXPECT_EQ(remarks_of({}, "search"), age) << "classifiers see comed";
  EXPECT_EQ(remarks_of({}, "fit"), none) << "a fit asks no population";
  EXPECT_EQ(remarks_of({"regimens={daily: {interval: 24, doses: [1, 2], per: age}}"}, "search"), none);
  EXPECT_EQ(
      remarks_of({"regimens={daily: {interval: 24, doses: [1, 2], bands: {age: {up_to: {60: 1, .inf: 2}}}}}"}, "train"),
      none);
}

// What a data file is about nobody can guess; a fit needs none of it.
TEST(Check, WantsTheProtocolOfADataFile) {
  const Configuration c = load_configuration({"", {"data.file=trial.csv", "pd.structure=none"}});
  const trial::Trial trial = trial::synthetic_trial(3);
  EXPECT_EQ(message_of_check(c, trial, "fit"), "");
  for (const char* command : {"train", "search", "evaluate", "run"}) {
    EXPECT_THAT(message_of_check(c, trial, command), HasSubstr("endpoints: nothing says what a success is; write for "))
        << command;
  }
  const Configuration with =
      load_configuration({"",
                          {"data.file=trial.csv", "pd.structure=none",
                           "endpoints={control: {of: biomarker, values: measured, hours: [480, 504], below: 3.3}}"}});
  EXPECT_THAT(message_of_check(with, trial, "train"), HasSubstr("regimens: nothing says how doses are given"));
  ASSERT_EQ(with.protocol.populations.size(), 1U);
  EXPECT_EQ(with.protocol.populations.front().name, "trial");
  EXPECT_EQ(with.protocol.populations.front().source, protocol::Population::Source::trial);
}

// Nothing is known of absorption from intravenous doses, and nothing of bioavailability from oral ones alone.
TEST(Check, RefusesRoutesThatTheTrialTellsNothingOf) {
  const Context context = small_context({"regimens={a: {interval: 24, doses: [1, 2], route: bolus}}"});
  trial::Trial trial = synthetic(context.configuration);
  EXPECT_THAT(message_of_check(context.configuration, trial, "search"),
              HasSubstr("regimens.a.route: the trial has oral doses alone: its clearances and volumes are over a "
                        "bioavailability that nothing tells; expected oral"));
  each(trial, [](trial::Subject& subject) {
    for (pkpd::Dose& dose : subject.doses) dose.into = pkpd::DoseInto::central;
  });
  EXPECT_EQ(message_of_check(context.configuration, trial, "search"), "");
  const Context oral = small_context({"regimens={a: {interval: 24, doses: [1, 2]}}"});
  EXPECT_THAT(
      message_of_check(oral.configuration, trial, "search"),
      HasSubstr("regimens.a.route: the trial has intravenous doses alone, which tell nothing of absorption; write "
                "route: bolus, or route: infusion with duration: 1 (h)"));
  trial.subjects.back().doses = {{.amount = 5.0}};
  EXPECT_EQ(message_of_check(oral.configuration, trial, "search"), "") << "both routes";
}

// Angles of exposure saturate: a trial in other units needs another reference.
TEST(Check, RemarksOnAReferenceFarFromTheConcentrations) {
  const Context context = small_context({});
  trial::Trial trial = synthetic(context.configuration);
  const auto remarks = [&] { return expect_usable(context.configuration, trial, stages_for("search")); };
  EXPECT_THAT(remarks(), testing::Not(testing::Contains(HasSubstr("reference_concentration"))));
  each(trial, [](trial::Subject& subject) {
    for (trial::Observation& one : subject.concentrations) one.value *= 1000.0;
  });
  EXPECT_THAT(remarks(), testing::Contains(HasSubstr("classifier.reference_concentration is 3 ng/mL, and the median of "
                                                     "the trial's concentrations is ")));
}

// Kinetics are known by the routes of those who have concentrations.
TEST(Check, RefusesExposureThatNobodysConcentrationsTell) {
  const Context context = small_context(direct);
  trial::Trial trial = synthetic(context.configuration);
  trial::Subject& last = trial.subjects.back();
  for (pkpd::Dose& dose : last.doses) dose.into = pkpd::DoseInto::central;
  last.concentrations.clear();
  EXPECT_THAT(message_of_check(context.configuration, trial, "search"),
              HasSubstr(fmt::format(
                  "subject {}: has an intravenous dose, and nobody with such a dose has concentrations", last.id)));
  const Context bolus = small_context({"regimens={a: {interval: 24, doses: [1, 2], route: bolus}}"});
  EXPECT_THAT(message_of_check(bolus.configuration, trial, "search"), HasSubstr("the trial has oral doses alone"));
}

TEST(Check, LetsPassSharesOfNumbers) {
  EXPECT_EQ(message_of_population("{weight: {levels: {60: 0.5, 90: 0.5}}, comed: 0}"), "");
}
