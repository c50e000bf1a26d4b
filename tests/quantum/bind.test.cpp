#include "titrant/quantum/bind.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "circuits.hpp"
#include "titrant/core/error.hpp"
#include "titrant/quantum/simulation/distribution.hpp"

namespace titrant::quantum {
namespace {

TEST(Bind, KeepsTheDistribution) {
  const Circuit circuit = circuits::random_circuit(4, 40, 11, {});
  const circuits::Examples examples = circuits::random_examples(circuit, 1, 12);
  const std::vector<double> parameters = circuits::random_angles(circuit.parameters(), 13);
  const Input input = examples.inputs()[0];
  const Circuit bound = bind_angles(circuit, parameters, input.features);
  EXPECT_EQ(bound.parameters(), 0);
  EXPECT_EQ(bound.features(), 0);
  const std::vector<Outcome> expected = distribution(circuit, parameters, input);
  const std::vector<Outcome> found = distribution(bound, {}, {input.amplitudes, {}});
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t k = 0; k < found.size(); ++k) {
    EXPECT_EQ(found[k].bits, expected[k].bits);
    EXPECT_DOUBLE_EQ(found[k].probability, expected[k].probability);
  }
}

TEST(Bind, RefusesWhatIsMissingOrNotFinite) {
  Circuit circuit(1, 1);
  circuit.gate(GateKind::ry, {0}, {Angle::parameter(1)}).gate(GateKind::rz, {0}, {Angle::feature(0)});
  const std::vector<double> two = {0.1, 0.2};
  const std::vector<double> bad = {0.1, std::numeric_limits<double>::quiet_NaN()};
  EXPECT_THROW(bind_angles(circuit, std::vector<double>{0.1}, two), ConfigError);
  EXPECT_THROW(bind_angles(circuit, two, {}), ConfigError);
  EXPECT_THROW(bind_angles(circuit, bad, two), ConfigError);
}

}  // namespace
}  // namespace titrant::quantum
