#include "titrant/classifier/qcnn.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "expansion.hpp"
#include "readout_fit.hpp"
#include "titrant/classifier/networks.hpp"
#include "titrant/core/error.hpp"
#include "titrant/core/stream.hpp"
#include "titrant/quantum/noise/noise_model.hpp"

namespace titrant::classifier {

namespace {

bool refits(const QuantumOptions& quantum) {
  return quantum.noise != nullptr && quantum.noise_training == NoiseTraining::refit;
}

ReadoutOptions readout_of(const ClassifierOptions& options, const QuantumOptions& quantum) {
  if (options.preset == Preset::proposal) return {ReadoutKind::raw, options.readout.scale, false};
  ReadoutOptions readout = options.readout;
  readout.trained = readout.trained || refits(quantum);
  if (readout.trained && readout.kind == ReadoutKind::raw) {
    throw ConfigError(
        "classifier.readout: raw P(1) has no scale and offset to train; set kind: sigmoid, trained: false and, with "
        "noise, training.noise other than refit");
  }
  return readout;
}

}  // namespace

void check_combination(const QuantumOptions& quantum) {
  const bool shots = quantum.backend == Backend::sampled || quantum.backend == Backend::trajectory;
  const bool on_device = quantum.noise == nullptr || quantum.noise_training == NoiseTraining::aware;
  if (quantum.shots == 0) throw ConfigError("quantum.shots is 0; a probability needs at least one shot");
  if (quantum.backend == Backend::exact && quantum.noise != nullptr)
    throw ConfigError("quantum.backend exact knows no noise; choose density_matrix, sampled or trajectory");
  if (!on_device) return;
  if (quantum.gradient == Gradient::spsa) {
    if (!(quantum.spsa.perturbation > 0.0) || !std::isfinite(quantum.spsa.perturbation) || quantum.spsa.repeats < 1)
      throw ConfigError("quantum.spsa: perturbation must be a positive number (rad), and repeats at least 1");
    constexpr double most_shots = 4294967296.0;  // shot numbers have 32 bits
    const double circuits = 2.0 * quantum.spsa.repeats + 1.0;
    if (quantum.backend == Backend::trajectory && circuits * quantum.shots > most_shots) {
      throw ConfigError(fmt::format(
          "quantum: {} shots in each of {:.0f} circuits of an example are more than 2^32 trajectories; lower "
          "quantum.shots or quantum.spsa.repeats",
          quantum.shots, circuits));
    }
  }
  if (shots && quantum.gradient == Gradient::adjoint) {
    throw ConfigError(
        "adjoint differentiation needs exact probabilities: with shots choose quantum.gradient parameter_shift, "
        "shared_shift or spsa");
  }
  if (quantum.backend == Backend::trajectory && quantum.gradient != Gradient::spsa) {
    throw ConfigError(
        "quantum.backend trajectory trains by quantum.gradient spsa alone; backend sampled has the same distribution "
        "at a fraction of the cost");
  }
}

Qcnn::Qcnn(std::string name, const ClassifierOptions& options, const QuantumOptions& quantum)
    : name_(std::move(name)),
      options_(options),
      encoding_(encoding_of(options)),
      readout_(readout_of(options, quantum)),
      quantum_(quantum) {
  check_combination(quantum);
  if (!(options.reference_concentration > 0.0))
    throw ConfigError("classifier.reference_concentration must be positive");
  if (!(options.highest_dose > 0.0)) throw ConfigError("the highest dose of preset proposal must be positive");
  check_inputs(options.covariates);
  networks_ = std::make_shared<const Networks>(options, quantum);
  std::vector<double> parameters(networks_->parameters(), 0.0);
  if (readout_.trained) parameters.insert(parameters.end(), {readout_.scale, 0.0});
  assign(std::move(parameters));
}

void Qcnn::assign(std::vector<double> parameters) {
  parameters_ = std::move(parameters);
  expansion_ = std::make_shared<const Expansion>(networks_, encoding_, std::span(parameters_).first(angles()));
}

const Network& Qcnn::network(std::size_t points) const { return networks_->network(encoded_points(encoding_, points)); }

std::size_t Qcnn::angles() const { return networks_->parameters(); }

Readout Qcnn::readout() const { return readout(parameters_); }

Readout Qcnn::readout(std::span<const double> parameters) const {
  if (!readout_.trained) return {readout_.kind, readout_.scale, 0.0};
  return {readout_.kind, parameters[angles()], parameters[angles() + 1]};
}

std::uint32_t Qcnn::shots() const {
  return quantum_.backend == Backend::sampled || quantum_.backend == Backend::trajectory ? quantum_.shots : 0;
}

std::size_t Qcnn::shares(std::size_t examples) const {
  const bool noisy = quantum_.noise != nullptr;
  if (noisy && quantum_.noise_training != NoiseTraining::aware) return 1;
  if (quantum_.backend == Backend::trajectory) return examples;
  // Exact steps take microseconds, and under noise each rank would pull the whole effect back by itself.
  const bool shifts = quantum_.gradient == Gradient::parameter_shift || quantum_.gradient == Gradient::shared_shift;
  if (noisy || !shifts || quantum_.backend != Backend::sampled) return 1;
  const std::size_t block = LogitModel{}.together;
  return (examples + block - 1) / block;
}

std::vector<std::string> Qcnn::parameter_names() const {
  std::vector<std::string> names = networks_->members().front().network.parameter_names;
  if (readout_.trained) names.insert(names.end(), {"readout.scale", "readout.offset"});
  return names;
}

void Qcnn::set_parameters(std::span<const double> parameters) {
  TITRANT_EXPECTS(parameters.size() == parameters_.size());
  assign({parameters.begin(), parameters.end()});
}

std::vector<double> Qcnn::exact_p_one(std::span<const Example> examples) const { return expansion_->p_one(examples); }

std::vector<std::uint32_t> Qcnn::counts(std::span<const Example> examples, std::uint64_t seed) const {
  if (shots() == 0) return {};
  std::vector<std::uint32_t> ones;
  ones.reserve(examples.size());
  if (quantum_.backend == Backend::trajectory) {
    const EncodedExamples encoded(encoding_, examples);
    for (std::size_t i = 0; i < examples.size(); ++i) {
      ones.push_back(networks_->count_ones(std::span(parameters_).first(angles()), encoded.points(i), encoded.input(i),
                                           seed, examples[i].unit, 0));
    }
    return ones;
  }
  const quantum::Shots shots{quantum_.shots, seed, core::Purpose::prediction_shots};
  const std::vector<double> p = exact_p_one(examples);
  for (std::size_t i = 0; i < p.size(); ++i) {
    const double exact = std::clamp(p[i], 0.0, 1.0);  // rounding may leave the interval by an ulp
    ones.push_back(quantum::sample_ones(exact, shots, examples[i].unit));
  }
  return ones;
}

std::vector<double> Qcnn::probabilities(std::span<const Example> examples, std::uint64_t seed) const {
  std::vector<double> p;
  if (shots() > 0) {
    for (const std::uint32_t ones : counts(examples, seed)) p.push_back(ones / static_cast<double>(quantum_.shots));
  } else {
    p = exact_p_one(examples);
  }
  const Readout read = readout();
  for (double& value : p) value = read.probability(value);
  return p;
}

LogitModel Qcnn::logit_model(std::span<const Example> examples, std::uint64_t seed) const {
  const auto encoded = std::make_shared<const EncodedExamples>(encoding_, examples);
  LogitModel model;
  model.parameters = parameters_.size();
  if (quantum_.backend == Backend::trajectory) model.together = 1;  // shots are run one example after the other
  model.evaluate = [this, encoded, seed](std::span<const double> parameters, std::span<const std::size_t> places,
                                         std::uint64_t first_unit, std::span<double> logit,
                                         std::span<double> gradient) {
    const std::size_t row = parameters_.size();
    TITRANT_EXPECTS(parameters.size() == row && logit.size() == places.size() &&
                    gradient.size() == places.size() * row);
    std::vector<double> p_one(places.size());
    std::vector<double> derivative(places.size() * angles());
    networks_->gradient(parameters.first(angles()), *encoded, places, seed, first_unit, p_one, derivative);
    const Readout read = readout(parameters);
    for (std::size_t i = 0; i < places.size(); ++i) {
      logit[i] = read.logit(p_one[i]);
      const double slope = read.derivative(p_one[i]);
      for (std::size_t k = 0; k < angles(); ++k) gradient[i * row + k] = slope * derivative[i * angles() + k];
      if (readout_.trained) {
        gradient[i * row + angles()] = 2.0 * p_one[i] - 1.0;
        gradient[i * row + angles() + 1] = 1.0;
      }
    }
  };
  return model;
}

History Qcnn::train(const parallel::Communicator& ranks, const LabelledExamples& examples,
                    const TrainingOptions& options, std::uint64_t seed, std::uint64_t replicate) {
  require_both_outcomes(examples);
  if (quantum_.noise != nullptr && quantum_.noise_training != NoiseTraining::aware)
    return train_without_noise(ranks, examples, options, seed, replicate);
  const TrainingSet set = training_set(examples, options.monotonicity, options_.covariates);
  std::vector<double> parameters = parameters_;
  if (!options.warm_start) {
    core::Stream stream(seed, core::Purpose::initial_parameters, replicate);
    for (double& angle : std::span(parameters).first(angles())) angle = options.initial_spread * stream.normal();
    if (readout_.trained) {
      parameters[angles()] = readout_.scale;
      parameters[angles() + 1] = 0.0;
    }
  }
  History history =
      train_by_gradient(ranks, logit_model(set.examples, seed), set, options, seed, replicate, parameters);
  assign(std::move(parameters));
  return history;
}

History Qcnn::train_without_noise(const parallel::Communicator& ranks, const LabelledExamples& examples,
                                  const TrainingOptions& options, std::uint64_t seed, std::uint64_t replicate) {
  Qcnn ideal(name_, options_, QuantumOptions{});
  std::vector<double> parameters = parameters_;
  parameters.resize(ideal.parameters_.size());
  ideal.assign(std::move(parameters));
  History history = ideal.train(ranks, examples, options, seed, replicate);
  const Readout read = ideal.readout();
  parameters = ideal.parameters_;
  parameters.resize(angles());
  if (readout_.trained) parameters.insert(parameters.end(), {read.scale, read.offset});
  assign(std::move(parameters));
  if (readout_.trained && refits(quantum_))
    refit_readout(examples.examples, ideal.probabilities(examples.examples, seed));
  return history;
}

void Qcnn::refit_readout(std::span<const Example> examples, std::span<const double> wanted) {
  TITRANT_EXPECTS(readout_.trained && wanted.size() == examples.size());
  const auto [scale, offset] = fitted_line(exact_p_one(examples), wanted);
  std::vector<double> parameters = parameters_;
  parameters[angles()] = scale;
  parameters[angles() + 1] = offset;
  assign(std::move(parameters));
}

}  // namespace titrant::classifier
