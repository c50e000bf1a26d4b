#include "titrant/quantum/synthesis/basis.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <map>
#include <numbers>
#include <set>

#include "quantum/circuits.hpp"
#include "quantum/dense.hpp"
#include "titrant/core/error.hpp"
#include "titrant/quantum/bind.hpp"
#include "titrant/quantum/gates.hpp"
#include "titrant/quantum/simulation/distribution.hpp"

namespace titrant::quantum {
namespace {

void expect_same(const Circuit& a, const Circuit& b) {
  std::map<std::uint64_t, double> expected;
  for (const Outcome& outcome : distribution(a, {}, {})) expected[outcome.bits] = outcome.probability;
  for (const Outcome& outcome : distribution(b, {}, {})) {
    EXPECT_NEAR(outcome.probability, expected[outcome.bits], 1e-10);
    expected.erase(outcome.bits);
  }
  for (const auto& [bits, probability] : expected) EXPECT_LT(probability, 1e-10) << bits;
}

Circuit random_circuit(std::uint64_t seed) {
  const Circuit circuit = circuits::random_circuit(4, 40, seed, {});
  Circuit plain(circuit.qubits(), circuit.bits());
  for (const Operation& operation : circuit.operations()) plain.add(operation);
  const std::vector<double> parameters = circuits::random_angles(plain.parameters(), seed);
  return bind_angles(plain, parameters, std::vector<double>{0.4, -1.3});
}

// Measurements in the middle, conditions and resets included.
TEST(Basis, TranslatedCircuitsHaveTheSameOutcomes) {
  for (std::uint64_t seed = 40; seed < 80; ++seed) {
    const Circuit circuit = random_circuit(seed);
    const Circuit merged = merge_two_qubit_blocks(circuit);
    for (const Operation& operation : merged.operations()) {
      if (operation.kind == Operation::Kind::gate) {
        EXPECT_TRUE(operation.gate == GateKind::u || operation.gate == GateKind::cx);
      }
    }
    expect_same(circuit, merged);
    const Circuit native = to_native(merged, [](std::size_t a, std::size_t b) {
      return ((a + b) % 2 == 0 ? a < b : a > b) ? std::optional(GateKind::ecr) : std::nullopt;
    });
    for (const Operation& operation : native.operations()) {
      if (operation.kind != Operation::Kind::gate) continue;
      const GateKind gate = operation.gate;
      EXPECT_TRUE(gate == GateKind::ecr || gate == GateKind::rz || gate == GateKind::sx || gate == GateKind::x);
      if (gate == GateKind::ecr) {
        const std::size_t a = operation.qubits[0];
        const std::size_t b = operation.qubits[1];
        EXPECT_TRUE((a + b) % 2 == 0 ? a < b : a > b);
      }
    }
    expect_same(circuit, native);
  }
}

// A general gate on two qubits is written with nine rotations; as a block it needs three cx, with a swap after it too.
TEST(Basis, BlocksHaveTheLeastNumberOfCx) {
  Circuit circuit(2, 2);
  circuits::convolve(circuit, 0, 1, 0);
  const std::vector<double> angles = circuits::random_angles(15, 3);
  Circuit bound = bind_angles(circuit, angles, {});
  const auto count = [](const Circuit& of) {
    int cx = 0;
    for (const Operation& operation : of.operations()) cx += operation.qubits.size() == 2 ? 1 : 0;
    return cx;
  };
  EXPECT_EQ(count(merge_two_qubit_blocks(bound)), 3);
  bound.gate(GateKind::swap, {1, 0}).gate(GateKind::cz, {0, 1});
  EXPECT_EQ(count(merge_two_qubit_blocks(bound)), 3);
  bound.barrier({1}).gate(GateKind::cz, {0, 1});
  EXPECT_EQ(count(merge_two_qubit_blocks(bound)), 4);
}

/// The unitary of a circuit of gates on at most two of two qubits.
Matrix pair_unitary(const Circuit& circuit) {
  const Matrix one = Matrix::Identity(2, 2);
  Matrix product = Matrix::Identity(4, 4);
  for (const Operation& operation : circuit.operations()) {
    std::vector<double> angles;
    for (const Angle& angle : operation.angles) angles.push_back(angle.value);
    Matrix matrix = gate_matrix(operation.gate, angles);
    if (operation.qubits.size() == 1) {
      matrix = operation.qubits[0] == 0 ? dense::kron(matrix, one) : dense::kron(one, matrix);
    } else if (operation.qubits[0] == 1) {
      matrix.row(1).swap(matrix.row(2));
      matrix.col(1).swap(matrix.col(2));
    }
    product = (matrix * product).eval();
  }
  return product;
}

/// The largest element of the difference, after the best global phase.
double apart_up_to_phase(const Matrix& a, const Matrix& b) {
  const std::complex<double> overlap = (a.adjoint() * b).trace();
  return (a * (overlap / std::abs(overlap)) - b).cwiseAbs().maxCoeff();
}

Circuit two_qubit_circuit(std::uint64_t seed) {
  Circuit circuit(2, 0);
  circuits::convolve(circuit, 0, 1, 0);
  circuit.gate(GateKind::cx, {1, 0}).gate(GateKind::h, {0}).gate(GateKind::x, {1}).gate(GateKind::cz, {0, 1});
  return bind_angles(circuit, circuits::random_angles(15, seed), {});
}

// Every gate on two qubits, forwards and backwards, with every set of gates on one qubit.
TEST(Basis, NativeGatesMakeTheSameUnitary) {
  using enum GateKind;
  const std::map<PulseBasis, std::set<GateKind>> own = {
      {PulseBasis::rz_sx_x, {rz, sx, x}}, {PulseBasis::u1_u2_u3, {p, u}}, {PulseBasis::rx_rz, {rx, rz}}};
  for (const auto& [pulses, names] : own) {
    for (const GateKind pair : {cx, cz, ecr, rzz}) {
      for (const std::size_t control : {0U, 1U}) {
        for (std::uint64_t seed = 1; seed < 6; ++seed) {
          const Circuit circuit = two_qubit_circuit(seed);
          const Circuit native = to_native(
              merge_two_qubit_blocks(circuit),
              [&](std::size_t first, std::size_t) { return first == control ? std::optional(pair) : std::nullopt; },
              pulses);
          EXPECT_LT(apart_up_to_phase(pair_unitary(circuit), pair_unitary(native)), 1e-9) << gate_name(pair);
          for (const Operation& operation : native.operations()) {
            if (operation.qubits.size() == 1) {
              EXPECT_TRUE(names.contains(operation.gate)) << gate_name(operation.gate);
            } else {
              EXPECT_EQ(operation.gate, pair);
              EXPECT_EQ(operation.qubits[0], control);
            }
          }
        }
      }
    }
  }
}

// Blocks of every shape: general, two coordinates, one, and an angle beyond pi/2; angles stay where rzz are calibrated.
TEST(Basis, BlocksInRzzMakeTheSameUnitary) {
  using enum GateKind;
  const auto expect_rzz = [](const Circuit& circuit, std::size_t rotations) {
    const Circuit merged =
        merge_two_qubit_blocks(circuit, [](std::size_t, std::size_t, std::size_t, std::size_t) { return true; });
    EXPECT_LT(apart_up_to_phase(pair_unitary(circuit), pair_unitary(merged)), 1e-8);
    std::size_t found = 0;
    for (const Operation& operation : merged.operations()) {
      if (operation.qubits.size() != 2) continue;
      EXPECT_EQ(operation.gate, rzz);
      EXPECT_GT(operation.angles[0].value, 0.0);
      EXPECT_LE(operation.angles[0].value, std::numbers::pi / 2.0);
      ++found;
    }
    EXPECT_EQ(found, rotations);
    const Circuit native = to_native(merged, [](std::size_t, std::size_t) { return std::nullopt; });
    EXPECT_LT(apart_up_to_phase(pair_unitary(circuit), pair_unitary(native)), 1e-8);
  };
  for (std::uint64_t seed = 1; seed < 20; ++seed) expect_rzz(two_qubit_circuit(seed), 3);
  for (const double angle : {-2.9, -1.2, 0.3, 1.9, 3.1}) {
    Circuit one(2, 0);
    one.gate(h, {0}).gate(rzz, {0, 1}, {Angle::constant(angle)}).gate(sx, {1});
    expect_rzz(one, 1);
    one.gate(rxx, {0, 1}, {Angle::constant(0.4)});
    expect_rzz(one, 2);
  }
  Circuit none(2, 0);
  none.gate(h, {0}).gate(cx, {0, 1}).gate(cx, {0, 1});
  expect_rzz(none, 0);
}

TEST(Basis, RefusesWhatItCannotTranslate) {
  Circuit free(2, 0);
  free.gate(GateKind::rx, {0}, {Angle::parameter(0)});
  EXPECT_THROW(merge_two_qubit_blocks(free), ConfigError);
  Circuit input(1, 0);
  input.amplitude_input({0});
  EXPECT_THROW(merge_two_qubit_blocks(input), ConfigError);
  Circuit coupled(2, 0);
  coupled.gate(GateKind::cx, {0, 1});
  EXPECT_THROW(to_native(coupled, [](std::size_t, std::size_t) { return std::nullopt; }), ConfigError);
  Circuit foreign(2, 0);
  foreign.gate(GateKind::cz, {0, 1});
  EXPECT_THROW(to_native(foreign, [](std::size_t, std::size_t) { return GateKind::ecr; }), ConfigError);
}

}  // namespace
}  // namespace titrant::quantum
