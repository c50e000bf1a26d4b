#pragma once

#include <memory>
#include <string>
#include <vector>

#include "titrant/classifier/ansatz.hpp"
#include "titrant/classifier/classifier.hpp"
#include "titrant/classifier/encoding.hpp"
#include "titrant/classifier/readout.hpp"
#include "titrant/classifier/training.hpp"

namespace titrant::classifier {

class Expansion;
class Networks;

/// Throws ConfigError for combinations of back end, gradient and noise that cannot work.
void check_combination(const QuantumOptions& quantum);

/// The quantum convolutional neural network. One set of parameters serves curves of all numbers of points.
///
///     Qcnn qcnn("qcnn", classifier_options, quantum_options);
///     qcnn.train(ranks, examples, training_options, seed, 0);
///     std::vector<double> p = qcnn.probabilities(others, seed);
///
/// Parameters: the angles of the ansatz (45 for depth 2 and su4, rad; all sizes in README.md of src/classifier), then
/// scale and offset where the readout is trained. Preset `proposal` reads P(1) raw, whatever the options say: it has no
/// other readout by its own definition.
///
/// With noise, training does what QuantumOptions::noise_training says. `refit` and `ignored` train by exact adjoint
/// gradients, whatever the options say of the device's; `refit` adds scale and offset to the parameters, but not in
/// preset `proposal`, which has none and is used as it is. Throws ConfigError for combinations of back end, gradient
/// and noise that there are not.
class Qcnn : public Classifier {
 public:
  Qcnn(std::string name, const ClassifierOptions& options, const QuantumOptions& quantum);

  std::string name() const override { return name_; }
  std::unique_ptr<Classifier> clone() const override { return std::make_unique<Qcnn>(*this); }
  History train(const parallel::Communicator& ranks, const LabelledExamples& examples, const TrainingOptions& options,
                std::uint64_t seed, std::uint64_t replicate) override;
  std::vector<double> probabilities(std::span<const Example> examples, std::uint64_t seed) const override;
  std::vector<std::uint32_t> counts(std::span<const Example> examples, std::uint64_t seed) const override;
  std::uint32_t shots() const override;
  std::vector<double> parameters() const override { return parameters_; }
  std::vector<std::string> parameter_names() const override;
  std::size_t shares(std::size_t examples) const override;
  void set_parameters(std::span<const double> parameters) override;

  /// The network for curves of 64, 128 or ClassifierOptions::curve_points points, for drawing, export and execution
  /// elsewhere.
  const Network& network(std::size_t points) const;
  /// What its features tell of an example, in their order.
  /// How examples become amplitudes and feature angles.
  const Encoding& encoding() const { return encoding_; }
  std::vector<std::string> feature_names() const { return classifier::feature_names(encoding_); }
  /// P(1) of the network, exact, before the readout.
  std::vector<double> exact_p_one(std::span<const Example> examples) const;
  Readout readout() const;

  /// Scale and offset, which have to be parameters, such that probabilities come as close as they can to wanted ones:
  /// minimises the cross-entropy sum_i H(wanted_i, p_i), a convex problem. `wanted`: [example], in [0, 1]. Throws
  /// NumericalError where P(1) is not finite.
  void refit_readout(std::span<const Example> examples, std::span<const double> wanted);

  /// The logits of these examples and their derivatives by the chosen gradient rule; `seed` keys the shots. The
  /// examples are copied; this object must outlive the model.
  LogitModel logit_model(std::span<const Example> examples, std::uint64_t seed) const;

 private:
  std::size_t angles() const;  ///< trained parameters of the circuit
  History train_without_noise(const parallel::Communicator& ranks, const LabelledExamples& examples,
                              const TrainingOptions& options, std::uint64_t seed, std::uint64_t replicate);
  void assign(std::vector<double> parameters);
  Readout readout(std::span<const double> parameters) const;

  std::string name_;
  ClassifierOptions options_;
  Encoding encoding_;
  ReadoutOptions readout_;
  QuantumOptions quantum_;
  std::shared_ptr<const Networks> networks_;  ///< circuits do not change: copies share them
  std::vector<double> parameters_;
  std::shared_ptr<const Expansion> expansion_;  ///< of P(1), for these parameters
};

}  // namespace titrant::classifier
