#include "titrant/run/configuration.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "titrant/core/error.hpp"
#include "titrant/run/methods.hpp"
#include "titrant/trial/synthetic.hpp"

namespace titrant::run {

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

TEST(Configuration, MethodsOfEstimationInTheirOrder) {
  for (const char* possible : {"[fo]", "[foce]", "[fo, focei]", "[fo, foce, focei]", "[saem, focei]"}) {
    EXPECT_EQ(faults({"", {std::string("estimation.methods=") + possible}}), "") << possible;
  }
  for (const char* impossible : {"[focei, fo]", "[saem, foce]", "[fo, saem]"}) {
    EXPECT_THAT(faults({"", {std::string("estimation.methods=") + impossible}}),
                HasSubstr("cannot estimate a population; expected one or more of fo, foce and focei in this order"));
  }
}

TEST(Configuration, ABootstrapIsASourceOfUncertainty) {
  EXPECT_THAT(faults({"", {"estimation.uncertainty=bootstrap"}}),
              HasSubstr("estimation.uncertainty: 'bootstrap' is not of this key: resampled subjects are "
                        "uncertainty.source: bootstrap"));
}

// The keys that scripts, jobs and tests rely on.
TEST(Configuration, HasTheKeysOfItsContract) {
  const std::vector<std::string> sets = {
      "seed=1",
      "data.file=x.csv",
      "data.columns.id=SUBJ",
      "data.concentration_dvid=3",
      "data.biomarker_dvid=4",
      "pk.compartments=auto",
      "pk.lag=true",
      "pk.error=combined",
      "pk.omega.variable=[clearance]",
      "pk.covariates.clearance.weight=0.7",
      "pk.fixed.absorption_rate=1",
      "pd.structure=none",
      "regimens={daily: {interval: 12, doses: [1, 2]}}",
      "regimens.daily.interval=24",
      "regimens.daily.doses=[1, 2.5]",
      "endpoints={control: {of: biomarker, values: measured, hours: [0, 48], below: 3}}",
      "endpoints.control.below=3.5",
      "populations={base: {weight: {uniform: [50, 100]}}}",
      "populations.base.weight={uniform: [55, 95]}",
      "targets=[0.8]",
      "questions=all",
      "headline={regimen: daily}",
      "classifier.covariates=[comed]",
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
      "cohort.size=100",
      "dose.rule=indicator",
      "dose.search=bisection",
      "output.trajectories=none"};
  EXPECT_EQ(faults({"", sets}), "");
}

TEST(Configuration, ReportsFaultsBetweenKeys) {
  EXPECT_THAT(faults({"", {"regimens={daily: {interval: 24, doses: {from: 1, to: 0.1, step: 1}}}"}}),
              HasSubstr("regimens.daily.doses: the doses end (0.1) before they begin (1)"));
  EXPECT_THAT(faults({"", {"regimens={daily: {interval: 24, doses: {from: 1, to: 2, step: 1e-9}}}"}}),
              HasSubstr("more than"));
  EXPECT_THAT(faults({"", {"quantum.backend=sampled", "quantum.gradient=adjoint"}}), HasSubstr("exact"));
  EXPECT_THAT(faults({"", {"classifier.compare=[exposure]"}}), HasSubstr("preset already"));
  EXPECT_THAT(faults({"", {"data.covariates.dose=DOSE"}}), HasSubstr("call it otherwise"));
  EXPECT_THAT(faults({"", {"populations={a/b: {comed: 0.1}}"}}), HasSubstr("letters, digits"));
  EXPECT_THAT(faults({"", {"training.regimens=[dayly]"}}), HasSubstr("training.regimens: 'dayly' is no regimen"));
  EXPECT_THAT(faults({"", {"questions=[{population: base, regimen: dayly, endpoint: control, target: 0.5}]"}}),
              HasSubstr("questions: 'dayly' is no regimen; did you mean 'daily'?"));
  EXPECT_THAT(faults({"",
                      {"data.covariates={sex: {column: SEX, levels: {1: male, 2: female}}}",
                       "populations={all: {sex: {levels: {male: 0.4, femal: 0.6}}}}"}}),
              HasSubstr("populations.all.sex: 'femal' is no level of sex; did you mean 'female'?"));
  EXPECT_THAT(faults({"", {"headline={target: 0.6}"}}), HasSubstr("headline: is no question of this run"));
}

TEST(Configuration, RefusesWhatCannotBe) {
  for (const char* set : {"targets=[1.5]", "targets=[]", "regimens={daily: {interval: 0, doses: [1]}}",
                          "regimens={daily: {interval: 24, doses: [2, 1]}}", "regimens={daily: {interval: 24}}",
                          "cohort.size=0", "training.folds=1", "populations.base.comed={share: 2}",
                          "endpoints.control.below=0", "endpoints={control: {of: biomarker, values: latent, below: 1}}",
                          "training.on=nobody", "quantum.noise=device"}) {
    EXPECT_NE(faults({"", {set}}), "") << set;
  }
}

TEST(Configuration, KnowsWhoCanAnswerWhat) {
  EXPECT_EQ(load_configuration({"", {}}).training_set.on, std::vector<std::string>{"virtual"});
  EXPECT_EQ(load_configuration({"", {"pd.structure=none"}}).training_set.on, std::vector<std::string>{"trial"});
  // Concentrations of virtual subjects need no biomarker.
  const std::string safe = "endpoints={safe: {of: concentration, values: latent, at: steady_state, below: 60}}";
  const std::string early = "endpoints={early: {of: concentration, values: measured, hours: [0, 24], below: 60}}";
  const auto data =
      std::vector<std::string>{"data.file=any.csv", "pd.structure=none", "regimens={a: {interval: 24, doses: [1, 2]}}"};
  const auto on = [&](const std::vector<std::string>& more) {
    std::vector<std::string> sets = data;
    sets.insert(sets.end(), more.begin(), more.end());
    return load_configuration({"", sets}).training_set.on;
  };
  EXPECT_EQ(on({safe}), std::vector<std::string>{"virtual"});
  EXPECT_EQ(on({early}), std::vector<std::string>{"trial"});
  EXPECT_EQ(on({early, "training.on=virtual"}), std::vector<std::string>{"virtual"});
  EXPECT_THAT(
      faults({"", {"pd.structure=none", "training.on=virtual"}}),
      HasSubstr("training.on: virtual subjects need a biomarker model: set pd.structure to auto, or training.on "
                "to trial, or ask for endpoints of the concentration alone"));
  EXPECT_THAT(faults({"", {"pd.structure=none", "training.on=virtual"}}),
              HasSubstr("virtual subjects need a biomarker model"));
  EXPECT_EQ(faults({"", {"pd.structure=none", "training.on=trial"}}), "");
  const std::string latent = "latent: {of: biomarker, values: latent, at: steady_state, below: 3}";
  const std::string measured = "measured: {of: biomarker, values: measured, hours: [480, 504], below: 3}";
  EXPECT_THAT(faults({"", {"training.on=[virtual, trial]", "endpoints={" + latent + "}"}}),
              HasSubstr("training.on: the trial's subjects have outcomes of endpoints with values: measured and hours "
                        "alone, and no endpoint has them"));
  EXPECT_EQ(faults({"", {"training.on=[virtual, trial]", "endpoints={" + latent + ", " + measured + "}"}}), "");
  EXPECT_THAT(faults({"", {"pd.structure=none", "endpoints={" + latent + ", " + measured + "}"}}),
              HasSubstr("endpoints.latent: is of a biomarker that is not fitted"));
}

TEST(Configuration, ChecksTheRowsOfAnAblation) {
  EXPECT_EQ(faults({"", {"ablation.raw.set=[classifier.readout.kind=raw]"}}), "");
  EXPECT_THAT(faults({"", {"ablation.raw.set=[classifier.readout.kidn=raw]"}}), HasSubstr("ablation.raw"));
}

// Preset device has a line of six qubits, whether it is the network or one beside it.
TEST(Configuration, RefusesARingOfSevenOnADevice) {
  for (const char* const where : {"classifier.preset=device", "classifier.compare=[device]"}) {
    EXPECT_EQ(faults({"", {where}}), "");
    EXPECT_THAT(faults({"", {where, "classifier.qubits=7"}}),
                HasSubstr("classifier.qubits: preset device is a line of 6 data qubits"));
  }
  EXPECT_THAT(faults({"", {"classifier.preset=device", "classifier.compare=[device]"}}),
              HasSubstr("'device' is the preset"));
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

TEST(Methods, AreEveryClassifierWithEveryTrainingSet) {
  Configuration configuration;
  configuration.classifier.compare = {"logistic"};
  configuration.training_set.on = {"virtual", "trial"};
  const std::vector<Method> all = methods(configuration);
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[1].name, "logistic");
  EXPECT_EQ(all[1].training_set, "virtual");
  EXPECT_EQ(all[2].name, "qcnn_trial");
  EXPECT_EQ(all[2].classifier, "qcnn");
  const dose::ResolvedEndpoint measured{trial::default_protocol().endpoints.front(), {}, {}};
  dose::ResolvedEndpoint latent = measured;
  latent.definition.values = protocol::Values::latent;
  EXPECT_TRUE(answers(all[0], latent));
  EXPECT_FALSE(answers(all[2], latent));
  EXPECT_TRUE(answers(all[2], measured));
}

TEST(Endpoints, MeasuredOnesHaveTheTimesOfMostSubjects) {
  const Configuration configuration = load_configuration(
      {"",
       {"endpoints={latent: {of: biomarker, values: latent, at: steady_state, below: 3}, measured: {of: biomarker, "
        "values: measured, hours: [480, 504], below: 3}, both: {all: [measured, latent]}, twice: {of: biomarker, "
        "values: measured, hours: [480, 504], times: [482, 483], above: 1}}"}});
  trial::Trial trial;
  for (const std::vector<double>& times :
       std::vector<std::vector<double>>{{0, 480, 504}, {0, 480, 492, 504}, {480, 504, 600}}) {
    trial::Subject subject;
    for (const double time : times) subject.biomarkers.push_back({time, 5.0, false, 0.0});
    trial.subjects.push_back(subject);
  }
  const std::vector<dose::ResolvedEndpoint> endpoints = endpoints_of(configuration, trial, nullptr);
  ASSERT_EQ(endpoints.size(), 4U);
  EXPECT_EQ(endpoints[0].name(), "latent");
  EXPECT_TRUE(endpoints[0].definition.times.empty());
  EXPECT_EQ(endpoints[1].definition.times, (std::vector<double>{480, 504}));  // the schedule of two of the three
  EXPECT_TRUE(endpoints[1].definition.labels_trial());
  ASSERT_EQ(endpoints[2].parts.size(), 2U);
  EXPECT_EQ(endpoints[2].parts[0].times, (std::vector<double>{480, 504}));
  EXPECT_EQ(endpoints[3].definition.times, (std::vector<double>{482, 483}));
  EXPECT_EQ(endpoints[3].direction, protocol::Direction::falling);  // nobody knows better, so a dose lowers it
}

// The clock of a trial may begin before its treatment; courses begin with the first dose.
TEST(Endpoints, CountHoursFromTheFirstDose) {
  const Configuration configuration = load_configuration({"", {}});
  trial::Trial trial = trial::synthetic_trial(3);
  for (trial::Subject& subject : trial.subjects) {
    for (pkpd::Dose& dose : subject.doses) dose.time += 72.0;
  }
  const std::vector<dose::ResolvedEndpoint> endpoints = endpoints_of(configuration, trial, nullptr);
  EXPECT_EQ(endpoints[0].definition.from, 408.0);
  EXPECT_EQ(endpoints[0].definition.to, 432.0);
  EXPECT_EQ(endpoints[0].definition.times, (std::vector<double>{408, 409, 410, 412, 416, 420, 432}));
}

// The headline's endpoint where it labels the trial's subjects, else the first that does.
TEST(Endpoints, OneServesCrossValidation) {
  const std::string latent = "latent: {of: biomarker, values: latent, at: steady_state, below: 3}";
  const std::string late = "late: {of: biomarker, values: measured, hours: [480, 504], below: 3}";
  const std::string early = "early: {of: biomarker, values: measured, hours: [0, 24], below: 3}";
  const std::string all = "endpoints={" + latent + ", " + late + ", " + early + "}";
  EXPECT_EQ(trial_endpoint(load_configuration({"", {all}})), 1U);
  EXPECT_EQ(trial_endpoint(load_configuration({"", {all, "headline={endpoint: early}"}})), 2U);
  EXPECT_EQ(trial_endpoint(load_configuration({"", {all, "headline={endpoint: latent}"}})), 1U);
  EXPECT_EQ(trial_endpoint(load_configuration({"", {"endpoints={" + latent + "}"}})), std::nullopt);
}

// pk_pd.method says in two words what pd.method says in three, and one of them is enough.
TEST(Configuration, HasTheMethodOfTheBiomarkerFitByEitherKey) {
  using nlme::PdMethod;
  const auto method_of = [](const std::vector<std::string>& sets) {
    return pd_method(load_configuration({"", sets}).pd);
  };
  EXPECT_EQ(method_of({}), PdMethod::individual);
  EXPECT_EQ(method_of({"pd.method=population"}), PdMethod::population);
  EXPECT_EQ(method_of({"pd.method=population", "pk_pd.method=sequential"}), PdMethod::population);
  EXPECT_EQ(method_of({"pk_pd.method=joint"}), PdMethod::joint);
  EXPECT_EQ(method_of({"pk_pd.method=joint", "pd.method=joint"}), PdMethod::joint);
  EXPECT_EQ(method_of({"pk_pd.method=sequential"}), PdMethod::individual);
  EXPECT_THAT(faults({"", {"pk_pd.method=joint", "pd.method=individual"}}),
              HasSubstr("pk_pd.method: is joint, and pd.method is individual; write one of the two"));
  EXPECT_THAT(faults({"", {"pk_pd.method=sequential", "pd.method=joint"}}),
              HasSubstr("pk_pd.method: is sequential, and pd.method is joint; write one of the two"));
}

TEST(Configuration, CorrelatesPkAndBiomarkerInJointFitsAlone) {
  const std::string blocks = "pk_pd.omega.blocks=[[pk.clearance, pd.ic50]]";
  const Configuration c = load_configuration({"", {blocks, "pk_pd.method=joint"}});
  EXPECT_EQ(c.pd.fit.joint_blocks, (std::vector<std::vector<std::string>>{{"pk.clearance", "pd.ic50"}}));
  const Configuration again = load_configuration({"again.yaml", {}, to_yaml(c, false)});
  EXPECT_EQ(again.pd.fit.joint_blocks, c.pd.fit.joint_blocks);
  EXPECT_EQ(pd_method(again.pd), nlme::PdMethod::joint);
  EXPECT_THAT(faults({"", {blocks}}), HasSubstr("pk_pd.omega.blocks: random effects of PK and biomarker parameters are "
                                                "correlated in joint fits alone; write pk_pd.method: joint"));
  EXPECT_THAT(faults({"", {blocks, "pd.structure=none", "training.on=trial"}}),
              HasSubstr("pk_pd.omega.blocks: needs a biomarker model"));
  EXPECT_THAT(faults({"", {"pk_pd.omega.blocks=[[clearance, pd.ic50]]"}}), HasSubstr("clearance"));
  EXPECT_THAT(faults({"", {"pk_pd.omega.blocks=[[pk.lag, pd.ic50]]", "pd.method=joint"}}),
              HasSubstr("pk.lag does not vary between subjects"));
}

// Whoever has a configuration of the first format is told what to write now.
TEST(Configuration, NamesTheKeysThatReplaceTheOldOnes) {
  const std::vector<std::pair<std::string, std::string>> replaced = {
      {"scenarios={base: {body_weight: [50, 100], comed: 0.5}}",
       "scenarios: is a key of earlier versions; write populations: {base: "},
      {"scenarios.base.comed=0.5", "scenarios: is a key of earlier versions; write populations: {base: "},
      {"pk.covariates={clearance: {body_weight: 0.75}}",
       "pk.covariates.clearance.body_weight: unknown covariate; data.covariates names weight, comed; did you mean "
       "'weight'?"},
      {"response={threshold: 3.3}", "response: is a key of earlier versions; write endpoints: {control: "},
      {"response.label=latent", "response: is a key of earlier versions; write endpoints: {control: "},
      {"pd.omega.variable=[loss_rate]", "pd.omega.variable: 'loss_rate' is a word of earlier versions; write kout"},
      {"pd.search.parameters=[c50]", "pd.search.parameters: 'c50' is a word of earlier versions; write ic50"},
      {"dose={daily: {from: 1}}", "dose.daily: is a key of earlier versions; write regimens: {daily: "},
      {"dose.daily.step=2", "dose.daily: is a key of earlier versions; write regimens: {daily: "},
      {"dose.weekly.to=200", "dose.weekly: is a key of earlier versions; write regimens: {weekly: "},
      {"dose.targets=[0.8]", "dose.targets: is a key of earlier versions; write targets: [0.9, 0.75] beside regimens"}};
  for (const auto& [set, message] : replaced) EXPECT_THAT(faults({"", {set}}), HasSubstr(message)) << set;
  const std::string text = "seed: 1\nresponse: {threshold: 3}\ndose:\n  weekly: {step: 5}\n";
  EXPECT_THAT(faults({"old.yaml", {}, text}), testing::AllOf(HasSubstr("old.yaml:2:1: response: is a key of earlier"),
                                                             HasSubstr("old.yaml:4:3: dose.weekly: is a key of")));
}

// Keys that --set does not name stay: what is impossible together is shown together.
TEST(Configuration, ShowsTheEntryThatSetAndFileMakeTogether) {
  const std::string kept = "; --set keeps the keys that it does not name, so ";
  const auto faults_of = [](const std::string& set) {
    return faults({"file.yaml",
                   {set},
                   "endpoints: {control: {of: biomarker, values: measured, hours: [480, 504], below: 4}}\n"
                   "regimens: {once: {interval: 24, doses: [1, 2]}}\n"
                   "populations: {base: {weight: {uniform: [50, 100]}, comed: 0}}\n"});
  };
  EXPECT_THAT(faults_of("endpoints.control={values: latent, at: steady_state}"),
              HasSubstr("latent values are judged in one of the two windows" + kept +
                        "endpoints.control is {of: biomarker, values: latent, hours: [480, 504], below: 4, at: "
                        "steady_state}"));
  EXPECT_THAT(faults_of("populations.base={from: trial}"),
              HasSubstr(kept + "populations.base is {weight: {uniform: [50, 100]}, comed: 0, from: trial}"));
  EXPECT_THAT(faults_of("populations.base.weight={normal: [80, 15]}"),
              HasSubstr(kept + "populations.base is {weight: {uniform: [50, 100], normal: [80, 15]}, comed: 0}"));
  EXPECT_THAT(faults_of("regimens.once={interval: -1}"), testing::Not(HasSubstr(kept)));
}

// What they are told to write must be what the program reads.
TEST(Configuration, ReadsWhatItTellsToWrite) {
  for (const char* old : {"scenarios={}", "response={}", "dose.daily={}", "dose.weekly={}"}) {
    std::string message = faults({"", {old}});
    const std::size_t begin = message.find("write ") + 6;
    const std::size_t end = message.rfind('}') + 1;
    ASSERT_LT(begin, end) << message;
    EXPECT_EQ(faults({"new.yaml", {}, message.substr(begin, end - begin)}), "") << message;
  }
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
  EXPECT_THAT(with("diagnostics.profile=[pd.ic50]"),
              HasSubstr("diagnostics.profile: 'pd.ic50': there is no biomarker"));
  EXPECT_THAT(faults({"", {"diagnostics.profile=[pk.clearence]"}}),
              HasSubstr("diagnostics.profile: 'pk.clearence' is of no parameter"));
  for (const char* possible : {"pk.omega.volume", "pk.clearance.weight", "pk.error.additive", "pd.occasion_omega.ic50",
                               "pk.correlation.clearance.volume"}) {
    EXPECT_THAT(faults({"", {fmt::format("diagnostics.profile=[{}]", possible)}}),
                testing::Not(HasSubstr("of no parameter")))
        << possible;
  }
  EXPECT_THAT(faults({"", {"diagnostics.profile=[clearance]"}}),
              HasSubstr("diagnostics.profile: 'clearance' begins neither with pk. nor with pd."));
  EXPECT_THAT(faults({"", {"learning.trial=[2.5]"}}),
              HasSubstr("learning.trial: 2.5 subjects; expected whole numbers"));
}

// The model of binary values is a probability.
TEST(Configuration, BinaryValuesHaveLimitsBetween0And1AndNoUnit) {
  const auto with = [](const std::string& limit) {
    return ConfigurationSource{
        "",
        {"pd={structure: direct_inhibition, error: binary}",
         fmt::format("endpoints={{rare: {{of: biomarker, values: measured, hours: [0, 24], {}}}}}", limit)}};
  };
  EXPECT_EQ(faults(with("below: 0.2")), "");
  EXPECT_THAT(faults(with("below: 3.3")), HasSubstr("endpoints.rare.below: 3.3 is met by all or by none"));
  EXPECT_THAT(faults(with("above: 1")), HasSubstr("endpoints.rare.above: 1 is met by all or by none"));
  EXPECT_EQ(load_configuration(with("below: 0.2")).data.format.units.biomarker, "1");
  ConfigurationSource other = with("below: 0.2");
  other.sets.emplace_back("data.units.biomarker=events");
  EXPECT_EQ(load_configuration(other).data.format.units.biomarker, "events");
}

// Beyond these numbers, random streams of two trainings would be one, or a training would stop at its 65,537th step.
TEST(Configuration, BoundsWhatHasANumberInARandomStream) {
  EXPECT_THAT(faults({"", {"training.steps=65537"}}), HasSubstr("training.steps"));
  EXPECT_EQ(faults({"", {"training.steps=65536"}}), "");
  EXPECT_THAT(faults({"", {"training.folds=1000", "training.replicates=1048"}}),
              HasSubstr("training.replicates: 1048 repeats of 1000 folds are more than 1048576 trainings"));
  EXPECT_EQ(faults({"", {"training.folds=1000", "training.replicates=1047"}}), "");
  std::string populations = "populations={";
  for (int i = 0; i < 65; ++i) populations += fmt::format("p{}: {{comed: 0.5}}, ", i);
  EXPECT_THAT(faults({"", {populations + "}"}}), HasSubstr("populations: 65 of them; at most 64 in one run"));
}

// Rows neither have nor need the coverage of the run.
TEST(Configuration, LetsARowLackWhatOnlyTheRunIsAskedFor) {
  EXPECT_EQ(faults({"", {"coverage.trials=2", "ablation={plain: {set: ['uncertainty.source=none']}}"}}), "");
}

}  // namespace titrant::run
