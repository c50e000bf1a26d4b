#include "titrant/quantum/circuit.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "titrant/core/error.hpp"

using titrant::ConfigError;
using titrant::quantum::Angle;
using titrant::quantum::Circuit;
using titrant::quantum::GateKind;
using titrant::quantum::Operation;

TEST(Circuit, KeepsWhatWasAdded) {
  Circuit circuit(3, 2);
  circuit.amplitude_input({2, 0});
  circuit.gate(GateKind::u, {1}, {Angle::parameter(4), Angle::constant(0.5), Angle::feature(1)});
  circuit.measure(1, 1).gate(GateKind::cx, {0, 2}, {}, {{1, false}}).discard(1).reset(0).barrier();
  EXPECT_EQ(circuit.parameters(), 5U);
  EXPECT_EQ(circuit.features(), 2U);
  EXPECT_EQ(circuit.amplitude_qubits(), (std::vector<std::size_t>{2, 0}));
  ASSERT_EQ(circuit.operations().size(), 6U);
  EXPECT_EQ(circuit.operations()[1].bit, 1U);
  EXPECT_FALSE(circuit.operations()[2].conditions.at(0).value);
  EXPECT_EQ(circuit.operations()[5].kind, Operation::Kind::barrier);
}

TEST(Circuit, RefusesWrongQubits) {
  EXPECT_THROW(Circuit(0, 1), ConfigError);
  Circuit circuit(2, 1);
  EXPECT_THROW(circuit.gate(GateKind::x, {2}), ConfigError);
  EXPECT_THROW(circuit.gate(GateKind::cx, {1, 1}), ConfigError);
  EXPECT_THROW(circuit.gate(GateKind::cx, {1}), ConfigError);
  EXPECT_THROW(circuit.gate(GateKind::x, {0, 1}), ConfigError);
  EXPECT_THROW(circuit.measure(2, 0), ConfigError);
  EXPECT_THROW(circuit.measure(0, 1), ConfigError);
  EXPECT_THROW(circuit.reset(5), ConfigError);
  EXPECT_THROW(circuit.amplitude_input({0, 0}), ConfigError);
  EXPECT_THROW(circuit.amplitude_input({}), ConfigError);
  circuit.amplitude_input({0});
  EXPECT_THROW(circuit.amplitude_input({1}), ConfigError);
  EXPECT_TRUE(circuit.operations().empty());
}

TEST(Circuit, RefusesWrongAngles) {
  Circuit circuit(1, 0);
  EXPECT_THROW(circuit.gate(GateKind::rx, {0}), ConfigError);
  EXPECT_THROW(circuit.gate(GateKind::x, {0}, {Angle::parameter(0)}), ConfigError);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(circuit.gate(GateKind::rx, {0}, {Angle::constant(nan)}), ConfigError);
  EXPECT_EQ(circuit.parameters(), 0U);
}

TEST(Circuit, RefusesUseAfterDiscard) {
  Circuit circuit(2, 1);
  circuit.discard(0);
  EXPECT_THROW(circuit.gate(GateKind::x, {0}), ConfigError);
  EXPECT_THROW(circuit.gate(GateKind::cx, {1, 0}), ConfigError);
  EXPECT_THROW(circuit.measure(0, 0), ConfigError);
  EXPECT_THROW(circuit.reset(0), ConfigError);
  EXPECT_THROW(circuit.discard(0), ConfigError);
}

TEST(Circuit, RefusesConditionsOnBitsNeverMeasured) {
  Circuit circuit(1, 2);
  EXPECT_THROW(circuit.gate(GateKind::x, {0}, {}, {{0, true}}), ConfigError);
  circuit.measure(0, 0);
  circuit.gate(GateKind::x, {0}, {}, {{0, true}});
  EXPECT_THROW(circuit.gate(GateKind::x, {0}, {}, {{1, true}}), ConfigError);
  EXPECT_THROW(circuit.gate(GateKind::x, {0}, {}, {{2, true}}), ConfigError);
}
