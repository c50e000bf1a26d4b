#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "titrant/classifier/classifier.hpp"

namespace titrant::classifier {

/// Logistic regression on log exposure and covariates: the classifier that needs no quantum computer.
///
/// Features: log(1 + c / c_ref) of the average (AUC / length of the window), minimal and maximal concentration, and the
/// input of each covariate, standardised over the training examples. A ridge penalty ridge/2 |w|^2 on the weights (not
/// the intercept) is added to the sum of cross-entropies, and Newton's method finds its one minimum: no random start,
/// no learning rate; of the training options none is used, and each rank does the same small work.
///
/// Parameters: intercept, the weight of each feature, then mean and standard deviation of each.
class LogisticRegression : public Classifier {
 public:
  /// \param reference_concentration  c_ref, > 0, in the trial's unit of concentration
  /// \param ridge                    >= 0; 0 has no minimum where exposure separates the outcomes perfectly
  /// Throws ConfigError where these or a covariate's input are not as they must be.
  explicit LogisticRegression(double reference_concentration, double ridge = 1.0,
                              std::vector<CovariateInput> covariates = {});

  std::string name() const override { return "logistic"; }
  std::unique_ptr<Classifier> clone() const override { return std::make_unique<LogisticRegression>(*this); }
  /// History: one entry per Newton step; its learning rate is the length of the step.
  History train(const parallel::Communicator& ranks, const LabelledExamples& examples, const TrainingOptions& options,
                std::uint64_t seed, std::uint64_t replicate) override;
  std::vector<double> probabilities(std::span<const Example> examples, std::uint64_t seed) const override;
  std::vector<double> parameters() const override;
  std::vector<std::string> parameter_names() const override;
  void set_parameters(std::span<const double> parameters) override;

 private:
  std::size_t features() const { return mean_.size(); }
  std::vector<double> row(const Example& example) const;
  std::vector<double> standardised(const Example& example) const;

  double reference_concentration_;
  double ridge_;
  std::vector<CovariateInput> covariates_;
  std::vector<double> weights_;  ///< intercept first
  std::vector<double> mean_;
  std::vector<double> deviation_;
};

}  // namespace titrant::classifier
