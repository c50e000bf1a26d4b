#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "titrant/classifier/covariate_input.hpp"

namespace titrant::quantum {
class NoiseModel;
}

namespace titrant::classifier {

enum class Preset { exposure, homogeneous, proposal, device };
enum class ReadoutKind { sigmoid, raw };

/// From P(1) to a probability of success.
struct ReadoutOptions {
  ReadoutKind kind = ReadoutKind::sigmoid;  ///< p = sigmoid(scale (2 P(1) - 1) + offset), or p = P(1)
  double scale = 6.0;
  bool trained = false;  ///< scale and offset are trained too
};

/// The two-qubit gate of every convolution and of the dense layer.
enum class Gate {
  su4,       ///< any two-qubit gate, 15 parameters
  so4,       ///< any real one, 6 parameters
  automatic  ///< so4 in preset device, else su4
};

/// When pooled qubits are measured.
enum class Measurements {
  middle,  ///< as soon as they are pooled; where the outcome is 1, X acts on the survivor
  end      ///< never: CX takes the place of that X, and the answer is the only record, at the end
};

/// What the amplitudes hold.
enum class CurveInput {
  exposure,  ///< C(t)
  uniform    ///< its root mean square at every t: the magnitude without the shape
};

/// The `classifier` section of the configuration.
struct ClassifierOptions {
  Preset preset = Preset::exposure;
  Gate gate = Gate::automatic;
  int depth = 2;             ///< convolution and pooling layers before the dense one: 1 or 2
  int qubits = 6;            ///< data qubits of the ring for 128 points and more: 6 (finer ones averaged away) or 7
  bool reuploading = false;  ///< feature angles are rotated in again before every block
  CurveInput curve = CurveInput::exposure;
  double reference_concentration = 3.0;    ///< c_ref, > 0, in the trial's unit of concentration
  std::vector<CovariateInput> covariates;  ///< what a classifier is told of a subject beside its exposure
  double highest_dose = 10.0;              ///< preset proposal: the dose of the angle pi, > 0, in the trial's unit
  std::size_t curve_points = 0;            ///< of C(t): 64, 128, 256 or 512; 0: by the length of the window
  ReadoutOptions readout;
  double ridge = 1.0;  ///< penalty ridge/2 |w|^2 of logistic regression, >= 0
  /// Further classifiers trained, evaluated and searched beside it: homogeneous, proposal, exposure, device, logistic,
  /// cnn.
  std::vector<std::string> compare;
  Measurements measurements = Measurements::middle;
};

enum class Backend {
  exact,          ///< exact probabilities, without noise
  sampled,        ///< binomial shots of the exact probability, noisy where there is noise
  trajectory,     ///< every shot by itself, collapse by collapse
  density_matrix  ///< exact probabilities under noise
};
enum class Gradient { parameter_shift, shared_shift, adjoint, spsa };

/// What a training knows of the noise.
enum class NoiseTraining {
  aware,   ///< every step runs on the noisy device
  refit,   ///< trained without noise; then scale and offset of the readout are refitted on the noisy device
  ignored  ///< trained without noise, and used on the noisy device as it is
};

/// Simultaneous perturbation (README.md of src/classifier).
struct SpsaOptions {
  double perturbation = 0.1;  ///< rad, > 0
  int repeats = 1;            ///< perturbations averaged in a step
};

/// The `quantum` section of the configuration.
struct QuantumOptions {
  Backend backend = Backend::exact;
  std::uint32_t shots = 1024;
  Gradient gradient = Gradient::adjoint;
  SpsaOptions spsa = {};
  std::shared_ptr<const quantum::NoiseModel> noise = nullptr;  ///< null: none
  NoiseTraining noise_training = NoiseTraining::aware;
};

/// Penalises predictions that fall as the dose or the exposure rises.
struct MonotonicityOptions {
  double weight = 0.0;
  std::vector<std::string> in = {"dose", "auc"};
};

/// The `training` section of the configuration.
struct TrainingOptions {
  double learning_rate = 0.1;
  std::string schedule = "cosine";  ///< cosine | constant
  int steps = 100;
  int batch = 0;                ///< examples in a step, drawn without repeats within an epoch; 0: all
  double initial_spread = 0.3;  ///< standard deviation of the initial parameters, rad
  int folds = 5;                ///< patient-level, stratified by outcome
  int replicates = 1;           ///< repeats of the cross-validation with other seeds
  double test_fraction = 0.25;  ///< of the stratified split of the proposal
  bool placebo = false;         ///< train on placebo subjects too
  bool warm_start = false;      ///< start at the classifier's parameters in place of random ones; not a key of YAML
  MonotonicityOptions monotonicity;
};

}  // namespace titrant::classifier
