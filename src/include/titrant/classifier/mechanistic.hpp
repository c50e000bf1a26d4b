#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "titrant/classifier/classifier.hpp"
#include "titrant/pkpd/biomarker.hpp"
#include "titrant/pkpd/biomarker_population.hpp"
#include "titrant/pkpd/dosing.hpp"

namespace titrant::classifier {

/// Whether a subject with this biomarker is a success on a dose, given as `course` says. `errors` are standard normal
/// numbers, one for each value that would be measured.
using SuccessRule = std::function<bool(const pkpd::Individual& individual, const pkpd::Biomarker& biomarker,
                                       const pkpd::Course& course, double dose, std::span<const double> errors)>;

/// How the mechanistic classifier averages over what it does not know of a subject.
struct MechanisticOptions {
  std::size_t draws = 200;
  std::size_t errors = 0;  ///< residual errors per draw, as many as the rule reads
};

/// The fitted model of the biomarker as a classifier: the probability of success of a subject whose exposure and
/// covariates are known, and whose biomarker is only known to come from the population:
///
///     p = mean over k of rule(individual, biomarker(covariates, eta_k), course, dose, errors_k)
///
/// Draw k comes from the stream (seed, biomarker_draw, k): the same for every subject and dose (common random numbers),
/// so that p rises with the dose wherever the rule does, and differences between subjects are not noise. The standard
/// error of p is sqrt(p (1 - p) / draws).
///
/// Nothing is left to train: train() returns an empty History, and there are no parameters. The cost is `draws` calls
/// of the rule for each example.
class Mechanistic : public Classifier {
 public:
  /// draws >= 1; `model` and `rule` are copied.
  Mechanistic(pkpd::BiomarkerPopulation model, SuccessRule rule, const MechanisticOptions& options);

  std::string name() const override { return "mechanistic"; }
  std::unique_ptr<Classifier> clone() const override { return std::make_unique<Mechanistic>(*this); }
  History train(const parallel::Communicator& ranks, const LabelledExamples& examples, const TrainingOptions& options,
                std::uint64_t seed, std::uint64_t replicate) override;
  std::vector<double> probabilities(std::span<const Example> examples, std::uint64_t seed) const override;
  std::vector<double> parameters() const override { return {}; }
  std::vector<std::string> parameter_names() const override { return {}; }
  void set_parameters(std::span<const double> parameters) override;

 private:
  pkpd::BiomarkerPopulation model_;
  SuccessRule rule_;
  MechanisticOptions options_;
};

}  // namespace titrant::classifier
