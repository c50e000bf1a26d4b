#pragma once

#include <array>
#include <cstddef>

#include "titrant/classifier/classifier.hpp"

namespace titrant::classifier {

/// Logistic regression on log exposure and co-medication: the rival that needs no quantum computer.
///
/// Features: log(1 + c / c_ref) of the average (AUC / interval), minimal and maximal concentration, and COMED, each
/// standardised over the training examples. A ridge penalty ridge/2 |w|^2 on the weights (not the intercept) is added
/// to the sum of cross-entropies, and Newton's method finds its one minimum: no random start, no learning rate; of the
/// training options none is used, and each rank does the same small work.
///
/// Parameters: intercept, the four weights, then mean and standard deviation of each feature.
class LogisticRegression : public Classifier {
 public:
  static constexpr std::size_t features = 4;

  /// \param reference_concentration  c_ref, ng/mL, > 0
  /// \param ridge                    >= 0; 0 has no minimum where exposure separates the outcomes perfectly
  /// Throws ConfigError otherwise.
  explicit LogisticRegression(double reference_concentration, double ridge = 1.0);

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
  using Row = std::array<double, features>;
  Row row(const Example& example) const;
  Row standardised(const Example& example) const;

  double reference_concentration_;
  double ridge_;
  std::array<double, features + 1> weights_{};  ///< intercept first
  Row mean_{};
  Row deviation_;
};

}  // namespace titrant::classifier
