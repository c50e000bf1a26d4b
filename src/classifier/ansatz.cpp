#include "titrant/classifier/ansatz.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "device_ansatz.hpp"
#include "titrant/classifier/encoding.hpp"
#include "titrant/core/error.hpp"

namespace titrant::classifier {

namespace {

constexpr std::size_t ring_of_seven_points = 128;  // curves that a ring of seven qubits can hold

// The auxiliary qubits of a preset and where they are linked before each of the three blocks.
struct Auxiliaries {
  std::vector<Auxiliary> states;
  std::array<Entangle, 3> links;
};

// Data qubits of the covariates before each block, one covariate after the other, round and round. The dose keeps q0.
// All are distinct in the first block; later ones have fewer data qubits left.
const std::array<std::vector<std::size_t>, 3> places_of_covariates = {
    std::vector<std::size_t>{2, 4, 1, 3, 5}, {4, 2, 0}, {4, 0}};

void refuse_too_many(const std::vector<CovariateInput>& covariates) {
  if (covariates.size() < most_auxiliaries) return;
  throw ConfigError(fmt::format(
      "the QCNN has {} auxiliary qubits at most, one of them for the dose, and {} covariates need one each: "
      "{}; choose fewer in classifier.covariates",
      most_auxiliaries, covariates.size(), fmt::join(input_names(covariates), ", ")));
}

Auxiliaries auxiliaries_of(const ClassifierOptions& options) {
  refuse_too_many(options.covariates);
  const std::size_t dose = dose_auxiliary(encoding_of(options));
  Auxiliaries all;
  all.states.assign(options.covariates.size() + 1, Auxiliary::rotation);
  if (options.preset == Preset::homogeneous) all.states[dose] = Auxiliary::amplitude;
  std::size_t covariate = 0;
  for (std::size_t auxiliary = 0; auxiliary < all.states.size(); ++auxiliary) {
    // A covariate before the dose (preset proposal) has the second place, the one behind it the first.
    const std::size_t place = dose == 1 && covariate < 2 ? 1 - covariate : covariate;
    for (std::size_t block = 0; block < all.links.size(); ++block) {
      const std::vector<std::size_t>& places = places_of_covariates.at(block);
      all.links.at(block).links.push_back({auxiliary, auxiliary == dose ? 0 : places[place % places.size()]});
    }
    if (auxiliary != dose) ++covariate;
  }
  return all;
}

// Neighbours on a ring of data qubits: first the even ones with their successors, then the odd ones, then what closes
// the ring.
std::vector<Pair> ring(const std::vector<std::size_t>& qubits) {
  std::vector<Pair> pairs;
  for (const std::size_t parity : {std::size_t{0}, std::size_t{1}}) {
    for (std::size_t i = parity; i + 1 < qubits.size(); i += 2) pairs.push_back({qubits[i], qubits[i + 1]});
  }
  pairs.push_back({qubits.back(), qubits.front()});
  return pairs;
}

}  // namespace

std::size_t Ansatz::features() const {
  return static_cast<std::size_t>(std::count(auxiliaries.begin(), auxiliaries.end(), Auxiliary::rotation));
}

std::size_t Ansatz::uploads(std::size_t auxiliary) const {
  std::size_t count = 0;
  for (const Layer& layer : layers) {
    const auto* upload = std::get_if<Upload>(&layer);
    if (upload != nullptr)
      count += static_cast<std::size_t>(std::count(upload->auxiliaries.begin(), upload->auxiliaries.end(), auxiliary));
  }
  return count;
}

bool Ansatz::is_classical(std::size_t auxiliary) const {
  bool linked = false;
  for (const Layer& layer : layers) {
    const auto* upload = std::get_if<Upload>(&layer);
    if (linked && upload != nullptr &&
        std::count(upload->auxiliaries.begin(), upload->auxiliaries.end(), auxiliary) > 0)
      return false;
    if (const auto* entangle = std::get_if<Entangle>(&layer)) {
      linked = linked || std::any_of(entangle->links.begin(), entangle->links.end(),
                                     [auxiliary](const Link& link) { return link.auxiliary == auxiliary; });
    }
  }
  return uploads(auxiliary) <= 1;
}

std::optional<std::size_t> Ansatz::reuses(std::size_t auxiliary) const {
  return reused.empty() ? std::nullopt : reused.at(auxiliary);
}

Gate gate_of(const ClassifierOptions& options) {
  if (options.gate != Gate::automatic) return options.gate;
  return options.preset == Preset::device ? Gate::so4 : Gate::su4;
}

Ansatz ansatz_of(const ClassifierOptions& options, std::size_t points) {
  if (options.depth != 1 && options.depth != 2) {
    throw ConfigError(fmt::format("classifier.depth is {}, but there are networks of depth 1 and 2", options.depth));
  }
  if (options.qubits != 6 && options.qubits != 7) {
    throw ConfigError(fmt::format("classifier.qubits is {}, but there are rings of 6 and 7", options.qubits));
  }
  if (options.preset == Preset::device) {
    refuse_too_many(options.covariates);
    return device_ansatz(options);
  }
  const bool seven = options.qubits == 7 && points >= ring_of_seven_points;
  Auxiliaries auxiliaries = auxiliaries_of(options);
  Upload upload;
  for (std::size_t auxiliary = 0; auxiliary < auxiliaries.states.size(); ++auxiliary) {
    if (auxiliaries.states[auxiliary] == Auxiliary::rotation) upload.auxiliaries.push_back(auxiliary);
  }

  Ansatz ansatz;
  ansatz.data_qubits = seven ? 7 : 6;
  ansatz.gate = gate_of(options);
  ansatz.measurements = options.measurements;
  ansatz.auxiliaries = std::move(auxiliaries.states);
  const auto link = [&](std::size_t block) {
    const bool uploads = block == 0 || options.reuploading;
    if (uploads && !upload.auxiliaries.empty()) ansatz.layers.emplace_back(upload);
    ansatz.layers.emplace_back(auxiliaries.links.at(block));
  };
  link(0);
  ansatz.layers.emplace_back(Convolution{"convolution_1", ring(seven ? std::vector<std::size_t>{0, 1, 2, 3, 4, 5, 6}
                                                                     : std::vector<std::size_t>{0, 1, 2, 3, 4, 5})});
  ansatz.layers.emplace_back(Pooling{{{1, 0}, {3, 2}, {5, 4}}});
  if (options.depth == 2) {
    link(1);
    ansatz.layers.emplace_back(Convolution{
        "convolution_2", ring(seven ? std::vector<std::size_t>{0, 2, 4, 6} : std::vector<std::size_t>{0, 2, 4})});
  }
  ansatz.layers.emplace_back(seven ? Pooling{{{2, 0}, {6, 4}}} : Pooling{{{2, 0}}});
  link(2);
  ansatz.layers.emplace_back(Convolution{"dense", {{0, 4}}});
  return ansatz;
}

}  // namespace titrant::classifier
