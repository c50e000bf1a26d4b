#include "titrant/classifier/cnn.hpp"

#include <cmath>
#include <memory>
#include <utility>

#include "cnn_network.hpp"
#include "covariate.hpp"
#include "titrant/classifier/readout.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"

namespace titrant::classifier {

/// What the network sees of some examples.
struct Cnn::Inputs {
  std::vector<double> curve;       ///< [example][points]: log(1 + C / c_ref), not yet standardised
  std::vector<double> covariates;  ///< [example][covariate]: inputs
  std::size_t covariate_count = 0;

  void standardise(double mean, double deviation) {
    for (double& value : curve) value = (value - mean) / deviation;
  }
  std::span<const double> curve_of(std::size_t example) const {
    return std::span(curve).subspan(example * cnn::points, cnn::points);
  }
  std::span<const double> covariates_of(std::size_t example) const {
    return std::span(covariates).subspan(example * covariate_count, covariate_count);
  }
};

Cnn::Cnn(double reference_concentration, std::vector<CovariateInput> covariates)
    : reference_concentration_(reference_concentration),
      covariates_(std::move(covariates)),
      weights_(cnn::parameters(covariates_.size()), 0.0) {
  if (!(reference_concentration > 0.0)) throw ConfigError("classifier.reference_concentration must be positive");
  check_inputs(covariates_);
}

Cnn::Inputs Cnn::inputs(std::span<const Example> examples) const {
  Inputs all;
  all.curve.reserve(examples.size() * cnn::points);
  all.covariate_count = covariates_.size();
  all.covariates.reserve(examples.size() * covariates_.size());
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
    const std::vector<double> known = covariate_inputs(covariates_, *example.profile);
    all.covariates.insert(all.covariates.end(), known.begin(), known.end());
  }
  return all;
}

LogitModel Cnn::logit_model(std::span<const Example> examples) const {
  Inputs prepared = inputs(examples);
  prepared.standardise(mean_, deviation_);
  const auto shared = std::make_shared<const Inputs>(std::move(prepared));
  LogitModel model;
  model.parameters = weights_.size();
  model.evaluate = [shared](std::span<const double> parameters, std::span<const std::size_t> places,
                            std::uint64_t /*first_unit*/, std::span<double> logit, std::span<double> gradient) {
    for (std::size_t i = 0; i < places.size(); ++i) {
      logit[i] = cnn::logit(parameters, shared->curve_of(places[i]), shared->covariates_of(places[i]),
                            gradient.subspan(i * parameters.size(), parameters.size()));
    }
  };
  return model;
}

History Cnn::train(const parallel::Communicator& ranks, const LabelledExamples& examples,
                   const TrainingOptions& options, std::uint64_t seed, std::uint64_t replicate) {
  require_both_outcomes(examples);
  const TrainingSet set = training_set(examples, options.monotonicity, covariates_);
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
      const std::size_t inputs_of_unit = cnn::fan_in(k, covariates_.size());
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
    p.push_back(sigmoid(cnn::logit(weights_, prepared.curve_of(i), prepared.covariates_of(i), {})));
  }
  return p;
}

std::vector<double> Cnn::parameters() const {
  std::vector<double> all = weights_;
  all.insert(all.end(), {mean_, deviation_});
  return all;
}

std::vector<std::string> Cnn::parameter_names() const {
  std::vector<std::string> names = cnn::parameter_names(input_names(covariates_));
  names.insert(names.end(), {"input.mean", "input.deviation"});
  return names;
}

void Cnn::set_parameters(std::span<const double> parameters) {
  TITRANT_EXPECTS(parameters.size() == weights_.size() + 2);
  weights_.assign(parameters.begin(), parameters.end() - 2);
  mean_ = parameters[weights_.size()];
  deviation_ = parameters[weights_.size() + 1];
}

}  // namespace titrant::classifier
