#include "titrant/run/noise.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "titrant/core/error.hpp"
#include "titrant/quantum/device/device_reader.hpp"
#include "titrant/quantum/noise/density_matrix.hpp"

namespace titrant::run {
namespace {

const std::string example_device = std::string(TITRANT_SOURCE_DIR) + "/configs/devices/example_heavy_hex.yaml";

/// X on one of the qubits and its measurement: P(wrong record).
double wrong_record(const quantum::NoiseModel& noise, std::size_t qubit, std::size_t qubits) {
  quantum::Circuit circuit(qubits, 1);
  circuit.gate(quantum::GateKind::x, {qubit}).measure(qubit, 0);
  for (const quantum::Outcome& outcome : quantum::noisy_distribution(circuit, {}, {}, noise))
    if (outcome.bits == 0) return outcome.probability;
  return 0.0;
}

TEST(NoiseOptions, AreKeysAWordOrAFile) {
  EXPECT_FALSE(read_noise("none").any());
  EXPECT_EQ(read_noise("kyiv.json").device, "kyiv.json");
  const NoiseOptions keys = read_noise("{two_qubit: 0.01, t1: 100}");
  EXPECT_EQ(keys.two_qubit, 0.01);
  EXPECT_EQ(keys.t1, 100.0);
  EXPECT_TRUE(keys.any());
}

TEST(NoiseOptions, NameWhatIsWrong) {
  for (const char* text : {"{two_qubit: 1.5}", "{readout: nan}", "{two_qubits: 0.1}", "{t1: -1}", "[1, 2]", "{"})
    EXPECT_THROW(read_noise(text), ConfigError) << text;
  NoiseOptions longer;  // T2 is at most 2 T1
  longer.t1 = 10.0;
  longer.t2 = 30.0;
  EXPECT_THROW(circuit_noise(longer), ConfigError);
  NoiseOptions absent;
  absent.device = "absent.yaml";
  EXPECT_THROW(network_noise(absent), Error);
}

// Circuits for a device have the noise of its qubits, the network that of its median.
TEST(NoiseOptions, CircuitsHaveTheNoiseOfTheirQubitsAndTheNetworkTheMedian) {
  const quantum::Device device = quantum::read_device(example_device);
  NoiseOptions options;
  options.device = example_device;
  const quantum::NoiseModel by_qubit = circuit_noise(options);
  const quantum::NoiseModel typical = network_noise(options);
  double least = 1.0;
  double most = 0.0;
  for (const std::size_t qubit : {std::size_t{0}, std::size_t{1}, std::size_t{4}}) {
    const double wrong = wrong_record(by_qubit, qubit, 5);
    EXPECT_NEAR(wrong, device.qubits[qubit].zero_given_one, 0.006);  // and what x and relaxation add
    EXPECT_GT(wrong, device.qubits[qubit].zero_given_one);
    least = std::min(least, wrong);
    most = std::max(most, wrong);
  }
  EXPECT_GT(most, 1.2 * least);
  EXPECT_EQ(wrong_record(typical, 0, 5), wrong_record(typical, 4, 5));
}

}  // namespace
}  // namespace titrant::run
