#include "titrant/classifier/validation.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "curves.hpp"
#include "titrant/classifier/logistic.hpp"
#include "titrant/classifier/split.hpp"
#include "titrant/core/error.hpp"

namespace titrant::classifier {
namespace {

using testing::Toy;

// Predicts the share of successes it was trained on, and tells who it has seen: an honest validation never asks about
// them.
class Witness : public Classifier {
 public:
  std::string name() const override { return "witness"; }
  std::unique_ptr<Classifier> clone() const override { return std::make_unique<Witness>(*this); }
  History train(const parallel::Communicator&, const LabelledExamples& examples, const TrainingOptions&, std::uint64_t,
                std::uint64_t replicate) override {
    EXPECT_TRUE(trainings().insert(replicate).second) << "two trainings share a number";
    double successes = 0.0;
    for (std::size_t i = 0; i < examples.size(); ++i) {
      seen_.insert(examples.examples[i].profile);
      successes += examples.labels[i];
    }
    share_ = successes / static_cast<double>(examples.size());
    return {};
  }
  std::vector<double> probabilities(std::span<const Example> examples, std::uint64_t) const override {
    for (const Example& example : examples) EXPECT_FALSE(seen_.contains(example.profile));
    std::vector<double> p(examples.size(), share_);
    return p;
  }
  std::vector<double> parameters() const override { return {share_}; }
  std::vector<std::string> parameter_names() const override { return {"share"}; }
  void set_parameters(std::span<const double> parameters) override { share_ = parameters[0]; }

  static std::set<std::uint64_t>& trainings() {
    static std::set<std::uint64_t> numbers;
    return numbers;
  }

 private:
  std::set<const Profile*> seen_;
  double share_ = 0.5;
};

TEST(Validation, NeverAsksAboutSomebodyItTrainedOn) {
  const Toy toy(30);
  TrainingOptions options;
  options.replicates = 2;
  Witness::trainings().clear();
  const Validation validation = cross_validate({}, Witness{}, toy.examples, options, 1);
  EXPECT_EQ(Witness::trainings().size(), 2U * 6U);
  ASSERT_EQ(validation.out_of_fold.size(), 2U);
  for (std::size_t r = 0; r < 2; ++r) {
    ASSERT_EQ(validation.fold[r].size(), 5U);
    for (const double p : validation.out_of_fold[r]) EXPECT_NEAR(p, 0.5, 0.2);
  }
  EXPECT_EQ(validation.holdout.size(), 2U);
}

// Each fold by hand: train on its training part, predict the rest.
TEST(Validation, IsTrainingOnEachFold) {
  const Toy toy(30);
  const TrainingOptions options;
  const Validation validation = cross_validate({}, LogisticRegression(3.0), toy.examples, options, 5);
  const std::vector<Split> splits = stratified_folds(toy.examples, options.folds, 5, 0);
  std::vector<double> out_of_fold(30);
  for (const Split& split : splits) {
    LogisticRegression logistic(3.0);
    logistic.train({}, toy.examples.subset(split.train), options, 5, 0);
    for (const std::size_t place : split.test) {
      out_of_fold[place] = logistic.probabilities({&toy.examples.examples[place], 1}, 5)[0];
    }
  }
  EXPECT_EQ(validation.out_of_fold[0], out_of_fold);
  EXPECT_EQ(validation.pooled[0].log_loss, evaluate(out_of_fold, toy.examples.labels).log_loss);
}

TEST(Validation, FoldsAddUpToThePooledFigures) {
  const Toy toy(30);
  const Validation validation = cross_validate({}, LogisticRegression(3.0), toy.examples, {}, 5);
  const std::vector<Split> splits = stratified_folds(toy.examples, 5, 5, 0);
  double log_loss = 0.0;
  for (std::size_t f = 0; f < 5; ++f) {
    log_loss += validation.fold[0][f].log_loss * static_cast<double>(splits[f].test.size()) / 30.0;
  }
  EXPECT_NEAR(validation.pooled[0].log_loss, log_loss, 1e-13);
  EXPECT_DOUBLE_EQ(mean({{.log_loss = 1.0, .auc = 0.5}, {.log_loss = 2.0, .auc = 1.0}}).log_loss, 1.5);
}

TEST(Validation, RefusesTooFewSubjects) {
  const Toy toy(6);
  EXPECT_THROW(cross_validate({}, LogisticRegression(3.0), toy.examples, {}, 5), ConfigError);
}

}  // namespace
}  // namespace titrant::classifier
