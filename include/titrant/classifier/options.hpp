#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace titrant::classifier {

enum class Preset { exposure, homogeneous, proposal };
enum class ReadoutKind { sigmoid, raw };

/// From P(1) to a probability of success.
struct ReadoutOptions {
  ReadoutKind kind = ReadoutKind::sigmoid;  ///< p = sigmoid(scale (2 P(1) - 1) + offset), or p = P(1)
  double scale = 6.0;
  bool trained = false;  ///< scale and offset are trained too
};

/// The `classifier` section of the configuration.
struct ClassifierOptions {
  Preset preset = Preset::exposure;
  double reference_concentration = 3.0;  ///< ng/mL (c_ref)
  ReadoutOptions readout;
  /// Further classifiers trained, evaluated and searched beside it: homogeneous, proposal, exposure, logistic.
  std::vector<std::string> compare;
};

enum class Backend { exact, sampled };
enum class Gradient { parameter_shift, shared_shift, adjoint };

/// The `quantum` section of the configuration.
struct QuantumOptions {
  Backend backend = Backend::exact;
  std::uint32_t shots = 1024;
  Gradient gradient = Gradient::adjoint;
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
  MonotonicityOptions monotonicity;
};

}  // namespace titrant::classifier
