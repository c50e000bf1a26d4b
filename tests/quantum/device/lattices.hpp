#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "titrant/core/stream.hpp"
#include "titrant/quantum/circuit.hpp"
#include "titrant/quantum/device/device.hpp"

/// Devices of known graphs with invented figures that differ from qubit to qubit, and circuits to lay on them.
namespace lattices {

using titrant::core::Purpose;
using titrant::core::Stream;
using titrant::quantum::Circuit;
using titrant::quantum::Device;
using titrant::quantum::GateKind;

using Links = std::vector<std::pair<std::size_t, std::size_t>>;

inline Device device_of(std::size_t qubits, const Links& links, std::uint64_t seed, GateKind gate = GateKind::cz) {
  Stream stream(seed, Purpose::test, 7);
  Device device;
  device.name = "lattice";
  for (std::size_t q = 0; q < qubits; ++q) {
    const double t1 = stream.uniform(50.0, 300.0);
    device.qubits.push_back({t1, t1 * stream.uniform(0.3, 1.5), stream.uniform(0.005, 0.05),
                             stream.uniform(0.005, 0.05), 1000.0, stream.uniform(1e-4, 1e-3),
                             stream.uniform(1e-4, 1e-3), 50.0, 1100.0});
  }
  for (const auto& [a, b] : links) {
    Device::Edge edge{a, b, stream.uniform(0.003, 0.03), stream.uniform(300.0, 600.0), false};
    edge.gate = gate;
    device.edges.push_back(edge);
  }
  return device;
}

/// Rows of `length` qubits; between rows one qubit at every fourth place, at 0, 4, .. and 2, 6, .. by turns.
inline Links heavy_hex(std::size_t rows, std::size_t length, std::size_t& qubits) {
  Links links;
  qubits = rows * length;
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t k = 0; k + 1 < length; ++k) links.emplace_back(row * length + k, row * length + k + 1);
    if (row + 1 == rows) continue;
    for (std::size_t k = row % 2 == 0 ? 0 : 2; k < length; k += 4) {
      links.emplace_back(row * length + k, qubits);
      links.emplace_back((row + 1) * length + k, qubits);
      ++qubits;
    }
  }
  return links;
}

inline Links grid(std::size_t rows, std::size_t columns) {
  Links links;
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < columns; ++c) {
      if (c + 1 < columns) links.emplace_back(r * columns + c, r * columns + c + 1);
      if (r + 1 < rows) links.emplace_back(r * columns + c, (r + 1) * columns + c);
    }
  }
  return links;
}

inline Links path(std::size_t qubits) {
  Links links;
  for (std::size_t q = 1; q < qubits; ++q) links.emplace_back(q - 1, q);
  return links;
}

inline Links ring(std::size_t qubits) {
  Links links = path(qubits);
  links.emplace_back(qubits - 1, 0);
  return links;
}

inline Links star(std::size_t qubits) {
  Links links;
  for (std::size_t q = 1; q < qubits; ++q) links.emplace_back(0, q);
  return links;
}

/// One cz on each pair, between turns, and all qubits measured: no gate can be left out or start elsewhere.
inline Circuit graph_state(std::size_t qubits, const Links& links) {
  Circuit circuit(qubits, qubits);
  for (std::size_t q = 0; q < qubits; ++q) circuit.gate(GateKind::h, {q});
  for (const auto& [a, b] : links) circuit.gate(GateKind::cz, {a, b});
  for (std::size_t q = 0; q < qubits; ++q) circuit.gate(GateKind::h, {q}).measure(q, q);
  return circuit;
}

/// One value in all qubits, copied along these links.
inline Circuit ghz(std::size_t qubits, const Links& links) {
  Circuit circuit(qubits, qubits);
  circuit.gate(GateKind::h, {0});
  for (const auto& [a, b] : links) circuit.gate(GateKind::cx, {a, b});
  for (std::size_t q = 0; q < qubits; ++q) circuit.measure(q, q);
  return circuit;
}

}  // namespace lattices
