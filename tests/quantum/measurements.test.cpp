#include "titrant/quantum/measurements.hpp"

#include <gtest/gtest.h>

#include "titrant/core/error.hpp"
#include "titrant/quantum/simulation/distribution.hpp"

namespace titrant::quantum {
namespace {

TEST(Measurements, AreThoseThatWriteABit) {
  Circuit circuit(2, 3);
  circuit.gate(GateKind::h, {0}).measure(0, 2).measure(1, 0, {{2, true}});
  EXPECT_EQ(written_bits(circuit), (std::vector<bool>{true, false, true}));
  EXPECT_EQ(written_bits(Circuit(1, 2)), (std::vector<bool>{false, false}));
}

TEST(Measurements, OfEveryQubitAreQubitByQubit) {
  // |q2 q1 q0> = |0 1 1>, whatever classical bits the circuit had.
  for (const std::size_t bits : {0, 1, 5}) {
    Circuit circuit(3, bits);
    circuit.gate(GateKind::x, {0}).gate(GateKind::x, {1});
    const Circuit measured = measure_all(circuit);
    EXPECT_EQ(measured.bits(), 3U);
    const std::vector<Outcome> outcomes = distribution(measured, {}, {});
    ASSERT_EQ(outcomes.size(), 1U);
    EXPECT_EQ(bit_string(outcomes[0].bits, 3), "011");
    EXPECT_NEAR(outcomes[0].probability, 1.0, 1e-15);
  }
}

TEST(Measurements, AreNotRepeated) {
  Circuit circuit(2, 1);
  circuit.measure(0, 0);
  EXPECT_THROW(measure_all(circuit), ConfigError);
}

}  // namespace
}  // namespace titrant::quantum
