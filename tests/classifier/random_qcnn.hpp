#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "curves.hpp"
#include "titrant/classifier/qcnn.hpp"

namespace titrant::classifier::testing {

/// Co-medication alone, and in preset proposal body weight before it.
inline std::vector<CovariateInput> usual_covariates(Preset preset) {
  if (preset == Preset::proposal) return {weight_input(), comed_input()};
  return {comed_input()};
}

inline ClassifierOptions with(Preset preset, ReadoutOptions readout = {}) {
  ClassifierOptions options;
  options.preset = preset;
  options.readout = readout;
  options.covariates = usual_covariates(preset);
  return options;
}

/// A network with random angles.
inline Qcnn random_qcnn(const ClassifierOptions& options, const QuantumOptions& quantum, std::uint64_t unit) {
  Qcnn qcnn("qcnn", options, quantum);
  std::vector<double> parameters = qcnn.parameters();
  const std::vector<double> angles = random_angles(qcnn.network(64).parameter_names.size(), unit);
  std::copy(angles.begin(), angles.end(), parameters.begin());
  qcnn.set_parameters(parameters);
  return qcnn;
}

}  // namespace titrant::classifier::testing
