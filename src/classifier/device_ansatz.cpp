#include "device_ansatz.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "titrant/core/error.hpp"

namespace titrant::classifier {

namespace {

// Where an auxiliary qubit stands, and before which blocks it is linked to the data qubit beside it.
struct Place {
  std::size_t data;                        // the data qubit beside it
  std::array<bool, 3> linked;              // [block]
  std::optional<std::size_t> reused = {};  // the measured data qubit that it lives on
};

// Pooling takes the line from six qubits to four to two: q2 is there to the end, q4 until the second pooling.
constexpr Place exposure = {2, {true, true, true}};
const std::vector<Place> deep = {{4, {true, true, false}},
                                 {0, {true, false, false}},
                                 {5, {true, false, false}},
                                 {1, {false, true, false}, 0},
                                 {4, {false, true, false}, 5}};
// Without the second convolution there is no second block, and all four qubits are pooled at once.
const std::vector<Place> shallow = {{4, {true, false, false}},
                                    {0, {true, false, false}},
                                    {5, {true, false, false}},
                                    {2, {false, false, true}, 1},
                                    {3, {false, false, true}, 4}};

// Neighbours on a line: first the even ones with their successors, then the odd ones. Each has a gate of its own: a
// line that ends is not the same everywhere, as a ring is, and angles cost nothing on a device.
void convolve(const std::string& name, std::size_t first, std::size_t last, Ansatz& ansatz) {
  for (const std::size_t parity : {std::size_t{0}, std::size_t{1}})
    for (std::size_t q = first + parity; q < last; q += 2)
      ansatz.layers.emplace_back(Convolution{fmt::format("{}.q{}_q{}", name, q, q + 1), {{q, q + 1}}});
}

}  // namespace

Ansatz device_ansatz(const ClassifierOptions& options) {
  if (options.qubits != 6)
    throw ConfigError(
        "classifier.qubits is 7, but preset device is a line of 6 data qubits for all curves; leave it out");
  const std::vector<Place>& inputs = options.depth == 2 ? deep : shallow;
  const auto own = static_cast<std::size_t>(
      std::count_if(inputs.begin(), inputs.end(), [](const Place& place) { return !place.reused; }));
  if (options.measurements == Measurements::end && options.covariates.size() > own) {
    throw ConfigError(fmt::format(
        "classifier.measurements end leaves no measured qubit to reuse, so preset device reads {} inputs of covariates "
        "at most, not {}: {}; choose fewer in classifier.covariates, or measurements: middle",
        own, options.covariates.size(), fmt::join(input_names(options.covariates), ", ")));
  }
  std::vector<Place> places = {exposure};
  places.insert(places.end(), inputs.begin(), inputs.begin() + static_cast<std::ptrdiff_t>(options.covariates.size()));

  Ansatz ansatz;
  ansatz.gate = gate_of(options);
  ansatz.measurements = options.measurements;
  ansatz.readout = 2;
  ansatz.auxiliaries.assign(places.size(), Auxiliary::rotation);
  for (const Place& place : places) ansatz.reused.push_back(place.reused);
  std::vector<bool> uploaded(places.size(), false);
  const auto link = [&](std::size_t block) {
    Upload upload;
    Entangle entangle;
    for (std::size_t auxiliary = 0; auxiliary < places.size(); ++auxiliary) {
      if (!places[auxiliary].linked.at(block)) continue;
      entangle.links.push_back({auxiliary, places[auxiliary].data});
      if (uploaded[auxiliary] && !options.reuploading) continue;
      upload.auxiliaries.push_back(auxiliary);
      uploaded[auxiliary] = true;
    }
    if (!upload.auxiliaries.empty()) ansatz.layers.emplace_back(upload);
    ansatz.layers.emplace_back(entangle);
  };
  Pooling pooling{{{0, 1}, {5, 4}}};
  link(0);
  convolve("convolution_1", 0, 5, ansatz);
  if (options.depth == 2) {
    ansatz.layers.emplace_back(std::exchange(pooling, {}));
    link(1);
    convolve("convolution_2", 1, 4, ansatz);
  }
  pooling.pairs.insert(pooling.pairs.end(), {{1, 2}, {4, 3}});
  ansatz.layers.emplace_back(pooling);
  link(2);
  ansatz.layers.emplace_back(Convolution{"dense", {{2, 3}}});
  return ansatz;
}

}  // namespace titrant::classifier
