#include "titrant/classifier/ansatz.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>

#include "titrant/core/error.hpp"

namespace titrant::classifier {

namespace {

constexpr std::size_t weekly_points = 128;  // curves that a ring of seven qubits can hold

// The sides of a preset and where they are linked before each of the three blocks.
struct Sides {
  std::vector<Side> kinds;
  std::array<Entangle, 3> links;
};

// Sides move to other data qubits as theirs are pooled away.
Sides sides_of(Preset preset) {
  const std::array<Entangle, 3> two = {Entangle{{{0, 0}, {1, 2}}}, {{{0, 0}, {1, 4}}}, {{{0, 0}, {1, 4}}}};
  const std::array<Entangle, 3> three = {
      Entangle{{{0, 4}, {1, 0}, {2, 2}}}, {{{0, 2}, {1, 0}, {2, 4}}}, {{{0, 0}, {1, 0}, {2, 4}}}};
  switch (preset) {
    case Preset::exposure:
      return {{Side::rotation, Side::rotation}, two};
    case Preset::homogeneous:
      return {{Side::amplitude, Side::rotation}, two};
    case Preset::proposal:
      return {{Side::rotation, Side::rotation, Side::rotation}, three};
  }
  throw ConfigError("this preset of the classifier does not exist");
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
        circuit_(data_qubits + ansatz.sides.size(), measurements(ansatz, data_qubits)) {
    std::vector<std::size_t> amplitude_qubits;
    for (std::size_t side = 0; side < ansatz.sides.size(); ++side) {
      if (ansatz.sides[side] == Side::amplitude) amplitude_qubits.push_back(side_qubit(side));
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
    for (const std::size_t side : layer.sides) {
      const auto before = ansatz_.sides.begin() + static_cast<std::ptrdiff_t>(side);
      const auto feature = static_cast<std::size_t>(std::count(ansatz_.sides.begin(), before, Side::rotation));
      circuit_.gate(quantum::GateKind::ry, {side_qubit(side)}, {quantum::Angle::feature(feature)});
    }
  }

  void operator()(const Entangle& layer) {
    for (const Link& link : layer.links) circuit_.gate(quantum::GateKind::cz, {side_qubit(link.side), link.data});
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

  std::size_t side_qubit(std::size_t side) const { return data_qubits_ + side; }

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
  return static_cast<std::size_t>(std::count(sides.begin(), sides.end(), Side::rotation));
}

std::size_t Ansatz::uploads(std::size_t side) const {
  std::size_t count = 0;
  for (const Layer& layer : layers) {
    const auto* upload = std::get_if<Upload>(&layer);
    if (upload != nullptr)
      count += static_cast<std::size_t>(std::count(upload->sides.begin(), upload->sides.end(), side));
  }
  return count;
}

bool Ansatz::is_classical(std::size_t side) const {
  bool linked = false;
  for (const Layer& layer : layers) {
    const auto* upload = std::get_if<Upload>(&layer);
    if (linked && upload != nullptr && std::count(upload->sides.begin(), upload->sides.end(), side) > 0) return false;
    if (const auto* entangle = std::get_if<Entangle>(&layer)) {
      linked = linked || std::any_of(entangle->links.begin(), entangle->links.end(),
                                     [side](const Link& link) { return link.side == side; });
    }
  }
  return uploads(side) <= 1;
}

Ansatz ansatz_of(const ClassifierOptions& options, std::size_t points) {
  if (options.depth != 1 && options.depth != 2) {
    throw ConfigError(fmt::format("classifier.depth is {}, but there are networks of depth 1 and 2", options.depth));
  }
  if (options.qubits != 6 && options.qubits != 7) {
    throw ConfigError(fmt::format("classifier.qubits is {}, but there are rings of 6 and 7", options.qubits));
  }
  const bool seven = options.qubits == 7 && points >= weekly_points;
  Sides sides = sides_of(options.preset);
  Upload upload;
  for (std::size_t side = 0; side < sides.kinds.size(); ++side) {
    if (sides.kinds[side] == Side::rotation) upload.sides.push_back(side);
  }

  Ansatz ansatz;
  ansatz.data_qubits = seven ? 7 : 6;
  ansatz.gate = options.gate;
  ansatz.sides = std::move(sides.kinds);
  const auto link = [&](std::size_t block) {
    if (block == 0 || options.reuploading) ansatz.layers.emplace_back(upload);
    ansatz.layers.emplace_back(sides.links.at(block));
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
