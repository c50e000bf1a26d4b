#include "titrant/campaign/configuration.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "titrant/campaign/methods.hpp"
#include "titrant/core/error.hpp"

namespace titrant::campaign {

namespace {

using testing::HasSubstr;

std::string faults(const ConfigurationSource& source) {
  try {
    load_configuration(source);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

std::string source_folder(const std::string& path) { return std::string(TITRANT_SOURCE_DIR) + "/" + path; }

}  // namespace

TEST(Configuration, DefaultsAreValidAndReadBackUnchanged) {
  const Configuration defaults = load_configuration({"", {}});
  const std::string yaml = to_yaml(defaults, true);
  const std::filesystem::path file =
      std::filesystem::temp_directory_path() / ("titrant_defaults_" + std::to_string(::getpid()) + ".yaml");
  std::ofstream(file) << yaml;
  const Configuration again = load_configuration({file.string(), {}});
  std::filesystem::remove(file);
  EXPECT_EQ(to_yaml(again, true), yaml);
}

// The keys that scripts, jobs and tests rely on.
TEST(Configuration, HasTheKeysOfItsContract) {
  const std::vector<std::string> sets = {"seed=1",
                                         "data.file=x.csv",
                                         "data.columns.id=SUBJ",
                                         "data.concentration_dvid=3",
                                         "data.biomarker_dvid=4",
                                         "pk.structure=auto",
                                         "pk.lag=true",
                                         "pk.error=combined",
                                         "pk.variability=[clearance]",
                                         "pk.covariates.clearance.body_weight=0.7",
                                         "pk.fixed.absorption_rate=1",
                                         "pd.structure=none",
                                         "response.threshold=3",
                                         "response.label=measured",
                                         "response.window=day_21",
                                         "classifier.preset=proposal",
                                         "classifier.readout.kind=raw",
                                         "classifier.readout.scale=12",
                                         "quantum.backend=sampled",
                                         "quantum.shots=512",
                                         "quantum.noise=none",
                                         "quantum.gradient=parameter_shift",
                                         "training.on=trial",
                                         "training.optimizer=adam",
                                         "training.learning_rate=0.2",
                                         "training.schedule=cosine",
                                         "training.steps=10",
                                         "training.folds=4",
                                         "training.test_fraction=0.3",
                                         "training.monotonicity.weight=0.1",
                                         "training.monotonicity.in=[dose]",
                                         "training.replicates=2",
                                         "scenarios.base.body_weight=[55, 95]",
                                         "cohort.size=100",
                                         "dose.daily.from=1",
                                         "dose.weekly.step=10",
                                         "dose.targets=[0.8]",
                                         "dose.rule=indicator",
                                         "dose.search=bisection",
                                         "output.trajectories=false"};
  EXPECT_EQ(faults({"", sets}), "");
}

TEST(Configuration, ReportsFaultsBetweenKeys) {
  EXPECT_THAT(faults({"", {"dose.daily.to=0.1"}}), HasSubstr("the grid ends (0.1) before it begins"));
  EXPECT_THAT(faults({"", {"dose.daily.step=1e-9"}}), HasSubstr("more than"));
  EXPECT_THAT(faults({"", {"quantum.backend=sampled", "quantum.gradient=adjoint"}}), HasSubstr("exact"));
  EXPECT_THAT(faults({"", {"classifier.compare=[exposure]"}}), HasSubstr("preset already"));
  EXPECT_THAT(faults({"", {"data.covariates={comed: COMED}"}}), HasSubstr("body_weight"));
  EXPECT_THAT(faults({"", {"data.covariates.dose=DOSE"}}), HasSubstr("call it otherwise"));
  EXPECT_THAT(faults({"", {"scenarios={a/b: {comed: 0.1}}"}}), HasSubstr("letters, digits"));
}

TEST(Configuration, RefusesWhatCannotBe) {
  for (const char* set : {"dose.targets=[1.5]", "dose.targets=[]", "dose.daily.step=0", "dose.daily.step=-1",
                          "cohort.size=0", "training.folds=1", "scenarios={}", "scenarios.base.comed=2",
                          "response.threshold=0", "training.on=nobody", "quantum.noise=device"}) {
    EXPECT_NE(faults({"", {set}}), "") << set;
  }
}

TEST(Configuration, KnowsWhoCanAnswerWhat) {
  EXPECT_EQ(load_configuration({"", {}}).source.on, std::vector<std::string>{"virtual"});
  EXPECT_EQ(load_configuration({"", {"pd.structure=none"}}).source.on, std::vector<std::string>{"trial"});
  EXPECT_THAT(faults({"", {"pd.structure=none", "training.on=virtual"}}),
              HasSubstr("virtual subjects need a biomarker model"));
  EXPECT_EQ(faults({"", {"pd.structure=none", "training.on=trial"}}), "");
  EXPECT_THAT(faults({"", {"training.on=[virtual, trial]", "response.label=latent"}}),
              HasSubstr("answers no question"));
  EXPECT_EQ(faults({"", {"training.on=[virtual, trial]", "response.label=[latent, measured]"}}), "");
}

TEST(Configuration, ChecksTheRowsOfAnAblation) {
  EXPECT_EQ(faults({"", {"ablation.raw.set=[classifier.readout.kind=raw]"}}), "");
  EXPECT_THAT(faults({"", {"ablation.raw.set=[classifier.readout.kidn=raw]"}}), HasSubstr("ablation.raw"));
}

TEST(Configuration, ShippedConfigurationsAreValid) {
  for (const auto& entry : std::filesystem::directory_iterator(source_folder("configs"))) {
    if (entry.path().extension() != ".yaml") continue;
    EXPECT_EQ(faults({entry.path().string(), {}}), "") << entry.path();
  }
}

TEST(Configuration, LooksForFilesBesideTheConfigurationFirst) {
  const Configuration shipped = load_configuration({source_folder("configs") + "/noise.yaml", {}});
  EXPECT_EQ(shipped.noise.device, source_folder("configs") + "/devices/example_heavy_hex.yaml");
  EXPECT_THAT(faults({source_folder("configs") + "/noise.yaml", {"quantum.noise=devices/example_heavy_hex.yaml"}}),
              HasSubstr("devices/example_heavy_hex.yaml"));  // of the command line: where the program was started
}

TEST(Configuration, MissingFileIsNamed) { EXPECT_THAT(faults({"absent.yaml", {}}), HasSubstr("absent.yaml")); }

TEST(Methods, AreEveryKindWithEverySource) {
  Configuration configuration;
  configuration.classifier.compare = {"logistic"};
  configuration.source.on = {"virtual", "trial"};
  const std::vector<Method> all = methods(configuration);
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[1].name, "logistic");
  EXPECT_EQ(all[1].source, "virtual");
  EXPECT_EQ(all[2].name, "qcnn_trial");
  EXPECT_EQ(all[2].kind, "qcnn");
  dose::Criterion latent;
  latent.label = dose::Label::latent;
  EXPECT_TRUE(answers(all[0], latent));
  EXPECT_FALSE(answers(all[2], latent));
  EXPECT_TRUE(answers(all[2], dose::Criterion{}));
}

TEST(Criteria, AreEveryLabelWithEveryWindow) {
  Configuration configuration;
  configuration.response.label = {"latent", "measured"};
  configuration.response.window = {"steady_state", "day_21"};
  trial::Trial trial;
  for (const std::vector<double>& times :
       std::vector<std::vector<double>>{{0, 480, 504}, {0, 480, 492, 504}, {480, 504, 600}}) {
    trial::Subject subject;
    for (const double time : times) subject.biomarkers.push_back({time, 5.0, false, 0.0});
    trial.subjects.push_back(subject);
  }
  const std::vector<dose::Criterion> questions = criteria(configuration, trial);
  ASSERT_EQ(questions.size(), 4U);
  EXPECT_EQ(questions[0].name(), "latent_steady_state");
  EXPECT_TRUE(questions[0].sampling.empty());
  EXPECT_EQ(questions[3].name(), "measured_day_21");
  EXPECT_EQ(questions[3].sampling, (std::vector<double>{480, 504}));  // the schedule of two of the three
  EXPECT_TRUE(is_observed(questions[3]));
}

TEST(ClassifierNames, PutTheMainOneFirst) {
  Configuration configuration;
  configuration.classifier.compare = {"logistic", "proposal"};
  EXPECT_EQ(classifier_names(configuration), (std::vector<std::string>{"qcnn", "logistic", "qcnn_proposal"}));
}

// Found once only after hours, at the stage that could not do it.
TEST(Configuration, RefusesLateStagesThatCannotBeDone) {
  EXPECT_THAT(faults({"", {"coverage.trials=2", "uncertainty.source=none"}}),
              HasSubstr("coverage.trials: needs a biomarker model (pd.structure) and intervals (uncertainty.source)"));
  const std::vector<std::string> no_biomarker = {"pd.structure=none", "training.on=trial"};
  const auto with = [&](const std::string& set) {
    std::vector<std::string> sets = no_biomarker;
    sets.push_back(set);
    return faults({"", sets});
  };
  EXPECT_EQ(with("seed=1"), "");
  EXPECT_THAT(with("coverage.trials=2"), HasSubstr("coverage.trials: needs a biomarker model"));
  EXPECT_THAT(with("learning.virtual=[20]"), HasSubstr("learning.virtual: virtual subjects need a biomarker model"));
  EXPECT_THAT(with("diagnostics.profile=[pd.c50]"), HasSubstr("diagnostics.profile: 'pd.c50': there is no biomarker"));
  EXPECT_THAT(faults({"", {"diagnostics.profile=[clearance]"}}),
              HasSubstr("diagnostics.profile: 'clearance' begins neither with pk. nor with pd."));
  EXPECT_THAT(faults({"", {"learning.trial=[2.5]"}}),
              HasSubstr("learning.trial: 2.5 subjects; expected whole numbers"));
}

// Beyond these numbers, random streams of two trainings would be one, or a training would stop at its 65,537th step.
TEST(Configuration, BoundsWhatHasANumberInARandomStream) {
  EXPECT_THAT(faults({"", {"training.steps=65537"}}), HasSubstr("training.steps"));
  EXPECT_EQ(faults({"", {"training.steps=65536"}}), "");
  EXPECT_THAT(faults({"", {"training.folds=1000", "training.replicates=1048"}}),
              HasSubstr("training.replicates: 1048 repeats of 1000 folds are more than 1048576 trainings"));
  EXPECT_EQ(faults({"", {"training.folds=1000", "training.replicates=1047"}}), "");
  std::string scenarios = "scenarios={";
  for (int i = 0; i < 65; ++i) scenarios += fmt::format("p{}: {{comed: 0.5}}, ", i);
  EXPECT_THAT(faults({"", {scenarios + "}"}}), HasSubstr("scenarios: 65 populations; at most 64"));
}

// Rows neither have nor need the coverage of the run.
TEST(Configuration, LetsARowLackWhatOnlyTheRunIsAskedFor) {
  EXPECT_EQ(faults({"", {"coverage.trials=2", "ablation={plain: {set: ['uncertainty.source=none']}}"}}), "");
}

}  // namespace titrant::campaign
