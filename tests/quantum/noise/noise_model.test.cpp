#include "titrant/quantum/noise/noise_model.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "dense_noise.hpp"
#include "titrant/core/error.hpp"
#include "titrant/quantum/device/device.hpp"

namespace titrant::quantum {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr double model_rounding = 1e-14;  // sums of a few products of numbers up to 1

Operation gate(GateKind kind, std::vector<std::size_t> qubits, std::vector<Angle> angles = {}) {
  return {Operation::Kind::gate, kind, std::move(qubits), std::move(angles), 0, {}};
}

Operation reset(std::size_t qubit) { return {Operation::Kind::reset, {}, {qubit}, {}, 0, {}}; }

/// All that follows an operation as one transfer matrix on its qubits.
Eigen::MatrixXd total(const NoiseModel& noise, const Operation& operation) {
  const std::size_t n = operation.qubits.size();
  Eigen::MatrixXd product = Eigen::MatrixXd::Identity(Eigen::Index{1} << (2 * n), Eigen::Index{1} << (2 * n));
  for (const NoiseModel::Applied& applied : noise.after(operation)) {
    Channel channel = *applied.channel;
    const Channel identity{1, {dense::identity()}};
    if (n == 2 && applied.qubits.size() == 1) {
      channel = applied.qubits[0] == operation.qubits[0] ? tensor(channel, identity) : tensor(identity, channel);
    }
    product = (pauli_transfer(channel) * product).eval();
  }
  return product;
}

/// 1 - average gate fidelity from the transfer matrix: F_e = Tr R / d^2 (Nielsen 2002).
double error_of(const Eigen::MatrixXd& transfer) {
  const double d = std::sqrt(static_cast<double>(transfer.rows()));
  return 1.0 - (transfer.trace() / d + 1.0) / (d + 1.0);
}

/// Three qubits in a row, the first two with figures as they are reported for such devices.
Device three_qubits() {
  Device device;
  device.name = "three";
  Device::Qubit qubit;
  qubit.t1 = 399.0;
  qubit.t2 = 400.3;
  qubit.one_given_zero = 0.0078;
  qubit.zero_given_one = 0.0063;
  qubit.sx_error = 1.05e-4;
  qubit.x_error = 2.1e-4;
  qubit.one_qubit_duration = 49.8;
  qubit.reset_duration = 1294.0;
  device.qubits = {qubit, qubit, qubit};
  device.qubits[1].t1 = 250.0;
  device.qubits[1].t2 = 90.0;
  device.qubits[2].t1 = 20.0;
  device.qubits[2].t2 = 55.0;  // longer than 2 T1
  device.qubits[2].sx_error = 1e-5;
  device.edges = {{1, 0, 8.3e-3, 561.8, false}, {1, 2, 1.0, 561.8, true}};
  return device;
}

TEST(NoiseModel, GatesOfADeviceHaveTheReportedErrors) {
  const NoiseModel noise(three_qubits());
  // The fidelity is a sum of terms of order 1, and the error what is left of it.
  EXPECT_NEAR(error_of(total(noise, gate(GateKind::sx, {0}))), 1.05e-4, model_rounding);
  EXPECT_NEAR(error_of(total(noise, gate(GateKind::x, {0}))), 2.1e-4, model_rounding);
  // Relaxation alone exceeds 1.05e-4: F_e = (1 + 2 exp(-t / T2) + exp(-t / T1)) / 4, infidelity 2 (1 - F_e) / 3.
  const double left = (1.0 + 2.0 * std::exp(-0.0498 / 90.0) + std::exp(-0.0498 / 250.0)) / 4.0;
  EXPECT_NEAR(error_of(total(noise, gate(GateKind::sx, {1}))), 2.0 * (1.0 - left) / 3.0, model_rounding);
  EXPECT_NEAR(error_of(total(noise, gate(GateKind::ecr, {1, 0}))), 8.3e-3, model_rounding);
  EXPECT_TRUE(noise.after(gate(GateKind::rz, {0}, {Angle::constant(1.0)})).empty());
  EXPECT_FALSE(noise.trivial());
  EXPECT_EQ(noise.readout(1).one_given_zero, 0.0078);
  EXPECT_EQ(noise.readout(1).zero_given_one, 0.0063);
}

TEST(NoiseModel, RelaxationOfADeviceIsPartOfTheError) {
  const NoiseModel noise(three_qubits());
  // Where relaxation alone exceeds the reported error it is all there is; T2 counts as 2 T1.
  const double decay = std::exp(-49.8e-3 / 20.0);
  Eigen::MatrixXd expected = Eigen::MatrixXd::Zero(4, 4);
  expected(0, 0) = 1.0;
  expected(1, 1) = expected(2, 2) = std::sqrt(decay);
  expected(3, 3) = decay;
  expected(3, 0) = 1.0 - decay;
  EXPECT_LT((total(noise, gate(GateKind::sx, {2})) - expected).cwiseAbs().maxCoeff(), model_rounding);

  // A state that has lost its memory still relaxes: depolarising comes first.
  const Eigen::MatrixXd ecr = total(noise, gate(GateKind::ecr, {1, 0}));
  EXPECT_NEAR(ecr(12, 0), 1.0 - std::exp(-0.5618 / 250.0), model_rounding);
  EXPECT_NEAR(ecr(3, 0), 1.0 - std::exp(-0.5618 / 399.0), model_rounding);
  const double kept = ecr(3, 3) / std::exp(-0.5618 / 399.0);  // 1 - depolarising probability
  EXPECT_LT(kept, 1.0);
  EXPECT_NEAR(ecr(4, 4), kept * std::exp(-0.5618 / 90.0), model_rounding);
  EXPECT_NEAR(ecr(5, 5), kept * std::exp(-0.5618 / 90.0 - 0.5618 / 400.3), model_rounding);
}

TEST(NoiseModel, ResetLeavesAStateThatRelaxationKeeps) {
  const NoiseModel noise(three_qubits());
  EXPECT_TRUE(noise.after(reset(2)).empty());
  const Channel relaxed = thermal_relaxation(20.0, 30.0, 1.294);
  Matrix ground = dense::zero_projector();
  EXPECT_LT((dense_noise::apply(1, relaxed, {0}, ground) - ground).cwiseAbs().maxCoeff(), model_rounding);
}

TEST(NoiseModel, ADeviceRefusesWhatItCannotDo) {
  const NoiseModel noise(three_qubits());
  const auto message = [](const char* text) { return ThrowsMessage<ConfigError>(HasSubstr(text)); };
  EXPECT_THAT([&] { noise.after(gate(GateKind::ecr, {0, 1})); }, message("ecr on 1, 0 and not on 0, 1"));
  EXPECT_THAT([&] { noise.after(gate(GateKind::ecr, {0, 2})); }, message("0 and 2 are not coupled"));
  EXPECT_THAT([&] { noise.after(gate(GateKind::ecr, {1, 2})); }, message("1 and 2 is dead"));
  EXPECT_THAT([&] { noise.after(gate(GateKind::ecr, {2, 1})); }, message("1 and 2 is dead"));
  EXPECT_THAT([&] { noise.after(gate(GateKind::h, {0})); }, message("gate h is not native"));
  EXPECT_THAT([&] { noise.after(gate(GateKind::x, {3})); }, message("qubit 3 of a device of 3"));
  EXPECT_THAT([&] { noise.after(reset(3)); }, message("qubit 3 of a device of 3"));
  EXPECT_THAT([&] { noise.readout(3); }, message("qubit 3 of a device of 3"));
}

TEST(NoiseModel, AQubitThatIsLeftOutIsRefusedAndCountsInNoMedian) {
  Device device = three_qubits();
  device.qubits.push_back({});
  device.qubits[3].left_out = "no T1";
  const NoiseModel noise(device);
  const auto message = ThrowsMessage<ConfigError>(HasSubstr("is left out (no T1)"));
  EXPECT_THAT([&] { noise.after(gate(GateKind::x, {3})); }, message);
  EXPECT_THAT([&] { noise.after(gate(GateKind::rz, {3}, {Angle::constant(0.3)})); }, message);
  EXPECT_THAT([&] { noise.after(reset(3)); }, message);
  EXPECT_THAT([&] { noise.readout(3); }, message);
  EXPECT_EQ(noise.readout(1).zero_given_one, NoiseModel(three_qubits()).readout(1).zero_given_one);
  const auto typical = [](const Device& of) { return total(NoiseModel::typical(of), gate(GateKind::u, {0})); };
  EXPECT_EQ(typical(device), typical(three_qubits()));
}

TEST(NoiseModel, AGateThatIsMoreThanNoiseIsRefusedWhereItIsUsed) {
  Device device = three_qubits();
  device.qubits[0].x_error = 0.9;
  device.edges[0].error = 0.81;  // the worst that depolarising can do is 4 / 5
  const NoiseModel noise(device);
  EXPECT_THAT([&] { noise.after(gate(GateKind::x, {0})); }, ThrowsMessage<ConfigError>(HasSubstr("x on qubit 0")));
  EXPECT_THAT(
      [&] {
        noise.after(gate(GateKind::ecr, {1, 0}));
      },
      ThrowsMessage<ConfigError>(HasSubstr("ecr on qubits 1 and 0 has a reported error of 0.81")));
  EXPECT_NO_THROW(noise.after(gate(GateKind::sx, {0})));
  device.edges[0].error = 0.7;
  EXPECT_NEAR(error_of(total(NoiseModel(device), gate(GateKind::ecr, {1, 0}))), 0.7, model_rounding);
}

// cz and rzz act in both directions, cx in that of the calibration; the relaxation stays with its qubit.
TEST(NoiseModel, GatesOfOtherDevicesHaveTheReportedErrors) {
  Device device = three_qubits();
  device.pulses = PulseBasis::u1_u2_u3;
  for (Device::Qubit& qubit : device.qubits) {
    qubit.u2 = {3e-4, 40.0};
    qubit.u3 = {7e-4, 80.0};
  }
  device.edges[0].gate = GateKind::cz;
  device.edges[0].rzz = GateFigures{4e-3, 90.0};
  const NoiseModel noise(device);
  const auto turn = [](double theta) {
    return gate(GateKind::u, {0}, {Angle::constant(theta), Angle::constant(0.1), Angle::constant(0.2)});
  };
  EXPECT_NEAR(error_of(total(noise, turn(std::numbers::pi / 2.0))), 3e-4, model_rounding);
  EXPECT_NEAR(error_of(total(noise, turn(0.4))), 7e-4, model_rounding);
  EXPECT_TRUE(noise.after(gate(GateKind::p, {0}, {Angle::constant(1.0)})).empty());
  const Eigen::MatrixXd forward = total(noise, gate(GateKind::cz, {1, 0}));
  EXPECT_NEAR(error_of(forward), 8.3e-3, model_rounding);
  const Eigen::MatrixXd backward = total(noise, gate(GateKind::cz, {0, 1}));
  for (Eigen::Index row = 0; row < 16; ++row) {
    for (Eigen::Index column = 0; column < 16; ++column)
      EXPECT_NEAR(forward(row, column), backward(4 * (row % 4) + row / 4, 4 * (column % 4) + column / 4),
                  model_rounding);
  }
  const auto rotation = [](double angle) { return gate(GateKind::rzz, {0, 1}, {Angle::constant(angle)}); };
  EXPECT_NEAR(error_of(total(noise, rotation(0.4))), 4e-3, model_rounding);
  const auto message = [](const char* text) { return ThrowsMessage<ConfigError>(HasSubstr(text)); };
  EXPECT_THAT([&] { noise.after(rotation(2.0)); }, message("angles in 0 .. pi/2 alone, and 2 is outside"));
  EXPECT_THAT([&] { noise.after(gate(GateKind::sx, {0})); }, message("not native to the device (cz, rzz, u1, u2, u3)"));
  EXPECT_THAT([&] { noise.after(gate(GateKind::ecr, {1, 0})); }, message("coupled by cz and not by ecr"));
  // Of the network as it is written, a rotation is one u3.
  EXPECT_NEAR(error_of(total(NoiseModel::typical(device), gate(GateKind::h, {0}))), 7e-4, model_rounding);

  device.pulses = PulseBasis::rx_rz;
  for (Device::Qubit& qubit : device.qubits) qubit.rx = {5e-4, 40.0};
  EXPECT_NEAR(error_of(total(NoiseModel(device), gate(GateKind::rx, {0}, {Angle::constant(0.3)}))), 5e-4,
              model_rounding);
}

TEST(NoiseModel, RefusesDevicesThatCannotBe) {
  const auto changed = [](auto change) {
    Device device = three_qubits();
    change(device);
    return device;
  };
  EXPECT_THROW(NoiseModel(changed([](Device& d) { d.qubits[1].t1 = 0.0; })), ConfigError);
  EXPECT_THROW(NoiseModel(changed([](Device& d) { d.qubits[1].t2 = std::nan(""); })), ConfigError);
  EXPECT_THROW(NoiseModel(changed([](Device& d) { d.qubits[1].one_qubit_duration = -1.0; })), ConfigError);
  EXPECT_THROW(NoiseModel(changed([](Device& d) { d.qubits[2].one_given_zero = 1.5; })), ConfigError);
  EXPECT_THROW(NoiseModel(changed([](Device& d) { d.edges[0].control = 3; })), ConfigError);
}

TEST(NoiseModel, UniformNoiseDepolarisesThenRelaxes) {
  const NoiseModel noise(UniformNoise{.one_qubit = 0.01, .two_qubit = 0.02, .readout = 0.03, .t1 = 100.0, .t2 = 80.0});
  const Eigen::MatrixXd one = total(noise, gate(GateKind::h, {5}));
  EXPECT_NEAR(one(1, 1), 0.99 * std::exp(-0.05 / 80.0), model_rounding);
  EXPECT_NEAR(one(3, 3), 0.99 * std::exp(-0.05 / 100.0), model_rounding);
  EXPECT_NEAR(one(3, 0), 1.0 - std::exp(-0.05 / 100.0), model_rounding);  // of the maximally mixed state too
  const Eigen::MatrixXd two = total(noise, gate(GateKind::cz, {2, 1}));
  EXPECT_NEAR(two(1, 1), 0.98 * std::exp(-0.55 / 80.0), model_rounding);
  EXPECT_NEAR(two(15, 15), 0.98 * std::exp(-1.1 / 100.0), model_rounding);
  for (const GateKind kind : {GateKind::z, GateKind::s, GateKind::tdg})
    EXPECT_TRUE(noise.after(gate(kind, {0})).empty());
  EXPECT_EQ(noise.after(gate(GateKind::cz, {2, 1})).size(), 3U);
  EXPECT_EQ(noise.readout(7).zero_given_one, 0.03);
  EXPECT_THROW(noise.after(gate(GateKind::ccx, {0, 1, 2})), ConfigError);
}

TEST(NoiseModel, NoNoiseIsTrivial) {
  EXPECT_TRUE(NoiseModel().trivial());
  EXPECT_TRUE(NoiseModel(UniformNoise{}).trivial());
  EXPECT_TRUE(NoiseModel().after(gate(GateKind::ccx, {0, 1, 2})).empty());
  EXPECT_EQ(NoiseModel().readout(3).one_given_zero, 0.0);
  EXPECT_FALSE(NoiseModel(UniformNoise{.readout = 0.1}).trivial());
  EXPECT_FALSE(NoiseModel(UniformNoise{.t2 = 10.0}).trivial());
}

TEST(NoiseModel, UniformNoiseRefusesWhatIsNoProbability) {
  EXPECT_THROW(NoiseModel(UniformNoise{.one_qubit = -0.1}), ConfigError);
  EXPECT_THROW(NoiseModel(UniformNoise{.two_qubit = 1.01}), ConfigError);
  EXPECT_THROW(NoiseModel(UniformNoise{.readout = std::nan("")}), ConfigError);
  EXPECT_THROW(NoiseModel(UniformNoise{.t1 = 10.0, .t2 = 30.0}), ConfigError);
  EXPECT_THROW(NoiseModel(UniformNoise{.t1 = -1.0}), ConfigError);
  // An infinite T2 is as long as T1 allows.
  const NoiseModel damped(UniformNoise{.t1 = 10.0});
  EXPECT_NEAR(total(damped, gate(GateKind::x, {0}))(1, 1), std::exp(-0.05 / 20.0), model_rounding);
}

TEST(NoiseModel, TypicalNoiseIsThatOfTheMedians) {
  const NoiseModel noise = NoiseModel::typical(three_qubits());
  // Medians: T1 250, T2 90, one sx of 1.05e-4 (relaxation alone exceeds it), the one live coupling.
  const double sx = std::exp(-0.0498 / 90.0);
  EXPECT_NEAR(total(noise, gate(GateKind::u, {9}))(1, 1), sx * sx, model_rounding);
  EXPECT_NEAR(error_of(total(noise, gate(GateKind::rzz, {4, 3}))), 8.3e-3, model_rounding);
  EXPECT_TRUE(noise.after(gate(GateKind::rz, {1}, {Angle::constant(0.3)})).empty());
  EXPECT_EQ(noise.readout(42).zero_given_one, 0.0063);
  Device device = three_qubits();
  device.edges[0].dead = true;
  EXPECT_THROW(NoiseModel::typical(device), ConfigError);
}

TEST(NoiseModel, CopiesShareTheirChannels) {
  NoiseModel original(UniformNoise{.two_qubit = 0.1});
  const Channel* channel = original.after(gate(GateKind::cx, {0, 1}))[0].channel;
  const NoiseModel copy = original;
  original = NoiseModel();
  EXPECT_EQ(copy.after(gate(GateKind::cx, {0, 1}))[0].channel, channel);
  EXPECT_EQ(channel->kraus.size(), 16U);
}

}  // namespace
}  // namespace titrant::quantum
