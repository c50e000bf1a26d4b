#include "titrant/classifier/ansatz.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "titrant/core/error.hpp"

namespace titrant::classifier {

namespace {

// The body that all presets share; they differ in their sides and in how these are linked.
Ansatz three_stage(std::vector<Side> sides, Upload upload, const std::array<Entangle, 3>& links) {
  Ansatz ansatz;
  ansatz.sides = std::move(sides);
  ansatz.layers = {std::move(upload),
                   links[0],
                   Convolution{"convolution_1", {{0, 1}, {2, 3}, {4, 5}, {1, 2}, {3, 4}, {5, 0}}},
                   Pooling{{{1, 0}, {3, 2}, {5, 4}}},
                   links[1],
                   Convolution{"convolution_2", {{0, 2}, {2, 4}, {4, 0}}},
                   Pooling{{{2, 0}}},
                   links[2],
                   Convolution{"dense", {{0, 4}}}};
  return ansatz;
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
    add_names(layer.name);
    for (const Pair& pair : layer.pairs) {
      euler(pair.first, first);
      euler(pair.second, first + 3);
      rotate(quantum::GateKind::rxx, {pair.first, pair.second}, first + 6);
      rotate(quantum::GateKind::ryy, {pair.first, pair.second}, first + 7);
      rotate(quantum::GateKind::rzz, {pair.first, pair.second}, first + 8);
      euler(pair.first, first + 9);
      euler(pair.second, first + 12);
    }
  }

  void operator()(const Pooling& layer) {
    for (const Pair& pair : layer.pairs) {
      circuit_.measure(pair.first, next_bit_);
      circuit_.gate(quantum::GateKind::x, {pair.second}, {}, quantum::Operation::Condition{next_bit_, true});
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

  void euler(std::size_t qubit, std::size_t parameter) {
    rotate(quantum::GateKind::rz, {qubit}, parameter);
    rotate(quantum::GateKind::ry, {qubit}, parameter + 1);
    rotate(quantum::GateKind::rz, {qubit}, parameter + 2);
  }

  void add_names(const std::string& prefix) {
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

bool Ansatz::sides_are_classical() const {
  std::vector<bool> linked(sides.size(), false);
  std::vector<bool> uploaded(sides.size(), false);
  for (const Layer& layer : layers) {
    if (const auto* upload = std::get_if<Upload>(&layer)) {
      for (const std::size_t side : upload->sides) {
        if (linked[side] || uploaded[side]) return false;
        uploaded[side] = true;
      }
    }
    if (const auto* entangle = std::get_if<Entangle>(&layer)) {
      for (const Link& link : entangle->links) linked[link.side] = true;
    }
  }
  return true;
}

Ansatz preset_ansatz(Preset preset) {
  // The second side moves from q2 to q4 because q2 is pooled away; so do the others' links.
  const std::array<Entangle, 3> two_sides = {Entangle{{{0, 0}, {1, 2}}}, {{{0, 0}, {1, 4}}}, {{{0, 0}, {1, 4}}}};
  const std::array<Entangle, 3> three_sides = {
      Entangle{{{0, 4}, {1, 0}, {2, 2}}}, {{{0, 2}, {1, 0}, {2, 4}}}, {{{0, 0}, {1, 0}, {2, 4}}}};
  switch (preset) {
    case Preset::exposure:
      return three_stage({Side::rotation, Side::rotation}, {{0, 1}}, two_sides);
    case Preset::homogeneous:
      return three_stage({Side::amplitude, Side::rotation}, {{1}}, two_sides);
    case Preset::proposal:
      return three_stage({Side::rotation, Side::rotation, Side::rotation}, {{0, 1, 2}}, three_sides);
  }
  throw ConfigError("this preset of the classifier does not exist");
}

Network build_network(const Ansatz& ansatz, std::size_t points) {
  TITRANT_EXPECTS(std::has_single_bit(points) && points >= (std::size_t{1} << ansatz.data_qubits));
  Builder builder(ansatz, static_cast<std::size_t>(std::countr_zero(points)));
  for (const Layer& layer : ansatz.layers) std::visit(builder, layer);
  return builder.finish();
}

}  // namespace titrant::classifier
