#include "titrant/classifier/ansatz.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <bit>

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

// Writes one ansatz into one circuit, layer by layer.
class Builder {
 public:
  Builder(const Ansatz& ansatz, std::size_t data_qubits)
      : ansatz_(ansatz),
        data_qubits_(data_qubits),
        circuit_(data_qubits + ansatz.auxiliaries.size(), measurements(ansatz, data_qubits)) {
    std::vector<std::size_t> amplitude_qubits;
    for (std::size_t auxiliary = 0; auxiliary < ansatz.auxiliaries.size(); ++auxiliary) {
      if (ansatz.auxiliaries[auxiliary] == Auxiliary::amplitude) amplitude_qubits.push_back(auxiliary_qubit(auxiliary));
    }
    for (std::size_t qubit = 0; qubit < data_qubits; ++qubit) amplitude_qubits.push_back(qubit);
    circuit_.amplitude_input(amplitude_qubits);
    for (std::size_t finest = data_qubits; finest-- > ansatz.data_qubits;) {
      circuit_.gate(quantum::GateKind::h, {finest});
      circuit_.measure(finest, next_bit_++);
      circuit_.discard(finest);
    }
  }

  void operator()(const Upload& layer) {
    for (const std::size_t auxiliary : layer.auxiliaries) {
      const auto before = ansatz_.auxiliaries.begin() + static_cast<std::ptrdiff_t>(auxiliary);
      const auto feature =
          static_cast<std::size_t>(std::count(ansatz_.auxiliaries.begin(), before, Auxiliary::rotation));
      circuit_.gate(quantum::GateKind::ry, {auxiliary_qubit(auxiliary)}, {quantum::Angle::feature(feature)});
    }
  }

  void operator()(const Entangle& layer) {
    for (const Link& link : layer.links)
      circuit_.gate(quantum::GateKind::cz, {auxiliary_qubit(link.auxiliary), link.data});
  }

  void operator()(const Convolution& layer) {
    const std::size_t first = names_.size();
    if (ansatz_.gate == Gate::su4) {
      add_su4_names(layer.name);
      for (const Pair& pair : layer.pairs) su4(pair, first);
    } else {
      add_so4_names(layer.name);
      for (const Pair& pair : layer.pairs) so4(pair, first);
    }
  }

  void operator()(const Pooling& layer) {
    for (const Pair& pair : layer.pairs) {
      circuit_.measure(pair.first, next_bit_);
      circuit_.gate(quantum::GateKind::x, {pair.second}, {}, {{next_bit_, true}});
      ++next_bit_;
    }
  }

  Network finish() {
    circuit_.measure(ansatz_.readout, next_bit_);
    return {std::move(circuit_), next_bit_, std::move(names_)};
  }

 private:
  static std::size_t measurements(const Ansatz& ansatz, std::size_t data_qubits) {
    std::size_t count = data_qubits - ansatz.data_qubits + 1;
    for (const Layer& layer : ansatz.layers) {
      if (const auto* pooling = std::get_if<Pooling>(&layer)) count += pooling->pairs.size();
    }
    return count;
  }

  std::size_t auxiliary_qubit(std::size_t auxiliary) const { return data_qubits_ + auxiliary; }

  void rotate(quantum::GateKind gate, std::vector<std::size_t> qubits, std::size_t parameter) {
    circuit_.gate(gate, std::move(qubits), {quantum::Angle::parameter(parameter)});
  }

  void su4(const Pair& pair, std::size_t first) {
    euler(pair.first, first);
    euler(pair.second, first + 3);
    rotate(quantum::GateKind::rxx, {pair.first, pair.second}, first + 6);
    rotate(quantum::GateKind::ryy, {pair.first, pair.second}, first + 7);
    rotate(quantum::GateKind::rzz, {pair.first, pair.second}, first + 8);
    euler(pair.first, first + 9);
    euler(pair.second, first + 12);
  }

  void so4(const Pair& pair, std::size_t first) {
    for (const std::size_t stage : {0U, 1U, 2U}) {
      if (stage > 0) circuit_.gate(quantum::GateKind::cz, {pair.first, pair.second});
      rotate(quantum::GateKind::ry, {pair.first}, first + 2 * stage);
      rotate(quantum::GateKind::ry, {pair.second}, first + 2 * stage + 1);
    }
  }

  void euler(std::size_t qubit, std::size_t parameter) {
    rotate(quantum::GateKind::rz, {qubit}, parameter);
    rotate(quantum::GateKind::ry, {qubit}, parameter + 1);
    rotate(quantum::GateKind::rz, {qubit}, parameter + 2);
  }

  void add_so4_names(const std::string& prefix) {
    for (const char* const stage : {"entry", "middle", "exit"}) {
      for (const char* const place : {"first", "second"}) names_.push_back(prefix + "." + stage + "." + place + ".ry");
    }
  }

  void add_su4_names(const std::string& prefix) {
    const auto add_euler = [&](const std::string& place) {
      for (const char* const angle : {"rz_1", "ry", "rz_2"}) names_.push_back(prefix + "." + place + "." + angle);
    };
    add_euler("entry.first");
    add_euler("entry.second");
    for (const char* const angle : {"xx", "yy", "zz"}) names_.push_back(prefix + "." + angle);
    add_euler("exit.first");
    add_euler("exit.second");
  }

  const Ansatz& ansatz_;
  std::size_t data_qubits_;
  quantum::Circuit circuit_;
  std::size_t next_bit_ = 0;
  std::vector<std::string> names_;
};

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

Ansatz ansatz_of(const ClassifierOptions& options, std::size_t points) {
  if (options.depth != 1 && options.depth != 2) {
    throw ConfigError(fmt::format("classifier.depth is {}, but there are networks of depth 1 and 2", options.depth));
  }
  if (options.qubits != 6 && options.qubits != 7) {
    throw ConfigError(fmt::format("classifier.qubits is {}, but there are rings of 6 and 7", options.qubits));
  }
  const bool seven = options.qubits == 7 && points >= ring_of_seven_points;
  Auxiliaries auxiliaries = auxiliaries_of(options);
  Upload upload;
  for (std::size_t auxiliary = 0; auxiliary < auxiliaries.states.size(); ++auxiliary) {
    if (auxiliaries.states[auxiliary] == Auxiliary::rotation) upload.auxiliaries.push_back(auxiliary);
  }

  Ansatz ansatz;
  ansatz.data_qubits = seven ? 7 : 6;
  ansatz.gate = options.gate;
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

Network build_network(const Ansatz& ansatz, std::size_t points) {
  TITRANT_EXPECTS(std::has_single_bit(points) && points >= (std::size_t{1} << ansatz.data_qubits));
  Builder builder(ansatz, static_cast<std::size_t>(std::countr_zero(points)));
  for (const Layer& layer : ansatz.layers) std::visit(builder, layer);
  return builder.finish();
}

}  // namespace titrant::classifier
