#include "../../src/run/stages/ablation.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "small_run.hpp"

using namespace titrant;
using namespace titrant::run;
using titrant::run::fixtures::results_of;
using titrant::run::fixtures::small_context;

namespace {

/// The answer of the network to the headline question, the first of all, by one rule; NaN: none.
double headline_dose(const Results& results, dose::Rule rule) {
  for (const dose::Decision& one : results.search.decisions) {
    const bool asked = one.question == protocol::Question{"base", "daily", "control", 0.5};
    if (asked && one.method == "qcnn" && one.rule == rule) return one.answer();
  }
  throw std::runtime_error("the headline question has no answer");
}

/// A row against a run of its own with the same settings: bit for bit, but for what only one of them has.
void expect_row_of(const AblationRow& row, const Results& run) {
  const auto same = [&](double found, double expected, const char* what) {
    if (std::isnan(expected)) {
      EXPECT_TRUE(std::isnan(found)) << row.name << ": " << what;
    } else {
      EXPECT_EQ(found, expected) << row.name << ": " << what;
    }
  };
  const classifier::Validation& validation = run.validations.front().result;
  double log_loss = 0.0;  // mean over replicates of the pooled out-of-fold predictions
  double accuracy = 0.0;
  for (std::size_t r = 0; r < validation.out_of_fold.size(); ++r) {
    const auto& labels = run.examples.front().labelled.labels;
    const auto& p = validation.out_of_fold[r];
    for (std::size_t i = 0; i < p.size(); ++i) {
      const double share = 1.0 / static_cast<double>(p.size() * validation.out_of_fold.size());
      log_loss -= share * std::log(labels[i] == 1 ? p[i] : 1.0 - p[i]);
      accuracy += (p[i] > 0.5) == (labels[i] == 1) ? share : 0.0;
    }
  }
  EXPECT_NEAR(row.held_out.log_loss, log_loss, 1e-12) << row.name;
  EXPECT_NEAR(row.held_out.accuracy, accuracy, 1e-12) << row.name;
  same(row.training_loss, run.classifiers.front().history.loss.back(), "training loss");
  same(static_cast<double>(row.parameters),
       static_cast<double>(run.classifiers.front().classifier->parameters().size()), "parameters");
  same(row.dose_mean, headline_dose(run, dose::Rule::mean), "dose");
  same(row.dose_indicator, headline_dose(run, dose::Rule::indicator), "dose by the indicator");
}

const AblationRow& row_called(const Results& results, const std::string& name) {
  for (const AblationRow& row : results.ablation) {
    if (row.name == name) return row;
  }
  throw std::runtime_error("no row " + name);
}

}  // namespace

// A row that changes nothing has the numbers of the run, every other one those of a run with its settings.
TEST(Ablation, RowsAreRunsOfTheirOwn) {
  const Results all = results_of(
      small_context({"ablation={same: {set: ['training.steps=15']}, raw: {set: ['classifier.readout.kind=raw']}, "
                     "flow: {set: ['pk={covariates: {clearance: {weight: 0.25}}}']}}"}),
      "run");
  ASSERT_EQ(all.ablation.size(), 3U);
  expect_row_of(row_called(all, "same"), all);
  const Results raw = results_of(small_context({"classifier.readout.kind=raw"}), "run");
  expect_row_of(row_called(all, "raw"), raw);
  EXPECT_NE(row_called(all, "raw").held_out.log_loss, row_called(all, "same").held_out.log_loss);
  // Written as a section, the key of the models once went unnoticed, and the row kept the fit of the run.
  const Results flow = results_of(small_context({"pk={covariates: {clearance: {weight: 0.25}}}"}), "run");
  expect_row_of(row_called(all, "flow"), flow);
  EXPECT_NE(row_called(all, "flow").held_out.log_loss, row_called(all, "same").held_out.log_loss);
}

TEST(Ablation, SeesChangesOfTheModelsHoweverTheyAreWritten) {
  const Configuration c = small_context({}).configuration;
  EXPECT_TRUE(changes_models(c, {{"pk.error=proportional"}}));
  EXPECT_TRUE(changes_models(c, {{"pk={error: proportional}"}}));
  EXPECT_TRUE(changes_models(c, {{"seed=3"}}));
  EXPECT_TRUE(changes_models(c, {{"training.steps=3", "pk={starts: 2}"}}));
  EXPECT_FALSE(changes_models(c, {{"training.steps=3"}}));
  EXPECT_FALSE(changes_models(c, {{"pk={starts: 1}"}}));  // as it is
}
