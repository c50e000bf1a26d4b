#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "../../src/run/stages/replicates.hpp"
#include "../../src/run/stages/trainings.hpp"
#include "small_run.hpp"
#include "titrant/classifier/logistic.hpp"
#include "titrant/core/constants.hpp"
#include "titrant/dose/outcomes.hpp"
#include "titrant/dose/virtual_trial.hpp"

/// \file
/// One run of two populations, three regimens and five endpoints: what it answers is found again by calls of dose, with
/// regimens, populations and endpoints that the test writes down itself.

using namespace titrant;
using namespace titrant::run;
using titrant::run::fixtures::nearest_rank;
using titrant::run::fixtures::results_of;
using titrant::run::fixtures::small_context;

namespace {

using titrant::core::infinity;
constexpr std::size_t subjects = 60;
constexpr std::size_t replicates = 4;
constexpr std::size_t of_replicate = 30;
constexpr double target = 0.5;

Context context() {
  return small_context(
      {"pd={structure: direct_inhibition, starts: 1, omega: {variable: [baseline, ic50]}, covariates: {baseline: "
       "{comed: "
       "categorical}}, search: {enabled: false, variability: false}}",
       "training={on: virtual, subjects: 90, steps: 1, folds: 2, virtual: {steps: 1, batch: 0}}",
       "regimens={twice: {interval: 12, doses: {from: 0.5, to: 8.5, step: 1}}, loaded: {interval: 24, doses: {from: 1, "
       "to: "
       "22, step: 3}, loading: {factor: 3, doses: 25}}, by_weight: {interval: 24, doses: {from: 0.02, to: 0.3, step: "
       "0.04}, per: kg}}",
       "endpoints={measured: {of: biomarker, values: measured, hours: [480, 504], below: 3.3}, steady: {of: biomarker, "
       "values: latent, at: steady_state, below: 3.3}, enough: {of: concentration, values: latent, at: steady_state, "
       "above: 1.5}, little: {of: concentration, values: latent, at: steady_state, below: 12}, both: {all: [enough, "
       "little]}}",
       "populations={adults: {weight: {uniform: [50, 100]}, comed: {share: 0.3}}, enrolled: {from: trial, where: "
       "'weight "
       ">= 60'}}",
       "uncertainty={source: parameters, replicates: 4, cohort: 30, subjects: 40, steps: 1}", "cohort.size=60"});
}

const Context& the_context() {
  static const Context made = context();
  return made;
}

const Results& the_run() {
  static const Results made = results_of(the_context(), "run");
  return made;
}

protocol::Endpoint endpoint_of(const char* name, protocol::Quantity of, std::optional<double> below,
                               std::optional<double> above) {
  protocol::Endpoint one;
  one.name = name;
  one.of = of;
  one.steady_state = true;
  one.limits.below = below;
  one.limits.above = above;
  return one;
}

std::vector<dose::ResolvedEndpoint> endpoints() {
  using protocol::Quantity;
  protocol::Endpoint measured = endpoint_of("measured", Quantity::biomarker, 3.3, {});
  measured.values = protocol::Values::measured;
  measured.steady_state = false;
  measured.hours_given = true;
  measured.from = 480.0;
  measured.to = 504.0;
  measured.times = {480, 481, 482, 484, 488, 492, 504};  // those of the trial
  protocol::Endpoint both;
  both.name = "both";
  both.all = {"enough", "little"};
  return dose::resolve({measured, endpoint_of("steady", Quantity::biomarker, 3.3, {}),
                        endpoint_of("enough", Quantity::concentration, {}, 1.5),
                        endpoint_of("little", Quantity::concentration, 12.0, {}), both},
                       true);
}

std::vector<protocol::Regimen> regimens() {
  protocol::Regimen twice;
  twice.name = "twice";
  twice.interval = 12.0;
  twice.doses = protocol::even_doses(0.5, 8.5, 1.0);
  protocol::Regimen loaded;
  loaded.name = "loaded";
  loaded.doses = protocol::even_doses(1.0, 22.0, 3.0);
  loaded.loading = {3.0, 25};
  protocol::Regimen by_weight;
  by_weight.name = "by_weight";
  by_weight.doses = protocol::even_doses(0.02, 0.3, 0.04);
  by_weight.per = "weight";
  return {twice, loaded, by_weight};
}

std::vector<dose::VirtualPopulation> populations(const trial::Trial& trial) {
  dose::VirtualPopulation adults;
  const auto weight = protocol::Distribution::of("uniform", 50.0, 100.0);
  protocol::Distribution comed;
  comed.kind = protocol::Distribution::Kind::levels;
  comed.shares = {{0.0, 0.7}, {1.0, 0.3}};
  adults.definition.name = "adults";
  adults.definition.covariates = {{"weight", weight}, {"comed", comed}};
  dose::VirtualPopulation enrolled;
  enrolled.definition.name = "enrolled";
  enrolled.definition.source = protocol::Population::Source::trial;
  for (const trial::Subject& subject : trial.subjects) {
    if (subject.covariates.at("weight") >= 60.0) enrolled.rows.push_back(subject.covariates);
  }
  return {adults, enrolled};
}

/// Population x regimen, as a run orders them.
std::vector<dose::Panel> panels(const trial::Trial& trial) {
  std::vector<dose::Panel> all;
  for (const dose::VirtualPopulation& population : populations(trial)) {
    for (const protocol::Regimen& regimen : regimens()) all.push_back({population, regimen});
  }
  return all;
}

/// [endpoint][dose]: the share of the subjects first .. first + count - 1 that succeed, each looked at on each dose by
/// the definition of success.
std::vector<std::vector<double>> shares(const Models& models, const dose::Panel& panel, std::size_t first,
                                        std::size_t count) {
  const dose::PopulationModels view = population_models(models);
  const std::vector<dose::ResolvedEndpoint> all = endpoints();
  const dose::EndpointSet set(panel.regimen, all);
  const dose::Cohort cohort(panel.population, view, the_context().configuration.seed, dose::errors_needed(all));
  std::vector<std::vector<double>> share(all.size(), std::vector<double>(panel.doses().size(), 0.0));
  for (std::size_t i = first; i < first + count; ++i) {
    const dose::VirtualSubject subject = cohort.subject(i);
    const dose::Outcomes outcomes(subject, set);
    for (std::size_t k = 0; k < all.size(); ++k) {
      for (std::size_t d = 0; d < panel.doses().size(); ++d) {
        if (outcomes.succeeds(k, panel.doses()[d])) share[k][d] += 1.0 / static_cast<double>(count);
      }
    }
  }
  return share;
}

constexpr double rounding = 1e-9;  // shares are sums of 1/n

/// First and last dose that reaches the target; infinity and 0: none.
std::pair<double, double> ends(const std::vector<double>& share, const std::vector<double>& doses) {
  std::pair<double, double> found = {infinity, 0.0};
  for (std::size_t d = 0; d < doses.size(); ++d) {
    if (share[d] < target - rounding) continue;
    found.first = std::min(found.first, doses[d]);
    found.second = doses[d];
  }
  return found;
}

/// The answers of a method, by panel and endpoint, mean rule.
const dose::Decision& decision_of(const std::string& method, const dose::Panel& panel, const std::string& endpoint) {
  for (const dose::Decision& one : the_run().search.decisions) {
    if (one.method == method && one.rule == dose::Rule::mean && one.question.endpoint == endpoint &&
        dose::asks(one.question, panel)) {
      return one;
    }
  }
  throw std::runtime_error("no answer of " + method + " to " + panel.name() + "/" + endpoint);
}

}  // namespace

