#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "titrant/classifier/example.hpp"
#include "titrant/classifier/options.hpp"
#include "titrant/parallel/communicator.hpp"

namespace titrant::classifier {

/// What happened in a training, one entry per step, at least one.
struct History {
  std::vector<double> loss;  ///< mean cross-entropy (plus penalty)
  std::vector<double> gradient_norm;
  std::vector<double> learning_rate;
};

/// Predicts the probability that a subject on a regimen is a success. Kinds: the QCNN and the classifiers it is
/// compared with.
///
/// A classifier is a value with parameters: training sets them, and two classifiers of the same kind with the same
/// parameters predict the same bits.
class Classifier {
 public:
  virtual ~Classifier() = default;

  virtual std::string name() const = 0;
  virtual std::unique_ptr<Classifier> clone() const = 0;

  /// Fits the parameters, from random ones or (TrainingOptions::warm_start) from those it has. `replicate` numbers the
  /// training: it keys initial parameters and shots, so any two trainings of a run differ in it. Collective over
  /// `ranks`; the same bits on any number of them. Throws DataError where only one class is present.
  virtual History train(const parallel::Communicator& ranks, const LabelledExamples& examples,
                        const TrainingOptions& options, std::uint64_t seed, std::uint64_t replicate) = 0;

  /// Among how many ranks one training on so many examples divides about evenly, in less time than they need to agree.
  virtual std::size_t shares(std::size_t /*examples*/) const { return 1; }

  /// p(success) for each example; local to this rank, independent of how examples are grouped into calls.
  virtual std::vector<double> probabilities(std::span<const Example> examples, std::uint64_t seed) const = 0;

  /// Shots behind each probability; 0 where it is exact.
  virtual std::uint32_t shots() const { return 0; }

  /// How many of the shots() gave 1, for each example, with the random numbers of `probabilities`; empty where these
  /// are exact.
  virtual std::vector<std::uint32_t> counts(std::span<const Example> /*examples*/, std::uint64_t /*seed*/) const {
    return {};
  }

  /// All that training sets: trained angles (rad), readout scale and offset, weights.
  virtual std::vector<double> parameters() const = 0;
  virtual std::vector<std::string> parameter_names() const = 0;
  virtual void set_parameters(std::span<const double> parameters) = 0;
};

/// What can be compared with the QCNN of a configuration, by the words of `classifier.compare`: "exposure", "logistic".
std::vector<std::string> compared_words();
/// What such a word is called in tables and stores: "qcnn_exposure", "logistic". Throws ConfigError for another.
std::string compared_name(const std::string& word);

/// The classifier of a name: "qcnn" (the preset of the options), "qcnn_exposure", "qcnn_homogeneous", "qcnn_proposal",
/// "qcnn_device", "logistic", "cnn". Throws ConfigError for another.
std::unique_ptr<Classifier> make_classifier(const std::string& name, const ClassifierOptions& options,
                                            const QuantumOptions& quantum);

}  // namespace titrant::classifier
