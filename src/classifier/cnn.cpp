#include "titrant/classifier/cnn.hpp"

#include <cmath>
#include <memory>

#include "cnn_network.hpp"
#include "covariate.hpp"
#include "titrant/classifier/readout.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"

namespace titrant::classifier {

/// What the network sees of some examples.
struct Cnn::Inputs {
  std::vector<double> curve;  ///< [example][points]: log(1 + C / c_ref), not yet standardised
  std::vector<double> comed;  ///< [example]

  void standardise(double mean, double deviation) {
    for (double& value : curve) value = (value - mean) / deviation;
  }
  std::span<const double> of(std::size_t example) const {
    return std::span(curve).subspan(example * cnn::points, cnn::points);
  }
};

Cnn::Cnn(double reference_concentration)
    : reference_concentration_(reference_concentration), weights_(cnn::parameters, 0.0) {
  if (!(reference_concentration > 0.0)) throw ConfigError("classifier.reference_concentration must be positive");
}

Cnn::Inputs Cnn::inputs(std::span<const Example> examples) const {
  Inputs all;
  all.curve.reserve(examples.size() * cnn::points);
  all.comed.reserve(examples.size());
  for (const Example& example : examples) {
    const std::vector<double>& curve = example.profile->curve;
    TITRANT_EXPECTS(!curve.empty() && curve.size() % cnn::points == 0);
    const std::size_t together = curve.size() / cnn::points;
    const double share = example.dose / (reference_concentration_ * static_cast<double>(together));
    for (std::size_t t = 0; t < cnn::points; ++t) {
      double sum = 0.0;
      for (std::size_t k = 0; k < together; ++k) sum += curve[t * together + k];
      all.curve.push_back(std::log1p(share * sum));
    }
    all.comed.push_back(comedication(example));
  }
  return all;
}

LogitModel Cnn::logit_model(std::span<const Example> examples) const {
  Inputs prepared = inputs(examples);
  prepared.standardise(mean_, deviation_);
  const auto shared = std::make_shared<const Inputs>(std::move(prepared));
  LogitModel model;
  model.parameters = cnn::parameters;
  model.evaluate = [shared](std::span<const double> parameters, std::span<const std::size_t> places,
                            std::uint64_t /*first_unit*/, std::span<double> logit, std::span<double> gradient) {
    for (std::size_t i = 0; i < places.size(); ++i) {
      logit[i] = cnn::logit(parameters, shared->of(places[i]), shared->comed[places[i]],
                            gradient.subspan(i * cnn::parameters, cnn::parameters));
    }
  };
  return model;
}

History Cnn::train(const parallel::Communicator& ranks, const LabelledExamples& examples,
                   const TrainingOptions& options, std::uint64_t seed, std::uint64_t replicate) {
  require_both_outcomes(examples);
  const TrainingSet set = training_set(examples, options.monotonicity);
  std::vector<double> weights = weights_;
  if (!options.warm_start) {
    const Inputs seen = inputs(examples.examples);
    const auto count = static_cast<double>(seen.curve.size());
    double sum = 0.0;
    for (const double value : seen.curve) sum += value;
    mean_ = sum / count;
    double squares = 0.0;
    for (const double value : seen.curve) squares += (value - mean_) * (value - mean_);
    deviation_ = squares > 0.0 ? std::sqrt(squares / count) : 1.0;

    core::Stream stream(seed, core::Purpose::initial_parameters, replicate);
    for (std::size_t k = 0; k < weights.size(); ++k) {
      const std::size_t inputs_of_unit = cnn::fan_in(k);
      weights[k] = inputs_of_unit == 0 ? 0.0 : stream.normal() / std::sqrt(static_cast<double>(inputs_of_unit));
    }
  }
  History history = train_by_gradient(ranks, logit_model(set.examples), set, options, seed, replicate, weights);
  weights_ = std::move(weights);
  return history;
}

std::vector<double> Cnn::probabilities(std::span<const Example> examples, std::uint64_t /*seed*/) const {
  Inputs prepared = inputs(examples);
  prepared.standardise(mean_, deviation_);
  std::vector<double> p;
  p.reserve(examples.size());
  for (std::size_t i = 0; i < examples.size(); ++i) {
    p.push_back(sigmoid(cnn::logit(weights_, prepared.of(i), prepared.comed[i], {})));
  }
  return p;
}

std::vector<double> Cnn::parameters() const {
  std::vector<double> all = weights_;
  all.insert(all.end(), {mean_, deviation_});
  return all;
}

std::vector<std::string> Cnn::parameter_names() const {
  std::vector<std::string> names = cnn::parameter_names();
  names.insert(names.end(), {"input.mean", "input.deviation"});
  return names;
}

void Cnn::set_parameters(std::span<const double> parameters) {
  TITRANT_EXPECTS(parameters.size() == cnn::parameters + 2);
  weights_.assign(parameters.begin(), parameters.begin() + static_cast<std::ptrdiff_t>(cnn::parameters));
  mean_ = parameters[cnn::parameters];
  deviation_ = parameters[cnn::parameters + 1];
}

}  // namespace titrant::classifier