TEST(ProtocolRun, AnswersEveryQuestionByEveryMethodAndRule) {
  const std::size_t questions = 2 * 3 * 5;
  EXPECT_EQ(the_run().search.decisions.size(), questions * 3 * 2);  // qcnn, logistic, mechanistic; two rules
  using protocol::Direction;
  const std::map<std::string, Direction> directions = {{"measured", Direction::rising},
                                                       {"steady", Direction::rising},
                                                       {"enough", Direction::rising},
                                                       {"little", Direction::falling},
                                                       {"both", Direction::window}};
  for (const dose::Decision& one : the_run().search.decisions) {
    EXPECT_EQ(one.direction, directions.at(one.question.endpoint)) << one.question.endpoint;
  }
}

// The fitted models' answers against a count over subjects and doses.
TEST(ProtocolRun, MechanisticAnswersAreThoseOfTheDefinitionOfSuccess) {
  const Models models = fitted_models(the_run());
  std::size_t answered = 0;
  for (const dose::Panel& panel : panels(the_run().trial)) {
    const std::vector<std::vector<double>> share = shares(models, panel, 0, subjects);
    for (std::size_t k = 0; k < endpoints().size(); ++k) {
      const std::string name = endpoints()[k].name();
      const dose::Decision& found = decision_of("mechanistic", panel, name);
      const auto [lowest, highest] = ends(share[k], panel.doses());
      const bool any = lowest != infinity;
      answered += any ? 1 : 0;
      const std::string where = panel.name() + "/" + name;
      EXPECT_EQ(found.lowest.has_value(), any && found.direction != protocol::Direction::falling) << where;
      EXPECT_EQ(found.highest.has_value(), any && found.direction != protocol::Direction::rising) << where;
      if (found.lowest) {
        EXPECT_EQ(*found.lowest, lowest) << where;
      }
      if (found.highest) {
        EXPECT_EQ(*found.highest, highest) << where;
      }
      for (std::size_t d = 0; any && d < panel.doses().size(); ++d) {
        if (panel.doses()[d] != found.answer()) continue;
        EXPECT_NEAR(found.attainment, share[k][d], rounding) << where;
      }
    }
  }
  EXPECT_GT(answered, 20U);  // of 30: the doses are such that most are
}

