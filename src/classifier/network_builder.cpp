#include <algorithm>
#include <bit>
#include <cstdint>
#include <set>
#include <utility>

#include "titrant/classifier/ansatz.hpp"
#include "titrant/core/error.hpp"

namespace titrant::classifier {

namespace {

// Writes one ansatz into one circuit, layer by layer.
class Builder {
 public:
  Builder(const Ansatz& ansatz, std::size_t data_qubits)
      : ansatz_(ansatz),
        data_qubits_(data_qubits),
        circuit_(data_qubits + own_qubits(ansatz), measurements(ansatz, data_qubits)) {
    std::vector<std::size_t> amplitude_qubits;
    for (std::size_t auxiliary = 0; auxiliary < ansatz.auxiliaries.size(); ++auxiliary) {
      if (ansatz.auxiliaries[auxiliary] == Auxiliary::amplitude) amplitude_qubits.push_back(auxiliary_qubit(auxiliary));
    }
    for (std::size_t qubit = 0; qubit < data_qubits; ++qubit) amplitude_qubits.push_back(qubit);
    circuit_.amplitude_input(amplitude_qubits);
    for (std::size_t finest = data_qubits; finest-- > ansatz.data_qubits;) {
      if (ansatz.measurements == Measurements::middle) {
        circuit_.gate(quantum::GateKind::h, {finest});
        circuit_.measure(finest, next_bit_++);
      }
      circuit_.discard(finest);
    }
  }

  void operator()(const Upload& layer) {
    for (const std::size_t auxiliary : layer.auxiliaries) {
      if (ansatz_.reuses(auxiliary) && reset_.insert(auxiliary).second) circuit_.reset(auxiliary_qubit(auxiliary));
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
      if (ansatz_.measurements == Measurements::end) {
        circuit_.gate(quantum::GateKind::cx, {pair.first, pair.second});
        continue;
      }
      circuit_.measure(pair.first, next_bit_);
      circuit_.gate(quantum::GateKind::x, {survivor(layer, pair.second)}, {}, {{next_bit_, true}});
      ++next_bit_;
    }
  }

  Network finish() {
    circuit_.measure(ansatz_.readout, next_bit_);
    return {std::move(circuit_), next_bit_, std::move(names_)};
  }

 private:
  static std::size_t measurements(const Ansatz& ansatz, std::size_t data_qubits) {
    if (ansatz.measurements == Measurements::end) return 1;
    std::size_t count = data_qubits - ansatz.data_qubits + 1;
    for (const Layer& layer : ansatz.layers) {
      if (const auto* pooling = std::get_if<Pooling>(&layer)) count += pooling->pairs.size();
    }
    return count;
  }

  static std::size_t own_qubits(const Ansatz& ansatz) {
    std::size_t count = 0;
    for (std::size_t auxiliary = 0; auxiliary < ansatz.auxiliaries.size(); ++auxiliary)
      count += ansatz.reuses(auxiliary) ? 0 : 1;
    return count;
  }

  // Those that live on a data qubit come last, so the others are numbered without gaps.
  std::size_t auxiliary_qubit(std::size_t auxiliary) const {
    return ansatz_.reuses(auxiliary).value_or(data_qubits_ + auxiliary);
  }

  /// Where the chain of pairs that begins at this qubit ends.
  static std::size_t survivor(const Pooling& layer, std::size_t qubit) {
    for (const Pair& pair : layer.pairs)
      if (pair.first == qubit) return survivor(layer, pair.second);
    return qubit;
  }

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
  std::set<std::size_t> reset_;  ///< auxiliary qubits that live on data qubits, once they have been reset
  std::vector<std::string> names_;
};

}  // namespace

Network build_network(const Ansatz& ansatz, std::size_t points) {
  TITRANT_EXPECTS(std::has_single_bit(points) && points >= (std::size_t{1} << ansatz.data_qubits));
  Builder builder(ansatz, static_cast<std::size_t>(std::countr_zero(points)));
  for (const Layer& layer : ansatz.layers) std::visit(builder, layer);
  return builder.finish();
}

}  // namespace titrant::classifier
