#pragma once

#include <memory>
#include <string>
#include <vector>

#include "titrant/classifier/classifier.hpp"
#include "titrant/classifier/training.hpp"

namespace titrant::classifier {

/// A one-dimensional convolutional network on C(t): a classical network of as many parameters as the QCNN (45 with one
/// covariate).
///
/// It sees log(1 + C / c_ref) at 64 points (finer curves are averaged), standardised by one mean and one deviation over
/// the training examples, on a ring, because the curve is periodic at steady state. Two rounds of convolution, tanh and
/// average pooling, then a dense layer with the covariates' inputs; sizes in README.md of src/classifier. Derivatives
/// by backpropagation; trained by the same loop as the QCNN.
///
/// Initial weights are N(0, 1 / number of inputs) and biases 0 (LeCun et al. 1998), whatever
/// TrainingOptions::initial_spread says: that is an angle.
///
/// Parameters: the 44 of the network and one for each covariate's input, then mean and deviation of the curves.
class Cnn : public Classifier {
 public:
  /// \param reference_concentration  c_ref, > 0, in the trial's unit of concentration
  /// Throws ConfigError where that or a covariate's input is not as it must be.
  explicit Cnn(double reference_concentration, std::vector<CovariateInput> covariates = {});

  std::string name() const override { return "cnn"; }
  std::unique_ptr<Classifier> clone() const override { return std::make_unique<Cnn>(*this); }
  History train(const parallel::Communicator& ranks, const LabelledExamples& examples, const TrainingOptions& options,
                std::uint64_t seed, std::uint64_t replicate) override;
  std::vector<double> probabilities(std::span<const Example> examples, std::uint64_t seed) const override;
  std::vector<double> parameters() const override;
  std::vector<std::string> parameter_names() const override;
  void set_parameters(std::span<const double> parameters) override;

  /// Logits of these examples and their derivatives by the parameters of the network, with the present mean and
  /// deviation of the inputs. The examples are copied.
  LogitModel logit_model(std::span<const Example> examples) const;

 private:
  struct Inputs;  ///< of some examples

  Inputs inputs(std::span<const Example> examples) const;

  double reference_concentration_;
  std::vector<CovariateInput> covariates_;
  std::vector<double> weights_;
  double mean_ = 0.0;
  double deviation_ = 1.0;
};

}  // namespace titrant::classifier