// The classifiers' answers: trained by the test on subjects that it draws, and searched by dose::search.
TEST(ProtocolRun, LogisticAnswersAreThoseOfDoseCalledDirectly) {
  const Configuration& c = the_context().configuration;
  const Results& run = the_run();
  const Models models = fitted_models(run);
  const std::vector<dose::ResolvedEndpoint> all = endpoints();
  std::vector<classifier::LogisticRegression> trained;
  for (std::size_t k = 0; k < all.size(); ++k) {
    dose::VirtualTrialOptions options;
    options.subjects = 90;
    options.populations = populations(run.trial);
    options.regimens = regimens();
    const dose::VirtualTrial drawn =
        dose::virtual_trial({}, population_models(models), options, all[k], c.seed, TrainingId{0, k, 0}.number());
    trained.emplace_back(3.0, 1.0, std::vector<classifier::CovariateInput>{{.name = "comed"}});
    trained.back().train({}, drawn.labelled, {}, c.seed, 0);
  }
  std::vector<protocol::Question> questions;
  for (const dose::ResolvedEndpoint& endpoint : all) {
    for (const dose::Panel& panel : panels(run.trial)) {
      questions.push_back({panel.population.definition.name, panel.regimen.name, endpoint.name(), target});
    }
  }
  dose::CohortView cohort;
  cohort.models = population_models(models);
  cohort.size = subjects;
  cohort.seed = c.seed;
  for (std::size_t k = 0; k < all.size(); ++k) {
    cohort.predictors.push_back({&trained[k], "logistic", all[k].name(), dose::exposure_window(all[k])});
  }
  const dose::SearchResult expected =
      dose::search({}, cohort, panels(run.trial), all, questions, dose::Search::grid, false);
  ASSERT_EQ(expected.decisions.size(), 60U);
  std::size_t compared = 0;
  for (const dose::Decision& one : expected.decisions) {
    for (const dose::Decision& found : run.search.decisions) {
      if (found.method != "logistic" || found.question != one.question || found.rule != one.rule) continue;
      ++compared;
      const std::string where = one.question.population + "/" + one.question.regimen + "/" + one.question.endpoint;
      EXPECT_EQ(found.lowest, one.lowest) << where;
      EXPECT_EQ(found.highest, one.highest) << where;
      EXPECT_EQ(found.attainment, one.attainment) << where;
      EXPECT_EQ(found.monotone, one.monotone) << where;
    }
  }
  EXPECT_EQ(compared, 60U);
}

// Intervals of the fitted models' answers: quantiles of the answers of drawn models, each to subjects of its own.
TEST(ProtocolRun, IntervalsAreQuantilesOfTheAnswersOfDrawnModels) {
  const std::vector<dose::Panel> all = panels(the_run().trial);
  std::size_t wide = 0;
  for (const dose::Panel& panel : all) {
    std::vector<std::vector<std::pair<double, double>>> answers(endpoints().size());
    for (std::size_t r = 0; r < replicates; ++r) {
      const Models drawn = draw_models(the_run(), the_context().configuration.seed, r);
      const auto share = shares(drawn, panel, (r + 1) * of_replicate, of_replicate);
      for (std::size_t k = 0; k < share.size(); ++k) answers[k].push_back(ends(share[k], panel.doses()));
    }
    for (std::size_t k = 0; k < answers.size(); ++k) {
      const dose::Decision& found = decision_of("mechanistic", panel, endpoints()[k].name());
      std::vector<double> lowest;
      std::vector<double> highest;
      for (const auto& [first, last] : answers[k]) {
        lowest.push_back(first);
        highest.push_back(last);
      }
      const std::vector<double>& answering = found.direction == protocol::Direction::falling ? highest : lowest;
      const std::string where = panel.name() + "/" + endpoints()[k].name();
      EXPECT_EQ(found.lower, nearest_rank(answering, 0.05)) << where;
      EXPECT_EQ(found.upper, nearest_rank(answering, 0.95)) << where;
      if (found.direction == protocol::Direction::window) {
        EXPECT_EQ(found.upper_end_lower, nearest_rank(highest, 0.05)) << where;
        EXPECT_EQ(found.upper_end_upper, nearest_rank(highest, 0.95)) << where;
      }
      wide += found.lower < found.upper ? 1 : 0;
    }
  }
  EXPECT_GT(wide, 10U);
}

