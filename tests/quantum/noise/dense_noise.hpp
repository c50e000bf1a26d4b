#pragma once

#include <Eigen/Dense>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <vector>

#include "../circuits.hpp"
#include "../dense.hpp"
#include "titrant/quantum/noise/channel.hpp"
#include "titrant/quantum/noise/noise_model.hpp"

/// Noise written out slowly: sums over Kraus operators on whole registers, and a map from recorded bits to states.
namespace dense_noise {

using dense::Matrix;
using titrant::quantum::Channel;
using titrant::quantum::Circuit;
using titrant::quantum::GateKind;
using titrant::quantum::Input;
using titrant::quantum::NoiseModel;
using titrant::quantum::Operation;

/// A k-qubit operator on n qubits, element by element.
inline Matrix whole(std::size_t n, const Matrix& op, const std::vector<std::size_t>& qubits) {
  const std::size_t size = std::size_t{1} << n;
  Matrix m = Matrix::Zero(static_cast<Eigen::Index>(size), static_cast<Eigen::Index>(size));
  for (std::size_t r = 0; r < size; ++r) {
    for (std::size_t c = 0; c < size; ++c) {
      std::size_t row = 0;
      std::size_t column = 0;
      std::size_t touched = 0;
      for (const std::size_t q : qubits) {
        const std::size_t shift = n - 1 - q;
        row = 2 * row + ((r >> shift) & 1U);
        column = 2 * column + ((c >> shift) & 1U);
        touched |= std::size_t{1} << shift;
      }
      if ((r & ~touched) == (c & ~touched))
        m(static_cast<Eigen::Index>(r), static_cast<Eigen::Index>(c)) =
            op(static_cast<Eigen::Index>(row), static_cast<Eigen::Index>(column));
    }
  }
  return m;
}

inline Matrix apply(std::size_t n, const Channel& channel, const std::vector<std::size_t>& qubits, const Matrix& rho) {
  Matrix sum = Matrix::Zero(rho.rows(), rho.cols());
  for (const Matrix& k : channel.kraus) {
    const Matrix w = whole(n, k, qubits);
    sum += w * rho * w.adjoint();
  }
  return sum;
}

/// The probability of each value of the recorded bits. Starts in |0...0>.
inline std::map<std::uint64_t, double> run(const Circuit& circuit, std::span<const double> parameters,
                                           const Input& input, const NoiseModel& noise) {
  const std::size_t n = circuit.qubits();
  const Eigen::Index size = Eigen::Index{1} << n;
  std::map<std::uint64_t, Matrix> states;
  states[0] = Matrix::Zero(size, size);
  const auto& data = circuit.amplitude_qubits();
  if (data.empty()) {
    states[0](0, 0) = 1.0;
  } else {
    Eigen::VectorXcd start = Eigen::VectorXcd::Zero(size);
    for (std::size_t k = 0; k < std::size_t{1} << data.size(); ++k) {
      std::size_t state = 0;
      for (std::size_t j = 0; j < data.size(); ++j)
        if ((k >> (data.size() - 1 - j)) & 1U) state |= std::size_t{1} << (n - 1 - data[j]);
      start(static_cast<Eigen::Index>(state)) = input.amplitudes[k];
    }
    states[0] = start * start.adjoint();
  }
  for (const Operation& op : circuit.operations()) {
    std::map<std::uint64_t, Matrix> next;
    const auto add = [&next, size](std::uint64_t bits, const Matrix& rho) {
      next.try_emplace(bits, Matrix::Zero(size, size)).first->second += rho;
    };
    for (const auto& [bits, rho] : states) {
      if (!dense::holds(op, bits)) {
        add(bits, rho);
      } else if (op.kind == Operation::Kind::gate) {
        std::vector<double> angles;
        for (const auto& angle : op.angles)
          angles.push_back(titrant::quantum::angle_value(angle, parameters, input.features));
        const Matrix u = dense::whole(n, op.gate, op.qubits, angles);
        Matrix image = u * rho * u.adjoint();
        for (const auto& applied : noise.after(op)) image = apply(n, *applied.channel, applied.qubits, image);
        add(bits, image);
      } else if (op.kind == Operation::Kind::measure || op.kind == Operation::Kind::reset) {
        const Matrix zero = whole(n, dense::zero_projector(), op.qubits);
        const Matrix one = whole(n, dense::one_projector(), op.qubits);
        const Matrix flip = whole(n, dense::x(), op.qubits);
        if (op.kind == Operation::Kind::reset) {
          add(bits, zero * rho * zero + flip * one * rho * one * flip);
          continue;
        }
        const auto error = noise.readout(op.qubits[0]);
        const std::uint64_t bit = std::uint64_t{1} << op.bit;
        add(bits & ~bit, (1.0 - error.one_given_zero) * zero * rho * zero + error.zero_given_one * one * rho * one);
        add(bits | bit, error.one_given_zero * zero * rho * zero + (1.0 - error.zero_given_one) * one * rho * one);
      } else {
        add(bits, rho);
      }
    }
    states = std::move(next);
  }
  std::map<std::uint64_t, double> probability;
  for (const auto& [bits, rho] : states) probability[bits] = rho.trace().real();
  return probability;
}

/// A random circuit without gates on three qubits, whose noise is not known, and with conditions on measurements and
/// resets too.
inline Circuit random_circuit(std::size_t qubits, std::size_t operations, std::uint64_t seed) {
  const Circuit any = circuits::random_circuit(qubits, operations, seed, {});
  circuits::Stream stream(seed, circuits::Purpose::test, 9);
  Circuit circuit(any.qubits(), any.bits());
  if (!any.amplitude_qubits().empty()) circuit.amplitude_input(any.amplitude_qubits());
  std::vector<std::size_t> written;
  for (Operation op : any.operations()) {
    if (op.qubits.size() > 2) continue;
    if (op.kind != Operation::Kind::gate && !written.empty() && stream.below(2) == 0)
      op.conditions = {{written[stream.below(written.size())], stream.below(2) == 0}};
    if (op.kind == Operation::Kind::measure) written.push_back(op.bit);
    circuit.add(op);
  }
  return circuit;
}

/// A random unitary (QR of Gaussian numbers) and a random channel (an isometry cut into pieces).
inline Matrix random_unitary(Eigen::Index rows, std::uint64_t seed) {
  circuits::Stream stream(seed, circuits::Purpose::test, 7);
  Matrix m(rows, rows);
  for (Eigen::Index k = 0; k < m.size(); ++k) m.data()[k] = {stream.normal(), stream.normal()};
  return Eigen::HouseholderQR<Matrix>(m).householderQ() * Matrix::Identity(rows, rows);
}

inline Channel random_channel(std::size_t qubits, std::size_t operators, std::uint64_t seed) {
  const Eigen::Index rows = Eigen::Index{1} << qubits;
  const Matrix big = random_unitary(rows * static_cast<Eigen::Index>(operators), seed);
  Channel channel{qubits, {}};
  for (std::size_t k = 0; k < operators; ++k)
    channel.kraus.emplace_back(big.block(static_cast<Eigen::Index>(k) * rows, 0, rows, rows));
  return channel;
}

}  // namespace dense_noise