// 25 loading doses of thrice the dose reach beyond 504 h, and no steady state knows of them.
TEST(ProtocolRun, LoadingDosesCountInHoursAndNotAtSteadyState) {
  const dose::Panel loaded = panels(the_run().trial)[1];
  dose::Panel plain = loaded;
  plain.regimen.loading = {};
  const Models models = fitted_models(the_run());
  const auto with = shares(models, loaded, 0, subjects);
  const auto without = shares(models, plain, 0, subjects);
  EXPECT_NE(with[0], without[0]);
  EXPECT_EQ(with[1], without[1]);
}

TEST(ProtocolRun, ClassifiersSeeTheCovariatesOfTheBiomarkerModel) {
  ASSERT_EQ(the_run().inputs.size(), 1U);
  EXPECT_EQ(the_run().inputs.front().name, "comed");
  for (const TrainedClassifier& one : the_run().classifiers) {
    if (one.method.name != "logistic") continue;
    const std::vector<std::string> names = one.classifier->parameter_names();
    EXPECT_TRUE(std::any_of(names.begin(), names.end(),
                            [](const std::string& name) { return name.find("comed") != std::string::npos; }));
  }
}

TEST(CovariateInputs, FollowTheBiomarkerModelUnlessNamed) {
  using Kind = classifier::CovariateInput::Kind;
  trial::Trial trial;
  for (int i = 0; i < 12; ++i) {
    trial::Subject subject;
    subject.covariates = {{"weight", 60.0 + i}, {"genotype", i % 3}, {"comed", i % 2}};
    trial.subjects.push_back(subject);
  }
  trial.covariates = {{"weight", "BW", {}, 70.0},
                      {"genotype", "GT", {{"1", "poor"}, {"2", "normal"}, {"3", "rapid"}}, {}},
                      {"comed", "CM", {}, {}}};
  const auto names = [&](const Configuration& c, const pkpd::BiomarkerPopulation* model) {
    return classifier::input_names(covariate_inputs(c, trial, model));
  };
  using Names = std::vector<std::string>;
  Configuration c = load_configuration({"", {}});
  pkpd::BiomarkerPopulation model;
  model.parameters = {{"baseline", 10.0, 0.0, {}}, {"ic50", 2.0, 0.0, {}}};
  EXPECT_EQ(names(c, &model), Names{});
  model.parameters[1].effects.emplace_back().covariate = "weight";
  EXPECT_EQ(names(c, &model), Names{"weight"});
  model.parameters[0].effects.emplace_back().covariate = "genotype";
  model.parameters[1].effects.emplace_back().covariate = "genotype";
  EXPECT_EQ(names(c, &model), (Names{"genotype_1", "genotype_2", "weight"}));
  const std::vector<classifier::CovariateInput> inputs = covariate_inputs(c, trial, &model);
  EXPECT_EQ(inputs[1].kind, Kind::indicator);
  EXPECT_EQ(inputs[1].value, 2.0);
  EXPECT_EQ(inputs[2].kind, Kind::continuous);
  EXPECT_EQ(inputs[2].value, 70.0);  // the reference of the data file
  EXPECT_EQ(inputs[2].low, 60.0);
  EXPECT_EQ(inputs[2].high, 71.0);
  EXPECT_EQ(names(c, nullptr), (Names{"genotype_1", "genotype_2", "comed"}));  // without a model: those of few values
  c.classifier_covariates = {"comed"};
  EXPECT_EQ(names(c, &model), Names{"comed"});
  c.classifier_covariates = {};
  EXPECT_EQ(names(c, &model), Names{});
}
